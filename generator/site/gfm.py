"""Convert generated pages to HTML with cmark-gfm, GitHub's converter, so that they look the same here and on GitHub.

Hand-written pages are converted by Python-Markdown with its extensions. Generated pages need no extensions, and there
are too many of them for a slow converter.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple, TypedDict

from cmarkgfm.cmark import Options, markdown_to_html_with_extensions
from markdown.extensions.toc import slugify

_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_TABLE_PREFER_STYLE_ATTRIBUTES
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
# The attribute ``markdown`` is for Python-Markdown, which converts snippets in hand-written pages. It is not HTML.
_MARKDOWN_ATTRIBUTE = re.compile(r'(<(?:div|details) class="[\w-]+"(?: open)?) markdown>')


class TocToken(TypedDict):
    """One heading, in the format of MkDocs' table of contents."""

    level: int
    id: str
    name: str
    children: list[TocToken]


class Converted(NamedTuple):
    """A page's HTML, its headings as a tree, and the text of its first heading."""

    html: str
    toc: list[TocToken]
    title: str | None


def convert(markdown: str) -> Converted:
    """Convert GitHub-flavoured Markdown. Headings get an ID and a permanent link, as from Python-Markdown."""
    toc: list[TocToken] = []
    path: list[TocToken] = []

    def heading(match: re.Match[str]) -> str:
        level, inner = int(match[1]), match[2]
        name = _TAG.sub("", inner)
        anchor = slugify(html.unescape(name), "-")
        token = TocToken(level=level, id=anchor, name=name, children=[])
        while path and path[-1]["level"] >= level:
            path.pop()
        (path[-1]["children"] if path else toc).append(token)
        path.append(token)
        return (
            f'<h{level} id="{anchor}">{inner}'
            f'<a class="headerlink" href="#{anchor}" title="Permanent link">&para;</a></h{level}>'
        )

    converted = markdown_to_html_with_extensions(markdown, options=_OPTIONS, extensions=["table"])
    with_anchors = _HEADING.sub(heading, _MARKDOWN_ATTRIBUTE.sub(r"\1>", converted))
    return Converted(with_anchors, toc, toc[0]["name"] if toc else None)
