"""Ranks by parameter memory, against counting by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.facts import figures
from generator.ranking.ranks import competition_ranks, ranked
from tests.examples import RECORDS, record, tensor
from tests.ranking.rows import models


def test_equal_models_share_a_rank() -> None:
    """Competition rank: 1, 2, 2, 4, the largest first."""
    rows = models(("d", 10, "x"), ("c", 20, "y"), ("b", 20, "x"), ("a", 30, "x"))
    assert [(row.name, row.rank) for row in rows] == [("a", 1), ("c", 2), ("b", 2), ("d", 4)]


def test_ties_keep_timm_s_order() -> None:
    """Within a tie the order is that of the dataset, which is timm's natural one, not the alphabet's."""
    rows = models(("net_2", 5, "x"), ("net_10", 5, "x"), ("net_1", 9, "x"), ("a", 5, "x"))
    assert [row.name for row in rows] == ["net_1", "net_2", "net_10", "a"]
    assert [row.rank for row in rows] == [1, 2, 2, 2]
    # Enough of them that an unstable sort would show.
    names = [f"net_{number * 7 % 101}" for number in range(101)]
    many = models(*((name, index % 2, "x") for index, name in enumerate(names)))
    assert [row.name for row in many] == names[1::2] + names[::2]


def test_bytes_decide_not_parameters() -> None:
    """A model of fewer parameters and more memory stands before one of more parameters."""
    records = (
        record("half", tensor("weight", 100, dtype="float16")),
        record("whole", tensor("weight", 60, dtype="float32")),
    )
    assert [row.name for row in ranked(records)] == ["whole", "half"]


def test_a_ranked_row_is_that_of_its_record() -> None:
    """Each model has its row, with every figure of its record and the rank."""
    by_name = {made.name: made for made in RECORDS}
    rows = ranked(RECORDS)
    assert rows == tuple(figures.row(by_name[row.name], row.rank) for row in rows)
    assert {row.name for row in rows} == set(by_name)


def test_no_models_have_no_rows() -> None:
    """An empty dataset has an empty table."""
    assert ranked(()) == ()


@given(st.lists(st.integers(0, 5) | st.integers(2**60, 2**60 + 2)))
def test_ranks_are_what_counting_gives(values: list[int]) -> None:
    """A rank is one more than the number of greater values, for values of any size."""
    descending = sorted(values, reverse=True)
    assert competition_ranks(descending) == [1 + sum(other > value for other in values) for value in descending]


@given(st.lists(st.integers(0, 5) | st.integers(2**55, 2**55 + 2), max_size=12))
def test_models_stand_by_their_memory(sizes: list[int]) -> None:
    """Ranked models are those of a stable sort by memory, each with the rank that counting gives."""
    made = [(f"net_{index}", size, "x") for index, size in enumerate(sizes)]
    assert [(row.name, row.parameter_bytes, row.rank) for row in models(*made)] == [
        (name, size, 1 + sum(other > size for other in sizes))
        for name, size, _ in sorted(made, key=lambda model: -model[1])
    ]
