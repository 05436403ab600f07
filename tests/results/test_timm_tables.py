"""timm's tables: each row goes to its model, or is named; what a table is about stands in its name."""

from __future__ import annotations

import re

import pytest

from generator.errors import TableError
from generator.facts.results import Results, Speed, Unused
from generator.results import timm_tables
from generator.results.joining import Joining
from tests import examples
from tests.results.made_up import ACCURACY, SPEED, TABLES, TRAINING, file


def read(*names: str, **contents: str) -> Results:
    """Read made-up tables by their names, with other contents where some are given."""
    joining = Joining(examples.CATALOG)
    for name in names:
        timm_tables.read(file(name, contents.get("content", TABLES.get(name, ""))), joining)
    return joining.results()


def test_accuracy_goes_to_its_weights() -> None:
    """Each row has its model, tag, size and test set, with the digits of the table."""
    results = read(ACCURACY, "results-imagenet-a.csv")
    assert set(results.published) == {"tiny_conv", "tiny_vit"}
    assert [tuple(result) for result in results.of("tiny_conv").results] == [
        ("r160_in1k", 32, "imagenet-val", 80.858, 95.434, 0.875, "bicubic", f"timm/{ACCURACY}", "c0ffee"),
        ("r160_in1k", 32, "imagenet-a", 8.6, 17.36, 0.875, "bicubic", "timm/results-imagenet-a.csv", "c0ffee"),
        ("r160_in1k", 40, "imagenet-val", 81.5, 95.6, 1.0, "bicubic", f"timm/{ACCURACY}", "c0ffee"),
    ]
    assert [result.tag for result in results.of("tiny_vit").results] == ["in1k"]


def test_a_speed_goes_to_its_model() -> None:
    """The set-up is read from the table's name, the rest from the row, whose batch may have decimals that are zero."""
    results = read(SPEED, TRAINING)
    assert results.of("tiny_vit").speeds == (
        Speed(
            image_size=32,
            task="inference",
            hardware="NVIDIA GeForce RTX 4090",
            precision="amp",
            layout="NCHW",
            compiled=False,
            batch_size=1024,
            images_per_second=299257.15,
            software="torch 2.9.1, CUDA 12.8",
            source=f"timm/{SPEED}",
            source_version="c0ffee",
        ),
    )
    inference, training = results.of("tiny_conv").speeds
    assert (inference.task, training.task) == ("inference", "training")
    assert (training.layout, training.hardware, training.software, training.images_per_second) == (
        "NHWC",
        "NVIDIA GeForce RTX 3090",
        "torch 1.12, CUDA 11.3",
        10001.12,
    )


@pytest.mark.parametrize(
    ("name", "set_up"),
    [
        (
            "benchmark-infer-amp_bf16-nchw-pt291-cu130-pro6000maxq-dynamo.csv",
            ("NVIDIA RTX PRO 6000 Blackwell Max-Q", "amp_bf16", "NCHW", True, "torch 2.9.1, CUDA 13.0"),
        ),
        (
            "benchmark-infer-fp32-nchw-pt240-cpu-i9_10940x-dynamo.csv",
            ("Intel Core i9-10940X", "fp32", "NCHW", True, "torch 2.4.0"),
        ),
        (
            "benchmark-infer-bf16-nhwc-pt210-cu121-h900.csv",
            ("h900", "bf16", "NHWC", False, "torch 2.1.0, CUDA 12.1"),
        ),
    ],
)
def test_the_name_tells_the_set_up(name: str, set_up: tuple[object, ...]) -> None:
    """Precision, layout, versions, hardware and compilation; hardware that nobody has named keeps its name there."""
    (speed,) = read(name, content=TABLES[SPEED]).of("tiny_vit").speeds
    assert (speed.hardware, speed.precision, speed.layout, speed.compiled, speed.software) == set_up


def test_a_row_that_no_model_has_is_named() -> None:
    """A name of another timm, a deprecated one and a run without a speed are unused, with line and reason."""
    results = read(ACCURACY, SPEED)
    assert [source.unused for source in results.sources] == [
        (Unused(5, "tiny_vit.of_another_timm", "timm 1.0.31 has no such weights of tiny_vit"),),
        (
            Unused(4, "tiny_mixed", "it has no speed"),
            Unused(5, "tiny_old", "it is a deprecated name of tiny_conv.r160_in1k"),
            Unused(6, "tiny_strange", "timm 1.0.31 has no such model"),
        ),
    ]
    assert [(source.rows, source.used) for source in results.sources] == [(4, 3), (5, 2)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("results-imagenet-a-clean.csv", "it has the validation images of the 200 classes of ImageNet-A alone"),
        ("results-imagenet-of-tomorrow.csv", "its name is none of a table that timm-atlas can read"),
        ("benchmark-infer-amp-nchw-pt291-xpu-arc.csv", "its name is none of a table that timm-atlas can read"),
    ],
)
def test_a_table_that_is_left_out_is_named(name: str, reason: str) -> None:
    """What is not read is told with the reason, and none of it is used."""
    results = read(name, content="whatever")
    assert results.published == {}
    (source,) = results.sources
    assert (source.name, source.rows, source.used, source.unused) == (f"timm/{name}", 0, 0, ())
    assert (source.left_out or "").startswith(reason)


def test_sizes_are_in_our_units_with_their_rounding() -> None:
    """Millions and billions become whole numbers, and each has the half of its last digit that was published."""
    figures = read(ACCURACY, SPEED, TRAINING).of("tiny_conv").figures
    accuracy, speed, training = (f"timm/{name}" for name in (ACCURACY, SPEED, TRAINING))
    assert [tuple(figure) for figure in figures] == [
        ("r160_in1k", 32, "parameters", 1_013_010_000, 5_000, (accuracy,)),
        ("r160_in1k", 40, "parameters", 1_013_010_000, 5_000, (accuracy,)),
        (None, 32, "parameters", 25_560_000, 5_000, (speed, training)),
        # "4.1" is 4.10: timm rounds to two decimals, and drops a zero at the end.
        (None, 32, "macs", 4_100_000_000, 5_000_000, (speed,)),
        (None, 32, "activations", 11_110_000, 5_000, (speed,)),
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (ACCURACY, "top1,", "top_1,", "line 1: there is no column top1; "),
        (ACCURACY, "80.858", "80.8.58", "line 2: top1 is no number from 0 to 100: '80.8.58'"),
        (ACCURACY, "81.5,", "181.5,", "line 3: top1 is no number from 0 to 100: '181.5'"),
        (ACCURACY, "r160_in1k,40", "r160_in1k,32", "line 3: it is about the same as line 2"),
        (ACCURACY, ",40,", ",40.5,", "line 3: img_size is no whole number: '40.5'"),
        (ACCURACY, "of_another_timm,32,70.123", "of_another_timm,32,x", "line 5: top1 is no number"),
        (SPEED, "infer_batch_size", "batch_size", "line 1: there is no column infer_batch_size; "),
        (SPEED, "194812.41", "nan", "line 3: infer_samples_per_sec is no number"),
        (SPEED, "194812.41", "0", "line 3: infer_samples_per_sec is 0"),
        (SPEED, "tiny_strange", "tiny_conv", "line 6: it is about the same as line 3"),
        (SPEED, "25.56", "25.5612345", "line 3: param_count has 7 decimals"),
    ],
)
def test_a_bad_table_is_named(name: str, old: str, new: str, problem: str) -> None:
    """A column that is missing and a cell that is wrong are told, also where no model would have had the row."""
    assert old in TABLES[name]
    with pytest.raises(TableError, match=rf"^{re.escape(f'{name}, {problem}')}"):
        read(name, content=TABLES[name].replace(old, new))
