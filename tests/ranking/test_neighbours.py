"""Neighbours in a figure, in a family and by feature pyramid, against looking at all models."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.ranking.neighbours import FAMILY_NEAREST, NEAREST, Nearest, in_families, nearest, with_same_pyramid
from tests.ranking.rows import pyramids, row


def test_the_nearest_passes_over_equals_and_unknowns() -> None:
    """Equal models are no neighbours, of equals the first is named, and an unknown figure has and is none."""
    assert nearest({"a": 7, "b": None, "c": 5, "d": 7, "e": 2**60 + 1, "f": 2**60}) == {
        "a": Nearest(("f", 2**60), ("c", 5)),
        "b": None,
        "c": Nearest(("a", 7), None),
        "d": Nearest(("f", 2**60), ("c", 5)),
        "e": Nearest(None, ("f", 2**60)),
        "f": Nearest(("e", 2**60 + 1), ("a", 7)),
    }
    assert nearest({"b": None}) == {"b": None}
    assert nearest({}) == {}


@given(st.lists(st.none() | st.integers(0, 6) | st.integers(2**60, 2**60 + 3), max_size=10))
def test_the_nearest_is_what_looking_at_all_gives(values: list[int | None]) -> None:
    """Each nearest model equals its definition, found by comparing with every model."""
    names = [f"net_{index}" for index in range(len(values))]
    known = [(name, value) for name, value in zip(names, values, strict=True) if value is not None]
    found = nearest(dict(zip(names, values, strict=True)))
    assert list(found) == names
    for name, value in zip(names, values, strict=True):
        if value is None:
            assert found[name] is None
            continue
        more = min((other for other in known if other[1] > value), key=lambda other: other[1], default=None)
        fewer = max((other for other in known if other[1] < value), key=lambda other: other[1], default=None)
        assert found[name] == Nearest(more, fewer)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=20))
def test_the_nearest_in_a_family_are_what_looking_at_all_gives(sizes: list[int]) -> None:
    """The differences to the nearest in the family are the least of those to all others of it, in ascending order."""
    parameters = {f"net_{index}": size for index, size in enumerate(sizes)}
    rows = [row(name, family="x", parameters=size) for name, size in parameters.items()]
    found = in_families([*rows, row("y", family="y", parameters=5)])
    assert found.pop("y") == ()
    assert set(found) == set(parameters)
    for name, near in found.items():
        differences = sorted(abs(size - parameters[name]) for other, size in parameters.items() if other != name)
        assert [abs(parameters[other] - parameters[name]) for other in near] == differences[:FAMILY_NEAREST]
        assert name not in near


def test_of_two_equally_near_the_larger_comes_first() -> None:
    """Of two models of a family that are equally near, that with more parameters is nearer."""
    rows = [row(name, family="x", parameters=size) for name, size in [("a", 1), ("b", 5), ("c", 3)]]
    assert in_families(rows) == {"a": ("c", "b"), "b": ("c", "a"), "c": ("b", "a")}


def test_the_same_pyramid_is_shared() -> None:
    """Models with the same channels and strides share a pyramid, nearest in parameters first; others have their own."""
    rows = pyramids(
        ("a", 9, (4, 8)), ("b", 5, (4, 8)), ("c", 4, (4, 8)), ("d", 5, (4,)), ("e", 5, None), ("f", 5, None)
    )
    assert with_same_pyramid(rows) == {
        "a": (2, ("b", "c")),
        "b": (2, ("c", "a")),
        "c": (2, ("b", "a")),
        "d": (0, ()),
    }


def test_other_strides_are_another_pyramid() -> None:
    """The same channels at other strides are not shared."""
    rows = [row(name, feature_channels=(4,), feature_strides=(stride,)) for name, stride in [("a", 2), ("b", 4)]]
    assert with_same_pyramid(rows) == {"a": (0, ()), "b": (0, ())}


def test_many_shared_pyramids_are_counted_and_few_named() -> None:
    """Where many models share a pyramid, all are counted and the nearest are named, as sorting all would find them."""
    sizes = {f"net_{index}": index * index for index in range(1, 31)}
    shared = with_same_pyramid(pyramids(*((name, size, (4,)) for name, size in sizes.items())))
    assert set(shared) == set(sizes)
    for name, (number, near) in shared.items():
        others = sorted(sizes.keys() - {name}, key=lambda other: abs(sizes[other] - sizes[name]))
        assert number == 29
        assert [abs(sizes[other] - sizes[name]) for other in near] == [
            abs(sizes[other] - sizes[name]) for other in others[:NEAREST]
        ]


@given(st.lists(st.integers(1, 4), max_size=40))
def test_shared_pyramids_are_those_of_a_plain_comparison(sizes: list[int]) -> None:
    """The nearest are those of a sort of all others, of which equals keep the order of the table."""
    rows = pyramids(*((f"net_{index}", size, (4,)) for index, size in enumerate(sizes)))
    expected = {}
    for made in rows:
        others = sorted(
            (other for other in rows if other is not made), key=lambda other: abs(other.parameters - made.parameters)
        )
        expected[made.name] = (len(others), tuple(other.name for other in others[:NEAREST]))
    assert with_same_pyramid(rows) == expected
