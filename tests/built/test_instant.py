"""Material's instant navigation, which exchanges pages without loading them: off here, but a fork may turn it on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from benchmarks.project import copy
from benchmarks.site import QuietHandler, served
from generator import dataset as datasets
from generator.dataset import Dataset

FAMILY = "resnet"
FEATURES = "  features:\n"


@pytest.fixture(scope="module")
def instant(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site of one family, built as ours is but for the one feature."""
    project = copy(tmp_path_factory.mktemp("instant") / "project")
    names = dataset.models["name"][dataset.models["family"] == FAMILY]
    few = replace(dataset.subset(list(names)), provenance=replace(dataset.provenance, patterns=tuple(names)))
    datasets.write(few, project.root / "dataset")
    project.run("pages")
    settings = project.root / "mkdocs.yml"
    text = settings.read_text()
    assert FEATURES in text
    settings.write_text(text.replace(FEATURES, f"{FEATURES}    - navigation.instant\n"))
    (project.root / "site").mkdir()
    with served(project.root / "site", QuietHandler) as address:
        subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"],
            cwd=project.root,
            env={**os.environ, "ATLAS_SITE_URL": address},
            check=True,
        )
        yield address


def path(page: Page) -> str:
    """Where a page is, with what it is asked for."""
    address = urlsplit(page.url)
    return f"{address.path}?{address.query}"


def visible_rows(page: Page) -> list[str]:
    names: list[str] = page.locator("atlas-rank tbody tr:visible").evaluate_all("rows => rows.map((row) => row.id)")
    return names


def test_state_outlives_the_exchange_of_pages(page: Page, instant: str) -> None:
    """What was filtered, sorted, ticked and compared is there again after going on and coming back."""
    loaded: list[str] = []

    def on_request(request: Request) -> None:
        if request.is_navigation_request():
            loaded.append(request.url)

    page.on("request", on_request)
    page.goto(instant)
    # Material's script comes with the first act, and with it the exchange.
    page.mouse.move(300, 300)
    page.wait_for_function("window.document$ !== undefined")
    page.locator(".md-tabs").get_by_role("link", name="Models").click()
    page.get_by_label("Name", exact=True).fill("resnet5")
    page.get_by_role("button", name="Parameters", exact=True).click()
    page.wait_for_url("**/models/?name=resnet5&sort=parameters")
    found = visible_rows(page)
    assert found
    assert all("resnet5" in name for name in found)
    for name in found[:2]:
        page.get_by_label(f"Compare {name}", exact=True).check()
    state = path(page)
    page.locator("atlas-rank").get_by_role("link", name="Compare", exact=True).click()
    page.wait_for_url("**/compare/?*")
    compared = path(page)
    expect(page.locator("#figures tbody tr").first).to_be_visible()
    page.locator(".compare-chosen").get_by_role("link", name=found[0], exact=True).click()
    page.wait_for_url(f"**/models/{found[0]}/")
    expect(page.get_by_label("Filter by name, shape or form")).to_be_attached()
    page.go_back()
    expect(page.locator("#figures tbody tr").first).to_be_visible()
    assert path(page) == compared
    expect(page.locator(".compare-chosen > li")).to_have_count(2)
    page.go_back()
    expect(page.locator("atlas-rank tbody input:checked")).to_have_count(2)
    assert path(page) == state
    assert visible_rows(page) == found
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Parameters")
    page.go_forward()
    expect(page.locator(".compare-chosen > li")).to_have_count(2)
    assert loaded == [instant], "all but the first page were exchanged"


def test_plots_come_and_go(page: Page, instant: str) -> None:
    """A page with drawings is exchanged like any other, draws when it is asked to, and is left again."""
    page.goto(f"{instant}models/")
    page.mouse.move(300, 300)
    page.wait_for_function("window.document$ !== undefined")
    page.evaluate("window.isSame = true")
    page.locator(".md-tabs").get_by_role("link", name="Explore").click()
    page.wait_for_url("**/explore/")
    expect(page.locator("atlas-explore:defined")).to_be_attached()
    page.get_by_label("Name has").fill("resnet5")
    page.wait_for_url("**/explore/?name=resnet5")
    expect(page.locator("atlas-explore canvas").first).to_be_visible()
    asked = path(page)
    page.locator(".md-tabs").get_by_role("link", name="Models").click()
    expect(page.locator("atlas-rank")).to_be_attached()
    page.go_back()
    expect(page.locator("atlas-explore canvas").first).to_be_visible()
    assert path(page) == asked
    assert page.evaluate("window.isSame") is True
