"""The scripts of the pages against Python: both write the same figure in the same way."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable
from typing import Any

import deno

from generator.pages import formatting
from tests.conftest import ROOT

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


def answers(calls: list[tuple[str, list[Any]]]) -> list[str]:
    """The results of functions of formatting.js, run by Deno without any permission."""
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
