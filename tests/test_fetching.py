"""Fetching timm's result tables: from a server on this machine, whole or not at all."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from generator.results import gathering, pin
from generator.results.pin import Pin
from maintenance import results
from maintenance.results import FetchError, fetch, main, move
from tests.conftest import ROOT, tree
from tests.results.made_up import ACCURACY, SPEED, TABLES, TRAINING, write_tables

REPOSITORY, OLD, NEW = "timm/models", "a" * 40, "b" * 40


def digest(text: str) -> str:
    """The SHA-256 of a table."""
    return hashlib.sha256(text.encode()).hexdigest()


PINNED = Pin(REPOSITORY, "results", OLD, "2026-01-02", {name: digest(text) for name, text in TABLES.items()})


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that prints nothing, and notes what it was asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


class Server:
    """A server on this machine, in the place of GitHub's two."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        handler = type("Handler", (Quiet,), {"asked": self.asked})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def has(self, commit: str, tables: dict[str, str]) -> Path:
        """Let the server have tables at a commit."""
        return write_tables(self.folder / REPOSITORY / commit / "results", tables)

    def tells(self, commit: str, names: list[str]) -> None:
        """Let the server tell the newest commit and the names of the files there."""
        api = self.folder / "repos" / REPOSITORY
        (api / "commits").mkdir(parents=True)
        (api / "contents").mkdir()
        (api / "commits" / "HEAD").write_text(
            json.dumps({"sha": commit, "commit": {"committer": {"date": "2026-03-04T05:06:07Z"}}})
        )
        (api / "contents" / "results").write_text(json.dumps([{"name": name} for name in names]))

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server without any file."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "served").mkdir()
    made = Server(tmp_path / "served")
    yield made
    made.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project without a cache."""
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def test_the_pinned_tables_are_fetched_once(server: Server, root: Path) -> None:
    """They are kept by their commit, a build takes them, and nothing is asked for again."""
    server.has(OLD, TABLES)
    fetch(root, server.address, PINNED)
    assert {path: content.decode() for path, content in tree(pin.kept(root, PINNED)).items()} == TABLES
    assert len(gathering.gather(root, environment={}, pin=PINNED).timm) == len(TABLES)
    assert sorted(server.asked) == sorted(f"/{REPOSITORY}/{OLD}/results/{name}" for name in TABLES)
    fetch(root, server.address, PINNED)
    assert len(server.asked) == len(TABLES)


def test_a_damaged_cache_is_fetched_again(server: Server, root: Path) -> None:
    """Whatever was done to a table in the cache, all are there again afterwards, and nothing else is."""
    server.has(OLD, TABLES)
    fetch(root, server.address, PINNED)
    before = tree(pin.kept(root, PINNED))
    (pin.kept(root, PINNED) / ACCURACY).write_text("mine")
    (pin.kept(root, PINNED) / SPEED).unlink()
    (pin.kept(root, PINNED) / "results-more.csv").write_text("more")
    fetch(root, server.address, PINNED)
    assert tree(pin.kept(root, PINNED)) == before


@pytest.mark.parametrize("name", [next(iter(TABLES)), TRAINING])
@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, r"gives no answer \(.*[Nn]ot [Ff]ound\)"), ("model,top1\na,1\n", "is not what is pinned")],
)
def test_one_table_that_is_not_to_be_had_leaves_nothing(
    server: Server, root: Path, name: str, content: str | None, problem: str
) -> None:
    """A table that is missing or is another than the pinned one is named, and the cache stays as it was."""
    folder = server.has(OLD, TABLES)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content)
    with pytest.raises(FetchError, match=rf"/results/{name} {problem}"):
        fetch(root, server.address, PINNED)
    assert list(root.iterdir()) == []


def test_the_first_table_that_fails_is_the_last_that_is_asked_for(server: Server, root: Path) -> None:
    """One table is tried before all others."""
    with pytest.raises(FetchError):
        fetch(root, server.address, PINNED)
    assert len(server.asked) == 1


def test_a_server_without_an_answer_is_not_waited_for(root: Path) -> None:
    """A host that takes the connection and says nothing is given up."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(FetchError, match=r"no answer from http://127|gives no answer \(timed out\)"):
            fetch(root, address, PINNED, patience=0.05)
    assert list(root.iterdir()) == []


def test_a_name_that_is_never_found_is_not_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where looking up the host takes for ever, the fetch ends all the same."""
    ends = threading.Event()
    monkeypatch.setattr(results, "_content", lambda *_: ends.wait())
    with pytest.raises(FetchError, match=r"^no answer from http://name within 0\.05 seconds$"):
        fetch(root, "http://name", PINNED, patience=0.05)
    ends.set()


def test_an_answer_without_end_is_not_read(server: Server, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More bytes than a table can have are refused."""
    server.has(OLD, TABLES)
    monkeypatch.setattr(results, "_LARGEST", 10)
    with pytest.raises(FetchError, match=r"gives no answer \(it has more than 10 bytes\)"):
        fetch(root, server.address, PINNED)


def test_without_a_server_a_sentence_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command ends with 1 and one sentence, and what was there stands."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert main(["fetch", "--root", str(root), "--host", address]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"timm's result tables are left out, since {address}/")
    assert err.endswith(" gives no answer (Connection refused).\n")
    assert err.count("\n") == 1
    assert list(root.iterdir()) == []


@pytest.fixture
def pin_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with the pin of the old commit, which has one table that is gone and one that is another."""
    path = tmp_path / "pins" / "pin.json"
    path.parent.mkdir()
    files = {**PINNED.files, ACCURACY: digest("before"), "results-gone.csv": digest("gone")}
    del files[SPEED]
    path.write_text(json.dumps(PINNED._replace(files=files)._asdict()))
    monkeypatch.setattr(pin, "PATH", path)
    return path


def test_the_pin_moves(server: Server, root: Path, pin_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It takes the newest commit with all its tables, keeps them, and prints what is new, gone and changed."""
    server.has(NEW, TABLES)
    server.tells(NEW, ["README.md", "generate_csv_results.py", "model_metadata-in1k.csv", *TABLES])
    move(root, server.address, server.address)
    moved = pin.read(pin_file)
    assert moved == Pin(
        REPOSITORY, "results", NEW, "2026-03-04", {name: digest(TABLES[name]) for name in sorted(TABLES)}
    )
    assert pin_file.read_text().endswith("}\n")
    assert len(gathering.gather(root, environment={}, pin=moved).timm) == len(TABLES)
    assert capsys.readouterr().out.splitlines() == [
        "left out: timm/results-imagenet-a-clean.csv: it has the validation images of the 200 classes of ImageNet-A "
        "alone, to compare with; all validation images are in results-imagenet.csv",
        f"{OLD} (2026-01-02) -> {NEW} (2026-03-04)",
        f"new: {SPEED}",
        "gone: results-gone.csv",
        f"changed: {ACCURACY}",
    ]


@pytest.mark.parametrize("failure", ["bad table", "no table", "no commit", "strange commit", "no server"])
def test_a_pin_that_cannot_move_stays(
    server: Server,
    root: Path,
    pin_file: Path,
    capsys: pytest.CaptureFixture[str],
    failure: str,
) -> None:
    """Where a table is not understood, or GitHub gives no answer that is, the pin and the cache are as before."""
    tables = {**TABLES, SPEED: TABLES[SPEED].replace("194812.41", "fast")} if failure == "bad table" else TABLES
    server.has(NEW, tables)
    if failure != "no commit":
        server.tells("x; rm -r" if failure == "strange commit" else NEW, [] if failure == "no table" else [*TABLES])
    before = pin_file.read_text()
    api = "http://127.0.0.1:1" if failure == "no server" else server.address
    assert main(["pin", "--root", str(root), "--host", server.address, "--api", api]) == 1
    problem = {
        "bad table": f"The pin stays, since {SPEED}, line 3: infer_samples_per_sec is no number ",
        "no table": f"The pin stays, since {api} names no table at {NEW}",
        "no commit": f"The pin stays, since {api}/repos/{REPOSITORY}/commits/HEAD gives no answer (",
        "strange commit": f"The pin stays, since {api} names no commit that is understood",
        "no server": f"The pin stays, since {api}/repos/{REPOSITORY}/commits/HEAD gives no answer (",
    }[failure]
    assert capsys.readouterr().err.startswith(problem)
    assert pin_file.read_text() == before
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(("results_of", "fetched"), [("", True), ("none", False), ("/tables", False)])
@pytest.mark.parametrize("code", [0, 1])
def test_a_build_fetches_unless_results_are_named(tmp_path: Path, results_of: str, fetched: bool, code: int) -> None:
    """The script fetches where the environment names no tables, and goes on whether it has got any or not."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/usr/bin/env bash\necho "$@" >>"{tmp_path}/done"\nexit {code}\n')
    python.chmod(0o755)
    script = f"set -euo pipefail\nsource {ROOT}/scripts/environment\nfetch_results\necho built >>{tmp_path}/done\n"
    environment = {**os.environ, "ATLAS_VENV": str(tmp_path), "ATLAS_RESULTS": results_of}
    subprocess.run(["bash", "-c", script], env=environment, check=True)
    assert (tmp_path / "done").read_text().splitlines() == [
        *(["-m maintenance.results fetch"] if fetched else []),
        "built",
    ]


def test_an_interrupted_fetch_ends_the_script(tmp_path: Path) -> None:
    """Where the fetch was interrupted, nothing is built."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text("#!/usr/bin/env bash\nexit 130\n")
    python.chmod(0o755)
    script = f"set -euo pipefail\nsource {ROOT}/scripts/environment\nfetch_results\necho built\n"
    environment = {**os.environ, "ATLAS_VENV": str(tmp_path), "ATLAS_RESULTS": ""}
    finished = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stdout) == (130, "")
