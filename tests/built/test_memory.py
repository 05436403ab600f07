"""Estimates of all models beside the real runs that the project has."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from generator.facts import estimates
from generator.facts.estimates import BANDS
from generator.facts.records import Dataset
from tests.conftest import ROOT
from validation import memory, peaks
from validation.memory import NEAR, PROMISED_BATCHES, Run, share


@pytest.fixture(scope="module")
def runs(dataset: Dataset) -> list[Run]:
    """All real runs of models that are in the dataset."""
    return memory.compared(peaks.read(peaks.FILE), {record.name: record for record in dataset.records})


@pytest.mark.pinned
def test_estimates_are_near_real_runs(runs: list[Run]) -> None:
    """At the promised batches 95 % of runs are within a tenth of their estimate, and 99 % within the printed band."""
    promised = [run for run in runs if run.batch in PROMISED_BATCHES]
    assert share(promised, NEAR) >= 0.95
    within = [BANDS[run.kind, run.batch].least <= run.ratio <= BANDS[run.kind, run.batch].greatest for run in promised]
    assert sum(within) / len(within) >= 0.99


@pytest.mark.pinned
def test_printed_bands_are_those_of_the_runs(runs: list[Run]) -> None:
    """What pages print beside an estimate follows from the rows, and so does the page that shows them."""
    assert memory.bands(runs) == dict(BANDS)
    devices = {row.device for row in peaks.read(peaks.FILE)}
    assert (ROOT / "docs" / "guide" / "memory-validation.md").read_text() == memory.report(runs, devices)


@pytest.mark.pinned
def test_what_cannot_run_was_found(dataset: Dataset) -> None:
    """No run that raised an error has an estimate, and each that was made has one."""
    records = {record.name: record for record in dataset.records}
    for row in peaks.read(peaks.FILE):
        if row.model in records and not row.outcome.startswith(peaks.TOO_LARGE):
            found = estimates.estimate(records[row.model], row.kind, row.optimizer, row.batch)
            assert (found.bytes is not None) == (row.outcome == peaks.RAN), row
            assert (found.reason is not None) == (row.outcome != peaks.RAN), row


def test_the_file_has_every_estimate(data: Path, dataset: Dataset) -> None:
    """memory.parquet has a row for each kind, optimiser and batch of each model, with the band of each."""
    rows = pd.read_parquet(data / "memory.parquet")
    assert len(rows) == len(dataset.records) * len(estimates.estimates(dataset.records[0]))
    assert (rows["bytes"].notna() | rows["reason"].notna()).all()
    assert (rows["least"] <= rows["greatest"]).all()
    assert set(rows["batch"]) == set(estimates.BATCHES)
