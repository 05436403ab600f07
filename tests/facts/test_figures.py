"""The declared figures of a model, and the rows that they make."""

from __future__ import annotations

import dataclasses
import re
import types
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from generator.facts.columns import Column, Figure, Kind
from generator.facts.figures import BY_NAME, FIGURES, IN_FILES, IN_INDEX, IN_TABLE, ModelRow, row
from generator.facts.tables import MODULES, PYRAMID, TENSORS, WEIGHTS
from tests.conftest import ROOT
from tests.examples import DATE, RECORDS, ROW, ROWS, TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_VIT, record, tensor

TABLES: dict[str, tuple[Column, ...]] = {
    "models": FIGURES,
    **{table.name: table.columns for table in (TENSORS, MODULES, PYRAMID, WEIGHTS)},
}
COLUMNS = [pytest.param(column, id=f"{table}.{column.name}") for table in TABLES for column in TABLES[table]]

# The columns of models.* in the order that is agreed, those that no code fills yet among them. Others may be added.
DESIGNED = (
    "name, family, rank, parameters, trainable_parameters, parameter_bytes, parameter_tensors, buffers, buffer_bytes, "
    "head_parameters, backbone_parameters, deploy_parameters, input_size, macs, activations, feature_channels, "
    "feature_strides, features_only, features_reason, tags, licenses, signature, checkpoint_signature, since, date"
)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_has_a_meaning(column: Column) -> None:
    """A column says what it means in a sentence, and its name is one word that code can use."""
    assert column.meaning[0].isupper()
    assert column.meaning.endswith(".")
    assert column.meaning.count("`") % 2 == 0
    assert column.name.isidentifier()


@pytest.mark.parametrize("column", COLUMNS)
def test_every_number_has_a_unit(column: Column) -> None:
    """No number without its unit; only a rank has none."""
    assert bool(column.unit) == (
        column.type.removeprefix("list<").removesuffix(">") in ("int64", "float64") and column.name != "rank"
    )


@pytest.mark.parametrize("columns", TABLES.values(), ids=TABLES)
def test_no_name_occurs_twice(columns: tuple[Column, ...]) -> None:
    """Within a table each column has its own name."""
    names = [column.name for column in columns]
    assert len(names) == len(set(names))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings: those that they name, and the slugs of those that name none."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        named = re.search(r"\{#([\w-]+)\}$", heading)
        slug = re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())
        found.add(named[1] if named else slug)
    return found


def test_every_method_is_told() -> None:
    """Each place that a column names for how its values are made is a heading of the guide's method page."""
    told = anchors((ROOT / "docs" / "guide" / "method.md").read_text())
    named = {column.method for columns in TABLES.values() for column in columns if column.method}
    assert named <= told
    assert {"parameters", "macs", "stride"} <= named


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_every_figure_names_its_method(figure: Figure) -> None:
    """Whoever sees a figure of a model can read how it is made."""
    assert figure.method


def test_the_columns_are_those_of_the_design() -> None:
    """The columns of models.* have the agreed names in the agreed order."""
    names = [figure.name for figure in IN_FILES]
    designed = DESIGNED.split(", ")
    assert [name for name in names if name in designed] == designed


def test_a_field_gives_type_and_nullability() -> None:
    """Each field of a row is a figure whose type is the annotation's, and which can be unknown where that says so."""
    hints = get_type_hints(ModelRow)
    plain = {str: "string", int: "int64", float: "float64", bool: "bool"}
    assert list(hints) == [figure.name for figure in FIGURES] == list(BY_NAME)
    for figure in FIGURES:
        hint, nullable = hints[figure.name], False
        if isinstance(hint, types.UnionType):
            hint, none = get_args(hint)
            nullable = none is types.NoneType
        type_ = f"list<{plain[get_args(hint)[0]]}>" if get_origin(hint) is tuple else plain[hint]
        assert (figure.type, figure.nullable) == (type_, nullable), figure.name


KINDS = {
    "string": {Kind.TEXT},
    "int64": {Kind.COUNT, Kind.BYTES, Kind.MACS},
    "float64": {Kind.PERCENT},
    "bool": {Kind.FLAG},
    "list<int64>": {Kind.NUMBERS, Kind.SIZE},
    "list<string>": {Kind.TEXTS, Kind.NUMBER_OF},
}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_kind_fits_the_type(figure: Figure) -> None:
    """What is printed as bytes is a number of bytes, and each other kind fits its type as well."""
    assert figure.kind in KINDS[figure.type]
    assert (figure.kind is Kind.BYTES) == (figure.unit == "bytes")
    assert (figure.kind is Kind.MACS) == (figure.unit == "multiply-accumulates")


def test_values_have_the_declared_types() -> None:
    """Rows are plain Python: integers are int and not bool, lists are tuples, unknown is None where it is declared."""
    plain = {"string": str, "int64": int, "float64": float, "bool": bool}
    for made in ROWS:
        for figure in FIGURES:
            value = getattr(made, figure.name)
            if value is None:
                assert figure.nullable, figure.name
            elif figure.type.startswith("list<"):
                assert type(value) is tuple, figure.name
                assert {type(member) for member in value} <= {plain[figure.type[5:-1]]}, figure.name
            else:
                assert type(value) is plain[figure.type], figure.name


def test_what_is_declared_as_nullable_can_be_unknown() -> None:
    """Of the tiny models, some lack each figure that can be unknown, and none lacks any other."""
    lacking = {figure.name for figure in FIGURES if any(getattr(made, figure.name) is None for made in ROWS)}
    assert lacking == {figure.name for figure in FIGURES if figure.nullable}


def test_unknown_is_none_in_rows() -> None:
    """An unknown figure is None, and an empty list is empty."""
    mixed, conv = row(TINY_MIXED, 4), row(TINY_CONV, 1)
    assert (mixed.head_parameters, mixed.backbone_parameters, mixed.input_size) == (None, None, None)
    assert (mixed.macs, mixed.deploy_parameters, mixed.inference_bytes) == (None, None, None)
    assert (mixed.tags, mixed.unlisted_operators) == ((), ())
    assert (conv.input_size, conv.head_parameters) == ((3, 32, 32), 90)


def test_sums_are_exact() -> None:
    """Figures past the 53 bits of a float keep every digit."""
    huge = row(record("huge", tensor("weight", 2**60 + 1, dtype="int8")), 1)
    assert (huge.parameters, huge.parameter_bytes, huge.fp32_bytes) == (2**60 + 1, 2**60 + 1, 2**62 + 4)


def test_the_rank_is_given() -> None:
    """A model's rank is none of its own facts: who makes the row says it."""
    assert [figure.name for figure in FIGURES if figure.read is None] == ["rank"]
    assert row(TINY_CONV, 7).rank == 7


@pytest.mark.parametrize("made", RECORDS, ids=lambda made: made.name)
def test_a_row_has_the_figures_of_its_record(made: Any) -> None:
    """Each figure but the rank is what its declaration reads from the record."""
    found = row(made, 3)
    assert dataclasses.astuple(found) == tuple(3 if figure.name == "rank" else figure.value(made) for figure in FIGURES)


def test_memory_in_other_formats_is_by_bits() -> None:
    """394 parameters take 4, 2, 1 and half a byte each; an odd number of half bytes is rounded up."""
    conv, vit = ROW["tiny_conv"], ROW["tiny_vit"]
    assert (conv.fp32_bytes, conv.half_bytes, conv.int8_bytes, conv.int4_bytes) == (1576, 788, 394, 197)
    assert (vit.int8_bytes, vit.int4_bytes) == (203, 102)


def test_licence_classes_are_of_each_tag_and_each_once() -> None:
    """Classes stand in the order of the tags, and once each beside them; no weights have no class."""
    conv, vit, twin = ROW["tiny_conv"], ROW["tiny_vit"], ROW["tiny_twin"]
    assert conv.tag_license_classes == conv.license_classes == ("non-commercial", "unknown")
    assert (vit.tag_license_classes, vit.license_classes) == (("permissive",), ("permissive",))
    assert (twin.tag_license_classes, twin.license_classes, twin.licenses) == ((), (), ())
    weights = TINY_VIT.entry.weights * 2
    both = dataclasses.replace(TINY_VIT, entry=dataclasses.replace(TINY_VIT.entry, weights=weights))
    assert (row(both, 1).tag_license_classes, row(both, 1).license_classes) == (("permissive",) * 2, ("permissive",))


def test_each_model_has_its_first_release() -> None:
    """The release follows from the name; a model that no release has is unknown."""
    assert [row(record(name), 1).since for name in ("resnet50", "no_such_net")] == ["0.1.1", None]


def test_a_row_has_the_date_of_its_record() -> None:
    """Each model has the date of its own inspection."""
    assert row(TINY_EMPTY, 5).date == DATE


def test_the_table_begins_with_the_rank() -> None:
    """The rank table has the rank first, then each figure that has a place there, in the order of the declarations."""
    names = [figure.name for figure in IN_TABLE]
    placed = [figure.name for figure in FIGURES if figure.place]
    assert names == ["rank", *(name for name in placed if name != "rank")]
    assert "rank" in placed


def test_the_index_has_all_of_the_table() -> None:
    """What the rank table shows or limits, and what a plot can have for an axis, the site's scripts know."""
    known = {figure.name for figure in IN_INDEX}
    assert {figure.name for figure in FIGURES if figure.place or figure.limit or figure.axis} <= known
    assert known - {figure.name for figure in IN_TABLE} == {"tag_license_classes", "fixture"}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_what_can_be_limited_is_a_number(figure: Figure) -> None:
    """A figure with a limit or an axis is a number, or a size in pixels."""
    if figure.limit or figure.axis or figure.has_neighbours:
        assert figure.type in ("int64", "float64") or figure.kind is Kind.SIZE
