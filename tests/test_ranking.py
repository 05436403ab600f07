"""Ranks, percentiles and neighbours, against counting by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import dataset, ranking
from generator.ranking import FAMILY_NEAREST, Nearest, Standing
from generator.records import Pyramid
from generator.vocabulary import MODEL_COLUMNS
from tests import examples
from tests.examples import level, record, tensor


def models(*sizes: tuple[str, int, str]) -> pd.DataFrame:
    """A frame of models by name, bytes and family, in the order given."""
    records = tuple(record(name, tensor("weight", size, dtype="int8"), family=family) for name, size, family in sizes)
    return dataset.from_survey(replace(examples.SURVEY, records=records)).models


FOUR = models(("d", 10, "x"), ("c", 20, "y"), ("b", 20, "x"), ("a", 30, "x"))


def test_equal_models_share_a_rank() -> None:
    """Competition rank: 1, 2, 2, 4, the largest first."""
    table = ranking.ranked(FOUR)
    assert list(zip(table["name"], table["rank"], strict=True)) == [("a", 1), ("c", 2), ("b", 2), ("d", 4)]


def test_ties_keep_timm_s_order() -> None:
    """Within a tie the order is that of the dataset, which is timm's natural one, not the alphabet's."""
    table = ranking.ranked(models(("net_2", 5, "x"), ("net_10", 5, "x"), ("net_1", 9, "x"), ("a", 5, "x")))
    assert table["name"].tolist() == ["net_1", "net_2", "net_10", "a"]
    assert table["rank"].tolist() == [1, 2, 2, 2]
    # Enough of them that an unstable sort would show.
    names = [f"net_{number * 7 % 101}" for number in range(101)]
    many = ranking.ranked(models(*((name, index % 2, "x") for index, name in enumerate(names))))
    assert many["name"].tolist() == names[1::2] + names[::2]


def test_bytes_decide_not_parameters() -> None:
    """A model of fewer parameters and more memory stands before one of more parameters."""
    records = (
        record("half", tensor("weight", 100, dtype="float16")),
        record("whole", tensor("weight", 60, dtype="float32")),
    )
    table = ranking.ranked(dataset.from_survey(replace(examples.SURVEY, records=records)).models)
    assert table["name"].tolist() == ["whole", "half"]


def test_a_ranked_table_has_the_declared_columns() -> None:
    """The table has every declared column in its order, the rank as an integer."""
    table = ranking.ranked(FOUR)
    assert table.columns.tolist() == [column.name for column in MODEL_COLUMNS]
    assert table["rank"].dtype == "int64"


def by_parameters(more: tuple[str, int] | None, fewer: tuple[str, int] | None) -> dict[str, Nearest | None]:
    """The nearest models of a standing, in a dataset where no MACs are known."""
    return {"parameters": Nearest(more, fewer), "macs": None}


def test_standings_of_four() -> None:
    """Rank, number of smaller models and neighbours, at the ends and in a tie, whose two have equal tensors."""
    in_tie = by_parameters(("a", 30), ("d", 10))
    assert ranking.standings(ranking.ranked(FOUR)) == {
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
    assert ranking.standings(ranking.ranked(models(("a", 0, "x")))) == {
        "a": Standing(1, 1, 0, None, None, None, None, nearest=by_parameters(None, None)),
    }


@given(st.lists(st.integers(0, 30), min_size=1, max_size=20))
def test_the_nearest_in_a_family_are_what_looking_at_all_gives(sizes: list[int]) -> None:
    """The differences to the nearest in the family are the least of those to all others of it, in ascending order."""
    names = [f"net_{index}" for index in range(len(sizes))]
    table = pd.DataFrame({"name": names, "family": "x", "parameters": sizes})
    parameters = dict(zip(names, sizes, strict=True))
    found = ranking.nearest_in_families(pd.concat([table, pd.DataFrame([["y", "y", 5]], columns=table.columns)]))
    assert found.pop("y") == ()
    for name, nearest in found.items():
        differences = sorted(abs(parameters[other] - parameters[name]) for other in names if other != name)
        assert [abs(parameters[other] - parameters[name]) for other in nearest] == differences[:FAMILY_NEAREST]
        assert name not in nearest


def test_the_nearest_passes_over_equals_and_unknowns() -> None:
    """Equal models are no neighbours, of equals the first is named, and an unknown figure has and is none."""
    table = pd.DataFrame(
        {
            "name": ["a", "b", "c", "d", "e", "f"],
            "macs": pd.Series([7, None, 5, 7, 2**60 + 1, 2**60], dtype="Int64"),
        }
    )
    assert ranking.nearest(table, "macs") == {
        "a": Nearest(("f", 2**60), ("c", 5)),
        "b": None,
        "c": Nearest(("a", 7), None),
        "d": Nearest(("f", 2**60), ("c", 5)),
        "e": Nearest(None, ("f", 2**60)),
        "f": Nearest(("e", 2**60 + 1), ("a", 7)),
    }
    assert ranking.nearest(table[table["name"] == "b"], "macs") == {"b": None}
    assert ranking.nearest(table[:0], "macs") == {}


@given(st.lists(st.none() | st.integers(0, 6) | st.integers(2**60, 2**60 + 3), max_size=10))
def test_the_nearest_is_what_looking_at_all_gives(values: list[int | None]) -> None:
    """Each nearest model equals its definition, found by comparing with every model."""
    names = [f"net_{index}" for index in range(len(values))]
    known = [(name, value) for name, value in zip(names, values, strict=True) if value is not None]
    found = ranking.nearest(pd.DataFrame({"name": names, "macs": pd.Series(values, dtype="Int64")}), "macs")
    assert list(found) == names
    for name, value in zip(names, values, strict=True):
        if value is None:
            assert found[name] is None
            continue
        more = min((other for other in known if other[1] > value), key=lambda other: other[1], default=None)
        fewer = max((other for other in known if other[1] < value), key=lambda other: other[1], default=None)
        assert found[name] == Nearest(more, fewer)


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
    standings = ranking.standings(ranking.ranked(dataset.from_survey(replace(examples.SURVEY, records=records)).models))
    found = {name: (standing.same_checkpoint, standing.same_parameters) for name, standing in standings.items()}
    assert found == {
        "batch": ((), ("group", "layer")),
        "group": (("layer",), ("batch",)),
        "layer": (("group",), ("batch",)),
        "other": ((), ()),
    }


def test_no_models_have_no_standings() -> None:
    """An empty dataset has an empty table."""
    table = ranking.ranked(examples.failed().models)
    assert table.empty
    assert ranking.standings(table) == {}
    assert ranking.family_table(table).empty


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5) | st.integers(2**55, 2**55 + 2), st.sampled_from("xyz")), max_size=12))
def test_standings_are_what_counting_gives(drawn: list[tuple[int, str]]) -> None:
    """Every figure equals its definition, counted model by model, for figures of any size."""
    made = [(f"net_{index}", size, family) for index, (size, family) in enumerate(drawn)]
    table = ranking.ranked(models(*made))
    ordered = sorted(made, key=lambda model: -model[1])
    assert table["name"].tolist() == [name for name, _, _ in ordered]

    def neighbours(name: str, among: list[str]) -> tuple[str | None, str | None]:
        place = among.index(name)
        return (among[place - 1] if place else None, among[place + 1] if place + 1 < len(among) else None)

    # Which of equally near models of a family come first is left open here.
    standings = {name: replace(found, nearest_in_family=()) for name, found in ranking.standings(table).items()}
    assert standings == {
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


def test_families_are_summed_up() -> None:
    """A family's row has its number of models, those with weights, and its extremes."""
    rows = list(dataset.rows(ranking.family_table(ranking.ranked(examples.full().models))))
    assert rows[0] == {
        "family": "tiny",
        "models": 4,
        "with_weights": 2,
        "least_bytes": 0,
        "greatest_bytes": 1576,
        "least_macs": 552,
        "greatest_macs": 294992,
    }
    assert [row["family"] for row in rows] == ["tiny", "tinynet"]
    assert (rows[1]["models"], rows[1]["with_weights"]) == (1, 0)
    assert (rows[1]["least_macs"], rows[1]["greatest_macs"]) == (None, None)


def front_of(*pairs: tuple[int, int | None]) -> list[tuple[int, int]]:
    """The pairs on the front, the first figure being the one of which more is better."""
    table = pd.DataFrame(list(pairs), columns=["more", "fewer"], dtype="Int64")
    return [(row["more"], row["fewer"]) for row in dataset.rows(ranking.front(table, "more", "fewer"))]


def test_the_front_is_what_nothing_beats() -> None:
    """On the front is what nothing else equals or beats in both figures: equals stand together, unknown is left out."""
    assert front_of((1, 1), (3, 2), (2, 2), (2, 1), (3, 3), (9, None)) == [(3, 2), (2, 1)]
    assert front_of((5, 4), (5, 4), (5, 5), (4, 4)) == [(5, 4), (5, 4)]
    assert front_of() == []


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_the_front_is_what_comparing_all_gives(pairs: list[tuple[int, int]]) -> None:
    """The front is that of the definition, compared pair by pair."""
    expected = [
        (more, fewer)
        for more, fewer in pairs
        if not any(m >= more and f <= fewer and (m, f) != (more, fewer) for m, f in pairs)
    ]
    assert front_of(*pairs) == sorted(expected, reverse=True)


def pyramids(*sizes: tuple[str, int, tuple[int, ...] | None]) -> pd.DataFrame:
    """A ranked table of models by name, parameters, and the channels of a pyramid of strides 2, 4 and so on."""

    def made(channels: tuple[int, ...] | None) -> Pyramid:
        if channels is None:
            return Pyramid(works=False, reason="none")
        return Pyramid(tuple(level(size, 2 << i, 64 >> i, "x") for i, size in enumerate(channels)), works=True)

    records = tuple(record(name, tensor("weight", size), pyramid=made(channels)) for name, size, channels in sizes)
    return ranking.ranked(dataset.from_survey(replace(examples.SURVEY, records=records)).models)


def test_the_same_pyramid_is_shared() -> None:
    """Models with the same channels and strides share a pyramid, nearest in parameters first; others have their own."""
    table = pyramids(
        ("a", 9, (4, 8)), ("b", 5, (4, 8)), ("c", 4, (4, 8)), ("d", 5, (4,)), ("e", 5, None), ("f", 5, None)
    )
    assert ranking.shared_pyramids(table) == {
        "a": (2, ("b", "c")),
        "b": (2, ("c", "a")),
        "c": (2, ("b", "a")),
        "d": (0, ()),
    }
    standing = ranking.standings(table)
    assert (standing["c"].same_pyramid, standing["c"].nearest_pyramids) == (2, ("b", "a"))
    assert (standing["e"].same_pyramid, standing["e"].nearest_pyramids) == (0, ())


def test_many_shared_pyramids_are_counted_and_few_named() -> None:
    """Where many models share a pyramid, all are counted and the nearest are named, as sorting all would find them."""
    sizes = {f"net_{index}": index * index for index in range(1, 31)}
    shared = ranking.shared_pyramids(pyramids(*((name, size, (4,)) for name, size in sizes.items())))
    for name, (number, nearest) in shared.items():
        others = sorted(sizes.keys() - {name}, key=lambda other: abs(sizes[other] - sizes[name]))
        assert number == 29
        assert [abs(sizes[other] - sizes[name]) for other in nearest] == [
            abs(sizes[other] - sizes[name]) for other in others[: ranking.NEAREST]
        ]


@given(st.lists(st.integers(1, 4), max_size=40))
def test_shared_pyramids_are_those_of_a_plain_comparison(sizes: list[int]) -> None:
    """The nearest are those of a sort of all others, of which equals keep the order of the table."""
    models = pyramids(*((f"net_{index}", size, (4,)) for index, size in enumerate(sizes)))
    table = list(zip(models["name"], models["parameters"], strict=True))
    expected = {}
    for name, size in table:
        others = sorted((pair for pair in table if pair[0] != name), key=lambda other: abs(other[1] - size))
        expected[name] = (len(others), tuple(other for other, _ in others[: ranking.NEAREST]))
    assert ranking.shared_pyramids(models) == expected


def test_longer_names_are_counted() -> None:
    """A name counts the other names that it is a part of, wherever in them, each once."""
    assert ranking.longer_names(["resnet50", "resnet50t", "lambda_resnet50ts", "aa", "aaaa", "vit"]) == {
        "resnet50": 2,
        "resnet50t": 1,
        "lambda_resnet50ts": 0,
        "aa": 1,
        "aaaa": 0,
        "vit": 0,
    }


@given(st.lists(st.text(st.sampled_from("ab_1"), min_size=1, max_size=6), unique=True, max_size=12))
def test_longer_names_are_those_of_a_plain_comparison(names: list[str]) -> None:
    """The count is that of comparing every name with every other."""
    expected = {name: sum(name in other for other in names if other != name) for name in names}
    assert ranking.longer_names(names) == expected


def test_each_model_has_its_first_release() -> None:
    """The release follows from the name; a model that no release has is unknown."""
    table = ranking.ranked(models(("resnet50", 1, "x"), ("no_such_net", 5, "x")))
    assert table[["name", "since"]].to_numpy().tolist() == [["no_such_net", None], ["resnet50", "0.1.1"]]
