"""Mend the script in which Material's search runs: it loses words with digits, and fails on signs that people type."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_WORKER = re.compile(r"assets/javascripts/workers/search\.\w+\.min\.js")

# The search takes some signs for a language of its own: "-" before a word leaves pages out, ":" ends the name of a
# field, and "--resolution" is an error, with which it finds nothing. Nobody who types a name means that, so these signs
# only part words. The type of a message with a query is 2.
_BEFORE = r"""addEventListener("message", ({data: message}) => {
  if (message.type === 2) message.data = message.data.replace(/[\s+\-:^~*"\\]+/g, " ");
});
"""

# lunr finds parts of words that end alike by a text that has each letter and the number of what comes behind it. Where
# letters are digits, "1" and 23 then "4" and 5 is the same text as "1" and 2 then "3" and 45. So it took different
# parts for the same, lost words, and raised an error for words that nobody had written. Here each number has an end.
_AFTER = """
lunr.TokenSet.prototype.toString = function () {
  const letters = Object.keys(this.edges).sort();
  return this._str ?? `${+this.final}${letters.map((letter) => `${letter}${this.edges[letter].id};`).join("")}`;
};
"""


def mend(files: Files, config: MkDocsConfig) -> None:
    """Replace the theme's script by the mended one, under the same name."""
    for file in list(files):
        if _WORKER.fullmatch(file.src_uri) and file.abs_src_path:
            script = Path(file.abs_src_path).read_text(encoding="utf-8")
            files.remove(file)
            files.append(File.generated(config, file.src_uri, content=f"{_BEFORE}{script}{_AFTER}"))
