"""The Markdown twin of each page: its facts, for programs, without pictures and controls.

The twin of ``/models/resnet18/`` is ``/models/resnet18/index.md``. The twin of a model is lean, because there are many:
it has a link to the model's JSON document instead of the sections that are in the document, and other pages are named
but not linked. The layer tables alone would make twins a fifth of the site, and programs can read JSON too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

# The sentences in a model's twin that replace the parts that are in the model's document: sections, by their heading,
# and the details of each set of weights.
_DOCUMENT = "[{name}.json](../data/models/{name}.json)"
_SECTIONS = {
    "## Modules": f"Every module that holds parameters, its type and its own MACs: `modules` in {_DOCUMENT}.",
    "## Layer information": f"Every parameter tensor, its shapes, form and dtype: `tensors` in {_DOCUMENT}.",
    "## Cite": "",
}
_WEIGHTS = re.compile(r'<details class="weights".*</details>', re.DOTALL)
_WEIGHTS_SENTENCE = f"Preprocessing, papers and origin of each: `weights` in {_DOCUMENT}."

_CODE = re.compile(r"^(`{3,}).*?^\1$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_HELD = re.compile(r"\0(\d+)\0")
_SNIPPET = re.compile(r'^--8<-- "(.*)"$', re.MULTILINE)
# HTML elements that are removed with their content. Of other elements only the tags are removed.
_UNREAD = re.compile(r"<(figure|form|script|style|svg|template)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)
_TAG = re.compile(r"</?(?!https?:)[a-zA-Z][^>]*>")
_HEADING_ID = re.compile(r" \{#[\w-]+\}$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n\s*\n")
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(([^)\s]+)\)")


class Twins:
    """Writes the twins of pages. Each link is resolved once in a build for all pages of a folder."""

    def __init__(self) -> None:
        self._files: Files | None = None
        self._links: dict[tuple[str, str, str], str] = {}

    def write(self, page: Page, config: MkDocsConfig, files: Files) -> None:
        """Write a page's twin beside it."""
        if files is not self._files:
            # Another build, as MkDocs' server makes them: a link may lead elsewhere now.
            self._files, self._links = files, {}
        file = page.file
        folder = posixpath.dirname(file.src_uri)
        # All pages of a folder except its index are at the same depth, so equal links have equal addresses.
        own = posixpath.dirname(file.dest_uri) if file.name == "index" else posixpath.join(folder, "_")

        def resolve(link: str) -> str:
            key = (folder, own, link)
            if key not in self._links:
                self._links[key] = _resolved(*key, files)
            return self._links[key]

        text = _expanded(page.markdown or "", Path(config.docs_dir))
        if folder == "models" and file.name != "index":
            twin = plain(lean(text, file.name), lambda link: resolve(link) if _leads_out(link) else None)
        else:
            twin = plain(text, resolve)
        target = Path(config.site_dir, file.dest_uri).with_suffix(".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(twin, encoding="utf-8", newline="")


def plain(text: str, resolve: Callable[[str], str | None]) -> str:
    """Remove the HTML from a page's Markdown. Code stays as it is.

    The address of a link becomes ``resolve(address)``. If that is ``None``, only the text of the link stays.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\0{len(held) - 1}\0"

    def linked(match: re.Match[str]) -> str:
        address = resolve(match[2])
        return match[1] if address is None else f"[{match[1]}]({address})"

    text = _SUMMARY.sub(r"**\1**", _UNREAD.sub("", _CODE.sub(hold, text)))
    text = _LINK.sub(linked, _HEADING_ID.sub("", _TAG.sub("", text)))
    return _HELD.sub(lambda match: held[int(match[1])], _BLANK_LINES.sub("\n\n", text)).strip() + "\n"


def lean(text: str, name: str) -> str:
    """A model's page without the parts that are in its document, and without the text to cite. The last line stays."""
    body, _, foot = text.rstrip().rpartition("\n\n")
    for heading, sentence in _SECTIONS.items():
        start = body.find(f"\n{heading}\n")
        if start >= 0:
            stop = body.find("\n## ", start + 1)
            rest = body[stop:] if stop >= 0 else ""
            body = body[:start] + (f"\n{heading}\n\n{sentence.format(name=name)}\n" if sentence else "") + rest
    body = _WEIGHTS.sub(_WEIGHTS_SENTENCE.format(name=name), body)
    return f"{body}\n\n{foot}\n"


def _expanded(text: str, docs: Path) -> str:
    """Insert the snippets that a hand-written page includes. MkDocs checks that they exist."""
    return _SNIPPET.sub(lambda match: (docs / match[1]).read_text(encoding="utf-8"), text)


def _leads_out(link: str) -> bool:
    """Whether a link leads to something else than a page of this site: another site, or a data file."""
    return not _parts(link)[0].endswith(".md") and not link.startswith("#")


def _resolved(folder: str, own: str, link: str, files: Files) -> str:
    """Resolve a link for a twin: a page's source becomes its twin, any other file of the site that file.

    A link with a query becomes a link to the page itself, because the query is for the page's script.
    """
    path, rest = _parts(link)
    file = files.get_file_from_path(posixpath.normpath(posixpath.join(folder, path))) if path else None
    if file is None:
        return link
    if rest.startswith("?"):
        return f"{posixpath.relpath(posixpath.dirname(file.dest_uri), own)}/{rest}"
    target = posixpath.splitext(file.dest_uri)[0] + ".md" if file.is_documentation_page() else file.dest_uri
    return posixpath.relpath(target, own) + rest


def _parts(link: str) -> tuple[str, str]:
    """The path of a link, and the rest: its query and anchor."""
    path = re.split("[?#]", link, maxsplit=1)[0]
    return path, link[len(path) :]
