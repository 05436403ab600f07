"""What others wrote, at its worst: a site of the models in tests/hostile.py, from timm's registry to the browser."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect
from rich.console import Console

from benchmarks.project import copy
from benchmarks.site import QuietHandler, served
from generator.build import steps, workers
from generator.build.steps import TIMEOUT
from generator.build.survey import plan, survey
from generator.facts.inspections import Stage
from generator.facts.records import Dataset
from generator.facts.tables import TABLES
from generator.ranking.ranks import ranked
from generator.ranking.standings import standings
from generator.store import dataset as datasets
from generator.store.cache import Cache
from generator.store.fingerprint import Fingerprint
from generator.terminal import show
from tests import hostile

# A site of its own takes a while.
pytestmark = pytest.mark.sweep

KINDS = (
    "",
    "models/",
    "families/",
    f"families/{hostile.FAMILY}/",
    *(f"models/{name}/" for name in hostile.WITH_PAGE),
    f"compare/?m={','.join(hostile.WITH_PAGE)}",
    "explore/",
    "failures/",
)
# What a page has that is not ours: a trace of a script, elements and attributes with their names, and links.
FOREIGN = """() => [
  ...(typeof foreign === "undefined" ? [] : ["a script ran"]),
  ...[...document.querySelectorAll("atlas-foreign, img[src*=foreign], [onerror], [onfocus], [onclick]")]
    .map((found) => found.outerHTML.slice(0, 200)),
  ...[...document.scripts].filter((found) => found.text.includes("foreign=")).map((found) => found.text.slice(0, 200)),
  ...[...document.links].filter((found) => !/^https?:/.test(found.href)).map((found) => found.href),
]"""


def made(folder: Path) -> None:
    """Survey the odd models in real workers, and build their site as `timm-atlas build` does."""
    project, output = copy(folder), Console(file=io.StringIO(), width=200)
    with pytest.MonkeyPatch.context() as patched, Cache(folder / "c.sqlite", Fingerprint("", ""), tell=print) as cache:
        patched.setattr(workers, "read_catalog", partial(workers.read_catalog, read=hostile.read_catalog))
        patched.setattr(workers, "inspect_all", partial(workers.inspect_all, inspect=hostile.inspect))
        found = survey(plan([], cache=cache, console=output), cache=cache, processes=2, timeout=TIMEOUT, console=output)
    assert isinstance(output.file, io.StringIO)
    (folder / "log").write_text(output.file.getvalue())
    steps.write_pages(project.root, found)
    datasets.write(found, project.root / "dataset")
    steps.build_site(project.root)


@pytest.fixture(scope="session")
def folder(shared: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The folder of the project with the odd models."""
    return shared("hostile", made)


@pytest.fixture(scope="session")
def dataset(folder: Path) -> Dataset:
    """The dataset of the odd models, read back."""
    return datasets.read(folder / "dataset")


@pytest.fixture(scope="session")
def odd_address(folder: Path) -> Iterator[str]:
    """The address of their site."""
    with served(folder / "site", QuietHandler) as root:
        yield root


def test_each_odd_model_fails_alone(dataset: Dataset) -> None:
    """Each odd model is a failure with its stage, and all models that can have a record have one."""
    assert {failure.name: failure.stage for failure in dataset.failures} == hostile.FAILING
    assert {record.name for record in dataset.records} == set(hostile.WITH_PAGE)
    assert all(failure.reason.isprintable() and len(failure.reason) < 600 for failure in dataset.failures)


def test_what_was_measured_before_the_odd_stage_is_there(dataset: Dataset) -> None:
    """A model whose pyramid cannot be kept has all other figures."""
    for name in ("odd_claim", "odd_vast_claim"):
        record = next(record for record in dataset.records if record.name == name)
        assert [failure.stage for failure in record.failures] == [Stage.PYRAMID]
        assert record.inspection.pyramid.works is None
        assert record.inspection.compute is not None
        assert record.parameters == 8 * 8 + 8


def test_failures_name_each_odd_model(page: Page, odd_address: str) -> None:
    """The page of failures has a row for each odd model, with its stage, in letters that print."""
    page.goto(f"{odd_address}failures/")
    table = page.get_by_role("table").first
    expect(table.locator("tbody tr")).to_have_count(len(hostile.FAILING))
    rows = table.locator("tbody tr").evaluate_all("rows => rows.map((row) => [...row.cells].map((c) => c.textContent))")
    assert sorted(row[1] for row in rows) == sorted(hostile.FAILING.values())
    assert {"README", "odd|pipe", "odd{{brace}}", "größe", f"odd{hostile.SCRIPT}"} <= {row[0] for row in rows}
    assert all("".join(row).isprintable() for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_foreign_runs_or_stands_in_a_page(page: Page, odd_address: str, kind: str) -> None:
    """No script of a name runs, no element or attribute of one is in a page, and no link leads to a script."""
    page.goto(f"{odd_address}{kind}")
    for summary in page.locator("details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    page.keyboard.press("Tab")
    assert page.evaluate(FOREIGN) == []
    if kind.startswith("compare"):
        expect(page.locator(".compare-results table").first).to_be_visible()
        assert page.evaluate(FOREIGN) == []


def test_foreign_texts_are_told_as_they_are(page: Page, odd_address: str) -> None:
    """A reader sees names as they were written, but for letters that do not print."""
    page.goto(f"{odd_address}models/odd_names/")
    content = page.locator("article")
    expect(content.locator("details.weights").first.locator("summary")).to_contain_text(f"{hostile.ELEMENT}")
    told = content.inner_text()
    for text in (hostile.SCRIPT, hostile.IMAGE, "{{ 7 * 7 }}", "a|b`c`", hostile.FORMULA, r"\u202edlrow\u202c"):
        assert text in told
    assert not {"\x1b", "\u202e", "\x07"} & {*told}
    code = content.locator("details.weights pre").first.inner_text()
    name = json.dumps(f"odd_names.{hostile.BROKEN_TAG}")
    assert code.strip() == f"model = timm.create_model({name}, pretrained=True)"


def test_only_addresses_of_the_web_are_links(page: Page, odd_address: str) -> None:
    """An origin without a scheme, or with that of scripts, is a text."""
    page.goto(f"{odd_address}models/odd_names/")
    content = page.locator("article")
    told = {*content.locator("li").all_text_contents()}
    assert {"Origin: github.com/foo/bar", "Origin: javascript:foreign=9"} <= told
    targets = [link.get_attribute("href") or "" for link in content.locator("a").all()]
    assert not [target for target in targets if "foo/bar" in target or target.startswith("javascript")]
    page.goto(f"{odd_address}models/odd_digits/")
    origin = page.locator('article a[href^="https://example.org/"]')
    assert origin.get_attribute("href") == "https://example.org/a%28b%29%7C%22c%22&copy;%3Cd%3E"


def test_data_files_hold_them(folder: Path, dataset: Dataset) -> None:
    """JSON has the texts as they are and is what browsers read, CSV has no formula, Parquet is there."""
    data = folder / "site" / "data"
    for path in sorted(data.rglob("*.json")):
        json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    document = json.loads((data / "models" / "odd_names.json").read_text())
    assert hostile.BROKEN_TAG in [weights["tag"] for weights in document["weights"]]
    assert f"{hostile.SCRIPT}.weight" in [tensor["name"] for tensor in document["tensors"]]
    with open(data / "models.csv", encoding="utf-8", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(hostile.WITH_PAGE)
    assert rows["odd_names"]["licenses"].startswith(f"'{hostile.FORMULA};")
    for table in TABLES:
        parts = sum(len(table.parts(record)) for record in dataset.records)
        assert pq.read_table(data / f"{table.name}.parquet").num_rows == parts


def test_terminal_and_log_get_no_commands(folder: Path, dataset: Dataset) -> None:
    """What is printed has letters that print alone, and no line of a failure is longer than it has to be."""
    rows = ranked(dataset.records)
    for record in dataset.records:
        (row,) = (row for row in rows if row.name == record.name)
        text = show.render(record, row, standings(rows)[record.name], dataset.provenance)
        assert all(line.isprintable() for line in text.splitlines())
    log = (folder / "log").read_text()
    assert "failed: odd_message (create): ValueError" in log
    assert all(line.isprintable() and len(line) < 1200 for line in log.splitlines())
