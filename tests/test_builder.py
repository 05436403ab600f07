"""The last step: MkDocs is asked, strictly, and the old site stands until the new one is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import builder
from generator.errors import SiteError
from tests.conftest import tree

PLAIN = "site_name: tiny\ntheme: {name: null, custom_dir: theme}\nplugins: []\n"


@pytest.fixture
def site_project(tmp_path: Path) -> Path:
    """A project of one page and a theme of one line, with a site that stands."""
    for folder in ("docs", "theme", "site"):
        (tmp_path / folder).mkdir()
    (tmp_path / "mkdocs.yml").write_text(PLAIN)
    (tmp_path / "theme" / "main.html").write_text("{{ page.content }}")
    (tmp_path / "docs" / "index.md").write_text("# Home\n")
    (tmp_path / "site" / "old.html").write_text("old")
    return tmp_path


def test_a_site_is_built(site_project: Path) -> None:
    """The new site takes the place of the old, whole."""
    builder.build(site_project)
    built = tree(site_project / "site")
    assert b'<h1 id="home">Home</h1>' in built["index.html"]
    assert "old.html" not in built


def test_a_warning_leaves_the_old_site(site_project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A page that MkDocs warns about stops the build; its words are shown, and the old site stands alone."""
    (site_project / "docs" / "index.md").write_text("[dead](nowhere.md)\n")
    with pytest.raises(SiteError, match="the site that stood before is unchanged"):
        builder.build(site_project)
    assert "nowhere.md" in capfd.readouterr().err
    assert tree(site_project / "site") == {"old.html": b"old"}
    assert {path.name for path in site_project.iterdir()} == {"docs", "theme", "site", "mkdocs.yml"}
