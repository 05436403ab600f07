"""The pin: which tables of timm a build takes."""

from __future__ import annotations

import re
from pathlib import Path

from generator.results import pin


def test_the_pin_names_commit_and_tables() -> None:
    """It has a whole commit, its date, and for each table a whole SHA-256; the six tables of accuracy are there."""
    found = pin.read()
    assert re.fullmatch(r"[0-9a-f]{40}", found.commit)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found.date)
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in found.files.values())
    assert list(found.files) == sorted(found.files)
    assert all(re.fullmatch(r"(results|benchmark)-[a-z0-9_-]+\.csv", name) for name in found.files)
    assert {"results-imagenet.csv", "results-imagenet-real.csv", "results-sketch.csv"} <= set(found.files)


def test_a_table_has_an_address() -> None:
    """People can read each table at its commit."""
    found = pin.read()
    assert found.address("x.csv") == f"https://github.com/{found.repository}/blob/{found.commit}/{found.folder}/x.csv"


def test_tables_are_kept_by_their_commit() -> None:
    """Tables of two commits never mix."""
    found = pin.read()
    assert pin.kept(Path("/project"), found) == Path("/project/.cache/results") / found.commit
