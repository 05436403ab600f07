"""Tables with names that scroll within themselves, and long ones that cost their reader only the rows in sight.

A browser lays out a table as a whole: a thousand rows block a phone for seconds. Here the rows come in groups whose
layout is skipped while they are out of sight (``content-visibility`` in atlas.css); they are still found, linked to,
printed and read aloud. Such a group cannot ask the others how wide its columns are, so the widths are given.
"""

from __future__ import annotations

import re

# Tables with more rows are long.
LONG = 40
# Rows of a group. Smaller groups are more elements to style, larger ones more rows to lay out that nobody sees.
GROUP = 10
# What fits a phone, in digits: a table that may need more scrolls, and what scrolls has to be reached by keyboard.
_NARROW = 34
# What a column takes beside its text, in digits.
_PADDING = 3

_HEADING_OR_TABLE = re.compile(
    r'<h[1-6] id="(?P<heading>[^"]*)"[^>]*>(?P<title>.*?)</h[1-6]>'
    r"|(?P<lead><p><strong>[^\n]*</p>\n)?"
    r"<table>\n<thead>\n<tr>\n(?P<head>.*?)</tr>\n</thead>\n<tbody>\n(?P<body>.*?)</tbody>\n?</table>",
    re.DOTALL,
)
_HEAD_CELL = re.compile(r"<th(?P<style>[^>]*)>(.*?)</th>\n", re.DOTALL)
# The rank page names its rows at the beginning of their second cell, which is all that Markdown can.
_ANCHOR = re.compile(r'<tr>(\n<td[^>]*>[^<]*</td>\n<td[^>]*>)<a id="([^"]*)"></a>')
_NAMED_ROW = '<tr id="'
_TAG = re.compile(r"<[^>]*>")
# The sign that Python-Markdown and we put behind a heading.
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_RIGHT = ' style="text-align: right"'
_SCOPE = ' scope="col"'
# Widths in hundredths of that of a digit, as they are in the usual sans-serif fonts, rounded up.
_DIGIT = 100
_WIDTHS = (
    dict.fromkeys(" (),.:;'|!ijlftr-", 60)
    | dict.fromkeys("ABCDEFGHIJKLNOPQRSTUVXYZ&", 130)
    | dict.fromkeys("mwMW%@", 160)
)


def fold(html: str) -> str:
    """Give every table of a page its caption and the frame that it scrolls in, and every long one groups and widths.

    The caption, which is for screen readers, is the line in bold right above the table, or else the heading that the
    table stands under: what everyone else sees there. Headings of columns say that they are.

    An anchor that names a row becomes the name of the row itself, so that the row can be marked, in any table.

    A frame that may have to scroll can be focused, and has the name of the heading.
    """
    heading = title = ""
    # Python-Markdown ends a style with a semicolon, cmark-gfm does not.
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
    # The names of rows may break on a phone, where the style gives them less.
    if _NAMED_ROW in body:
        widths[1] = f"min({widths[1]},var(--names,{widths[1]}))"
    groups = []
    for start in range(0, len(rows), GROUP):
        group = rows[start : start + GROUP]
        # There are over two million cells, so they go without their end tags, which HTML leaves to the author.
        inner = "".join(group).replace(_RIGHT, "").replace("</td>", "").replace("\n", "")
        size = "" if len(group) == GROUP else f' style="--rows:{len(group)}"'
        groups.append(f"<tbody{size}>{inner}")
    titles = "".join(f"<th{_SCOPE}>{text}</th>" for _, text in headings)
    return (
        f'<table class="long{right}" style="--rows:{GROUP};--columns:{" ".join(widths)}">'
        f"{caption}<thead><tr>{titles}</tr></thead>" + "".join(groups) + "</table>"
    )


def _least_width(headings: list[tuple[bool, str]], rows: list[str]) -> int:
    """The width below which a table can no longer break its lines, in digits, roughly."""
    widths = [len(_text(text)) for _, text in headings]
    for row in rows:
        for column, cell in enumerate(row.split("</td>\n")[: len(widths)]):
            # As atlas.css has it: figures stay with their unit, and names in the first column or in links are whole.
            is_whole = _RIGHT in cell or (column == 0 and "<code>" in cell) or (len(widths) > 2 and "<a " in cell)
            words = [_text(cell)] if is_whole else _text(cell).split()
            widths[column] = max(widths[column], *map(len, words), 0)
    return sum(widths) + _PADDING * len(widths)


def _column_width(heading: str, cells: list[str]) -> int:
    """The width that a column needs, in digits, rounded up."""
    longest = max(map(len, cells))
    # The widest text is among the longest.
    texts = {_TAG.sub("", cell).strip() for cell in cells if len(cell) > longest - 4} | {f"{heading} "}
    return -(-max(sum(_WIDTHS.get(character, _DIGIT) for character in text) for text in texts) // _DIGIT)
