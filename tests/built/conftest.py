"""What the checks of the built site share: the site and its data files, its dataset, a server and a browser."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from generator.facts.figures import ModelRow
from generator.facts.records import Dataset
from generator.ranking.ranks import ranked
from generator.store import dataset as datasets
from tests.browsing import address, browser, kinds_of, page

__all__ = ["address", "browser", "page"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def docs() -> Path:
    """The Markdown that the site is made from."""
    return ROOT / "docs"


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site. Without one these checks fail: they are not about anything else."""
    folder = ROOT / "site"
    assert (folder / "index.html").is_file(), "there is no built site: run ./scripts/build first"
    return folder


@pytest.fixture(scope="session")
def data(site: Path) -> Path:
    """The data files of the site."""
    return site / "data"


@pytest.fixture(scope="session")
def dataset(site: Path) -> Dataset:
    """The dataset that the site is made from."""
    return datasets.read(ROOT / "dataset")


@pytest.fixture(scope="session")
def rows(dataset: Dataset) -> tuple[ModelRow, ...]:
    """The figures of all models, in the order of ranks."""
    return ranked(dataset.records)


@pytest.fixture(scope="session")
def models(data: Path) -> pd.DataFrame:
    """The rows of models.json, as objects, so that a null stays None."""
    return pd.DataFrame(json.loads((data / "models.json").read_text()), dtype=object)


@pytest.fixture(scope="session")
def tensors(data: Path) -> pd.DataFrame:
    """Every parameter tensor of every model, as pandas reads the published file: by other means than pages are made."""
    return pd.read_parquet(data / "tensors.parquet")


@pytest.fixture(scope="session")
def weights(data: Path) -> pd.DataFrame:
    """Every set of weights, from the published file, as objects, so that a null stays None."""
    return pd.DataFrame(pq.read_table(data / "weights.parquet").to_pylist(), dtype=object)


@pytest.fixture(scope="session")
def kinds(site: Path, rows: tuple[ModelRow, ...]) -> list[str]:
    """The addresses of a page of each kind."""
    return kinds_of(site, rows)
