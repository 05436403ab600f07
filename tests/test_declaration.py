"""One declaration a figure: a made-up figure, declared in a copy of the package, is found in every output."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.examples import RECORDS, TINY_CONV
from tests.index_reading import models_of

# The made-up figure: letters of the longest name of a parameter tensor, which the package does not have.
DECLARATION = """
    longest_name: int | None = figure(
        lambda record: max((len(tensor.name) for tensor in record.tensors), default=None),
        "Letters of the longest name of a parameter tensor.",
        "letters",
        label="Longest name",
        axis="Letters of the longest name",
        section=Section.SIZE,
        noun="letters",
        place=Place.SHOWN,
        limit="25",
        badge="letters",
        has_neighbours=True,
        method="parameter-tensors",
    )
"""
# The field before which the figure is declared.
BEHIND = "    buffers: int = figure("

OUTPUTS = """
import json, sys
from pathlib import Path
import pyarrow.parquet as pq
from generator.pages import columns, render
from generator.publishing import data_files
from generator.ranking.standings import standings
from generator.terminal import comparison, rank, show
from generator.terminal.comparison import Compared
from tests import examples

folder = Path(sys.argv[1])
data_files.write(examples.FULL, folder)
texts = dict(data_files.texts(examples.FULL, examples.ROWS))
pages = dict(render(examples.FULL))
models = [Compared(record, examples.ROW[record.name]) for record in examples.RECORDS[:2]]
first = models[0]
standing = standings(examples.ROWS)[first.row.name]
outputs = {
    "models.parquet": pq.read_table(folder / "models.parquet").to_pylist(),
    "show": show.render(first.record, first.row, standing, examples.PROVENANCE),
    "compare": comparison.render(models),
    "rank": rank.render(examples.ROWS, examples.PROVENANCE),
    "glossary": columns.with_figures(Path("docs/guide/glossary.md").read_text()),
    **texts,
    **pages,
}
print(json.dumps(outputs))
"""

LONGEST = {record.name: max((len(tensor.name) for tensor in record.tensors), default=None) for record in RECORDS}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All outputs of the package with the made-up figure in it, by their names."""
    folder = tmp_path_factory.mktemp("declared")
    shutil.copytree(ROOT / "generator", folder / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    figures = folder / "generator" / "facts" / "figures.py"
    text = figures.read_text()
    assert text.count(BEHIND) == 1
    figures.write_text(text.replace(BEHIND, DECLARATION.lstrip("\n") + BEHIND))
    finished = subprocess.run(
        [sys.executable, "-c", OUTPUTS, str(folder / "data")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


def lines(text: str) -> list[str]:
    """The lines of a text, with one blank between words, whatever their distance."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_it_is_in_the_data_files(outputs: dict[str, Any]) -> None:
    """Parquet, JSON and CSV have its column, in its place, with its values; unknown is null."""
    for table in (outputs["models.parquet"], json.loads(outputs["models.json"])):
        assert {row["name"]: row["longest_name"] for row in table} == LONGEST
        names = list(table[0])
        assert names[names.index("longest_name") + 1] == "buffers"
    header, *rows = (line.split(",") for line in outputs["models.csv"].splitlines())
    place = header.index("longest_name")
    assert {row[0]: row[place] for row in rows} == {
        name: "" if value is None else str(value) for name, value in LONGEST.items()
    }


def test_it_is_described(outputs: dict[str, Any]) -> None:
    """The schema, the data guide's table and the glossary describe it in its own words."""
    described = {
        "name": "longest_name",
        "type": "int64",
        "unit": "letters",
        "meaning": "Letters of the longest name of a parameter tensor.",
        "nullable": True,
    }
    assert described in json.loads(outputs["schema.json"])["files"]["models.json"]["columns"]
    assert described in json.loads(outputs["schema.json"])["files"]["index.json"]["columns"]
    row = "| [`longest_name`](method.md#parameter-tensors) | int64 or null | letters | Letters of the longest name of a"
    assert row in outputs["generated/columns-models.md"]
    assert row in outputs["generated/columns-index.md"]
    entry = outputs["glossary"].partition("\n## Longest name\n")[2].partition("\n## ")[0]
    assert entry.strip().startswith("Letters of the longest name of a parameter tensor.")


def test_the_finder_has_it(outputs: dict[str, Any]) -> None:
    """The rank page has its column, its limits and its box, and the index its declaration and values."""
    page = outputs["models/README.md"]
    assert "| Longest name |" in page
    assert '<fieldset data-limit="longest_name"><legend>Longest name</legend>' in page
    assert 'name="longest_name.max" placeholder="e.g. 25"' in page
    assert '<input type="checkbox" name="columns" value="longest_name" checked> Longest name' in page
    index = json.loads(outputs["index.json"])
    place = [figure["name"] for figure in index["figures"]].index("longest_name")
    assert index["figures"][place] == {
        "name": "longest_name",
        "label": "Longest name",
        "axis": "Letters of the longest name",
        "kind": "count",
        "at_input_size": False,
        "column": "shown",
        "limit": "25",
        "gives_way": False,
    }
    assert {model["name"]: model["longest_name"] for model in models_of(index)} == LONGEST


def test_plots_have_it(outputs: dict[str, Any]) -> None:
    """It can be chosen as an axis, and its distribution is shown."""
    assert '<option value="longest_name">Letters of the longest name</option>' in outputs["generated/explore-axes.md"]
    assert "<td>Letters of the longest name</td>" in outputs["generated/explore-distributions.md"]


def test_comparisons_have_it(outputs: dict[str, Any]) -> None:
    """It is a line of the comparison in the terminal, and of the documents that the page compares."""
    first, second = (LONGEST[record.name] for record in RECORDS[:2])
    assert f"Longest name {first} letters {'unknown' if second is None else second}" in lines(outputs["compare"])
    document = json.loads(outputs[f"models/{TINY_CONV.name}.json"])
    assert [0, "Longest name", "letters", LONGEST[TINY_CONV.name]] in document["figures"]
    assert document["longest_name"] == LONGEST[TINY_CONV.name]


def test_it_is_told_of_one_model(outputs: dict[str, Any]) -> None:
    """`show` and `rank` print it, with the nearest models by it; the page cites it and has its badge."""
    told = lines(outputs["show"])
    assert f"Longest name {LONGEST[TINY_CONV.name]} letters" in told
    assert "Nearest in Longest name" in told
    assert "Longest name" in outputs["rank"].splitlines()[0]
    page = outputs[f"models/{TINY_CONV.name}.md"]
    assert f"\nLongest name: {LONGEST[TINY_CONV.name]} letters (Letters of the longest name of a " in page
    assert "| Longest name | " in page
    badge = json.loads(outputs[f"badges/{TINY_CONV.name}-letters.json"])
    assert (badge["label"], badge["message"]) == ("Longest name", f"{LONGEST[TINY_CONV.name]} letters")
