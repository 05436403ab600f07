"""Columns and figures: what a declaration gives, whatever it declares."""

# ruff: noqa: RUF009 - a figure is declared by the call that makes its field.
from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from generator.facts.columns import Kind, Place, Section, column, figure, figures_of
from generator.facts.shapes import Shape


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of a box, as far as anybody needs them here."""

    name: str = figure(lambda box: box.name, "Its `name`.")
    side_lengths: Shape | None = figure(lambda box: box.sides, "Its sides.", "metres", kind=Kind.SIZE)
    weight: int | None = figure(
        lambda box: box.weight,
        "Its weight.",
        "grams",
        label="Heaviness",
        axis="Heaviness of the box",
        section=Section.SIZE,
        place=Place.SHOWN,
        limit="3",
        method="weighing",
    )
    prices: Shape = figure(None, "Its prices.", "pounds", line="what it costs")
    marks: tuple[str, ...] = figure(lambda box: box.marks, "What is written on it.", is_for_scripts=True)
    is_open: bool | None = figure(lambda box: box.is_open, "Whether it is open.")


NAME, SIDES, WEIGHT, PRICES, MARKS, IS_OPEN = FOUND = figures_of(Row)


def test_figures_stand_in_the_order_of_their_fields() -> None:
    """Each field is a figure of its name, in the order of the declaration."""
    assert [found.name for found in FOUND] == ["name", "side_lengths", "weight", "prices", "marks", "is_open"]


def test_the_annotation_gives_type_and_nullability() -> None:
    """The type of a column is that of the field, and it can be unknown where the field can be none."""
    assert [(found.type, found.nullable) for found in FOUND] == [
        ("string", False),
        ("list<int64>", True),
        ("int64", True),
        ("list<int64>", False),
        ("list<string>", False),
        ("bool", True),
    ]


def test_what_is_not_declared_follows() -> None:
    """A label follows from the name, the line of a comparison from the label, and the kind from the type."""
    assert [(found.label, found.line) for found in FOUND] == [
        ("Name", "Name"),
        ("Side lengths", "Side lengths"),
        ("Heaviness", "Heaviness"),
        ("Prices", "what it costs"),
        ("Marks", "Marks"),
        ("Is open", "Is open"),
    ]
    assert [found.kind for found in FOUND] == [
        Kind.TEXT,
        Kind.SIZE,
        Kind.COUNT,
        Kind.NUMBERS,
        Kind.TEXTS,
        Kind.FLAG,
    ]


def test_what_is_declared_is_kept() -> None:
    """Meaning, unit and all that says where a figure is shown are those of the declaration."""
    assert (WEIGHT.meaning, WEIGHT.unit, WEIGHT.method) == ("Its weight.", "grams", "weighing")
    assert (WEIGHT.axis, WEIGHT.section, WEIGHT.place, WEIGHT.limit) == ("Heaviness of the box", "", "shown", "3")
    assert (NAME.axis, NAME.section, NAME.place, NAME.limit, NAME.badge) == (None, None, None, None, None)
    assert NAME.is_in_files


def test_the_index_has_what_scripts_need() -> None:
    """Whatever has a column, a limit or an axis is in the index, and what is declared for the scripts alone."""
    assert [found.name for found in FOUND if found.is_in_index] == ["weight", "marks"]


def test_a_value_is_read_from_what_the_row_is_about() -> None:
    """A figure that is read gives the value of a source, and one that is given has none."""
    box = SimpleNamespace(name="big", sides=(1, 2, 3), weight=None, marks=(), is_open=False)
    assert [found.value(box) for found in (NAME, SIDES, WEIGHT, MARKS, IS_OPEN)] == ["big", (1, 2, 3), None, (), False]
    with pytest.raises(AssertionError, match="prices is given by whoever makes the row"):
        PRICES.value(box)


def test_a_column_reads_the_attribute_of_its_name() -> None:
    """A column that says nothing else reads the attribute that is called as it is."""
    box = SimpleNamespace(weight=7, name="big")
    assert column("weight", "int64", "grams", "Its weight.").value(box) == 7
    assert column("weight", "int64", "grams", "Its weight.", lambda box: box.weight * 2).value(box) == 14


def test_a_column_is_described_in_plain_words() -> None:
    """The schema has a column with name, type, unit, plain meaning and nullability."""
    assert column("weight", "int64", "grams", "Its `weight()`.", nullable=True, method="weighing").described() == {
        "name": "weight",
        "type": "int64",
        "unit": "grams",
        "meaning": "Its weight().",
        "nullable": True,
    }
    assert NAME.described() == {"name": "name", "type": "string", "unit": "", "meaning": "Its name.", "nullable": False}


def test_a_type_that_no_column_has_is_refused() -> None:
    """A figure of a type that no table can hold is an error that names it."""

    @dataclass
    class Nested:
        inner: dict[str, int] = figure(None, "What is in it.")

    with pytest.raises(TypeError, match="the figure inner has a type that no figure can have: dict"):
        figures_of(Nested)
