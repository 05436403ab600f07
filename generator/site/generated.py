"""Generated pages in a MkDocs build: a page class that converts them faster than MkDocs does."""

from __future__ import annotations

import html
import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import get_toc

from generator.site import addresses, blocks, gfm, tables

_LINK = re.compile(r'(?:(?<=<a href=")|(?<=<a xlink:href="))[^"]*')
_ID = re.compile(r' id="([^"]*)"')
_LEAD = re.compile(r"(<h1[^>]*>)(.*?)(</h1>\s*<p>.*?</p>\n?)", re.DOTALL)
_REST = "<!-- the rest of the page -->"


class GeneratedPage(Page):
    """A generated page. A hand-written page in the same folder is rendered by MkDocs as usual.

    ``content`` is the part that the search indexes and shows: the heading and the first paragraph, or the texts in the
    page's ``search`` metadata instead. Nobody searches for tensor names or table cells. ``whole`` is the whole content,
    which replaces ``content`` after the template is rendered.
    """

    whole: str = ""

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the Markdown to HTML. Links are resolved and checked by MkDocs' own rules."""
        if "generated_by" not in self.meta:
            super().render(config, files)
            return
        markdown, taken = blocks.take_out(self.markdown or "")
        converted = gfm.convert(markdown)
        links = _RelativePathTreeprocessor(self.file, files, config)
        resolved = _LINK.sub(lambda match: _resolve(match[0], links), converted.html)
        # The site's address is put in here, because it is not known when pages are written.
        self.whole = addresses.filled(tables.fold(blocks.put_back(resolved, taken)), config)
        search = self.meta.get("search") or {}
        lead = _LEAD.search(self.whole)
        self.content = self.whole
        if lead:
            opening, heading, paragraph = lead.groups()
            if "title" in search:
                heading = html.escape(search["title"])
            if "text" in search:
                paragraph = f"</h1>\n<p>{html.escape(search['text'])}</p>\n"
            self.content = f"{opening}{heading}{paragraph}{_REST}"
        # The theme puts it into an attribute as it is.
        if "description" in self.meta:
            self.meta["description"] = html.escape(self.meta["description"])
        self.toc = get_toc(converted.toc)
        self._title_from_render = converted.title
        self.present_anchor_ids = set(_ID.findall(resolved))
        self.links_to_anchors = links.links_to_anchors

    def complete(self, output: str) -> str:
        """Put the whole content into the page that the template has rendered."""
        return output.replace(self.content or "", self.whole, 1) if self.whole else output


def adopt(file: File, config: MkDocsConfig) -> None:
    """Make the page of a file a `GeneratedPage`, before MkDocs makes an ordinary page."""
    GeneratedPage(None, file, config)


def _resolve(link: str, links: _RelativePathTreeprocessor) -> str:
    return html.escape(links.path_to_url(html.unescape(link)))
