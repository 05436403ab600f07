"""The comparison in the browser against that in the terminal: the same lines, words, figures and ratios."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
from collections.abc import Sequence
from typing import Any

import deno
import pytest

from generator.facts.records import ModelRecord
from generator.pages.lines import FOR_SCRIPTS
from generator.publishing import data_files
from generator.terminal import comparison
from generator.terminal.comparison import Compared
from tests import examples
from tests.conftest import ROOT
from tests.examples import RECORDS, TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_TWIN, TINY_VIT

TEXTS = dict(data_files.texts(examples.FULL, examples.ROWS))
GROUPS = [
    *itertools.permutations((TINY_CONV, TINY_VIT), 2),
    (TINY_CONV, TINY_TWIN),
    (TINY_MIXED, TINY_EMPTY),
    (TINY_VIT, TINY_MIXED, TINY_CONV),
    tuple(RECORDS),
]


def in_the_browser(records: Sequence[ModelRecord], base: int = 0) -> dict[str, Any]:
    """The script's comparison of models, run by Deno without any permission."""
    documents = [json.loads(TEXTS[f"models/{record.name}.json"]) for record in records]
    finished = subprocess.run(
        [deno.find_deno_bin(), "run", "--no-remote", "--no-config", str(ROOT / "tests" / "js" / "rows.js")],
        input=json.dumps({"documents": documents, "base": base, "words": FOR_SCRIPTS["words"]}),
        env={**os.environ, "DENO_NO_UPDATE_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


def lines(text: str) -> list[str]:
    """The lines of a text, with one blank between words, whatever their distance."""
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]


@pytest.mark.parametrize("records", GROUPS, ids=lambda records: "+".join(record.name for record in records))
def test_the_browser_says_what_the_terminal_says(records: tuple[ModelRecord, ...]) -> None:
    """Every line below the names is the same: label, figures with their units, and ratios to the first model."""
    found = in_the_browser(records)
    models = [Compared(record, examples.ROW[record.name]) for record in records]
    table, _, shared = comparison.render(models).partition("\n\n")
    said = [
        " ".join([row["label"], *(f"{cell['text']} {cell['ratio']}" for cell in row["cells"])]) for row in found["rows"]
    ]
    assert lines("\n".join(said)) == lines(table)[1:]
    assert found["shared"] == shared.splitlines()


def test_another_base_has_the_ratios() -> None:
    """The model that the others are compared with need not be the first; it has neither difference nor ratio itself."""
    first = in_the_browser((TINY_VIT, TINY_CONV))["rows"]
    second = in_the_browser((TINY_CONV, TINY_VIT), base=1)["rows"]
    assert [[cell["ratio"] for cell in row["cells"]] for row in second] == [
        [cell["ratio"] for cell in reversed(row["cells"])] for row in first
    ]
    assert {cell["difference"] for row in second for cell in row["cells"][1:]} == {""}


def test_a_bar_is_a_share_of_the_greatest() -> None:
    """203 of 394 parameters have a bar of that share; an unknown number has none."""
    rows = in_the_browser((TINY_CONV, TINY_VIT, TINY_MIXED))["rows"]
    shares = {row["label"]: [cell["share"] for cell in row["cells"]] for row in rows}
    assert shares["Parameters"] == [1, 203 / 394, 273 / 394]
    assert shares["Head parameters"][2] is None
    assert shares["Family"] == [None, None, None]
