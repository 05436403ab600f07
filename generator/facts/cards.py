"""Graphics cards by their memory, and the largest batch that fits on one."""

from __future__ import annotations

from generator.facts import estimates
from generator.facts.records import ModelRecord

# GB that real cards are sold with.
SIZES = (6, 8, 12, 16, 24, 32, 40, 48, 80, 141)
# A card of N GB has about N GiB, of which N x 10^9 bytes are taken as usable. The rest, 6 %, is for CUDA's context,
# which takes some hundred MiB, and for what the allocator cannot use.
_USABLE = 10**9
# Batches with a band of their own, each to the one before the next.
_FROM = (1, 2, *(batch + 1 for batch in estimates.BATCHES[1:]))


def largest_batch(record: ModelRecord, kind: str, optimizer: str | None, gigabytes: float) -> int | None:
    """The largest batch that fits on a card, if the run takes as much as the band of its estimate allows.

    Returns:
        The batch; 0 if none fits, ``None`` if that is not known or the run is impossible.
    """
    found = 0
    for first, after in zip(_FROM, (*_FROM[1:], None), strict=True):
        available = int(gigabytes * _USABLE / estimates.band(kind, first).greatest)
        most = estimates.largest_batch(record, kind, optimizer, available)
        if most is None:
            return None
        if most >= first:
            found = max(found, most if after is None else min(most, after - 1))
    return found
