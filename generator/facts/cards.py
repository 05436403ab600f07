"""Graphics cards by their memory, and the largest batch that fits on one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from generator.facts import estimates
from generator.facts.estimates import SETTING, Run
from generator.facts.records import ModelRecord

# Real cards by the GB that they are sold with.
CARDS: Mapping[int, tuple[str, ...]] = {
    6: ("GTX 1660", "RTX 2060"),
    8: ("RTX 3070", "RTX 4060"),
    12: ("RTX 3060", "RTX 4070"),
    16: ("T4", "V100", "RTX 4080"),
    24: ("L4", "A10", "RTX 3090", "RTX 4090"),
    32: ("V100", "RTX 5090"),
    40: ("A100",),
    48: ("RTX A6000", "L40S"),
    80: ("A100", "H100"),
    141: ("H200",),
}
SIZES = tuple(CARDS)
# The card and the setting that tables of many models show until a reader chooses others.
USUAL_SIZE, USUAL_SETTING = 24, "train-mixed-adamw"
# Bytes of a card that a run cannot have: CUDA's context with the kernels of cuDNN and cuBLAS, which took up to 0.844 GB
# on an NVIDIA H200 over inference and training of 20 models, and cuBLAS's workspaces of two threads, 0.067 GB.
TAKEN = 920_000_000
# Of a card of N GB, N x 10^9 bytes are counted: some drivers keep a part of its N GiB for error correction.
GB = 10**9
# Ranges of batches with a band of their own, the largest first: the first batch, and that after the last.
_FIRST = (1, 2, *(batch + 1 for batch in estimates.BATCHES[1:]))
_RANGES = tuple(zip(_FIRST, (*_FIRST[1:], None), strict=True))[::-1]


def largest_batches(
    record: ModelRecord, kind: str, optimizer: str | None, sizes: Iterable[float] = SIZES
) -> list[int | None]:
    """The largest batch that fits on cards of these sizes in GB, if the run takes as much as its band allows.

    Returns:
        A batch for each size; 0 if none fits, ``None`` if that is not known or the run is impossible.
    """
    run = estimates.run_of(record, kind, optimizer)
    # From the largest batches on, so that the first that fits is the largest.
    bands = ranges(kind)
    return [None if run is None else _largest(run, size * GB - TAKEN, bands) for size in sizes]


def usual_batch(record: ModelRecord) -> int | None:
    """The largest batch in the usual setting on the usual card; see `largest_batches`."""
    setting = SETTING[USUAL_SETTING]
    return largest_batches(record, setting.kind, setting.optimizer, [USUAL_SIZE])[0]


def ranges(kind: str) -> list[tuple[int, int | None, float]]:
    """Batches of a kind with a band of their own, the largest first: the first, that after the last, and the factor.

    The last range has no end. The factor is the most that runs took by their estimate.
    """
    return [(first, after, estimates.band(kind, first).greatest) for first, after in _RANGES]


def limits(kind: str) -> dict[str, Any]:
    """The numbers, beside the card, that make a largest batch of the lines of a run, for the site's scripts."""
    return {"taken": TAKEN, "bands": ranges(kind)}


def _largest(run: Run, usable: float, bands: Sequence[tuple[int, int | None, float]]) -> int:
    for first, after, factor in bands:
        most = run.largest_batch(int(usable / factor))
        if most >= first:
            return most if after is None else min(most, after - 1)
    return 0
