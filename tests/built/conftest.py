"""What the checks of the built site share: the site, the dataset it came from, a server and a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from benchmarks.site import BROWSER_ARGUMENTS, QuietHandler, served
from generator import dataset as datasets
from generator import ranking
from generator.dataset import Dataset

ROOT = Path(__file__).resolve().parents[2]


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


@pytest.fixture(scope="session")
def kinds(ranked: pd.DataFrame, dataset: Dataset) -> list[str]:
    """One address of each kind of page, and the models at the ends and in the middle of the number of tensors."""
    by_tensors = ranked.sort_values("parameter_tensors", kind="stable")["name"]
    models = {ranked["name"].iloc[0], *(by_tensors.iloc[position] for position in (0, len(by_tensors) // 2, -1))}
    return [
        "",
        "models/",
        *(f"models/{name}/" for name in sorted(models)),
        "families/",
        f"families/{dataset.families[0].name}/",
        "explore/",
        "guide/method/",
        "guide/data/",
        "guide/publishing/",
        "failures/",
        "404.html",
    ]
