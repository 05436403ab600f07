"""How many processors may be used, and that two share work as one does it."""

from __future__ import annotations

import os

import pytest

from generator.build import parallel


def test_there_is_a_processor() -> None:
    """At least one, and not more than the machine has."""
    assert 1 <= parallel.usable() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("items", [0, 1, 7, 8, 100])
def test_each_item_has_its_result(items: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results are in the order of the items, whoever worked on them."""
    monkeypatch.setattr(parallel, "usable", lambda: 2)
    assert parallel.shared(lambda item: -item, range(items), many=8) == [-item for item in range(items)]


def test_two_processes_work_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many items are worked on by a process beside this one too, few by this one alone."""
    monkeypatch.setattr(parallel, "usable", lambda: 2)
    assert set(parallel.shared(lambda _: os.getpid(), range(7), many=8)) == {os.getpid()}
    # The first is begun beside before this process comes to it from the other end.
    workers = parallel.shared(lambda item: os.getpid(), range(5_000), many=8)
    assert len(set(workers)) == 2
    monkeypatch.setattr(parallel, "usable", lambda: 1)
    assert set(parallel.shared(lambda _: os.getpid(), range(100), many=8)) == {os.getpid()}


@pytest.mark.parametrize("faulty", [0, 99])
def test_a_fault_is_raised(faulty: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that fails on an item ends it all, whichever process had it."""
    monkeypatch.setattr(parallel, "usable", lambda: 2)

    def work(item: int) -> None:
        if item == faulty:
            raise KeyError(f"item {item}")

    with pytest.raises(KeyError, match=f"item {faulty}"):
        parallel.shared(work, range(100), many=8)
