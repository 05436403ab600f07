"""Write ``llms.txt``: it tells programs what the site is and where its facts are, as llmstxt.org proposes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

NAME = "llms.txt"

# The table of data files in the guide, one file in each row. The files are described only there.
_DATA_GUIDE = "guide/data.md"
_DATA_FILE = re.compile(r"^\| \[(?P<name>[\w.]+)\]\(\.\./(?P<path>data/[\w.]+)\) \| (?P<meaning>.+) \|$", re.MULTILINE)

# A link in a description; its address would be wrong outside the guide.
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


def write(config: MkDocsConfig, pages: Iterable[Page]) -> None:
    """Write the file. ``pages`` are the pages in the site's navigation."""
    Path(config.site_dir, NAME).write_text(text(config, pages), encoding="utf-8", newline="")


def text(config: MkDocsConfig, pages: Iterable[Page]) -> str:
    """The text of the file. Links are full addresses if the site's address is known."""
    pages = list(pages)
    base = config.site_url or ""
    guide = next((page.markdown or "" for page in pages if page.file.src_uri == _DATA_GUIDE), "")
    lines = [
        f"# {config.site_name}",
        "",
        f"> {config.site_description}",
        "",
        "Every page has a Markdown twin, at the page's address followed by `index.md`. Names of models are those of "
        "`timm.list_models()`, such as `resnet50`. Figures come from the models themselves, not from papers.",
        "",
        "## Addresses",
        "",
        f"- `{base}models/<model>/index.md`: one model, as its page tells it",
        f"- `{base}data/models/<model>.json`: one model, everything, every parameter tensor in exact integers",
        f"- `{base}families/<family>/index.md`: the models that one timm module defines",
        "",
        "## Data files",
        "",
        *(
            f"- [{file['name']}]({base}{file['path']}): {_without_links(file['meaning'])}"
            for file in _DATA_FILE.finditer(guide)
        ),
        "",
        "## Pages",
        "",
        *(
            f"- [{page.title}]({base}{page.url.removeprefix('./')}index.md): {page.meta.get('description', '')}"
            for page in pages
        ),
    ]
    return "\n".join(lines) + "\n"


def _without_links(meaning: str) -> str:
    return _LINK.sub(r"\1", meaning)
