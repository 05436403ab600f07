"""Read timm's own tables: accuracy on six test sets of ImageNet, and speed on machines of timm's maintainer."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.facts.results import (
    ACTIVATIONS,
    INFERENCE,
    MACS,
    PARAMETERS,
    TRAINING,
    VALIDATION,
    Result,
    Source,
    Speed,
    Unused,
)
from generator.results import csv_table
from generator.results.csv_table import Row
from generator.results.gathering import File
from generator.results.joining import Joining

# The test set of each table of accuracy.
_TEST_SETS = {
    "results-imagenet.csv": VALIDATION,
    "results-imagenet-real.csv": "imagenet-real",
    "results-imagenetv2-matched-frequency.csv": "imagenet-v2",
    "results-sketch.csv": "imagenet-sketch",
    "results-imagenet-a.csv": "imagenet-a",
    "results-imagenet-r.csv": "imagenet-r",
}
# Tables that are known and not used, and why.
_LEFT_OUT = {
    f"results-imagenet-{letter}-clean.csv": "it has the validation images of the 200 classes of "
    f"ImageNet-{letter.upper()} alone, to compare with; all validation images are in results-imagenet.csv"
    for letter in "ar"
}
_UNKNOWN = "its name is none of a table that timm-atlas can read"

# A table of speed tells by its name what was measured, and how.
_SET_UP = re.compile(
    r"benchmark-(?P<task>infer|train)-(?P<precision>[a-z0-9_]+)-(?P<layout>nchw|nhwc)-pt(?P<torch>[0-9]{3})"
    r"-(?P<platform>cu(?P<cuda>[0-9]{3})|cpu)-(?P<hardware>[a-z0-9_]+)(?P<compiled>-dynamo)?\.csv"
)
# Hardware as its makers name it. Others keep the name that they have in the table's.
_HARDWARE = {
    "rtx3090": "NVIDIA GeForce RTX 3090",
    "rtx4090": "NVIDIA GeForce RTX 4090",
    "4090": "NVIDIA GeForce RTX 4090",
    "5090": "NVIDIA GeForce RTX 5090",
    "pro6000maxq": "NVIDIA RTX PRO 6000 Blackwell Max-Q",
    "i7_12700h": "Intel Core i7-12700H",
    "i9_10940x": "Intel Core i9-10940X",
}

# Figures of sizes: the power of ten of the column's unit. timm rounds all of them to as many decimals.
_UNITS = {PARAMETERS: 6, MACS: 9, ACTIVATIONS: 6}
_DECIMALS = 2
# Millions or billions: more than any model will have, and as few as every file can hold.
_MOST = 10**6


def read(file: File, joining: Joining) -> None:
    """Read one table and give its rows to their models. A name that timm does not know is an unused row.

    timm's tables may be of another version of timm.

    Raises:
        TableError: it is not such a table, or two of its rows are about the same.
    """
    name = file.path.name
    source = Source(f"timm/{name}", file.version, file.date, file.address, rows=0)
    set_up = _SET_UP.fullmatch(name)
    if name in _TEST_SETS:
        _read_accuracy(file, source, joining)
    elif set_up:
        _read_speed(file, source, set_up, joining)
    else:
        joining.add_source(replace(source, left_out=_LEFT_OUT.get(name, _UNKNOWN)))


def _read_accuracy(file: File, source: Source, joining: Joining) -> None:
    required = ("model", "img_size", "top1", "top5", "param_count", "crop_pct", "interpolation")
    rows = csv_table.read(file.path, file.content, required)
    csv_table.once(rows, lambda row: (row.text("model"), row.count("img_size")))
    unused = []
    for row in rows:
        name, _, tag = row.text("model").partition(".")
        size = row.count("img_size")
        result = Result(
            tag=tag,
            image_size=size,
            test_set=_TEST_SETS[file.path.name],
            top1=row.percent("top1"),
            top5=row.percent("top5"),
            crop_pct=row.positive("crop_pct"),
            interpolation=row.text("interpolation") or None,
            source=source.name,
            source_version=source.version,
        )
        figures = _figures(row, {"param_count": PARAMETERS})
        reason = joining.why_not(name, tag)
        if reason:
            unused.append(Unused(row.line, row.text("model"), reason))
            continue
        joining.add_result(name, result)
        joining.add_figures(name, tag, size, figures, source.name)
    joining.add_source(replace(source, rows=len(rows)), unused)


def _read_speed(file: File, source: Source, set_up: re.Match[str], joining: Joining) -> None:
    prefix = set_up["task"]
    speed, batch, size = (f"{prefix}_{column}" for column in ("samples_per_sec", "batch_size", "img_size"))
    columns = {"param_count": PARAMETERS, f"{prefix}_gmacs": MACS, f"{prefix}_macts": ACTIVATIONS}
    rows = csv_table.read(file.path, file.content, ("model", speed, batch, size, "param_count"))
    csv_table.once(rows, lambda row: (row.text("model"), row.count(size)))
    unused = []
    for row in rows:
        name = row.text("model")
        # A run that failed has a row without a speed.
        found = row.optional(speed) and Speed(
            image_size=row.count(size),
            task={"infer": INFERENCE, "train": TRAINING}[prefix],
            hardware=_HARDWARE.get(set_up["hardware"], set_up["hardware"]),
            precision=set_up["precision"],
            layout=set_up["layout"].upper(),
            compiled=set_up["compiled"] is not None,
            batch_size=row.count(batch),
            images_per_second=row.positive(speed),
            software=_software(set_up),
            source=source.name,
            source_version=source.version,
        )
        figures = _figures(row, columns)
        reason = joining.why_not(name) or (None if found else "it has no speed")
        if reason or not found:
            unused.append(Unused(row.line, name, reason or ""))
            continue
        joining.add_speed(name, found)
        joining.add_figures(name, None, found.image_size, figures, source.name)
    joining.add_source(replace(source, rows=len(rows)), unused)


def _software(set_up: re.Match[str]) -> str:
    """The versions in a table's name, e.g. ``torch 2.9.1, CUDA 13.0``: "pt291" is 2.9.1, "pt113" 1.13, "cu130" 13.0."""
    digits = set_up["torch"]
    torch = f"{digits[0]}.{digits[1:]}" if digits.startswith("1") else ".".join(digits)
    cuda = set_up["cuda"]
    return f"torch {torch}" + (f", CUDA {cuda[:2]}.{cuda[2:]}" if cuda else "")


def _figures(row: Row, columns: dict[str, str]) -> list[tuple[str, int, int]]:
    """Name, value and rounding of the sizes that a row states. An empty cell states none."""
    found = []
    for column, figure in columns.items():
        if row.optional(column):
            number, unit = row.exact(column, _MOST), _UNITS[figure]
            decimals = max(_DECIMALS, -int(number.as_tuple().exponent))
            if decimals >= unit:
                raise row.error(f"{column} has {decimals} decimals")
            found.append((figure, int(number.scaleb(unit)), 10 ** (unit - decimals) // 2))
    return found
