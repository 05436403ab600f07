"""Make tables accessible and able to scroll, and long tables fast.

A browser lays out a table as a whole: a thousand rows block a phone for seconds. Here the rows of a long table are in
groups, and the browser skips the layout of groups that are not visible (``content-visibility`` in atlas.css). Search in
the page, links, printing and screen readers still work. The layout of a group does not know the other groups, so the
widths of columns are given.
"""

from __future__ import annotations

import re

# A table with more rows than this is long.
LONG = 40
# Rows of a group. Smaller groups mean more elements to style, larger groups more invisible rows to lay out.
GROUP = 10
# The width of a phone, in digits. A table that may be wider scrolls, and so has to be reachable by keyboard.
_NARROW = 34
# The padding of a column, in digits.
_PADDING = 3

_HEADING_OR_TABLE = re.compile(
    r'<h[1-6] id="(?P<heading>[^"]*)"[^>]*>(?P<title>.*?)</h[1-6]>'
    r"|(?P<lead><p><strong>[^\n]*</p>\n)?"
    r"<table>\n<thead>\n<tr>\n(?P<head>.*?)</tr>\n</thead>\n<tbody>\n(?P<body>.*?)</tbody>\n?</table>",
    re.DOTALL,
)
_HEAD_CELL = re.compile(r"<th(?P<style>[^>]*)>(.*?)</th>\n", re.DOTALL)
# The anchor of a row. The rank page has it in the second cell, since Markdown cannot give an ID to a row.
_ANCHOR = re.compile(r'<tr>(\n<td[^>]*>[^<]*</td>\n<td[^>]*>)<a id="([^"]*)"></a>')
_NAMED_ROW = '<tr id="'
_TAG = re.compile(r"<[^>]*>")
# The permanent link at the end of a heading.
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_RIGHT = ' style="text-align: right"'
_SCOPE = ' scope="col"'
# Widths of characters in usual sans-serif fonts, in hundredths of the width of a digit, rounded up.
_DIGIT = 100
_WIDTHS = (
    dict.fromkeys(" (),.:;'|!ijlftr-", 60)
    | dict.fromkeys("ABCDEFGHIJKLNOPQRSTUVXYZ&", 130)
    | dict.fromkeys("mwMW%@", 160)
)
# Headings are bold, which makes the narrow letters wider.
_BOLD = _WIDTHS | dict.fromkeys("frt-", 80)


def fold(html: str) -> str:
    """Give every table of a page a caption and an element to scroll in, and every long table groups and widths.

    The caption, for screen readers, is the bold line directly above the table, or else the heading above it. Column
    headings get their ``scope``. The anchor of a row becomes the ID of the row, so that the row can be highlighted.

    An element that may have to scroll can have the focus, and is labelled by the heading.
    """
    heading = title = ""
    # Python-Markdown ends a style with a semicolon and cmark-gfm does not; here both become the same.
    html = _ANCHOR.sub(r'<tr id="\2">\1', html.replace(f'{_RIGHT[:-1]};"', _RIGHT))

    def folded(match: re.Match[str]) -> str:
        nonlocal heading, title
        if match["heading"] is not None:
            heading, title = match["heading"], _text(_PERMALINK.sub("", match["title"]))
            return match[0]
        lead, head, body = match["lead"] or "", match["head"], match["body"]
        name = _text(lead) or title
        caption = f"<caption>{name}</caption>" if name else ""
        rows = body.split("</tr>\n")[:-1]
        headings = [("right" in style, text) for style, text in _HEAD_CELL.findall(head)]
        scrolls = f'aria-labelledby="{heading}" tabindex="0"'
        if len(rows) > LONG:
            table = _folded(headings, caption, body, rows)
            return f'{lead}<div class="table long-table" role="region" {scrolls}>\n{table}\n</div>'
        attributes = f' role="group" {scrolls}' if _least_width(headings, rows) > _NARROW else ""
        head = head.replace("<th", f"<th{_SCOPE}")
        table = f"<table>{caption}\n<thead>\n<tr>\n{head}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n</table>"
        return f'{lead}<div class="table"{attributes}>\n{table}\n</div>'

    return _HEADING_OR_TABLE.sub(folded, html)


def _text(html: str) -> str:
    return _TAG.sub("", html).strip()


def _folded(headings: list[tuple[bool, str]], caption: str, body: str, rows: list[str]) -> str:
    right = "".join(f" right-{number}" for number, (is_right, _) in enumerate(headings, start=1) if is_right)
    cells = body.split("</td>\n")[:-1]
    widths = [f"{_column_width(text, cells[number :: len(headings)])}ch" for number, (_, text) in enumerate(headings)]
    # On a phone the stylesheet makes the column of names narrower, and names may break.
    if _NAMED_ROW in body:
        widths[1] = f"min({widths[1]},var(--names,{widths[1]}))"
    groups = []
    for start in range(0, len(rows), GROUP):
        group = rows[start : start + GROUP]
        # There are over two million cells. To save space they have no end tags, which are optional in HTML.
        inner = "".join(group).replace(_RIGHT, "").replace("</td>", "").replace("\n", "")
        size = "" if len(group) == GROUP else f' style="--rows:{len(group)}"'
        groups.append(f"<tbody{size}>{inner}")
    titles = "".join(f"<th{_SCOPE}>{text}</th>" for _, text in headings)
    return (
        f'<table class="long{right}" style="--rows:{GROUP};--columns:{" ".join(widths)}">'
        f"{caption}<thead><tr>{titles}</tr></thead>" + "".join(groups) + "</table>"
    )


def _least_width(headings: list[tuple[bool, str]], rows: list[str]) -> int:
    """Roughly the least width of a table, in digits: with lines broken wherever they can be."""
    widths = [len(_text(text)) for _, text in headings]
    for row in rows:
        for column, cell in enumerate(row.split("</td>\n")[: len(widths)]):
            # As in atlas.css, these do not break: figures with their unit, names in the first column, and links.
            is_whole = _RIGHT in cell or (column == 0 and "<code>" in cell) or (len(widths) > 2 and "<a " in cell)
            words = [_text(cell)] if is_whole else _text(cell).split()
            widths[column] = max(widths[column], *map(len, words), 0)
    return sum(widths) + _PADDING * len(widths)


def _column_width(heading: str, cells: list[str]) -> int:
    """The width that a column needs, in digits, rounded up."""
    longest = max(map(len, cells))
    # Only the longest texts are measured: the widest is one of them.
    texts = {_TAG.sub("", cell).strip() for cell in cells if len(cell) > longest - 4}
    widths = [*(_width(text, _WIDTHS) for text in texts), _width(f"{heading} ", _BOLD)]
    return -(-max(widths) // _DIGIT)


def _width(text: str, widths: dict[str, int]) -> int:
    return sum(widths.get(character, _DIGIT) for character in text)
