"""Long tables: the same cells in the same order, in groups whose columns have their widths given."""

from __future__ import annotations

import re

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.site import blocks, gfm, tables

CELL = st.text("abmW01_.(),<&é", min_size=1, max_size=8)


def plain(rows: int) -> str:
    """The HTML of a plain table as the pages have it, under its heading."""
    lines = ["| Name | Shape |", "| --- | --- |", *(f"| layer{row}.weight | ({row}, 3) |" for row in range(rows))]
    html = blocks.table_html(lines)
    assert html is not None
    return f'<h2 id="layer-information">Layer information</h2>\n{html}\n<p>Last.</p>'


def converted(cells: list[list[str]]) -> str:
    """The HTML of a table with a column aligned to the right, from GitHub's converter."""
    escaped = [[re.sub(r"([<&_.()])", r"\\\1", cell) for cell in row] for row in cells]
    lines = ["| Left | Right |", "| --- | ---: |", *("| " + " | ".join(row) + " |" for row in escaped)]
    return gfm.convert("## Members\n\n" + "\n".join(lines) + "\n").html


def texts(html: str) -> list[list[str]]:
    """The texts of all rows of a page's tables."""
    page = lxml.html.fromstring(f"<div>{html}</div>")
    return [[cell.text_content() for cell in row] for row in page.iter("tr")]


@pytest.mark.parametrize("rows", [1, tables.GROUP + 1, tables.LONG])
def test_a_short_table_stays_as_it_is(rows: int) -> None:
    """A table that is not long is left to the browser, to the byte, in a frame, but for its caption and scopes."""
    expected = (
        plain(rows)
        .replace("<table>", '<div class="table">\n<table><caption>Layer information</caption>')
        .replace("</table>", "</table>\n</div>")
        .replace("<th>", '<th scope="col">')
    )
    assert tables.fold(plain(rows)) == expected


@pytest.mark.parametrize("rows", [1, 100])
def test_a_table_has_a_name(rows: int) -> None:
    """Its caption is the bold line right above it, or else its heading, without the sign that links to that."""
    sign = '<a class="headerlink" href="#x" title="Permanent link">&para;</a>'
    html = plain(rows).replace("Layer information</h2>", f"Layer <em>information</em>{sign}</h2>")
    bold = html.replace("<table>", "<p><strong>Shares</strong> (%)</p>\n<table>")
    for page, name in ((html, "Layer information"), (bold, "Shares (%)")):
        (table,) = lxml.html.fromstring(f"<div>{tables.fold(page)}</div>").iter("table")
        assert [caption.text_content() for caption in table.findall("caption")] == [name]
        assert table[0].tag == "caption"
        assert {heading.get("scope") for heading in table.iter("th")} == {"col"}
    assert "<p><strong>Shares</strong> (%)</p>" in tables.fold(bold)


def test_a_table_under_no_heading_has_no_caption() -> None:
    """Where a page gives no name, none is made up."""
    assert "caption" not in tables.fold(plain(1).partition("</h2>")[2])


@pytest.mark.parametrize(
    ("cells", "scrolls"),
    [
        (["a"] * 12, True),
        (["a"] * 3, False),
        (["many short words in a line " * 3] * 2, False),
        (["a_name_that_has_no_place_to_break", "b"], True),
        (["`of three words`" * 2, "b"], True),
        (["a", "[of three words](b.md), 12 GMACs", "c"], True),
        (["b", "`of three words`" * 2], False),
    ],
)
def test_a_wide_table_can_be_scrolled_by_keyboard(cells: list[str], scrolls: bool) -> None:
    """What may be wider than a phone can be focused, and is named by the heading that it stands under."""
    html = gfm.convert(f"## M\n\n{'| x ' * len(cells)}|\n{'| --- ' * len(cells)}|\n| {' | '.join(cells)} |\n").html
    (frame,) = lxml.html.fromstring(f"<div>{tables.fold(html)}</div>").find_class("table")
    assert (frame.get("role"), frame.get("tabindex")) == (("group", "0") if scrolls else (None, None))
    assert frame.get("aria-labelledby") == ("m" if scrolls else None)


@pytest.mark.parametrize("rows", [tables.LONG + 1, tables.LONG + tables.GROUP, 5 * tables.LONG + 3])
def test_rows_come_in_groups(rows: int) -> None:
    """Each group says how many rows it has, where they are not those that the table says, and all rows are there."""
    page = lxml.html.fromstring(f"<div>{tables.fold(plain(rows))}</div>")
    (table,) = page.iter("table")
    default = re.search(r"--rows:(\d+)", table.get("style"))
    assert default
    sizes = []
    for group in table.iter("tbody"):
        own = re.search(r"--rows:(\d+)", group.get("style") or "")
        sizes.append(int((own or default)[1]))
        assert sizes[-1] == len(group.findall("tr"))
    assert sum(sizes) == rows
    assert max(sizes) <= tables.GROUP


def test_a_folded_table_has_the_same_cells() -> None:
    """Head and rows are the same, in their order, and what stands around them too."""
    before, after = plain(100), tables.fold(plain(100))
    assert texts(after) == texts(before)
    assert after.startswith("<h2 ")
    assert after.endswith("\n<p>Last.</p>")


@given(st.lists(st.tuples(CELL, CELL), min_size=tables.LONG + 1, max_size=tables.LONG + 3))
def test_any_cell_is_kept(rows: list[tuple[str, str]]) -> None:
    """Whatever is in the cells stays there, whichever way they are aligned."""
    html = converted([list(row) for row in rows])
    assert texts(tables.fold(html)) == texts(html)


def test_alignment_is_said_once() -> None:
    """Which columns stand at the right is a word of the table, and not of each cell."""
    for end in ("", ";"):  # As cmark-gfm writes a style, and as Python-Markdown does.
        html = converted([["a", str(row)] for row in range(100)]).replace("right", f"right{end}")
        folded = tables.fold(html)
        assert 'class="long right-2"' in folded
        assert "text-align" not in folded
        assert texts(folded) == texts(html)


@pytest.mark.parametrize("rows", [2, 100])
def test_an_anchor_names_its_row(rows: int) -> None:
    """The anchor in the second cell becomes the row's own, in short tables and in long ones."""
    lines = [
        "| Rank | Model |",
        "| ---: | --- |",
        *(f'| {n} | <a id="m{n}"></a>[m{n}](m{n}.md) |' for n in range(rows)),
    ]
    page = lxml.html.fromstring(f"<div>{tables.fold(gfm.convert(chr(10).join(lines)).html)}</div>")
    assert [row.get("id") for row in page.iter("tr")] == [None, *(f"m{n}" for n in range(rows))]
    assert [link.get("href") for link in page.iter("a")] == [f"m{n}.md" for n in range(rows)]


def test_the_region_has_the_name_of_its_heading() -> None:
    """What scrolls sideways can be reached by keyboard and has a name: that of the last heading before it."""
    html = tables.fold(f'<h2 id="modules">Modules</h2>\n{plain(100)}')
    assert '<div class="table long-table" role="region" aria-labelledby="layer-information" tabindex="0">' in html


@pytest.mark.parametrize(
    ("cell", "least"), [("1" * 30, 30), ("m" * 20, 32), ("(1, 2)" * 5, 20), ("<a href='x'>" + "W" * 10 + "</a>", 16)]
)
def test_a_column_is_as_wide_as_its_widest_text(cell: str, least: int) -> None:
    """Widths are measured in digits of the text that is seen, wide letters counted as wide."""
    cells = "".join(f"<tr>\n<td>{text}</td>\n<td>x</td>\n</tr>\n" for text in [cell, *["1"] * tables.LONG])
    html = tables.fold(
        f"<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n<tbody>\n{cells}</tbody>\n</table>"
    )
    columns = re.search(r"--columns:(\d+)ch (\d+)ch", html)
    assert columns
    assert least <= int(columns[1]) <= least + 4
    assert int(columns[2]) <= 4


def test_a_column_has_room_for_its_heading() -> None:
    """A heading longer than every cell decides the width."""
    columns = re.search(r"--columns:\d+ch (\d+)ch", tables.fold(plain(100).replace("<th>Shape", "<th>" + "S" * 20)))
    assert columns
    assert int(columns[1]) >= 26


def test_a_column_of_named_rows_may_be_narrower() -> None:
    """Where rows have names, the style may give their column less width than its widest text, on a phone."""
    rows = "".join(f'<tr>\n<td>{n}</td>\n<td><a id="m{n}"></a>m{n}</td>\n</tr>\n' for n in range(100))
    html = f"<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>"
    assert "--columns:2ch min(4ch,var(--names,4ch))" in tables.fold(html)
