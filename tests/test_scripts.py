"""The scripts of the pages against what Python says: the same figure reads the same, whoever writes it."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections.abc import Callable
from typing import Any

import deno

from generator.pages import formatting
from generator.vocabulary import INDEX_COLUMNS
from tests.conftest import ROOT

SCRIPTS = ROOT / "docs" / "assets" / "js"
# What both have, under one name.
FUNCTIONS: dict[str, Callable[..., str]] = {
    "integer": formatting.integer,
    "memory": formatting.memory,
    "metric": formatting.metric,
    "percent": formatting.percent,
    "quotient": formatting.quotient,
    "pixels": formatting.pixels,
    "plural": formatting.plural,
}


def answers(calls: list[tuple[str, list[Any]]]) -> list[str]:
    """What the functions of formatting.js return, run by Deno, which is given no permission at all."""
    finished = subprocess.run(
        [deno.find_deno_bin(), "run", "--no-remote", "--no-config", str(ROOT / "tests" / "js" / "answers.js")],
        input=json.dumps(calls),
        env={**os.environ, "DENO_NO_UPDATE_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    found: list[str] = json.loads(finished.stdout)
    return found


def test_figures_read_as_on_the_pages() -> None:
    """Thousands of values of every size, those beside each change of the unit among them, have the very same texts."""
    chance = random.Random(0)
    values: list[int | None] = [None, *range(1100)]
    values += [base**power + off for base in (1000, 1024) for power in range(1, 5) for off in range(-600, 600, 7)]
    # All that a number holds exactly: 2**53 is more than twice the MACs of all of timm.
    values += [chance.randrange(2 ** chance.randint(1, 53)) for _ in range(5000)]
    calls: list[tuple[str, list[Any]]] = []
    for value in values:
        calls += [("integer", [value]), ("memory", [value]), ("metric", [value, "MACs"]), ("metric", [value])]
    for _ in range(5000):
        whole = chance.randrange(2 ** chance.randint(1, 46))
        part = chance.randint(0, whole)
        calls += [("percent", [part, whole]), ("percent", [part, whole, chance.randint(0, 4)])]
        calls += [("quotient", [part, whole + 1, chance.randint(0, 6)])]
    calls += [("pixels", [size]) for size in (None, [3, 224, 224], [1, 1024, 768])]
    calls += [("plural", [number, *words]) for number in (0, 1, 2, 1371) for words in (["tag"], ["family", "families"])]
    assert answers(calls) == [FUNCTIONS[name](*arguments) for name, arguments in calls]
    # Halves are rounded to even, in either direction.
    assert answers([("quotient", [1, 2, 0]), ("quotient", [3, 2, 0])]) == ["0", "2"]


def test_constants_are_the_same() -> None:
    """What stands for the unknown and the undefined is the same text."""
    text = (SCRIPTS / "formatting.js").read_text()
    found = dict(re.findall(r'export const (\w+) = "(.*)";', text))
    assert found == {"UNKNOWN": formatting.UNKNOWN, "UNDEFINED": formatting.UNDEFINED}


def test_a_model_is_described_by_the_columns_of_the_index() -> None:
    """The type of a model names the columns of the index, and the one that is made of another."""
    text = (SCRIPTS / "catalog.js").read_text().partition("@typedef {object} Model")[2].partition("*/")[0]
    found = re.findall(r"@property \{([^}]+)\} (\w+)", text)
    assert {name for _, name in found} == {column.name for column in INDEX_COLUMNS} | {"license_classes"}
    nullable = {column.name for column in INDEX_COLUMNS if column.nullable}
    assert {name for kind, name in found if "null" in kind} == nullable
