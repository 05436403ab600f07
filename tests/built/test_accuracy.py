"""Accuracy under budgets in the finder of the whole site, against plain queries on the Parquet files."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from generator.facts.figures import ModelRow
from generator.facts.licenses import license_class
from generator.facts.results import VALIDATION
from generator.pages.formatting import integer, published_percent
from tests.browsing import settled_rows

BUDGETS = 50


@pytest.fixture(scope="module")
def shown(data: Path) -> pd.DataFrame:
    """The models that the finder shows, in the order of ranks."""
    found = pd.read_parquet(data / "models.parquet")
    return found[~found["fixture"]].reset_index(drop=True)


@pytest.fixture(scope="module")
def results(data: Path) -> pd.DataFrame:
    """The results on the validation set, each with the licence class of its weights; of equal ones the first source."""
    found = pd.read_parquet(data / "results.parquet")
    found = found[found["test_set"] == VALIDATION].drop_duplicates(["model", "tag", "image_size"])
    weights = pd.read_parquet(data / "weights.parquet", columns=["model", "tag", "license"])
    joined = found.merge(weights, on=["model", "tag"], how="left", validate="many_to_one")
    return joined.assign(license_class=[license_class(name) for name in joined["license"].astype(object)])


def best_first(kept: pd.DataFrame, results: pd.DataFrame) -> list[str]:
    """These models, the best by these results first; those without one last, equals in the order of ranks."""
    best = results.groupby("model")["top1"].max()
    return list(kept.assign(best=kept["name"].map(best)).sort_values("best", ascending=False, kind="stable")["name"])


def test_accuracy_under_a_budget_is_that_of_the_data(
    page: Page, address: str, shown: pd.DataFrame, results: pd.DataFrame, rows: tuple[ModelRow, ...]
) -> None:
    """For budgets by chance the finder has the models of the query, best first, and says how many have an accuracy."""
    chance = random.Random(0)
    known = shown["macs"].dropna()
    page.goto(f"{address}models/?sort=-top1")
    expect(page.locator("atlas-rank tbody input").first).to_be_attached()
    for _ in range(BUDGETS):
        limit = int(chance.choice(list(known)))
        least = chance.choice([0, 0, int(shown["parameters"].sample(1, random_state=chance.randrange(99)).iloc[0])])
        page.evaluate(
            "search => { history.pushState(null, '', search); dispatchEvent(new PopStateEvent('popstate')); }",
            f"?macs=..{limit}&parameters={least}..&sort=-top1",
        )
        kept = shown[(shown["macs"] <= limit) & (shown["parameters"] >= least)]
        names, told = best_first(kept, results), integer(int(kept["top1"].notna().sum()))
        expect(page.locator(".finder output")).to_have_text(
            f"{integer(len(names))} of {integer(len(rows))} models, {told} with a published accuracy"
        )
        assert settled_rows(page) == names


def test_only_weights_that_match_count(page: Page, address: str, shown: pd.DataFrame, results: pd.DataFrame) -> None:
    """With a licence and a size, a row has the best of the weights that match, with their tag and size."""
    sizes = results["image_size"]
    asked = results[(results["license_class"] == "permissive") & (sizes <= sizes.median())]
    page.goto(f"{address}models/?license=permissive&input_size=..{int(sizes.median())}&sort=-top1")
    expect(page.get_by_role("columnheader", name="Weights of top-1")).to_be_visible()
    names = [name for name in settled_rows(page) if name in set(asked["model"])]
    assert names
    ordered = asked.sort_values(["top1", "image_size"], ascending=[False, True], kind="stable")
    for name in names[:20]:
        best = ordered[ordered["model"] == name].iloc[0]
        row = page.locator(f"atlas-rank tbody tr[id='{name}']")
        expect(row).to_contain_text(published_percent(float(best["top1"])))
        expect(row).to_contain_text(integer(int(best["image_size"])))
    assert set(names) <= set(shown["name"])
