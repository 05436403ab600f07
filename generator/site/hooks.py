"""MkDocs' hooks: named in mkdocs.yml, one function an event."""

from __future__ import annotations

import importlib.metadata
import os
import tempfile
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from generator import dataset as datasets
from generator import export
from generator.site import blocks, search

# The distributions whose JavaScript, styles and icons the site carries.
_CARRIED = ("mkdocs-material", "mkdocs")

_SEARCH_DIALOG = 'data-md-component="search" role="dialog"'

_blocks_of_page: dict[str, list[str]] = {}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Link to the repository that the environment names."""
    repository = os.environ.get("ATLAS_REPOSITORY_URL")
    if repository:
        # Not Material's repo_url, which asks a foreign host for stars and forks at view time.
        config.extra["social"] = [{"icon": "fontawesome/brands/git-alt", "link": repository, "name": "Source code"}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the data files, so that pages can link to them and MkDocs checks the links."""
    dataset = datasets.read(dataset_folder(config))
    for name, text in export.texts(dataset):
        files.append(File.generated(config, f"data/{name}", content=text))
    with tempfile.TemporaryDirectory() as folder:
        export.write_tables(dataset, Path(folder))
        for path in Path(folder).iterdir():
            files.append(File.generated(config, f"data/{path.name}", content=path.read_bytes()))
    files.append(File.generated(config, "assets/licenses.txt", content=_licenses()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Keep the large blocks of generated pages from Python-Markdown and the search plugin."""
    if not _is_generated(page):
        return markdown
    markdown, _blocks_of_page[page.file.src_uri] = blocks.take_out(markdown)
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Keep tables and figures of generated pages out of the search index."""
    return search.limit(html) if _is_generated(page) else html


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the large blocks into the finished page."""
    return _named_dialog(blocks.put_back(output, _blocks_of_page.pop(page.file.src_uri, [])))


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """The page for unknown addresses is a template of its own."""
    return _named_dialog(output_content)


def dataset_folder(config: MkDocsConfig) -> Path:
    """Where the dataset is: beside mkdocs.yml."""
    return Path(config.config_file_path).parent / "dataset"


def _is_generated(page: Page) -> bool:
    return "generated_by" in page.meta


def _named_dialog(html: str) -> str:
    """Give Material's search dialog the name that screen readers need and Material leaves out."""
    return html.replace(_SEARCH_DIALOG, f'{_SEARCH_DIALOG} aria-label="Search"')


def _licenses() -> str:
    """The licences of all that is carried: of the distributions, and of the icons that come with them."""
    texts = []
    for name in _CARRIED:
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files or ():
            if file.stem.upper() == "LICENSE" and file.suffix != ".svg":
                texts.append(f"{name} {distribution.version}: {file}\n\n{file.read_text().strip()}\n")
    return "\n\n".join(texts)
