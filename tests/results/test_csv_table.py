"""The reader of CSV: what it takes, and the sentences about what it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import TableError
from generator.results import csv_table
from generator.results.csv_table import Row

PATH = Path("lab.csv")
PLAIN = "model,top1\na,1.5\nb,\n"


def cells(content: str | bytes) -> list[dict[str, str]]:
    """The cells of each row of a table with the two columns."""
    content = content if isinstance(content, bytes) else content.encode()
    return [row.cells for row in csv_table.read(PATH, content, ("model", "top1"))]


def row(value: str) -> Row:
    """A row with one cell, in line 7."""
    return Row(PATH, 7, {"x": value})


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.removesuffix("\n"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\ufeff" + PLAIN,
        PLAIN.replace(",", " , "),
        PLAIN.replace("a,1.5", '"a","1.5"'),
        PLAIN.replace("\n", "\n\n , \n"),
    ],
)
def test_a_table_is_read(content: str) -> None:
    """Line ends of any system, a mark at the beginning, quotes, spaces and blank lines change nothing."""
    assert cells(content) == [{"model": "a", "top1": "1.5"}, {"model": "b", "top1": ""}]


def test_columns_may_stand_in_any_order() -> None:
    """A cell is known by its column's name, and further columns are there as well."""
    assert cells("more,top1,model\nx,1,a\n") == [{"more": "x", "top1": "1", "model": "a"}]


def test_a_row_knows_its_line() -> None:
    """The line is that of the file: blank lines count, and so do those within quotes."""
    found = csv_table.read(PATH, b'model,top1\n\n"a\nb",1\nc,2\n', ("model",))
    assert [row.line for row in found] == [3, 5]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "lab.csv: it is empty."),
        (b"\n \n", "lab.csv: it is empty."),
        (b"model,top1\n", "lab.csv: there is no row below the names of its columns."),
        (b"model,top5\na,1\n", "lab.csv, line 1: there is no column top1; the columns are 'model, top5'."),
        (b"model;top1\na;1\n", "lab.csv, line 1: there is no column model; the columns are 'model;top1'."),
        (b"model,top1,top1\na,1,2\n", "lab.csv, line 1: there are 2 columns 'top1'."),
        (b"model,top1\na,1\nb\n", "lab.csv, line 3: there are 1 cells, and 2 columns."),
        (b"model,top1\na,1,014.45\n", "lab.csv, line 2: there are 3 cells, and 2 columns."),
        (b"model,top1\na,\xe9\n", "lab.csv, line 2: it is not in UTF-8."),
        ("model,top1\na,1\n".encode("utf-16"), "lab.csv, line 1: it is not in UTF-8."),
        (b'model,top1\na,1\n"b,1\n', "lab.csv, line 3: it is no row of a CSV file (unexpected end of data)."),
    ],
)
def test_what_is_no_table_is_named(content: bytes, sentence: str) -> None:
    """File, line and problem are told in one sentence."""
    with pytest.raises(TableError) as caught:
        cells(content)
    assert str(caught.value) == sentence
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("value", "number"),
    [("0", 0.0), ("1,014.45", 1014.45), ("12,345,678", 12345678.0), ("7.", 7.0), ("1e2", 100.0), ("2.5E-1", 0.25)],
)
def test_a_number_is_read(value: str, number: float) -> None:
    """Thousands can be separated, and exponents are understood."""
    assert row(value).number("x") == number


@pytest.mark.parametrize(
    "value", ["", "nan", "inf", "-1", "1,01.4", "1,0145", ",5", "1 000", "0x10", "١", "1_000", "1e999", "five", "1;5"]
)
def test_what_is_no_number_is_named(value: str) -> None:
    """Anything that somebody could mean otherwise is refused, with the column and what stands there."""
    with pytest.raises(TableError, match=r"^lab\.csv, line 7: x is no number from 0 to 1,000,000,000: ") as caught:
        row(value).number("x")
    assert str(caught.value).endswith(f"{value!r}.")


@pytest.mark.parametrize(
    ("read", "value", "problem"),
    [
        (Row.percent, "100.01", "x is no number from 0 to 100: '100.01'"),
        (Row.percent, "-0.5", "x is no number from 0 to 100: '-0.5'"),
        (Row.count, "1.5", "x is no whole number: '1.5'"),
        (Row.count, "0", "x is 0"),
        (Row.positive, "0.000", "x is 0"),
        (Row.text, "a\x1b[2J", r"x is no text of at most 200 letters that print: 'a\\x1b[2J'"),
        (Row.text, "a" * 201, f"x is no text of at most 200 letters that print: '{'a' * 60} ...'"),
    ],
)
def test_limits_are_kept(read: Callable[[Row, str], object], value: str, problem: str) -> None:
    """Percent end at 100, counts are whole and not zero, and texts can be printed."""
    with pytest.raises(TableError) as caught:
        read(row(value), "x")
    assert str(caught.value) == f"lab.csv, line 7: {problem}."


def test_pandas_writes_counts_with_decimals() -> None:
    """A count with decimals that are zero is a count."""
    assert row("1024.0").count("x") == 1024
    assert row("100").percent("x") == 100


def test_nothing_is_told_twice() -> None:
    """Of two rows with one key the second is named, with the line of the first."""
    rows = [Row(PATH, line, {"x": value}) for line, value in ((2, "a"), (3, "b"), (4, "a"))]
    csv_table.once(rows[:2], lambda row: row.text("x"))
    with pytest.raises(TableError, match=r"^lab\.csv, line 4: it is about the same as line 2\.$"):
        csv_table.once(rows, lambda row: row.text("x"))
