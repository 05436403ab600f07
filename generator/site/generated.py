"""Generated pages inside MkDocs: a page class that knows how they are made, and spares MkDocs the rest."""

from __future__ import annotations

import html
import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import get_toc

from generator.pages.markdown import SITE
from generator.site import blocks, gfm, tables

_LINK = re.compile(r'(?:(?<=<a href=")|(?<=<a xlink:href="))[^"]*')
_ID = re.compile(r' id="([^"]*)"')
_LEAD = re.compile(r"(<h1[^>]*>)(.*?)(</h1>\s*<p>.*?</p>\n?)", re.DOTALL)
_REST = "<!-- the rest of the page -->"


class GeneratedPage(Page):
    """A page that timm-atlas wrote; one that people wrote in the same folder stays an ordinary page.

    ``content`` is what the search indexes, and shows of the page: the heading and the first paragraph, or what the page
    says in place of each. Nobody searches for tensor names or the cells of a table. ``whole`` is put in its place once
    the page has its template.
    """

    whole: str = ""

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the Markdown; links are resolved and checked by MkDocs' own rules."""
        if "generated_by" not in self.meta:
            super().render(config, files)
            return
        # The address of the site goes in here: pages are written before anybody knows where they will be.
        address = (config.site_url or SITE).rstrip("/")
        markdown, taken = blocks.take_out((self.markdown or "").replace(SITE, address))
        converted = gfm.convert(markdown)
        links = _RelativePathTreeprocessor(self.file, files, config)
        resolved = _LINK.sub(lambda match: _resolve(match[0], links), converted.html)
        self.whole = tables.fold(blocks.put_back(resolved, taken))
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
        self.toc = get_toc(converted.toc)
        self._title_from_render = converted.title
        self.present_anchor_ids = set(_ID.findall(resolved))
        self.links_to_anchors = links.links_to_anchors

    def complete(self, output: str) -> str:
        """The finished page with all of its content."""
        return output.replace(self.content or "", self.whole, 1) if self.whole else output


def adopt(file: File, config: MkDocsConfig) -> None:
    """Make a file's page a generated one, before MkDocs makes an ordinary one of it."""
    GeneratedPage(None, file, config)


def _resolve(link: str, links: _RelativePathTreeprocessor) -> str:
    return html.escape(links.path_to_url(html.unescape(link)))
