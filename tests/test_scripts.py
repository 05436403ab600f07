"""The scripts of the pages against Python: both write the same figure in the same way."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable
from typing import Any

import deno
import pytest

from generator.facts import cards, estimates
from generator.facts.batches import Line, envelope
from generator.facts.estimates import Setting
from generator.facts.inspections import Compute, Memory, Passes
from generator.facts.records import ModelRecord
from generator.pages import formatting
from generator.publishing import memory_lines
from tests.conftest import ROOT
from tests.examples import RECORDS, record, tensor

SCRIPTS = ROOT / "docs" / "assets" / "js"
# The functions that both have, by name.
FUNCTIONS: dict[str, Callable[..., str]] = {
    "integer": formatting.integer,
    "memory": formatting.memory,
    "metric": formatting.metric,
    "percent": formatting.percent,
    "quotient": formatting.quotient,
    "pixels": formatting.pixels,
    "plural": formatting.plural,
}


def answers(calls: list[tuple[str, list[Any]]]) -> list[Any]:
    """The results of functions of the scripts, run by Deno without any permission."""
    finished = subprocess.run(
        [deno.find_deno_bin(), "run", "--no-remote", "--no-config", str(ROOT / "tests" / "js" / "answers.js")],
        input=json.dumps(calls),
        env={**os.environ, "DENO_NO_UPDATE_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    found: list[Any] = json.loads(finished.stdout)
    return found


def test_figures_read_as_on_the_pages() -> None:
    """Thousands of values of every size, including those near each change of the unit, have the same texts."""
    chance = random.Random(0)
    values = [*range(1100)]
    values += [base**power + off for base in (1000, 1024) for power in range(1, 5) for off in range(-600, 600, 7)]
    # All integers that a number holds exactly: 2**53 is more than twice the MACs of all of timm.
    values += [chance.randrange(2 ** chance.randint(1, 53)) for _ in range(5000)]
    calls: list[tuple[str, list[Any]]] = []
    for value in values:
        calls += [("integer", [value]), ("memory", [value]), ("metric", [value, "MACs"]), ("metric", [value])]
    for _ in range(5000):
        whole = 1 + chance.randrange(2 ** chance.randint(1, 46))
        part = chance.randint(0, whole)
        calls += [("percent", [part, whole]), ("percent", [part, whole, chance.randint(0, 4)])]
        calls += [("quotient", [part, whole + 1, chance.randint(0, 6)])]
    calls += [("pixels", [size]) for size in ([3, 224, 224], [1, 1024, 768])]
    calls += [("plural", [number, *words]) for number in (0, 1, 2, 1371) for words in (["tag"], ["family", "families"])]
    assert answers(calls) == [FUNCTIONS[name](*arguments) for name, arguments in calls]
    # Halves are rounded to even, in either direction.
    assert answers([("quotient", [1, 2, 0]), ("quotient", [3, 2, 0])]) == ["0", "2"]


@pytest.mark.parametrize("setting", estimates.SETTINGS, ids=lambda setting: setting.key)
def test_the_largest_batch_is_that_of_the_pages(setting: Setting) -> None:
    """On cards of every size, what scripts find from the lines is what Python finds from the records."""
    limits = cards.limits(setting.kind)
    chance = random.Random(0)
    sizes = [*cards.SIZES, *(chance.randrange(1, 2000) / 10 for _ in range(60)), 0.92, 0.93, 0.000001]
    found = [(record, memory_lines.lines(record, setting)) for record in [*RECORDS, *map(_made, range(60))]]
    calls = [("largestBatch", [lines, limits, size]) for _, lines in found for size in sizes]
    expected = [
        batch for record, _ in found for batch in cards.largest_batches(record, setting.kind, setting.optimizer, sizes)
    ]
    assert answers(calls) == expected
    assert len({batch for batch in expected if batch}) > 100


def _made(seed: int) -> ModelRecord:
    """A model whose passes have lines by chance; some cannot run at batch 1, some at no batch."""
    chance = random.Random(seed)

    def lines() -> tuple[Line, ...]:
        return envelope(
            Line(chance.randrange(10 ** chance.randint(1, 11)), chance.randrange(1, 10 ** chance.randint(1, 10)))
            for _ in range(chance.randint(0, 5))
        )

    def memory() -> Memory:
        return Memory(chance.randrange(10 ** chance.randint(1, 11)), lines(), lines(), Line(0, 0), Line(5, 5))

    passes = Passes(memory(), memory(), memory(), memory())
    return record("made", tensor("weight", 1000), compute=Compute((3, 8, 8), 1, 1, (), 1, 1, 1, 1, None, passes))
