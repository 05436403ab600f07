"""The lines over the batch, for the scripts that find the largest batch."""

from __future__ import annotations

from dataclasses import replace

from generator.facts import cards, estimates
from generator.facts.batches import Line
from generator.facts.estimates import SETTINGS
from generator.facts.inspections import Compute, Memory, Passes
from generator.publishing import memory_lines
from tests.examples import RECORDS, TINY_TWIN, record, tensor

PASS = Memory(512, (Line(7, 2),), (Line(7, 2), Line(0, 3)))
NET = record("net", tensor("weight", 10), compute=Compute((3, 8, 8), 1, 1, (), 1, 1, 1, 1, None, Passes(PASS)))
INFER = SETTINGS[0]


def test_lines_are_resident_bytes_and_pairs() -> None:
    """Those at batch 1 are there where they differ, and none of what cannot run."""
    assert memory_lines.lines(NET, INFER) == [512, [7, 2, 0, 3], [7, 2]]
    alike = replace(PASS, single=PASS.several)
    net = record("net", compute=Compute((3, 8, 8), 1, 1, (), 1, 1, 1, 1, None, Passes(alike)))
    assert memory_lines.lines(net, INFER) == [512, [7, 2, 0, 3]]
    assert [memory_lines.lines(NET, setting) for setting in SETTINGS if setting.optimizer] == [None] * 4
    assert memory_lines.of_model(TINY_TWIN) == dict.fromkeys(memory_lines.PATHS)


def test_a_document_has_all_models_of_one_setting() -> None:
    """Models are in their order, with what a card lacks, and a factor for each range of batches without a gap."""
    for setting in SETTINGS:
        document = memory_lines.document(setting, RECORDS)
        assert document["models"] == [memory_lines.lines(record, setting) for record in RECORDS]
        assert document["taken"] == cards.TAKEN
        first, after, factors = zip(*document["bands"], strict=True)
        assert (after[0], first[-1]) == (None, 1)
        assert first[:-1] == after[1:]
        assert factors == tuple(estimates.band(setting.kind, batch).greatest for batch in first)
