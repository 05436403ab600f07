"""What the checks of the built site share: the site, the dataset it came from, a server and a browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
def kinds(site: Path, ranked: pd.DataFrame, dataset: Dataset) -> list[str]:
    """The addresses of all pages that people wrote, of the lists, of a family, of the page for unknown addresses, and
    of the models at the ends and in the middle of the number of tensors."""
    by_tensors = ranked.sort_values("parameter_tensors", kind="stable")["name"]
    models = {ranked["name"].iloc[0], *(by_tensors.iloc[position] for position in (0, len(by_tensors) // 2, -1))}
    folders = {path.parent.relative_to(site) for path in site.rglob("index.html")}
    single = {folder for folder in folders if folder.parent.name in ("models", "families")}
    return [
        *sorted(f"{folder}/".removeprefix("./") for folder in folders - single),
        *(f"models/{name}/" for name in sorted(models)),
        f"families/{dataset.families[0].name}/",
        "404.html",
    ]


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


@contextmanager
def watched(
    browser: Browser, own: tuple[str, ...], is_expected: Callable[[ConsoleMessage], bool] = lambda _: False
) -> Iterator[Page]:
    """A page that fails its test on a request elsewhere than to its own addresses, on an unexpected console error or
    warning, and on an exception in a script."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    made = context.new_page()
    faults: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith(own):
            faults.append(f"request to {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not is_expected(message):
            faults.append(f"console: {message.text}")

    made.on("request", on_request)
    made.on("console", on_console)
    made.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    yield made
    context.close()
    assert faults == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test on a request to a foreign origin, a console error or an exception in a script."""
    with watched(browser, ("http://127.0.0.1:", "data:", "blob:")) as made:
        yield made
