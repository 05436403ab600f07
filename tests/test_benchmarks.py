"""The tools of ./scripts/bench: ratios, memory, plots, and the sentences where something is missing."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import lxml.html
import pytest

from benchmarks import __main__ as bench
from benchmarks import memory, plot, project, results, site
from generator.build.writer import GENERATED_FOLDERS
from tests.conftest import ROOT

MIB = 2**20


def test_a_ratio_is_the_median_of_pairs() -> None:
    """Each run is compared with the one beside it, so that a machine that slows down changes little."""
    result = results.ratio_at_most("own", [1.0, 4.0, 9.0], "other", [2.0, 4.0, 6.0], 1.0)
    assert (result.ratio, result.met) == ("1.00 (0.50 to 1.50)", True)
    assert results.ratio_at_most("own", [3.0], "other", [2.0], 1.0).met is False


@pytest.mark.parametrize(("value", "met"), [(5.0, True), (5.01, False)])
def test_a_limit_is_met_up_to_itself(value: float, met: bool) -> None:
    """A figure at its limit meets it; one above does not, however it is rounded."""
    assert results.at_most("x", value, 5, "s").met is met
    assert results.at_least("x", 10 - value, 5).met is met


def test_the_table_tells_what_was_skipped() -> None:
    """A result is met, not met or skipped, with the reason in its place."""
    text = results.table(
        [
            results.at_most("a", 1, 2, "s"),
            results.at_most("b", 3, 2, "s"),
            results.skipped("c", "it is not installed", "≤ 1"),
        ]
    )
    assert [line.rsplit("|", 2)[1].strip() for line in text.splitlines()[2:]] == ["met", "**not met**", "skipped"]
    assert "skipped: it is not installed" in text


@pytest.mark.skipif(not memory.is_known(), reason="this system does not tell how much memory a process takes")
def test_memory_is_that_of_all_processes() -> None:
    """The largest process and the sum are found, in a command that starts others and ends once it was measured."""
    child = f"import sys; held = bytearray(60 * {MIB}); sys.stdin.read()"
    script = (
        "import subprocess, sys\n"
        f"children = [subprocess.Popen([sys.executable, '-c', {child!r}], stdin=0) for _ in 'ab']\n"
        "for child in children: child.wait()"
    )
    reading, writing = os.pipe()

    def looked_at(peak: memory.Peak) -> None:
        # The children end with their input, which is closed once both were measured with their memory.
        if peak.together > 120 * MIB:
            with contextlib.suppress(OSError):
                os.close(writing)

    code, peak = memory.run([sys.executable, "-c", script], told=looked_at, stdin=reading)
    os.close(reading)
    assert code == 0
    assert peak.process > 60 * MIB
    # There are two of them, and the sum counts pages that both use once.
    assert peak.process < peak.together


def test_the_picture_is_a_picture_with_words() -> None:
    """The plot is valid, names every series and figure for readers who cannot see it, and stays within its frame."""
    series = [plot.Series("cold build", "s", [10.0, 21.0, 40.0], ""), plot.Series("site", "MB", [1, 2, 4], "6 3")]
    (picture,) = lxml.html.fromstring(f"<div>{plot.svg([100, 200, 400], series)}</div>")
    assert picture.get("role") == "img"
    assert "cold build: 10.0, 21.0, 40.0 s" in picture.get("aria-label")
    assert len(picture.findall(".//polyline")) == 2
    for point in re.findall(r"([\d.]+),([\d.]+)", " ".join(p.get("points") for p in picture.findall(".//polyline"))):
        assert 0 <= float(point[0]) <= plot.WIDTH
        assert 0 <= float(point[1]) <= plot.HEIGHT


@pytest.mark.parametrize("part", ["mkdocs", "lighthouse", "keys"])
def test_what_is_missing_is_skipped_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Without the program that a part needs, its line says what to install, and nothing is built for it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("ATLAS_BROWSER", raising=False)
    (result,) = bench.PARTS[part](project.Project(tmp_path), 1)
    assert isinstance(result, results.Result)
    assert result.met is None
    assert "is not installed" in result.figure
    assert list(tmp_path.iterdir()) == []


def test_the_copy_has_what_people_wrote(tmp_path: Path) -> None:
    """Measuring starts from a fresh checkout: no generated page is copied, and the original is not touched."""
    copied = project.copy(tmp_path / "project")
    assert (copied.root / "docs" / "guide" / "method.md").is_file()
    assert not any((copied.root / "docs" / folder).exists() for folder in GENERATED_FOLDERS)
    assert (copied.root / "mkdocs.yml").read_bytes() == (ROOT / "mkdocs.yml").read_bytes()


def test_a_command_that_fails_ends_the_measuring(capsys: pytest.CaptureFixture[str]) -> None:
    """A figure of a failed command is no figure: its own words are shown, and an error is raised."""
    with pytest.raises(project.MeasuringError, match="exit code 3"):
        project.seconds([sys.executable, "-c", "print('its words'); raise SystemExit(3)"])
    assert "its words" in capsys.readouterr().err


def test_the_site_is_served_compressed(tmp_path: Path) -> None:
    """Pages go out as static hosts send them."""
    import gzip
    import urllib.request

    (tmp_path / "index.html").write_text("<p>" + "word " * 1000)
    with site.served(tmp_path, site.CompressingHandler) as address, urllib.request.urlopen(address) as answer:
        body = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == (tmp_path / "index.html").read_bytes()
    assert len(body) == site.compressed(tmp_path / "index.html")


def test_bench_without_an_environment_says_what_to_do(tmp_path: Path) -> None:
    """The script installs nothing: it names the command that does."""
    finished = subprocess.run(
        [ROOT / "scripts" / "bench"],
        env={**os.environ, "ATLAS_VENV": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert "Run ./scripts/build first." in finished.stderr
    assert not (tmp_path / "none").exists()
