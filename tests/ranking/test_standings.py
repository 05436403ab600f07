"""Standings: ranks, percentiles and neighbours, against counting by hand."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.ranking.neighbours import NEAREST_BY, Nearest
from generator.ranking.ranks import ranked
from generator.ranking.standings import Standing, standings
from tests import examples
from tests.examples import record, tensor
from tests.ranking.rows import models, pyramids

FOUR = models(("d", 10, "x"), ("c", 20, "y"), ("b", 20, "x"), ("a", 30, "x"))


def by_parameters(more: tuple[str, int] | None, fewer: tuple[str, int] | None) -> dict[str, Nearest | None]:
    """The nearest models of a standing, in a dataset where no MACs are known."""
    return {"parameters": Nearest(more, fewer), "macs": None}


def test_standings_of_four() -> None:
    """Rank, number of smaller models and neighbours, at the ends and in a tie, whose two have equal tensors."""
    in_tie = by_parameters(("a", 30), ("d", 10))
    assert standings(FOUR) == {
        "a": Standing(
            1, 4, 3, None, "c", None, "b", nearest=by_parameters(None, ("c", 20)), nearest_in_family=("b", "d")
        ),
        "c": Standing(2, 4, 1, "a", "b", None, None, same_checkpoint=("b",), nearest=in_tie),
        "b": Standing(
            2, 4, 1, "c", "d", "a", "d", same_checkpoint=("c",), nearest=in_tie, nearest_in_family=("a", "d")
        ),
        "d": Standing(
            4, 4, 0, "b", None, "b", None, nearest=by_parameters(("c", 20), None), nearest_in_family=("b", "a")
        ),
    }


def test_a_single_model_has_no_neighbours() -> None:
    """The only model is first and last, and nothing is near it."""
    assert standings(models(("a", 0, "x"))) == {
        "a": Standing(1, 1, 0, None, None, None, None, nearest=by_parameters(None, None)),
    }


def test_no_models_have_no_standings() -> None:
    """An empty dataset has no standings."""
    assert standings(ranked(examples.FAILED.records)) == {}


def test_standings_are_in_the_order_of_ranks() -> None:
    """Each model has one standing, the first for the largest, with the nearest models by each figure that has some."""
    found = standings(examples.ROWS)
    assert list(found) == [row.name for row in examples.ROWS]
    assert {name for standing in found.values() for name in standing.nearest} == {figure.name for figure in NEAREST_BY}
    assert [figure.name for figure in NEAREST_BY] == ["parameters", "macs"]
    assert found["tiny_vit"].nearest == {
        "parameters": Nearest(("tiny_mixed", 273), ("tiny_empty", 0)),
        "macs": Nearest(("tiny_conv", 294_992), None),
    }


def test_checkpoints_are_told_from_parameters() -> None:
    """Models of equal parameters and other buffers are not of those that take each other's checkpoints."""
    weight = tensor("norm.weight", 2)
    mean = (("norm.running_mean", (2,)),)
    records = (
        record("batch", weight, saved=mean),
        record("group", weight),
        record("layer", weight),
        record("other", tensor("norm.weight", 3)),
    )
    found = {
        name: (standing.same_checkpoint, standing.same_parameters)
        for name, standing in standings(ranked(records)).items()
    }
    assert found == {
        "batch": ((), ("group", "layer")),
        "group": (("layer",), ("batch",)),
        "layer": (("group",), ("batch",)),
        "other": ((), ()),
    }


def test_a_shared_pyramid_is_in_the_standing() -> None:
    """A standing counts and names the models of the same pyramid; without a pyramid there are none."""
    found = standings(
        pyramids(("a", 9, (4, 8)), ("b", 5, (4, 8)), ("c", 4, (4, 8)), ("d", 5, (4,)), ("e", 5, None), ("f", 5, None))
    )
    assert (found["c"].same_pyramid, found["c"].nearest_pyramids) == (2, ("b", "a"))
    assert (found["d"].same_pyramid, found["d"].nearest_pyramids) == (0, ())
    assert (found["e"].same_pyramid, found["e"].nearest_pyramids) == (0, ())


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5) | st.integers(2**55, 2**55 + 2), st.sampled_from("xyz")), max_size=12))
def test_standings_are_what_counting_gives(drawn: list[tuple[int, str]]) -> None:
    """Every figure equals its definition, counted model by model, for figures of any size."""
    made = [(f"net_{index}", size, family) for index, (size, family) in enumerate(drawn)]
    table = models(*made)
    ordered = sorted(made, key=lambda model: -model[1])
    assert [row.name for row in table] == [name for name, _, _ in ordered]

    def neighbours(name: str, among: list[str]) -> tuple[str | None, str | None]:
        place = among.index(name)
        return (among[place - 1] if place else None, among[place + 1] if place + 1 < len(among) else None)

    # Which of equally near models of a family come first is left open here.
    found = {name: replace(standing, nearest_in_family=()) for name, standing in standings(table).items()}
    assert found == {
        name: Standing(
            1 + sum(other > size for _, other, _ in made),
            len(made),
            sum(other < size for _, other, _ in made),
            *neighbours(name, [other for other, _, _ in ordered]),
            *neighbours(name, [other for other, _, theirs in ordered if theirs == family]),
            sum(name in other for other, _, _ in made if other != name),
            # One tensor of that many bytes: equal sizes are equal tensors.
            same_checkpoint=tuple(other for other, theirs, _ in ordered if theirs == size and other != name),
            nearest=by_parameters(
                min(((o, s) for o, s, _ in ordered if s > size), key=lambda found: found[1], default=None),
                max(((o, s) for o, s, _ in ordered if s < size), key=lambda found: found[1], default=None),
            ),
        )
        for name, size, family in made
    }


def test_a_fixture_is_near_to_none_but_fixtures() -> None:
    """Models of use have no test fixture near them, and are told that there are some; a fixture has models of use."""
    found = standings(models(("c", 30, "x"), ("b", 20, "x"), ("test_b", 19, "x"), ("test_a", 10, "x")))
    assert found["b"].nearest["parameters"] == Nearest(("c", 30), None)
    assert found["b"].nearest_in_family == ("c",)
    assert found["test_a"].nearest["parameters"] == Nearest(("test_b", 19), None)
    assert found["test_b"].nearest["parameters"] == Nearest(("b", 20), ("test_a", 10))
    assert found["test_b"].nearest_in_family == ("b", "test_a", "c")
    assert [standing.has_fixtures for standing in found.values()] == [True, True, False, False]
    # Ranks and the rows beside a model are those of the rank page, which has all of them.
    assert (found["b"].rank, found["b"].smaller_model, found["test_b"].rank) == (2, "test_b", 3)
