"""The archive of the site: every page and file of it, with links that lead from file to file."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.build import archive
from generator.errors import NoSiteError

DATE = "2026-11-22T10:00:00+00:00"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a site of a few files."""
    files = {
        "index.html": '<a href="models/">Models</a>',
        "404.html": "gone",
        "sitemap.xml": "<urlset/>",
        "models/tiny/index.html": '<a href="../..">Home</a>',
        "assets/atlas.css": "body {}",
        "assets/javascripts/bundle.1a.min.js": "run();",
        "search/search_index.json": json.dumps({"docs": [{"location": "models/tiny/", "title": "tiny"}]}),
        "data/models.json": "[]",
    }
    for name, text in files.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def unpacked(packed: bytes) -> dict[str, str]:
    """The files of an archive."""
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ("models/", "models/index.html"),
        ("../#tiny", "../index.html#tiny"),
        ("../..", "../../index.html"),
        (".", "./index.html"),
        ("./", "./index.html"),
        ("../?q=tiny", "../index.html?q=tiny"),
        ("#weights", "#weights"),
        ("index.md", "index.md"),
        ("../data/models/tiny.json", "../data/models/tiny.json"),
        ("https://example.org/", "https://example.org/"),
        ("//example.org/", "//example.org/"),
        ("?q=tiny", "?q=tiny"),
    ],
)
def test_links_lead_to_files(link: str, there: str) -> None:
    """A link to a page names its file, with query and anchor; any other stays as it is."""
    for opening in ("<a class='x' href", "<a xlink:href", "<link rel=canonical href", "<form action"):
        assert archive.page(f'{opening}="{link}">') == f'{opening}="{there}">'


def test_what_needs_a_server_says_so() -> None:
    """Where a page loads modules, it has one sentence about it, in place of the first."""
    module = '<script type="module" src="../assets/js/rank.js"></script>'
    html = archive.page(f"<p>Models</p>{module}<p>End</p>{module}")
    assert html.startswith('<p>Models</p><p class="from-file">')
    assert html.count("needs a server") == 1
    assert html.endswith("<p>End</p>")
    assert "needs a server" not in archive.page("<script>inline()</script>")


def test_the_search_runs_without_modules() -> None:
    """The worker of the search is the theme's alone: that of the site loads modules and data."""
    config = '{"search": "../assets/js/search/worker.js?theme=../../javascripts/workers/search.1a.min.js"}'
    assert archive.page(config) == '{"search": "../assets/javascripts/workers/search.1a.min.js"}'


def test_the_search_index_is_a_script() -> None:
    """From files, only scripts can be had; its results lead to files too."""
    documents = {"docs": [{"location": place} for place in ("", "models/tiny/", "guide/data/#models")]}
    name, _, value = archive.search_index(json.dumps(documents)).partition(" = ")
    assert name == "var __index"
    assert [document["location"] for document in json.loads(value)["docs"]] == [
        "index.html",
        "models/tiny/index.html",
        "guide/data/index.html#models",
    ]


def test_the_archive_has_the_whole_site(root: Path) -> None:
    """Every file is in it, in one folder, but for what only a server or a search engine has a use for."""
    files = unpacked(archive.pack(root / "site", DATE))
    assert sorted(files) == [
        "timm-atlas/assets/atlas.css",
        "timm-atlas/assets/javascripts/bundle.1a.min.js",
        "timm-atlas/data/models.json",
        "timm-atlas/index.html",
        "timm-atlas/models/tiny/index.html",
        "timm-atlas/search/search_index.js",
    ]
    assert files["timm-atlas/models/tiny/index.html"] == '<a href="../../index.html">Home</a>'
    assert files["timm-atlas/assets/javascripts/bundle.1a.min.js"].startswith("window.Worker = class")
    assert files["timm-atlas/assets/javascripts/bundle.1a.min.js"].endswith("run();")
    assert ":not(:defined)" in files["timm-atlas/assets/atlas.css"]
    assert files["timm-atlas/data/models.json"] == "[]"


def test_the_same_site_makes_the_same_archive(root: Path) -> None:
    """Neither the time nor the times of files are in it, and what is the same already is not written again."""
    written = archive.write(root, DATE)
    assert written == root / "timm-atlas.zip"
    before, packed = written.stat().st_mtime_ns, written.read_bytes()
    (root / "site" / "data" / "models.json").touch()
    archive.write(root, DATE)
    assert (written.stat().st_mtime_ns, written.read_bytes()) == (before, packed)
    (root / "site" / "data" / "models.json").write_text("[1]")
    archive.write(root, DATE)
    assert unpacked(written.read_bytes())["timm-atlas/data/models.json"] == "[1]"


def test_without_a_site_there_is_no_archive(tmp_path: Path) -> None:
    """The error names what makes one, and nothing is written."""
    with pytest.raises(NoSiteError, match="timm-atlas build"):
        archive.write(tmp_path, DATE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dead", [False, True])
def test_an_archive_behind_a_link_is_written_there(root: Path, dead: bool) -> None:
    """A link in the place of the archive stays, and what it leads to is the archive."""
    (root / "web").mkdir()
    if not dead:
        (root / "web" / "all.zip").write_text("old")
    (root / archive.NAME).symlink_to("web/all.zip")
    assert archive.write(root, DATE) == root / archive.NAME
    assert (root / archive.NAME).is_symlink()
    assert (root / "web" / "all.zip").read_bytes() == archive.pack(root / "site", DATE)
    assert [path.name for path in (root / "web").iterdir()] == ["all.zip"]


@pytest.mark.parametrize("value", ["0", "1700000000", "4294967295"])
def test_the_environment_sets_the_date_of_every_file(root: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """With SOURCE_DATE_EPOCH all files have its date, though no date before 1980 fits into a zip file."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with zipfile.ZipFile(archive.write(root, DATE)) as opened:
        (date,) = {entry.date_time for entry in opened.infolist()}
    expected = datetime.fromtimestamp(int(value), UTC).timetuple()[:5]
    assert date[:5] == (expected if value != "0" else (1980, 1, 1, 0, 0))
