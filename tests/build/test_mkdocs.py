"""The last step: MkDocs is asked, strictly, and the old site stands until the new one is whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from generator.build import mkdocs
from generator.errors import SiteError
from generator.store import digests
from tests.conftest import ROOT, tree
from tests.examples import DATE

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


def states(folder: Path) -> dict[str, tuple[int, int]]:
    """The inode and the time of every file below a folder."""
    found = {str(path.relative_to(folder)): path.stat() for path in digests.files_below(folder)}
    return {name: (state.st_ino, state.st_mtime_ns) for name, state in found.items()}


def test_a_site_is_built(site_project: Path) -> None:
    """The new site takes the place of the old, whole."""
    mkdocs.build(site_project, date=DATE)
    built = tree(site_project / "site")
    assert b'<h1 id="home">Home</h1>' in built["index.html"]
    assert "old.html" not in built


def test_a_warning_leaves_the_old_site(site_project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A page that MkDocs warns about stops the build; its words are shown, and the old site stands alone."""
    (site_project / "docs" / "index.md").write_text("[dead](nowhere.md)\n")
    with pytest.raises(SiteError, match="the site that stood before is unchanged"):
        mkdocs.build(site_project, date=DATE)
    assert "nowhere.md" in capfd.readouterr().err
    assert tree(site_project / "site") == {"old.html": b"old"}
    assert {path.name for path in site_project.iterdir()} == {"docs", "theme", "site", "mkdocs.yml"}


def test_equal_files_keep_their_inode(site_project: Path) -> None:
    """A page that stays the same is not written again: inode and time are those of the first build."""
    (site_project / "docs" / "other.md").write_text("# Other\n")
    site = site_project / "site"
    mkdocs.build(site_project, date=DATE)
    before = states(site)
    (site_project / "docs" / "other.md").write_text("# Another\n")
    mkdocs.build(site_project, date=DATE)
    after = states(site)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {
        "other/index.html"
    }


def test_a_site_is_a_function_of_its_inputs(site_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built again elsewhere and at another time, the site is the same to the last byte, the packed sitemap too."""
    (site_project / "mkdocs.yml").write_text(PLAIN.replace("plugins: []", "plugins: []\nsite_url: https://x.test/"))
    # Any theme that sets names a sitemap has the template of MkDocs.
    (site_project / "theme" / "sitemap.xml").write_text(
        "{% for file in pages %}{{ file.page.update_date }}{% endfor %}"
    )
    (site_project / "theme" / "mkdocs_theme.yml").write_text("static_templates: [sitemap.xml]\n")
    mkdocs.build(site_project, date=DATE)
    first = tree(site_project / "site")
    assert first["sitemap.xml"] == b"2026-01-02"
    assert "sitemap.xml.gz" in first
    mkdocs.build(site_project, date=DATE)
    assert tree(site_project / "site") == first


def test_a_date_in_the_environment_counts(site_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sets SOURCE_DATE_EPOCH has that date in the site."""
    (site_project / "theme" / "main.html").write_text("{{ build_date_utc }}")
    mkdocs.build(site_project, date=DATE)
    assert b"2026-01-02 03:04:05" in tree(site_project / "site")["index.html"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    mkdocs.build(site_project, date=DATE)
    assert b"1970-01-01" in tree(site_project / "site")["index.html"]


def test_a_build_tells_the_state_of_the_site(site_project: Path) -> None:
    """What a build returns is the state of the site that it has put in its place."""
    for _ in range(2):
        assert mkdocs.build(site_project, date=DATE) == digests.of_states(site_project / "site")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: (root / "docs" / "index.md").write_text("# Changed\n"), id="a page"),
        pytest.param(lambda root: (root / "docs" / "deep" / "new.css").write_text(""), id="a new file"),
        pytest.param(lambda root: (root / "docs" / "index.md").unlink(), id="a page less"),
        pytest.param(lambda root: (root / "mkdocs.yml").write_text("site_name: other\n"), id="the configuration"),
        pytest.param(lambda root: (root / "overrides" / "main.html").write_text("{{ page.title }}"), id="a template"),
        pytest.param(lambda root: (root / "dataset" / "manifest.json").write_text("{}"), id="the dataset"),
        pytest.param(lambda root: (root / "generator" / "site" / "hooks.py").write_text("x = 1"), id="a hook"),
    ],
)
def test_an_input_that_changes_is_seen(site_project: Path, change: Callable[[Path], object]) -> None:
    """Whatever of the site's inputs changes, their digest does, and what MkDocs does not read leaves it alone."""
    for folder in ("docs/deep", "overrides", "dataset", "generator/site/__pycache__"):
        (site_project / folder).mkdir(parents=True)
    before = mkdocs.inputs(site_project)
    (site_project / "site" / "new.html").write_text("new")
    (site_project / "generator" / "site" / "__pycache__" / "hooks.pyc").write_text("compiled")
    assert mkdocs.inputs(site_project) == before
    change(site_project)
    assert mkdocs.inputs(site_project) != before


@pytest.mark.parametrize("name", mkdocs.VARIABLES)
def test_a_variable_that_changes_is_seen(site_project: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a variable is set, and to what, is in the digest."""
    found = []
    for value in (None, "", "1", "2"):
        if value is not None:
            monkeypatch.setenv(name, value)
        found.append(mkdocs.inputs(site_project))
    assert len(set(found)) == len(found)


def test_the_variables_are_those_that_are_read() -> None:
    """What mkdocs.yml and the code inside MkDocs read of the environment is in the digest, and nothing besides."""
    texts = [path.read_text() for path in digests.files_below(ROOT / "generator" / "site", ".py")]
    read = set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", "\n".join(texts)))
    read |= set(re.findall(r"!ENV \[?(\w+)", (ROOT / "mkdocs.yml").read_text()))
    # Read by MkDocs itself.
    assert read | {"SOURCE_DATE_EPOCH"} == set(mkdocs.VARIABLES)
    # None is read in a way that the search above does not see.
    mentions = re.findall(r"\benviron\b|\bgetenv\b", "\n".join(texts))
    assert len(mentions) == len(re.findall(r"environ(?:\.get\(|\[)\"", "\n".join(texts)))


def test_the_folders_are_those_that_are_read() -> None:
    """Every path that mkdocs.yml names is in a folder whose content is in the digest."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("!", lambda *_: None)
    configuration = yaml.load((ROOT / "mkdocs.yml").read_text(), Loader)
    named = [configuration["docs_dir"], configuration["theme"]["custom_dir"], *configuration["hooks"]]
    assert {Path(name).parts[0] for name in named} | {"dataset"} == set(mkdocs.FOLDERS)
    assert configuration["site_dir"] == "site"


def test_a_full_disk_is_one_sentence(small_disk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where the disk has no room for the site, MkDocs says so in a line, not a traceback, and the old site stands."""
    for folder in ("docs", "theme", "site"):
        (small_disk / folder).mkdir()
    (small_disk / "mkdocs.yml").write_text(PLAIN)
    (small_disk / "theme" / "main.html").write_text("{{ page.content }}")
    (small_disk / "docs" / "index.md").write_text("# Home\n\n" + "Words without end. " * 800)
    (small_disk / "site" / "old.html").write_text("old")
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    (small_disk / "filler").write_bytes(bytes(free - 8192))
    with pytest.raises(SiteError, match="exit code 1"):
        mkdocs.build(small_disk, date=DATE)
    err = capfd.readouterr().err
    assert err.splitlines()[-1].startswith("mkdocs: No space left on device")
    assert "Traceback" not in err
    assert tree(small_disk / "site") == {"old.html": b"old"}


def test_an_interrupt_ends_mkdocs(site_project: Path) -> None:
    """Ctrl-C ends MkDocs and the processes that it has started, without a word from any; the old site stands."""
    (site_project / "mkdocs.yml").write_text(f"{PLAIN}hooks: [hook.py]\n")
    # As Ctrl-C does: to all processes of the session that the build is in.
    (site_project / "hook.py").write_text("""
import os, signal, subprocess, sys

def on_config(config):
    beside = subprocess.Popen([sys.executable, "-c", "import signal; print(flush=True); signal.pause()"],
                              stdout=subprocess.PIPE)
    beside.stdout.readline()
    os.killpg(os.getppid(), signal.SIGINT)
    signal.pause()
""")
    script = """
import sys
from pathlib import Path
from generator.build import mkdocs

try:
    mkdocs.build(Path(sys.argv[1]), date=sys.argv[2])
except KeyboardInterrupt:
    print("interrupted")
"""
    # The output ends when all processes that could write to it have ended.
    finished = subprocess.run(
        [sys.executable, "-c", script, str(site_project), DATE],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert (finished.stdout, finished.stderr) == ("interrupted\n", "")
    assert tree(site_project / "site") == {"old.html": b"old"}
    assert not list(site_project.glob(".staging*"))
