"""The declared columns and the forms."""

from __future__ import annotations

import pytest

from generator.vocabulary import (
    INDEX_COLUMNS,
    MODEL_COLUMNS,
    MODULE_COLUMNS,
    PYRAMID_COLUMNS,
    TENSOR_COLUMNS,
    WEIGHTS_COLUMNS,
    Column,
    form,
)
from tests.conftest import ROOT

TABLES = {
    "models": MODEL_COLUMNS,
    "tensors": TENSOR_COLUMNS,
    "modules": MODULE_COLUMNS,
    "pyramid": PYRAMID_COLUMNS,
    "weights": WEIGHTS_COLUMNS,
    "index": INDEX_COLUMNS,
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


def test_the_columns_are_those_of_the_design() -> None:
    """The columns of models.* have the agreed names in the agreed order."""
    names = [column.name for column in MODEL_COLUMNS]
    designed = DESIGNED.split(", ")
    assert [name for name in names if name in designed] == [name for name in designed if name in names]


@pytest.mark.parametrize(
    ("rank", "name"), [(0, "Scalar"), (1, "Vector"), (2, "Matrix"), (3, "Tensor rank 3"), (4, "Tensor rank 4")]
)
def test_a_form_follows_from_the_rank(rank: int, name: str) -> None:
    """The form is named by the rank of the squeezed shape."""
    assert form(rank) == name


@pytest.mark.parametrize("table", ["models", "tensors", "weights", "index"])
def test_the_guide_has_every_column(table: str) -> None:
    """The guide's table of a file has the declared columns in their order, with types and units."""
    text = (ROOT / "docs" / "guide" / "data.md").read_text()
    section = text.partition(f"{{#{table}}}")[2].partition("\n## ")[0]
    found = [line.split(" | ")[:3] for line in section.splitlines() if line.startswith("| `")]
    assert found == [
        [
            f"| `{column.name}`",
            column.type.replace("<", " of ").rstrip(">") + (" or null" if column.nullable else ""),
            column.unit or "–",
        ]
        for column in TABLES[table]
    ]
