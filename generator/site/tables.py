"""Tables that scroll within themselves, and long ones that cost their reader no more than the rows in sight.

A browser lays out a table as a whole: a thousand rows block a phone for seconds. Here the rows come in groups whose
layout is skipped while they are out of sight (``content-visibility`` in atlas.css); they are still found, linked to,
printed and read aloud. Such a group cannot ask the others how wide its columns are, so the widths are given.
"""

from __future__ import annotations

import re

# Tables with more rows are long. A group fills about a screen, so that two or three are laid out at a time.
GROUP = 40
# Tables with more columns can be wider than a phone. What scrolls has to be reached by keyboard.
_NARROW = 3

_HEADING_OR_TABLE = re.compile(
    r'<h[1-6] id="(?P<heading>[^"]*)"'
    r"|<table>\n<thead>\n<tr>\n(?P<head>.*?)</tr>\n</thead>\n<tbody>\n(?P<body>.*?)</tbody>\n?</table>",
    re.DOTALL,
)
_HEAD_CELL = re.compile(r'<th(?: style="text-align: (right)")?>(.*?)</th>\n', re.DOTALL)
# The rank page names its rows at the beginning of their second cell, which is all that Markdown can.
_ANCHOR = re.compile(r'<tr>(\n<td[^>]*>[^<]*</td>\n<td[^>]*>)<a id="([^"]*)"></a>')
_NAMED_ROW = '<tr id="'
_TAG = re.compile(r"<[^>]*>")
_RIGHT = ' style="text-align: right"'
# Widths in hundredths of that of a digit, as they are in the usual sans-serif fonts, rounded up.
_DIGIT = 100
_WIDTHS = (
    dict.fromkeys(" (),.:;'|!ijlftr-", 60)
    | dict.fromkeys("ABCDEFGHIJKLNOPQRSTUVXYZ&", 130)
    | dict.fromkeys("mwMW%@", 160)
)


def fold(html: str) -> str:
    """Give every table of a page the frame that it scrolls in, and every long one its groups and widths.

    An anchor that names a row becomes the name of the row itself, so that the row can be marked, in any table.

    A frame that may have to scroll can be focused, and has the name of the heading that the table stands under.
    """
    heading = ""
    html = _ANCHOR.sub(r'<tr id="\2">\1', html)

    def folded(match: re.Match[str]) -> str:
        nonlocal heading
        if match["heading"] is not None:
            heading = match["heading"]
            return match[0]
        rows = match["body"].split("</tr>\n")[:-1]
        headings = _HEAD_CELL.findall(match["head"])
        scrolls = f'aria-labelledby="{heading}" tabindex="0"'
        if len(rows) > GROUP:
            table = _folded(headings, match["body"], rows)
            return f'<div class="table long-table" role="region" {scrolls}>\n{table}\n</div>'
        attributes = f' role="group" {scrolls}' if len(headings) > _NARROW else ""
        return f'<div class="table"{attributes}>\n{match[0]}\n</div>'

    return _HEADING_OR_TABLE.sub(folded, html)


def _folded(headings: list[tuple[str, str]], body: str, rows: list[str]) -> str:
    right = "".join(f" right-{number}" for number, (side, _) in enumerate(headings, start=1) if side)
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
    titles = "".join(f"<th>{text}</th>" for _, text in headings)
    return (
        f'<table class="long{right}" style="--rows:{GROUP};--columns:{" ".join(widths)}">'
        f"<thead><tr>{titles}</tr></thead>" + "".join(groups) + "</table>"
    )


def _column_width(heading: str, cells: list[str]) -> int:
    """The width that a column needs, in digits, rounded up."""
    longest = max(map(len, cells))
    # The widest text is among the longest.
    texts = {_TAG.sub("", cell).strip() for cell in cells if len(cell) > longest - 4} | {f"{heading} "}
    return -(-max(sum(_WIDTHS.get(character, _DIGIT) for character in text) for text in texts) // _DIGIT)
