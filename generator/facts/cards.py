"""Graphics cards by their memory, and the largest batch that fits on one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.facts import estimates
from generator.facts.estimates import Run
from generator.facts.records import ModelRecord

# GB that real cards are sold with.
SIZES = (6, 8, 12, 16, 24, 32, 40, 48, 80, 141)
# A card of N GB has about N GiB, of which N x 10^9 bytes are taken as usable. The rest, 6 %, is for CUDA's context,
# which takes some hundred MiB, and for what the allocator cannot use.
_USABLE = 10**9
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
    bands = [(first, after, estimates.band(kind, first).greatest) for first, after in _RANGES]
    return [None if run is None else _largest(run, size * _USABLE, bands) for size in sizes]


def _largest(run: Run, usable: float, bands: Sequence[tuple[int, int | None, float]]) -> int:
    for first, after, factor in bands:
        most = run.largest_batch(int(usable / factor))
        if most >= first:
            return most if after is None else min(most, after - 1)
    return 0
