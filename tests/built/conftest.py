"""What the checks of the built site share: the site, the dataset it came from, a server and a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from benchmarks.site import BROWSER_ARGUMENTS, QuietHandler, served
from generator import dataset as datasets
from generator import ranking
from generator.dataset import Dataset

ROOT = Path(__file__).resolve().parents[2]
WIDE = 1280


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


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address of the site."""
    with served(site, QuietHandler) as root:
        yield root


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("ATLAS_BROWSER")
    assert executable, "ATLAS_BROWSER names no browser: run ./scripts/test, which finds one"
    with sync_playwright() as playwright:
        expect.set_options(timeout=30_000)  # As for everything else: a busy machine is no fault of the page.
        chromium = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test on a request to a foreign origin, a console error or an exception in a script."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    made = context.new_page()
    faults: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            faults.append(f"request to {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"console: {message.text}")

    made.on("request", on_request)
    made.on("console", on_console)
    made.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    yield made
    context.close()
    assert faults == []
