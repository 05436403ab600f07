"""Tables with several rows a model: columns, values, documents."""

from __future__ import annotations

from typing import Any

import pytest

from generator.facts.tables import COMPUTE, MODULES, PUBLISHED, PYRAMID, RESULTS, SPEEDS, TENSORS, WEIGHTS, Table
from tests import examples
from tests.examples import TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_VIT

TABLES = [
    pytest.param(table, id=table.name)
    for table in (TENSORS, MODULES, PYRAMID, WEIGHTS, COMPUTE, RESULTS, SPEEDS, PUBLISHED)
]
RECORDS = examples.PUBLISHED.records
PLAIN = {"string": str, "int64": int, "bool": bool, "float64": float}


def column_names(table: Table) -> list[str]:
    """The names of a table's columns."""
    return [column.name for column in table.columns]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_begins_with_the_model(table: Table) -> None:
    """The first column is the model's name, with a meaning of its own, and the others are read from a part."""
    model, *others = table.columns
    assert (model.name, model.type, model.read, model.nullable) == ("model", "string", None, False)
    assert model.meaning == table.model_meaning
    assert tuple(others) == table.own_columns
    assert all(column.read for column in others)


@pytest.mark.parametrize("table", TABLES)
def test_each_part_is_a_row(table: Table) -> None:
    """Every column has a value for each part of each model, in the order of the models and of their parts."""
    values = table.values(RECORDS)
    assert list(values) == column_names(table)
    assert values["model"] == [record.name for record in RECORDS for _ in table.parts(record)]
    rows = [part for record in RECORDS for part in table.parts(record)]
    for column in table.own_columns:
        assert values[column.name] == [column.value(part) for part in rows]


@pytest.mark.parametrize("table", TABLES)
def test_values_have_the_declared_types(table: Table) -> None:
    """Values are Python's own, lists are tuples, and unknown is None where it is declared and nowhere else."""
    values = table.values(RECORDS)
    for column in table.columns:
        for value in values[column.name]:
            if value is None:
                assert column.nullable, column.name
            elif column.type.startswith("list<"):
                assert type(value) is tuple, column.name
                assert {type(member) for member in value} <= {PLAIN[column.type[5:-1]]}, column.name
            else:
                assert type(value) is PLAIN[column.type], column.name


@pytest.mark.parametrize("table", TABLES)
def test_no_models_have_no_rows(table: Table) -> None:
    """Without models, and with those that have no parts, each column is empty. Modules and sizes every model has."""
    assert table.values([]) == {name: [] for name in column_names(table)}
    if table not in (MODULES, COMPUTE):
        assert table.values([TINY_EMPTY]) == table.values([])


def test_a_tensor_is_a_row() -> None:
    """A tensor has its plain facts, and what follows from its shape."""
    assert column_names(TENSORS)[1:] == [
        "name",
        "shape",
        "squeezed_shape",
        "parameters",
        "form",
        "dtype",
        "trainable",
    ]
    assert list(TENSORS.document(TINY_CONV.tensors[3]).values()) == [
        "conv_dw.weight",
        (8, 1, 3, 3),
        (8, 3, 3),
        72,
        "Tensor rank 3",
        "float32",
        True,
    ]
    values = TENSORS.values([TINY_MIXED])
    assert (values["dtype"], values["trainable"]) == (["float32", "float16", "float32"], [True, True, False])


def test_a_document_can_lack_a_column() -> None:
    """A document has the columns of its table but the model's, and but for one that is not wanted."""
    document = TENSORS.document(TINY_CONV.tensors[0], without="squeezed_shape")
    assert list(document) == [name for name in column_names(TENSORS)[1:] if name != "squeezed_shape"]


def test_a_module_is_a_row() -> None:
    """A module has path, class and its own MACs; those of a model add up to the model's."""
    values = MODULES.values([TINY_CONV])
    assert values["path"] == ["", "conv_stem", "bn1", "conv_dw", "classifier"]
    assert values["type"] == ["TinyConv", "Conv2d", "BatchNorm2d", "Conv2d", "Linear"]
    assert TINY_CONV.inspection.compute is not None
    assert sum(values["macs"]) == TINY_CONV.inspection.compute.macs
    assert set(MODULES.values([TINY_MIXED])["macs"]) == {None}


def test_a_level_is_a_row() -> None:
    """A level has its place from 0, what was measured, and what timm claims."""
    first, second = PYRAMID.parts(TINY_VIT)
    assert list(PYRAMID.document(first).values()) == [0, "blocks.0", "NHWC", 4, 2, 16, 16, 8, 2]
    assert list(PYRAMID.document(second).values()) == [1, None, "NHWC", 4, 2, 16, 16, 4, None]
    assert PYRAMID.parts(TINY_MIXED) == ()


def test_weights_are_rows() -> None:
    """Weights have every field that timm fills, in its order, and the class of their licence after the licence."""
    own = [column.name for column in WEIGHTS.own_columns]
    assert [name for name in own if name != "license_class"] == list(TINY_CONV.entry.weights[0]._fields)
    assert own[own.index("license") + 1] == "license_class"
    documents: list[dict[str, Any]] = [WEIGHTS.document(weights) for weights in TINY_CONV.entry.weights]
    assert [document["license_class"] for document in documents] == ["non-commercial", "unknown"]
    for document, weights in zip(documents, TINY_CONV.entry.weights, strict=True):
        assert {name: document[name] for name in weights._fields} == weights._asdict()


def test_a_result_is_a_row() -> None:
    """A result and a speed have the declared columns, in the order in which they are kept."""
    published = RECORDS[0]
    assert [list(RESULTS.document(result).values()) for result in RESULTS.parts(published)] == [
        list(result) for result in examples.RESULTS_OF_CONV
    ]
    assert [list(SPEEDS.document(speed).values()) for speed in SPEEDS.parts(published)] == [
        list(speed) for speed in examples.SPEEDS_OF_CONV
    ]
    assert column_names(RESULTS)[1:] == list(examples.RESULTS_OF_CONV[0]._fields)
    assert column_names(SPEEDS)[1:] == list(examples.SPEEDS_OF_CONV[0]._fields)
    assert (RESULTS.parts(TINY_CONV), SPEEDS.parts(TINY_CONV)) == ((), ())


def test_a_published_figure_is_a_row_beside_ours() -> None:
    """1,020 parameters are published of a net with 394, and nothing explains that."""
    (row,) = PUBLISHED.parts(RECORDS[0])
    source = examples.SPEEDS_OF_CONV[0].source
    assert list(PUBLISHED.document(row).values()) == [None, 32, source, "parameters", 1020, 394, False, "not explained"]
    assert list(PUBLISHED.parts(TINY_CONV)) == []
