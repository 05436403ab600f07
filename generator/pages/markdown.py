"""The pieces of Markdown that pages are made of."""

from __future__ import annotations

import html
import json
import re
import string
from collections.abc import Iterable, Sequence

from generator.facts.texts import escaped, printable
from generator.pages.escaping import in_address, in_python, web_address

# The line of front matter that marks a page as generated, not hand-written.
MARKER = "generated_by: timm-atlas"

# A placeholder for the site's address, without a slash at its end, in text to copy. No reader of the site sees it: the
# hooks in MkDocs or a script of the page replace it.
SITE = "ATLAS_SITE_URL"

# The marks of Markdown. A backslash escapes them for every converter, but not the last two: those become entities.
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]|#"} | {mark: f"&#{ord(mark)};" for mark in "~$"})
_AT_BEGINNING = re.compile(r"^(\d*)([-+.)])(?=[ ]|$|[- ]*$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BACKTICKS = re.compile(r"`+")

# The letters without a meaning in a name, and the pairs of them that may have one: an underscore at the edge of a word.
_PLAIN = (string.ascii_letters + string.digits + "_.\n").encode()
_NOT_PLAIN_PAIRS = ("\n_", "_\n", "._", "_.")


def page(*blocks: str, **metadata: str | list[str] | dict[str, float | str]) -> str:
    """Make a page: front matter with the marker, then the blocks with blank lines between them."""
    # Values are written as JSON: it is also YAML, and takes a hundredth of the time to write.
    front = "".join(f"{name}: {_json(value)}\n" for name, value in metadata.items())
    return f"---\n{MARKER}\n{front}---\n" + "\n\n".join(block for block in blocks if block) + "\n"


def snippet(*blocks: str) -> str:
    """Make a text that a hand-written page includes. The marker is in a comment, as snippets have no front matter."""
    return f"<!-- {MARKER} -->\n\n" + "\n\n".join(block for block in blocks if block) + "\n"


def is_generated(text: str) -> bool:
    """Whether a file is generated. The beginning of its text is enough to tell."""
    return text.startswith((f"---\n{MARKER}\n", f"<!-- {MARKER} -->\n"))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[str] = ()) -> str:
    """Make a table. Columns whose heading is in ``numeric`` are aligned to the right."""
    right = set(numeric)
    lines = [
        "| " + " | ".join(headings) + " |",
        "| " + " | ".join("---:" if heading in right else "---" for heading in headings) + " |",
    ]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def facts(items: Iterable[tuple[str, str, str]]) -> str:
    """Make a list of (label, value, note) items, which the site shows as cards and GitHub as a list."""
    lines = [f"- {label} **{value}**" + (f" *{note}*" if note else "") for label, value, note in items]
    return '<div class="facts" markdown>\n\n' + "\n".join(lines) + "\n\n</div>"


def link(text: str, target: str) -> str:
    return f"[{text}]({target})"


def web_link(text: str, address: str) -> str:
    """A link to an address that others wrote; the text alone if that is no address of the web. ``text`` is Markdown."""
    target = web_address(address)
    return text if target is None else link(text, _ENTITY.sub("&amp;", target))


def model_link(name: str, folder: str = "../models/") -> str:
    """A link to a model's page. ``folder`` is the folder of models' pages, relative to the page with the link."""
    return link(named(name), f"{folder}{in_address(name)}.md")


def family_link(name: str) -> str:
    return link(named(name), f"../families/{in_address(name)}.md")


def code(text: str) -> str:
    """A text as code, on one line; "" if there is none."""
    # Inside of backticks nothing can be escaped. A pipe would end the cell of a table.
    if text == printable(text) and not {"`", "|"} & {*text}:
        return f"`{text}`" if text else ""
    return f"<code>{escape(text)}</code>"


def fenced(language: str, lines: Iterable[str]) -> str:
    """A block of code. Its fence is longer than any in the lines."""
    content = [*map(escaped, lines)]
    longest = max((len(run) for line in content for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", *content, fence])


def create_model(name: str, *options: str) -> str:
    """A line of Python, to copy, that creates a model. ``name`` may have a tag; ``options`` as ``pretrained=True``."""
    return fenced("python", [f"model = timm.create_model({', '.join([in_python(name), *options])})"])


def escape(text: str) -> str:
    """Escape text from elsewhere (a failure's reason, a paper's title), so that it is shown as it is, in tables too."""
    marked = html.escape(printable(text), quote=False).translate(_MARKS)
    # These characters would begin a list or be a rule if the text stood alone.
    return _AT_BEGINNING.sub(r"\1\\\2", marked)


def named(name: str) -> str:
    """A name of a model, module or tensor, escaped if a letter of it may have a meaning. The others stay readable."""
    return names([name])[0]


def names(texts: Sequence[str]) -> Sequence[str]:
    """Names, each as `named`. There are half a million names of tensors, so they are looked at together."""
    joined = "\n".join(["", *texts, ""])
    is_plain = (
        joined.count("\n") == len(texts) + 1
        and not joined.encode(errors="replace").translate(None, _PLAIN)
        and not any(pair in joined for pair in _NOT_PLAIN_PAIRS)
    )
    return texts if is_plain else [*map(escape, texts)]


def _json(value: str | list[str] | dict[str, float | str]) -> str:
    # YAML takes some characters that do not print for line ends, and refuses others. Both know these escapes.
    return escaped(json.dumps(value, ensure_ascii=False))
