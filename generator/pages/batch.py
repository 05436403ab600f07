"""The pages of many models, rendered by two processes where there are two processors."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from generator import processors
from generator.pages import model
from generator.ranking import Standing
from generator.records import Failure, ModelRecord, Provenance

# Models that are rendered at a time, and how many make it worth to start a process.
_CHUNK, _MANY = 25, 200


@dataclass(frozen=True, slots=True)
class Batch:
    """The models whose pages are to be rendered, and what goes into all of them."""

    records: tuple[ModelRecord, ...]
    standings: dict[str, Standing]
    provenance: Provenance
    failures: tuple[Failure, ...] = ()

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every page: its path below ``docs/``, and its text. Their order is not that of the models."""
        starts = range(0, len(self.records), _CHUNK)
        can_fork = "fork" in multiprocessing.get_all_start_methods()
        if len(self.records) < _MANY or not can_fork or processors.usable() < 2:
            for start in starts:
                yield from self.chunk(start)
            return
        # Forked, since half a million facts are there then, and would take longer to send than to render.
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(1, mp_context=context, initializer=_take, initargs=(self,)) as beside:
            futures = [beside.submit(_chunk_of_taken, start) for start in starts]
            for start, future in zip(reversed(starts), reversed(futures), strict=True):
                # What the process beside has not begun is rendered here, from the other end.
                yield from self.chunk(start) if future.cancel() else future.result()

    def chunk(self, start: int) -> list[tuple[str, str]]:
        """The pages of some models, from this one on."""
        return [(f"models/{record.name}.md", self._page(record)) for record in self.records[start : start + _CHUNK]]

    def _page(self, record: ModelRecord) -> str:
        return model.render(record, self.standings[record.name], self.provenance, self.failures)


# In the process beside: its batch.
_taken: Batch | None = None


def _take(batch: Batch) -> None:
    global _taken
    _taken = batch


def _chunk_of_taken(start: int) -> list[tuple[str, str]]:
    assert _taken is not None, "the initializer has run"
    return _taken.chunk(start)
