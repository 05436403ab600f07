"""What runs inside MkDocs, one event after the other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from generator import export
from generator.errors import DatasetError
from generator.site import hooks
from tests import examples
from tests.conftest import ROOT
from tests.pages.reading import converted
from tests.site.test_blocks import FIGURE, long_table


@pytest.fixture
def config(project: Path) -> MkDocsConfig:
    """The configuration of a project with the tiny dataset, a plain theme and our hooks."""
    (project / "mkdocs.yml").write_text(f"site_name: tiny\ntheme: mkdocs\nplugins: []\nhooks: [{hooks.__file__}]\n")
    return load_config(str(project / "mkdocs.yml"))


def added_files(config: MkDocsConfig) -> Files:
    """The files that the hooks add, asked as MkDocs asks."""
    files = config.plugins.on_files(Files([]), config=config)
    assert files is not None
    return files


def page_of(config: MkDocsConfig, meta: dict[str, object]) -> Page:
    """A page with this front matter."""
    page = Page(None, File("models/tiny.md", config.docs_dir, config.site_dir, use_directory_urls=True), config)
    page.meta = meta
    return page


def through(config: MkDocsConfig, text: str, meta: dict[str, object]) -> str:
    """A page's text on its way through the hooks around Python-Markdown."""
    page, files = page_of(config, meta), Files([])
    html = converted(hooks.on_page_markdown(text, page=page, config=config, files=files))
    return hooks.on_post_page(html, page=page, config=config)


def test_the_configuration_names_the_hooks() -> None:
    """mkdocs.yml names the module that is tested here, by a path that exists."""
    named = (ROOT / "mkdocs.yml").read_text()
    assert "  - generator/site/hooks.py" in named
    assert Path(hooks.__file__) == ROOT / "generator" / "site" / "hooks.py"


def test_the_data_files_join_the_site(config: MkDocsConfig) -> None:
    """Every data file is part of the site, with the content that the export gives, so that links to it are checked."""
    files = added_files(config)
    found = {file.src_uri: file.content_bytes for file in files}
    assert {name.removeprefix("data/") for name in found if name.startswith("data/")} == {
        "models.parquet",
        "tensors.parquet",
        *(name for name, _ in export.texts(examples.full())),
    }
    assert len(json.loads(found["data/models.json"])) == len(examples.RECORDS)
    assert found["data/models.parquet"].startswith(b"PAR1")


def test_the_licences_of_what_is_carried_join_the_site(config: MkDocsConfig) -> None:
    """The texts of the licences whose files the site carries are part of it."""
    files = added_files(config)
    text = next(file.content_string for file in files if file.src_uri == "assets/licenses.txt")
    assert "mkdocs-material " in text
    assert "Permission is hereby granted" in text
    assert "Redistribution and use" in text


def test_a_missing_dataset_stops_mkdocs(config: MkDocsConfig, project: Path) -> None:
    """Without a dataset there is no site, and the error says which command makes one."""
    shutil.rmtree(project / "dataset")
    with pytest.raises(DatasetError, match="timm-atlas inspect"):
        added_files(config)


@pytest.mark.parametrize("address", ["https://example.org/atlas", ""])
def test_the_repository_comes_from_the_environment(
    config: MkDocsConfig, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """The source link is that of the environment; without one there is none, and never Material's repo_url."""
    monkeypatch.setenv("ATLAS_REPOSITORY_URL", address)
    changed = hooks.on_config(config)
    assert [item["link"] for item in changed.extra.get("social", [])] == ([address] if address else [])
    assert not changed.repo_url


def test_large_blocks_pass_markdown_by(config: MkDocsConfig) -> None:
    """A generated page's large blocks are not in what Python-Markdown sees, and are in the finished page."""
    text = f"Before.\n\n{long_table()}\n\n{FIGURE}\n"
    page = page_of(config, {"generated_by": "timm-atlas"})
    seen = hooks.on_page_markdown(text, page=page, config=config, files=Files([]))
    assert "| cell_0" not in seen
    assert "<figure" not in seen
    finished = hooks.on_post_page(f"<main>{converted(seen)}</main>", page=page, config=config)
    assert converted(long_table()) in finished
    assert FIGURE in finished


def test_the_blocks_of_a_page_are_its_own(config: MkDocsConfig) -> None:
    """Blocks do not stay for the next page, nor for the next build of the same page."""
    generated: dict[str, object] = {"generated_by": "timm-atlas"}
    assert "cell_0" in through(config, long_table(), generated)
    assert through(config, "Words.", generated) == "<p>Words.</p>"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"<!--\n\n{long_table()}\n\n-->", id="table in a comment"),
        pytest.param(f"<pre>\n\n{long_table()}\n\n</pre>", id="table in preformatted text"),
        pytest.param(f"<div>\n\n{long_table()}\n\n</div>", id="table in raw HTML"),
        pytest.param(f"```x``` words\n\n```\n\n{long_table()}\n\n```", id="table in code after code in a line"),
        pytest.param(f"{long_table()}\n\n<!-- atlas block 7 -->", id="comment like ours"),
    ],
)
def test_what_people_wrote_is_python_markdown_s(config: MkDocsConfig, text: str) -> None:
    """A hand-written page is what Python-Markdown makes of it, however oddly it is written."""
    assert " ".join(through(config, text, {}).split()) == " ".join(converted(text).split())


def test_only_generated_pages_are_kept_from_the_search(config: MkDocsConfig) -> None:
    """The search reads what people wrote as a whole, and of a generated page its beginning."""
    html = "<h1>Tiny</h1>\n<p>First.</p>\n<p>Second.</p>"
    generated, written = page_of(config, {"generated_by": "timm-atlas"}), page_of(config, {})
    assert hooks.on_page_content(html, page=written, config=config, files=Files([])) == html
    assert "data-search-exclude" in hooks.on_page_content(html, page=generated, config=config, files=Files([]))


def test_the_search_dialog_has_a_name(config: MkDocsConfig) -> None:
    """Material's search dialog is named for screen readers, on pages and on the page for unknown addresses."""
    html = '<div class="md-search" data-md-component="search" role="dialog">'
    named = '<div class="md-search" data-md-component="search" role="dialog" aria-label="Search">'
    assert hooks.on_post_page(html, page=page_of(config, {}), config=config) == named
    assert hooks.on_post_template(html, template_name="404.html", config=config) == named
