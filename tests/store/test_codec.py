"""Facts to JSON and back: what comes back is what went in, and any other form is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, make_dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings

from generator.facts.inspections import Failure, Inspection, Stage
from generator.facts.records import Dataset, ModelRecord
from generator.facts.registry import Catalog
from generator.store import codec
from tests.doubles import NOTHING
from tests.examples import CATALOG, RECORDS, TINY_CONV, TINY_MIXED, TINY_VIT
from tests.store.drawn import datasets, inspections


@settings(max_examples=50)
@given(inspections)
def test_any_inspection_survives(inspection: Inspection) -> None:
    """Whatever the names, shapes and unknowns: what comes back is what went in, types and all."""
    back = codec.decode(Inspection, codec.encode(inspection))
    assert back == inspection
    assert repr(back) == repr(inspection)


@settings(max_examples=50)
@given(datasets)
def test_any_records_survive(dataset: Dataset) -> None:
    """Records, one a line, come back as they were, types and all."""
    lines = codec.encode_lines(list(dataset.records))
    assert len(lines.splitlines()) == len(dataset.records)
    back = codec.decode_lines(ModelRecord, lines)
    assert tuple(back) == dataset.records
    assert repr(back) == repr(list(dataset.records))


def test_a_catalog_survives() -> None:
    """What was said of weights, families and deprecated names comes back, types and all."""
    assert repr(codec.decode(Catalog, codec.encode(CATALOG))) == repr(CATALOG)


def test_plain_values_come_back() -> None:
    """The values of a record that was read are Python's own, and unknown is None."""
    found = codec.decode(ModelRecord, codec.encode(TINY_MIXED))
    assert found.inspection.head_parameters is None
    assert found.entry.input_size is None
    assert type(found.inspection.buffers) is int
    assert type(found.tensors[0]).__name__ == "ParameterTensor"
    assert type(found.tensors[0].shape) is tuple
    assert type(found.tensors[0].shape[0]) is int
    assert type(found.tensors[0].trainable) is bool


def test_sums_that_were_asked_for_are_not_kept() -> None:
    """A record has the same JSON whether somebody has asked for its sums or not."""
    made = codec.decode(ModelRecord, codec.encode(TINY_CONV))
    before = codec.encode(made)
    assert made.parameter_bytes == 1576
    assert codec.encode(made) == before


def test_large_numbers_are_exact() -> None:
    """Numbers past the 53 bits of a float keep every digit."""
    assert json.loads(codec.encode(2**62 + 1)) == 2**62 + 1
    assert codec.decode(int, codec.encode(2**62 + 1)) == 2**62 + 1


def test_named_tuples_are_lists_and_dataclasses_objects() -> None:
    """The JSON of a tensor has no keys, since there are half a million, and that of a record says what is what."""
    content = json.loads(codec.encode(TINY_CONV))
    assert content["inspection"]["tensors"][0] == ["conv_stem.weight", [8, 3, 3, 3], "float32", True]
    assert list(content) == ["entry", "inspection", "date", "failures", "published"]
    assert json.loads(codec.encode(Failure("net", Stage.DEPLOY, "no"))) == {
        "name": "net",
        "stage": "deploy",
        "reason": "no",
    }


def test_indented_json_is_the_same_json() -> None:
    """JSON for people has the same content over several lines, and ends with one."""
    text = codec.indented(TINY_CONV)
    assert json.loads(text) == json.loads(codec.encode(TINY_CONV))
    assert text.endswith(b"\n")
    assert text.startswith(b'{\n "entry"')


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{}", id="nothing in it"),
        pytest.param(b"[1]", id="a list"),
        pytest.param(codec.encode(NOTHING)[:-1], id="no end"),
        pytest.param(codec.encode(NOTHING) + b"x", id="more behind it"),
        pytest.param(codec.encode(NOTHING).replace(b'"modules"', b'"stranger"'), id="another field"),
        pytest.param(codec.encode(NOTHING).replace(b'"buffers":0', b'"buffers":"0"'), id="another type"),
        pytest.param(codec.encode(NOTHING).replace(b'"buffers":0', b'"buffers":0.5'), id="a fraction"),
        pytest.param(codec.encode(NOTHING).replace(b'"buffers":0', b'"buffers":null'), id="unknown"),
        pytest.param(codec.encode(TINY_VIT.inspection).replace(b'"float32",true', b'"float32"'), id="a short tensor"),
        pytest.param(codec.encode(TINY_VIT.inspection).replace(b"[10,4]", b"[10,4.5]"), id="half a size"),
    ],
)
def test_another_form_is_an_error(content: bytes) -> None:
    """What is no JSON, or not of the form that was asked for, is a ValueError, one way to be told."""
    with pytest.raises(ValueError, match=r"."):
        codec.decode(Inspection, content)


@pytest.mark.parametrize("content", [b"x\n", b"{}\n", b"null\n", codec.encode(RECORDS[0]) + b"\n{}\n"])
def test_a_line_of_another_form_is_an_error(content: bytes) -> None:
    """One line that is not understood is an error for all of them."""
    with pytest.raises(ValueError, match=r"."):
        codec.decode_lines(ModelRecord, content)


def test_no_lines_are_no_facts() -> None:
    """No facts are no lines, and no lines no facts."""
    assert codec.encode_lines([]) == b""
    assert codec.decode_lines(ModelRecord, b"") == []


def form_of_fields(*fields: tuple[str, Any]) -> str:
    """The form of a dataclass of these fields."""
    return codec.structure_of(make_dataclass("Fact", fields))


def test_a_form_follows_from_names_types_and_order() -> None:
    """A field more or less, another name, type, nullability or order is another form; the same is the same."""
    base = [("one", int), ("two", str)]
    assert form_of_fields(*base) == form_of_fields(*base)
    others: list[list[tuple[str, Any]]] = [
        [*base, ("three", int)],
        base[:1],
        [("one", int), ("other", str)],
        [("one", int), ("two", int)],
        [("one", int), ("two", str | None)],
        base[::-1],
        [("one", int), ("two", tuple[str, ...])],
    ]
    assert len({form_of_fields(*fields) for fields in [base, *others]}) == 8


class Size(NamedTuple):
    """Two numbers in a list."""

    height: int
    width: int


class Turned(NamedTuple):
    """The same numbers the other way round."""

    width: int
    height: int


Turned.__name__ = "Size"


def test_a_form_sees_the_names_in_lists() -> None:
    """Named tuples are lists in JSON, and still another order of their fields is another form, however deep."""
    assert codec.structure_of(Size) != codec.structure_of(Turned)
    assert form_of_fields(("sizes", tuple[Size, ...])) != form_of_fields(("sizes", tuple[Turned, ...]))
    assert form_of_fields(("size", Size | None)) != form_of_fields(("size", Turned | None))


def test_a_form_sees_the_values_of_a_choice() -> None:
    """One more value of an enumeration is another form."""
    assert form_of_fields(("choice", StrEnum("Choice", ["ONE"]))) != form_of_fields(
        ("choice", StrEnum("Choice", ["ONE", "TWO"]))
    )


def test_words_do_not_count_in_a_form() -> None:
    """A docstring can change without anything that was kept being lost."""

    @dataclass
    class Fact:
        """One way to say it."""

        one: int

    @dataclass
    class Other:
        """Another way to say it."""

        one: int

    Other.__name__ = Other.__qualname__ = Fact.__name__
    assert codec.structure_of(Other) == codec.structure_of(Fact)
