"""Frames: pages come out as the theme would have made each of them, only faster."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import jinja2
import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from generator import pages
from generator.build import writer
from generator.site import hooks
from generator.site.page_templates import KindTemplate
from tests import examples
from tests.conftest import ROOT


def built(project: Path, folder: str, *, site_url: str = "") -> dict[str, list[str]]:
    """The HTML files of a build with Material, by path: their lines without the space around them."""
    config = load_config(str(project / "mkdocs.yml"), site_dir=str(project / folder), site_url=site_url)
    build(config)
    return {
        str(path.relative_to(project / folder)): [
            line.strip() for line in path.read_text().splitlines() if line.strip()
        ]
        for path in (project / folder).rglob("*.html")
    }


@pytest.fixture
def site(project: Path) -> Path:
    """A project with the pages of the tiny models, this project's own theme and hooks, and no other page."""
    shutil.copytree(ROOT / "overrides", project / "overrides")
    (project / "docs" / "assets").mkdir()
    writer.write(pages.parts(examples.FULL), project / "docs")
    text = (ROOT / "mkdocs.yml").read_text().replace("generator/site/hooks.py", hooks.__file__)
    nav, _, rest = text.partition("\nnav:\n")
    text = nav + "\nnav: [index.md, models/README.md, families/README.md]\n" + rest[rest.index("# One page a model") :]
    (project / "mkdocs.yml").write_text(text)
    return project


def test_names_and_addresses_have_slots(site: Path) -> None:
    """A template may name the page's file and address."""
    (site / "overrides" / "partials" / "copyright.html").write_text(
        "{% if page %}{{ page.file.src_uri }} {{ page.url }}{% endif %}"
    )
    lines = built(site, "filled")["models/tiny_vit/index.html"]
    assert any(line.startswith("models/tiny_vit.md models/tiny_vit/") for line in lines)


@pytest.mark.sweep
@pytest.mark.parametrize("site_url", ["", "https://example.org/atlas/"])
def test_pages_are_those_of_the_theme(site: Path, monkeypatch: pytest.MonkeyPatch, site_url: str) -> None:
    """Every page is, line by line, what the theme's templates give when they are rendered for that page alone."""
    filled = built(site, "filled", site_url=site_url)
    monkeypatch.setattr(hooks, "KindTemplate", jinja2.Template)
    assert filled == built(site, "plain", site_url=site_url)
    assert len(filled) > len(examples.RECORDS)


def test_a_kind_is_rendered_once(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The templates run for one page of each kind, not for each page."""
    made: list[str] = []
    plain = jinja2.Template.render

    def counted(self: jinja2.Template, *args: Any, **kwargs: Any) -> str:
        made.append(self.name or "")
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(jinja2.Template, "render", counted)
    written = built(site, "filled")
    generated = [name for name in written if name.startswith(("models/", "families/")) and name.count("/") > 1]
    others = len(written) - len(generated)
    # Models with and without parameters, those of several sizes, and families, are four kinds; the sitemap is a
    # template too, and so is what the page for unknown addresses is in.
    assert len(generated) > 4
    assert len(made) <= others + 4 + 2


def test_of_kinds_have_no_idle_space(site: Path) -> None:
    """What the theme's templates leave before and between the lines of a parts is left out."""
    built(site, "filled")
    parts, _, _ = (site / "filled" / "models" / "tiny_conv" / "index.html").read_text().partition("<article")
    assert all(line and line == line.strip() for line in parts.rstrip().splitlines())


def test_a_theme_that_asks_for_more_gets_it(site: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where a template wants what differs between pages and no slot is for, each page is rendered for itself."""
    (site / "overrides" / "partials" / "copyright.html").write_text("{% if page %}{{ page.file.dest_uri }}{% endif %}")
    with caplog.at_level(logging.INFO, "mkdocs"):
        filled = built(site, "filled")
    assert "file.dest_uri" in caplog.text
    for name in ("tiny_conv", "tiny_vit"):
        path = f"models/{name}/index.html"
        assert any(line.startswith(path) for line in filled[path])


def test_other_templates_are_left_alone() -> None:
    """Without a page, a template renders as ever."""
    environment = jinja2.Environment()
    environment.template_class = KindTemplate
    assert environment.from_string("  {{ name }}").render(name="x") == "  x"
