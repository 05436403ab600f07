"""Read a user's own table of accuracy: ``model,tag,image_size,test_set,top1``, and more if wanted."""

from __future__ import annotations

from dataclasses import replace

from generator.facts.results import Result, Source
from generator.facts.texts import printable
from generator.results import csv_table
from generator.results.csv_table import Row
from generator.results.gathering import File
from generator.results.joining import Joining

REQUIRED = ("model", "tag", "image_size", "test_set", "top1")
# Columns that are read where they are. Any others are the user's own and are left alone.
OPTIONAL = ("top5", "crop_pct", "interpolation")


def read(file: File, joining: Joining) -> None:
    """Read one table and give its rows to their models. Every row has to be about weights that timm has.

    Raises:
        TableError: it is not such a table, two of its rows are about the same, or timm has no such model or weights.
    """
    source = Source(printable(file.path.name), file.version, file.date, file.address, rows=0)
    rows = csv_table.read(file.path, file.content, REQUIRED)
    csv_table.once(
        rows, lambda row: (row.text("model"), row.text("tag"), row.count("image_size"), row.cells["test_set"])
    )
    for row in rows:
        name, tag = row.text("model"), row.text("tag")
        reason = joining.why_not(name, tag)
        if reason:
            raise row.error(_unknown(name, tag, reason, joining))
        joining.add_result(
            name,
            Result(
                tag=tag,
                image_size=row.count("image_size"),
                test_set=_named(row, "test_set"),
                top1=row.percent("top1"),
                top5=row.percent("top5") if row.optional("top5") else None,
                crop_pct=row.positive("crop_pct") if row.optional("crop_pct") else None,
                interpolation=row.text("interpolation") if row.optional("interpolation") else None,
                source=source.name,
                source_version=source.version,
            ),
        )
    joining.add_source(replace(source, rows=len(rows)))


def _named(row: Row, column: str) -> str:
    if not row.optional(column):
        raise row.error(f"{column} is empty")
    return row.text(column)


def _unknown(name: str, tag: str, reason: str, joining: Joining) -> str:
    if name in joining.tags:
        has = ", ".join(own or "one without a tag" for own in joining.tags[name]) or "none"
        return f"{tag or 'no tag'}: {reason}, whose weights are: {has}"
    near = [] if name in joining.catalog.deprecated else joining.nearest(name)
    return f"{name}: {reason}" + (f"; nearest: {', '.join(near)}" if near else "")
