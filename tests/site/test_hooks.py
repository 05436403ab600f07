"""What runs inside MkDocs, one event after the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from generator.site import hooks
from generator.site.generated import GeneratedPage
from tests.conftest import ROOT


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


def test_the_configuration_names_the_hooks() -> None:
    """mkdocs.yml names the module that is tested here, by a path that exists."""
    named = (ROOT / "mkdocs.yml").read_text()
    assert "  - generator/site/hooks.py" in named
    assert Path(hooks.__file__) == ROOT / "generator" / "site" / "hooks.py"


def test_the_licences_of_what_is_carried_join_the_site(config: MkDocsConfig) -> None:
    """The texts of the licences whose files the site carries are part of it."""
    files = added_files(config)
    text = next(file.content_string for file in files if file.src_uri == "assets/licenses.txt")
    assert "mkdocs-material " in text
    assert "Permission is hereby granted" in text
    assert "Redistribution and use" in text
    assert "bokeh " in text


def test_the_charts_come_from_the_installed_package(config: MkDocsConfig) -> None:
    """The charting library is part of the site, taken out of its package, file by file."""
    charts = {file.src_uri: file for file in added_files(config) if file.src_uri.startswith("assets/charts/")}
    assert sorted(charts) == ["assets/charts/bokeh-api.min.js", "assets/charts/bokeh.min.js"]
    for file in charts.values():
        assert file.abs_src_path is not None
        assert Path(file.abs_src_path).stat().st_size > 100_000


@pytest.mark.parametrize("address", ["https://example.org/atlas", ""])
def test_the_repository_comes_from_the_environment(
    config: MkDocsConfig, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """The source link is that of the environment; without one there is none, and never Material's repo_url."""
    monkeypatch.setenv("ATLAS_REPOSITORY_URL", address)
    changed = hooks.on_config(config)
    assert [item["link"] for item in changed.extra.get("social", [])] == ([address] if address else [])
    assert not changed.repo_url


def test_pages_of_our_folders_are_adopted(config: MkDocsConfig) -> None:
    """Pages below models/ and families/ become generated ones before MkDocs makes its own; others do not."""
    names = ("models/tiny.md", "families/README.md", "guide/models.md", "index.md")
    files = Files([File(name, config.docs_dir, config.site_dir, use_directory_urls=True) for name in names])
    config.plugins.on_files(files, config=config)
    adopted = {file.src_uri for file in files.documentation_pages() if isinstance(file.page, GeneratedPage)}
    assert adopted == {"models/tiny.md", "families/README.md"}


def test_the_finished_page_is_complete(config: MkDocsConfig) -> None:
    """What was kept from the template is in the finished page; an ordinary page is left as it is."""
    page = GeneratedPage(
        None, File("models/tiny.md", config.docs_dir, config.site_dir, use_directory_urls=True), config
    )
    page.markdown, page.meta = "# T\n\nFirst.\n\nSecond.", {"generated_by": "timm-atlas"}
    page.render(config, Files([page.file]))
    assert "Second." in hooks.on_post_page(f"<main>{page.content}</main>", page=page, config=config)
    assert hooks.on_post_page("<main></main>", page=page_of(config, {}), config=config) == "<main></main>"


def test_the_search_dialog_has_a_name(config: MkDocsConfig) -> None:
    """Material's search dialog is named for screen readers, on pages and on the page for unknown addresses."""
    html = '<div class="md-search" data-md-component="search" role="dialog">'
    named = '<div class="md-search" data-md-component="search" role="dialog" aria-label="Search">'
    assert hooks.on_post_page(html, page=page_of(config, {}), config=config) == named
    config.site_url = "https://example.org/atlas/"
    assert hooks.on_post_template(html, template_name="404.html", config=config) == named
