"""What the checks of the built site share: the site, the dataset it came from, a server and a browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from generator import dataset as datasets
from generator import ranking
from generator.dataset import Dataset

ROOT = Path(__file__).resolve().parents[2]
BROWSER_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def docs() -> Path:
    return ROOT / "docs"


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site. Without one these checks fail: they are not about anything else."""
    folder = ROOT / "site"
    assert (folder / "index.html").is_file(), "there is no built site: run ./scripts/build first"
    return folder


@pytest.fixture(scope="session")
def dataset(site: Path) -> Dataset:
    return datasets.read(ROOT / "dataset")


@pytest.fixture(scope="session")
def ranked(dataset: Dataset) -> pd.DataFrame:
    return ranking.ranked(dataset.models)


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the browser's own log is what the tests look at."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address of the site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("ATLAS_BROWSER")
    assert executable, "ATLAS_BROWSER names no browser: run ./scripts/test, which finds one"
    with sync_playwright() as playwright:
        expect.set_options(timeout=30_000)  # As for everything else: a busy machine is no fault of the page.
        chromium = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        yield chromium
        chromium.close()
