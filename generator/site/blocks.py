"""Convert large blocks of a page apart from the rest, to save time.

A Markdown converter would spend most of its time on the cells of the layer tables, although their HTML is easy to
make: a plain table becomes rows, and a figure in HTML stays as it is. So these blocks are taken out of the Markdown,
converted here, and put into the converted page.
"""

from __future__ import annotations

import re
import string
from functools import cache

# Tables with fewer lines are left to the converter, since they would save no time.
LEAST_LINES = 10

_PLACEHOLDER = "<!-- atlas block {} -->"
_PLACEHOLDERS = re.compile(r"<!-- atlas block (\d+) -->")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_FIGURE_START, _FIGURE_END = re.compile(r'<figure class="[\w-]+">'), "</figure>"

# The characters that have no meaning to Markdown in a cell, and the pairs of them that may have one: an underscore at
# the edge of a word, and two spaces.
_PLAIN = (string.ascii_letters + string.digits + "_(),. |\n-").encode()
_NOT_PLAIN_PAIRS = ("  ", *(pair for edge in "(),. |\n-" for pair in (f"_{edge}", f"{edge}_")))


def take_out(markdown: str) -> tuple[str, list[str]]:
    """Replace the large blocks of a page by placeholders.

    Returns:
        The page with placeholders, and the HTML of the blocks in their order.
    """
    blocks: list[str] = []
    kept: list[str] = []
    lines = markdown.split("\n")
    position, fence = 0, ""
    while position < len(lines):
        line = lines[position]
        stop = position + 1
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif match := _FENCE.match(line):
            fence = match.group(1)
        elif not kept or not kept[-1].strip():
            stop = _figure_end(lines, position) or _table_end(lines, position) or stop
        if stop > position + 1:
            chunk = lines[position:stop]
            html = table_html(chunk) if line.startswith("|") else "\n".join(chunk)
            if html is not None:
                kept.append(_PLACEHOLDER.format(len(blocks)))
                blocks.append(html)
                position = stop
                continue
            stop = position + 1
        kept += lines[position:stop]
        position = stop
    return "\n".join(kept), blocks


def put_back(html: str, blocks: list[str]) -> str:
    """Replace the placeholders in a converted page by their blocks."""
    return _PLACEHOLDERS.sub(lambda match: blocks[int(match.group(1))], html) if blocks else html


def table_html(lines: list[str]) -> str | None:
    """Convert a plain table to the same HTML as Python-Markdown does.

    Returns:
        The HTML, equal byte for byte; ``None`` for a table that is not plain: with alignment, ragged rows, empty cells
        or any character that can have a meaning in Markdown.
    """
    columns = lines[0].count("|") - 1
    body = "\n".join(lines[2:])
    is_plain = (
        columns > 1
        and lines[1] == "|" + " --- |" * columns
        and _is_plain(lines[0])
        and _is_plain(body)
        and _row_pattern(columns).fullmatch(lines[0])
        and _rows_pattern(columns).fullmatch(body)
    )
    if not is_plain:
        return None
    head = "".join(f"<th>{cell}</th>\n" for cell in lines[0][2:-2].split(" | "))
    cells = body[2:-2].replace(" |\n| ", "</td>\n</tr>\n<tr>\n<td>").replace(" | ", "</td>\n<td>")
    return f"<table>\n<thead>\n<tr>\n{head}</tr>\n</thead>\n<tbody>\n<tr>\n<td>{cells}</td>\n</tr>\n</tbody>\n</table>"


def _is_plain(text: str) -> bool:
    # Deleting bytes and searching for fixed pairs takes a fraction of the time of a regular expression for both.
    return not text.encode(errors="replace").translate(None, _PLAIN) and not any(
        pair in text for pair in _NOT_PLAIN_PAIRS
    )


@cache
def _row_pattern(columns: int) -> re.Pattern[str]:
    return re.compile(_row(columns))


@cache
def _rows_pattern(columns: int) -> re.Pattern[str]:
    return re.compile(rf"{_row(columns)}(?:\n{_row(columns)})*")


def _row(columns: int) -> str:
    return r"\|" + r" [^|\n ][^|\n]* \|" * columns


def _figure_end(lines: list[str], start: int) -> int | None:
    """The index after the last line of a figure that starts at ``start``; ``None`` if there is no complete figure."""
    if not _FIGURE_START.fullmatch(lines[start]):
        return None
    try:
        return lines.index(_FIGURE_END, start) + 1
    except ValueError:
        return None


def _table_end(lines: list[str], start: int) -> int | None:
    """The index after the last line of a table that starts at ``start``; ``None`` if there is none, or a short one."""
    if not lines[start].startswith("| "):
        return None
    stop = start
    while stop < len(lines) and lines[stop].strip():
        stop += 1
    return stop if stop - start >= LEAST_LINES else None
