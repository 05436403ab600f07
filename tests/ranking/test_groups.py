"""Groups of models: equal values, families, and names that hold other names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.ranking.groups import FamilyRow, equals, families, longer_names, members, without_fixtures
from tests import examples
from tests.ranking.rows import row


def test_families_are_summed_up() -> None:
    """A family's row has its number of models, those with weights, and its extremes, unknown where none are known."""
    assert families(examples.ROWS) == [
        FamilyRow("tiny", 4, 2, 0, 1576, 552, 294992),
        FamilyRow("tinynet", 1, 0, 1576, 1576, None, None),
    ]
    assert families([]) == []


families_drawn = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(0, 2**60), st.none() | st.integers(0, 2**60), st.booleans())
)


@given(families_drawn)
def test_a_family_s_row_is_what_counting_gives(drawn: list[tuple[str, int, int | None, bool]]) -> None:
    """Each figure of a family equals its definition, counted model by model, and families stand by name."""
    rows = [
        row(f"net_{index}", family=family, parameter_bytes=size, macs=macs, tags=("a",) if has_weights else ())
        for index, (family, size, macs, has_weights) in enumerate(drawn)
    ]
    expected = []
    for family in sorted({family for family, *_ in drawn}):
        own = [model[1:] for model in drawn if model[0] == family]
        known = [macs for _, macs, _ in own if macs is not None]
        expected.append(
            FamilyRow(
                family,
                len(own),
                sum(has_weights for *_, has_weights in own),
                min(size for size, *_ in own),
                max(size for size, *_ in own),
                min(known, default=None),
                max(known, default=None),
            )
        )
    assert families(rows) == expected


def test_members_keep_their_order() -> None:
    """Families stand by name, and the models of each in the order of the ranks."""
    found = {family: [row.name for row in rows] for family, rows in members(examples.ROWS).items()}
    assert list(found.items()) == [
        ("tiny", ["tiny_conv", "tiny_vit", "tiny_mixed", "tiny_empty"]),
        ("tinynet", ["tiny_twin"]),
    ]


def test_equals_are_the_others_with_the_same_value() -> None:
    """Each name has the other names of its value in their order, none where it is the only one."""
    assert equals({"a": 1, "b": 2, "c": 1, "d": 1}) == {"a": ("c", "d"), "b": (), "c": ("a", "d"), "d": ("a", "c")}
    assert equals({}) == {}


@given(st.lists(st.integers(0, 3), max_size=12))
def test_equals_are_those_of_a_plain_comparison(values: list[int]) -> None:
    """The others are those of comparing every value with every other."""
    named = {f"net_{index}": value for index, value in enumerate(values)}
    assert equals(named) == {
        name: tuple(other for other, theirs in named.items() if theirs == value and other != name)
        for name, value in named.items()
    }


def test_longer_names_are_counted() -> None:
    """A name counts the other names that it is a part of, wherever in them, each once."""
    assert longer_names(["resnet50", "resnet50t", "lambda_resnet50ts", "aa", "aaaa", "vit"]) == {
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
    assert longer_names(names) == expected


def test_fixtures_are_left_out_where_there_are_others() -> None:
    """Test fixtures count as models of their family, which is as small as the smallest of its others."""
    rows = [row("net", family="x", parameter_bytes=9, macs=7), row("test_net", family="x", fixture=True)]
    assert [found.name for found in without_fixtures(rows)] == ["net"]
    assert without_fixtures(rows[1:]) == rows[1:]
    assert without_fixtures([]) == []
    assert families(rows) == [FamilyRow("x", 2, 0, 9, 9, 7, 7)]
