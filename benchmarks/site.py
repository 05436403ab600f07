"""The built site as its readers get it: sizes, compressed sizes, and Lighthouse's scores."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.project import MeasuringError

BROWSER_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_COMPRESSED = (".html", ".css", ".js", ".json", ".svg")


class Score(NamedTuple):
    """Medians of Lighthouse's mobile runs of one page."""

    performance: float
    accessibility: float
    best_practices: float
    blocking_ms: float
    layout_shift: float


def size(folder: Path, pattern: str = "*") -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file())


def compressed(path: Path) -> int:
    """Bytes of a file as a host sends it, by gzip at its usual level."""
    return len(gzip.compress(path.read_bytes(), 6))


def lighthouse() -> str | None:
    """The path of an installed Lighthouse, if there is one."""
    return shutil.which("lighthouse")


def judged(program: str, browser: str, address: str, runs: int) -> Score:
    """Score a page with Lighthouse, which simulates a slow phone."""
    found = [_audits(program, browser, address) for _ in range(runs)]
    return Score(*(statistics.median(column) for column in zip(*found, strict=True)))


def _audits(program: str, browser: str, address: str) -> Score:
    categories = "--only-categories=performance,accessibility,best-practices"
    command = [program, address, "--output=json", "--quiet", categories]
    finished = subprocess.run(
        [*command, f"--chrome-flags={' '.join(BROWSER_ARGUMENTS)}"],
        env={**os.environ, "CHROME_PATH": browser},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        print(finished.stderr[-2000:], file=sys.stderr)
        raise MeasuringError(f"Lighthouse ended with exit code {finished.returncode}")
    report = json.loads(finished.stdout)
    categories, audits = report["categories"], report["audits"]
    return Score(
        categories["performance"]["score"],
        categories["accessibility"]["score"],
        categories["best-practices"]["score"],
        audits["total-blocking-time"]["numericValue"],
        audits["cumulative-layout-shift"]["numericValue"],
    )


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files as they are, without a log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log: the client has one of its own."""


@contextmanager
def served(folder: Path, handler: type[QuietHandler]) -> Iterator[str]:
    """Serve a site on this machine, and yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class CompressingHandler(QuietHandler):
    """Serve files as static hosts do: compressed."""

    def do_GET(self) -> None:
        """Answer with the file, or the index of the folder."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        is_packed = path.suffix in _COMPRESSED
        body = _packed(path) if is_packed else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if is_packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)
