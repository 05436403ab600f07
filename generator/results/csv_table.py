"""Read a table of comma-separated values whose content nobody has checked, with errors that name file and line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from generator.errors import TableError
from generator.facts.texts import printable

# Digits, with a comma after each thousand or without any, and decimals. No "nan", no blanks, no other scripts' digits.
_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?")
# More than any pixels, images or millions of parameters that there will be, and few enough for every file.
GREATEST = 10**9
# The most letters of a text, and of one in a message.
_LONGEST, _SHOWN = 200, 60


class Row(NamedTuple):
    """One row of a table: its line, counted from 1, and its cells by the names of the columns.

    The methods read one cell each, and raise a `TableError` where it does not hold what it should.
    """

    path: Path
    line: int
    cells: dict[str, str]

    def error(self, problem: str) -> TableError:
        """An error about this row."""
        return TableError(self.path, self.line, problem)

    def optional(self, column: str) -> str | None:
        """The name of the column if this row has something in it, else ``None``."""
        return column if self.cells.get(column) else None

    def text(self, column: str) -> str:
        """A text, which may be empty."""
        text = self.cells[column]
        if len(text) > _LONGEST or not text.isprintable():
            raise self.error(f"{column} is no text of at most {_LONGEST} letters that print: {_quoted(text)}")
        return text

    def exact(self, column: str, greatest: int = GREATEST) -> Decimal:
        """A number from 0 to ``greatest``, to the digit."""
        text = self.cells[column]
        number = Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None
        if number is None or number > greatest:
            raise self.error(f"{column} is no number from 0 to {greatest:,}: {_quoted(text)}")
        return number

    def number(self, column: str, greatest: int = GREATEST) -> float:
        """A number from 0 to ``greatest``."""
        return float(self.exact(column, greatest))

    def positive(self, column: str, greatest: int = GREATEST) -> float:
        """A number above 0 up to ``greatest``."""
        number = self.number(column, greatest)
        if not number:
            raise self.error(f"{column} is 0")
        return number

    def percent(self, column: str) -> float:
        """A number from 0 to 100."""
        return self.number(column, 100)

    def count(self, column: str) -> int:
        """A whole number from 1. It may be written with decimals that are zero, as pandas does."""
        number = self.positive(column)
        if number != math.floor(number):
            raise self.error(f"{column} is no whole number: {_quoted(self.cells[column])}")
        return int(number)


def read(path: Path, content: bytes, required: Collection[str]) -> list[Row]:
    """Read the rows of a table. Lines may end in any way, and blank ones do not count.

    Args:
        path: the file, for errors.
        content: its content: UTF-8, with or without a byte order mark. The first row has the names of the columns.
        required: the columns that there have to be. Others may be there, in any order.

    Raises:
        TableError: the content is no such table.
    """
    rows = _cells(path, content)
    line, heading = next(rows, (None, []))
    if line is None:
        raise TableError(path, None, "it is empty")
    for name in heading:
        if name and heading.count(name) > 1:
            raise TableError(path, line, f"there are {heading.count(name)} columns {_quoted(name)}")
    missing = [name for name in required if name not in heading]
    if missing:
        raise TableError(path, line, f"there is no column {missing[0]}; the columns are {_quoted(', '.join(heading))}")
    found = []
    for line, cells in rows:
        if len(cells) != len(heading):
            raise TableError(path, line, f"there are {len(cells)} cells, and {len(heading)} columns")
        found.append(Row(path, line, dict(zip(heading, cells, strict=True))))
    if not found:
        raise TableError(path, None, "there is no row below the names of its columns")
    return found


def once(rows: list[Row], key: Callable[[Row], object]) -> None:
    """Check that no two rows have the same key.

    Raises:
        TableError: two have.
    """
    lines: dict[object, int] = {}
    for row in rows:
        first = lines.setdefault(key(row), row.line)
        if first != row.line:
            raise row.error(f"it is about the same as line {first}")


def _cells(path: Path, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row that is not blank, with its first line. Spaces around cells are removed."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(path, line, "it is not in UTF-8") from error
    # Without translation of line ends, so that those within quotes stay as they are.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(path, line, f"it is no row of a CSV file ({error})") from error


def _quoted(text: str) -> str:
    return repr(printable(text, _SHOWN))
