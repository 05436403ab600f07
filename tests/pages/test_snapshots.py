"""Whole pages, as they are meant to be: every page of three tiny datasets beside its copy in ``tests/snapshots``.

Where a page is meant to change, write the copies anew and read the difference before it is committed:

    ATLAS_UPDATE_SNAPSHOTS=1 python -m pytest tests/pages/test_snapshots.py && git diff tests/snapshots
"""

from __future__ import annotations

import os
import posixpath
from fractions import Fraction
from math import prod
from pathlib import Path

import pytest

from generator import pages
from generator.facts.records import ModelRecord
from generator.facts.shapes import ELEMENT_BYTES
from generator.pages import columns
from generator.pages.formatting import integer, memory, percent
from generator.pages.markdown import SITE, is_generated
from tests import examples
from tests.conftest import ROOT
from tests.pages.reading import anchors, converted, layers, links, table_rows

FOLDER = Path(__file__).resolve().parent.parent / "snapshots"
UPDATE = bool(os.environ.get("ATLAS_UPDATE_SNAPSHOTS"))

DATASETS = {"full": examples.FULL, "subset": examples.SUBSET, "failed": examples.FAILED}
SITES = {name: dict(pages.render(dataset)) for name, dataset in DATASETS.items()}
PAGES = {f"{site}/{path}": text for site, texts in SITES.items() for path, text in texts.items()}
MODEL_PAGES = [(record, SITES["full"][f"models/{record.name}.md"]) for record in examples.RECORDS]
model_pages = pytest.mark.parametrize(
    ("record", "text"), [pytest.param(record, text, id=record.name) for record, text in MODEL_PAGES]
)


# Pages that people wrote and that ours link to.
HAND_WRITTEN = {"compare.md", "failures.md", "guide/method.md", "guide/data.md", "guide/glossary.md"}
# Snippets that the guide includes; the others are included by pages at the root.
IN_GUIDE = {"generated/published.md", *(path for path, _ in columns.render())}


def anchors_of(page: str) -> set[str]:
    """The anchors of the headings of a hand-written page, with those of figures in the glossary."""
    text = (ROOT / "docs" / page).read_text()
    return anchors(columns.with_figures(text) if page == "guide/glossary.md" else text)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_its_snapshot(name: str) -> None:
    """A page is its snapshot, to the last byte."""
    path = FOLDER / name
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAGES[name].encode())
    assert path.is_file(), f"{path} is missing; ATLAS_UPDATE_SNAPSHOTS=1 writes it"
    assert PAGES[name] == path.read_bytes().decode()


def test_every_snapshot_has_a_page() -> None:
    """There is no snapshot without a page, so that none grows old unseen."""
    found = {path for path in FOLDER.rglob("*") if path.is_file()}
    unused = found - {FOLDER / name for name in PAGES}
    if UPDATE:
        for path in unused:
            path.unlink()
        return
    assert not unused


def test_every_page_is_generated() -> None:
    """Each page has the marker by which the writer knows it for ours."""
    assert all(is_generated(text) for text in PAGES.values())


def test_rendering_is_repeatable() -> None:
    """The same dataset gives the same pages."""
    assert all(dict(pages.render(DATASETS[name])) == texts for name, texts in SITES.items())


@pytest.mark.parametrize("name", [name for name in PAGES if "/generated/" not in name])
def test_a_page_has_one_title(name: str) -> None:
    """In HTML a page has one heading of the first level, and each of its anchors once."""
    front, _, body = PAGES[name].removeprefix("---\n").partition("---\n")
    html = converted(body)
    assert "generated_by" in front
    assert html.count("<h1") == 1
    anchors = [piece.split('"')[0] for piece in html.split(' id="')[1:]]
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("site", SITES)
def test_every_link_leads_somewhere(site: str) -> None:
    """A link leads to a page of the same dataset, to the guide, to the data, or out; a fragment to an anchor there."""
    texts = SITES[site]
    for name, text in texts.items():
        folder = "" if name.startswith("generated/") else posixpath.dirname(name)
        folder = "guide" if name in IN_GUIDE else folder
        for target in links(text):
            if target.startswith("https://"):
                continue
            if target.startswith(f"{SITE}/"):
                assert target == f"{SITE}/{name.removesuffix('.md')}/"
                continue
            path, _, fragment = target.partition("#")
            if not path:
                assert f"\n## {fragment.capitalize()}\n" in text, (name, target)
                continue
            path, _, query = path.partition("?")
            if query:
                # A comparison, of models that are there.
                names = query.removeprefix("m=").split(",")
                assert 2 <= len(names) <= 6
                assert {f"models/{named}.md" for named in names} <= texts.keys(), (name, target)
            resolved = posixpath.normpath(posixpath.join(folder, path))
            data = {"data/models/" + record.name + ".json" for record in DATASETS[site].records}
            if resolved in HAND_WRITTEN:
                assert not fragment or fragment in anchors_of(resolved), (name, target)
                continue
            assert resolved in texts or resolved in data, (name, target)
            assert not fragment or f'<a id="{fragment}"></a>' in texts[resolved], (name, target)


@model_pages
def test_the_layer_table_is_the_model(record: ModelRecord, text: str) -> None:
    """The rows of the layer table are the tensors in their order, each row true in itself."""
    rows = layers(text)
    assert [(row.name, row.shape) for row in rows] == [(tensor.name, tensor.shape) for tensor in record.tensors]
    for row in rows:
        assert row.parameters == prod(row.shape)
        assert row.squeezed == tuple(size for size in row.shape if size != 1)
        assert row.form == {0: "Scalar", 1: "Vector", 2: "Matrix"}.get(
            len(row.squeezed), f"Tensor rank {len(row.squeezed)}"
        )


@model_pages
def test_the_columns_sum_to_the_totals(record: ModelRecord, text: str) -> None:
    """The layer table's rows and parameters, added up, are the totals above it."""
    rows = layers(text)
    parameters = sum(row.parameters for row in rows)
    dtypes = {tensor.name: tensor.dtype for tensor in record.tensors}
    trainable = {tensor.name for tensor in record.tensors if tensor.trainable}
    sizes = {row.name: row.parameters * ELEMENT_BYTES[dtypes[row.name]] for row in rows}
    assert f"- Parameters **{integer(parameters)}** " in text
    assert f"**Number of layers: [ {len(rows)} ]**\n" in text
    assert f"**Number of parameters: [ {memory(sum(sizes.values()))} ] [ [Check rank]" in text
    kept = sum(size for name, size in sizes.items() if name in trainable)
    assert f"**Number of trainable parameters: [ {memory(kept)} ]**\n" in text


@model_pages
def test_the_form_tables_are_the_layer_table(record: ModelRecord, text: str) -> None:
    """The shares of the forms, recomputed from the layer table, are those of the tables and sum to the whole."""
    rows = layers(text)
    ranks = sorted({1, 2} | {len(row.squeezed) for row in rows})
    of_tensors = [sum(len(row.squeezed) == rank for row in rows) for rank in ranks]
    of_parameters = [sum(row.parameters for row in rows if len(row.squeezed) == rank) for rank in ranks]
    names = ["Scalar", "Vector", "Matrix", "Tensor rank 3", "Tensor rank 4"]
    heading = "| " + " | ".join(names[rank] for rank in ranks) + " | "
    for title, counts in (("of each form", of_tensors), ("of parameters by form", of_parameters)):
        block = text.partition(f"**Proportional {title}** (%)\n")[2]
        (cells,) = table_rows(block, heading)
        assert cells == [percent(count, sum(counts)) for count in counts]
        if sum(counts):
            assert abs(sum(map(Fraction, cells), Fraction(-100))) <= Fraction(len(cells), 200)
    assert all(f"<dt>{names[rank]}</dt>" in text for rank in ranks)


def test_the_rank_page_has_every_model() -> None:
    """The rank page has a row with an anchor and a link for each model, and each model's page leads to its row."""
    text = SITES["full"]["models/README.md"]
    assert len(table_rows(text, "| Rank | Model |")) == len(examples.RECORDS)
    for record, page in MODEL_PAGES:
        assert f'<a id="{record.name}"></a>[{record.name}]({record.name}.md)' in text
        assert f"[Check rank](README.md#{record.name})" in page


def test_a_page_for_each_record_and_no_other() -> None:
    """Model pages are the records; failures have a row on their page instead."""
    found = {name for name in SITES["full"] if name.startswith("models/")} - {"models/README.md"}
    assert found == {f"models/{record.name}.md" for record in examples.RECORDS}
    assert "`tiny_broken`" in SITES["full"]["generated/failures.md"]
