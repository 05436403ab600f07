"""All tables together: every row is used or named, and no model gets another's."""

from __future__ import annotations

import csv
import io

import pytest

from generator.errors import TableError
from generator.results import reading
from generator.results.gathering import Tables
from tests.results.made_up import ACCURACY, OWN, OWN_TABLE, SPEED, TABLES, file
from tests.results.test_torchvision_weights import CATALOG, STATED, stating

ALL = Tables(tuple(file(name, content) for name, content in TABLES.items()), (file(OWN, OWN_TABLE),))


def test_every_row_is_used_or_named() -> None:
    """For each table the rows add up, and used ones are as many as its rows that models have."""
    results = reading.read(ALL, CATALOG)
    assert [source.name for source in results.sources] == [*(f"timm/{name}" for name in TABLES), "torchvision", OWN]
    given = [source for own in results.published.values() for source in own.sources]
    for source in results.sources:
        assert source.used == given.count(source.name)
        if source.left_out is None:
            assert source.rows == source.used + len(source.unused)


def test_no_model_gets_another_s_row() -> None:
    """Whatever a model has stands in its table in the row with just its name, tag and size."""
    results = reading.read(ALL, CATALOG)
    rows = {f"timm/{name}": [*csv.DictReader(io.StringIO(content))] for name, content in TABLES.items()}
    found = 0
    for name, own in results.published.items():
        for result in own.results:
            if result.source in rows:
                key = (f"{name}.{result.tag}", str(result.image_size))
                (row,) = (row for row in rows[result.source] if (row["model"], row["img_size"]) == key)
                assert float(row["top1"]) == result.top1
                found += 1
        for speed in own.speeds:
            (row,) = (row for row in rows[speed.source] if row["model"] == name)
            text = row.get("infer_samples_per_sec") or row["train_samples_per_sec"]
            assert float(text.replace(",", "")) == speed.images_per_second
            found += 1
    assert found == 7


def test_a_model_without_rows_has_none() -> None:
    """Nothing published is nothing, and not zero."""
    own = reading.read(ALL, CATALOG).of("tiny_twin")
    assert (own.results, own.speeds, own.figures) == ((), (), ())


def test_two_sources_of_one_accuracy_are_both_kept() -> None:
    """timm's and torchvision's figures of the same weights stand beside each other."""
    results = reading.read(ALL, stating(STATED._replace(crop_size=32)))
    assert [(result.source, result.top1) for result in results.of("tiny_conv").results[:2]] == [
        (f"timm/{ACCURACY}", 80.858),
        ("torchvision", 69.758),
    ]


def test_one_bad_table_is_an_error() -> None:
    """Nothing is read in part: the first table that is wrong is named."""
    bad = file(SPEED, TABLES[SPEED].replace("194812.41", "fast"))
    with pytest.raises(TableError, match=rf"^{SPEED}, line 3: "):
        reading.read(Tables((ALL.timm[0], bad)), CATALOG)
