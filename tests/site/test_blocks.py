"""Large blocks on a path of their own: to the last byte what Python-Markdown gives, or left to it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.pages import model, render
from generator.ranking.ranks import ranked
from generator.ranking.standings import standings
from generator.site import blocks
from generator.site.blocks import LEAST_LINES, put_back, table_html, take_out
from tests import examples
from tests.examples import record, tensor
from tests.pages.reading import converted


def by_both_ways(text: str) -> tuple[str, str]:
    """A page by way of the blocks, and without them; blank lines left out, which are nothing in HTML."""
    taken, found = take_out(text)
    ours, theirs = put_back(converted(taken), found), converted(text)
    return re.sub(r"\n+", "\n", ours), re.sub(r"\n+", "\n", theirs)


def table(rows: list[list[str]], rule: str = "---") -> list[str]:
    """The lines of a pipe table whose first row is the heading."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + f" {rule} |" * len(rows[0]))
    return lines


def long_table(word: str = "cell") -> str:
    """A plain table that is long enough to be taken out."""
    return "\n".join(
        table([["Name", "Shape"], *([f"{word}_{number}", f"({number},)"] for number in range(LEAST_LINES))])
    )


def tables_of(cell: st.SearchStrategy[str], least: int = 2) -> st.SearchStrategy[list[list[str]]]:
    """Rows of equally many cells."""
    return st.integers(2, 4).flatmap(
        lambda columns: st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=least, max_size=14)
    )


words = st.from_regex(r"[A-Za-z0-9]+(\.[a-z0-9]+)*", fullmatch=True)
cells_of_layers = st.one_of(
    words,
    st.lists(st.integers(0, 5000), max_size=5).map(lambda sizes: str(tuple(sizes))),
    st.sampled_from(["Tensor rank 3", "blocks.0.attn_drop.qkv_bias", "Number of parameters", "a-b", "-", "---", "1.0"]),
)
plain_marks = st.text(st.sampled_from("ab1_-., ()"), min_size=1, max_size=8)
any_marks = st.text(
    st.sampled_from("ab1 _-*`<>&|\\[](){}!~^=#:;\"'$+%@/.,\té×\u00a0\x0b\r") | st.characters(codec="utf-8"), max_size=8
)


@given(tables_of(cells_of_layers))
def test_a_plain_table_is_what_python_markdown_gives(rows: list[list[str]]) -> None:
    """A table of names, shapes and numbers is turned into the same HTML, and never left aside."""
    lines = table(rows)
    assert table_html(lines) == converted("\n".join(lines))


@settings(max_examples=300)
@given(tables_of(plain_marks))
@example([["a", "b"], ["_x_", "__y__"]])
@example([["a", "b"], ["a_b_c", "a__b__c"]])
@example([["a", "b"], ["(1)", "1."]])
@example([["a", "b"], ["- x", "---"]])
@example([["a", "b"], ["", "b"]])
@example([["a", "b"], [" ", "b "]])
def test_nearly_plain_tables_are_the_same_or_left(rows: list[list[str]]) -> None:
    """With underscores, dashes and blanks anywhere, the HTML is the same to the last byte, or the table is left."""
    lines = table(rows)
    assert table_html(lines) in (None, converted("\n".join(lines)))


@settings(max_examples=300)
@given(tables_of(any_marks))
@example([["a", "b"], ["*x*", "`y`"]])
@example([["a", "b"], ["x | y", "z"]])
@example([["a", "b"], ["<b>x</b>", "&amp;"]])
@example([["a", "b"], ["[x](y)", "![x](y)"]])
@example([["a", "b"], ["{: #x }", "\\|"]])
@example([["a", "b"], ["https://example.org", '--8<-- "x"']])
@example([["a", "b"], ["a\nb", "\x0b"]])
@example([["a", "b"], ["<!-- atlas block 0 -->", "\x02klzzwxh:0000\x03"]])
@example([["a", "b"], ["\ud800", "c"]])
def test_any_table_is_the_same_or_left(rows: list[list[str]]) -> None:
    """Whatever the characters, the HTML is the same to the last byte, or the table is left to Python-Markdown."""
    lines = "\n".join(table(rows)).split("\n")
    if all(line.strip() for line in lines) and "--8<--" not in "\n".join(lines):
        assert table_html(lines) in (None, converted("\n".join(lines)))
    else:
        assert table_html(lines) is None


@settings(max_examples=300)
@given(st.lists(st.text(st.sampled_from("|-: ab"), min_size=1, max_size=12).filter(str.strip), min_size=2, max_size=5))
@example(["| a | b |", "| --- | ---: |", "| 1 | 2 |"])
@example(["| a | b |", "| --- | --- |", "| 1 |"])
@example(["| a | b |", "| --- | --- |", "| 1 | 2 | 3 |"])
@example(["| a | b |", "| --- | --- |"])
@example(["| a |", "| --- |", "| 1 |"])
@example(["a | b", "--- | ---", "1 | 2"])
@example(["| a | b | ", "|  --- | --- |", "| 1 | 2 | "])
def test_lines_that_are_no_plain_table_are_left(lines: list[str]) -> None:
    """Alignment, ragged rows, missing pipes and odd blanks are left, or are the same to the last byte."""
    assert table_html(lines) in (None, converted("\n".join(lines)))


@pytest.mark.parametrize(
    "lines",
    [
        ["| a | b |", "| --- | ---: |", "| 1 | 2 |"],
        ["| a | b |", "| --- | --- |", "| 1 |"],
        ["| a | b |", "| --- | --- |"],
        ["| a | b |", "| --- | --- |", "| 1 | *2* |"],
        ["| a | b |", "| --- | --- |", "| 1 | é |"],
    ],
)
def test_a_table_that_is_not_plain_is_refused(lines: list[str]) -> None:
    """A table with alignment, ragged rows, no rows or marks has no HTML of ours."""
    assert table_html(lines) is None


def test_a_long_table_is_taken_out() -> None:
    """A long plain table becomes a placeholder, and its HTML is kept in its order."""
    taken, found = take_out(f"Before.\n\n{long_table('a')}\n\nBetween.\n\n{long_table('b')}\n")
    assert taken == "Before.\n\n<!-- atlas block 0 -->\n\nBetween.\n\n<!-- atlas block 1 -->\n"
    assert found == [converted(long_table("a")), converted(long_table("b"))]


@pytest.mark.parametrize("rows", range(1, LEAST_LINES + 2))
def test_short_tables_are_left(rows: int) -> None:
    """A table with fewer lines than the least is left where it is."""
    text = "\n".join(table([["a", "b"], *[["1", "2"]] * rows]))
    is_long = rows + 2 >= LEAST_LINES
    assert take_out(text) == (("<!-- atlas block 0 -->", [converted(text)]) if is_long else (text, []))


def test_a_long_table_that_is_not_plain_is_left() -> None:
    """A long table with one cell that could mean something stays in the page as it is."""
    text = long_table() + "\n| *x* | y |"
    assert take_out(text) == (text, [])


FIGURE = '<figure class="module-tree">\n<figcaption>Words</figcaption>\n<ul><li>a_b *c*</li></ul>\n</figure>'


def test_a_figure_is_taken_out_as_it_is() -> None:
    """A figure becomes a placeholder, and comes back to the last byte."""
    taken, found = take_out(f"Before.\n\n{FIGURE}\n\nAfter.")
    assert (taken, found) == ("Before.\n\n<!-- atlas block 0 -->\n\nAfter.", [FIGURE])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<figure class="x">\nno end', id="no end"),
        pytest.param("<figure>\nx\n</figure>", id="no class"),
        pytest.param(f"words\n{FIGURE}", id="in a paragraph"),
        pytest.param('<figure class="x" markdown>\n*x*\n</figure>', id="with Markdown in it"),
    ],
)
def test_other_figures_are_left(text: str) -> None:
    """A figure without end, with other attributes or inside a paragraph stays in the page."""
    assert take_out(text) == (text, [])


FENCED = [
    pytest.param("```\n{}\n```", id="backticks"),
    pytest.param("~~~\n{}\n~~~", id="tildes"),
    pytest.param("```markdown\n\n{}\n\n```", id="with a language and blank lines"),
    pytest.param("````\n```\n\n{}\n\n```\n````", id="a fence in a longer fence"),
    pytest.param("~~~\n```\n\n{}\n\n~~~", id="an open fence in a fence"),
    pytest.param("```\n\n~~~\n\n{}\n\n```", id="another fence in a fence"),
    pytest.param("```\n\n``` x\n\n{}\n\n```", id="no end with words after it"),
    pytest.param("`````\n\n```\n\n{}\n\n`````", id="a shorter end is none"),
]


@pytest.mark.parametrize("content", [long_table(), FIGURE], ids=["table", "figure"])
@pytest.mark.parametrize("frame", FENCED)
def test_fenced_code_is_left(frame: str, content: str) -> None:
    """A table or figure that is shown as code stays code."""
    text = f"Before.\n\n{frame.format(content)}\n\nAfter."
    ours, theirs = by_both_ways(text)
    assert ours == theirs
    assert take_out(text) == (text, [])


def test_what_follows_fenced_code_is_taken_out() -> None:
    """After the end of the fence tables are tables again."""
    taken, found = take_out(f"```\n{long_table()}\n```\n\n{long_table('b')}\n\n~~~~\nx\n~~~~\n\n{FIGURE}")
    assert len(found) == 2
    assert taken.endswith("```\n\n<!-- atlas block 0 -->\n\n~~~~\nx\n~~~~\n\n<!-- atlas block 1 -->")


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param("{}", id="alone"),
        pytest.param("Words.\n\n{}\n\nMore.", id="between paragraphs"),
        pytest.param("Words.\n{}", id="in a paragraph"),
        pytest.param("{}\nwords", id="with a line after it"),
        pytest.param("## Heading\n{}", id="after a heading"),
        pytest.param("- item\n\n{}", id="after a list"),
        pytest.param("1. item\n\n{}\n\n2. item", id="in a list"),
        pytest.param("> quote\n\n{}", id="after a quote"),
        pytest.param("!!! note\n    Words.\n\n{}", id="after an admonition"),
        pytest.param("{}\n\n{}", id="twice"),
        pytest.param("\n\n\n{}\n\n\n", id="with blank lines"),
        pytest.param("{}\n{{: .wide }}", id="with attributes"),
    ],
)
@pytest.mark.parametrize("content", [long_table(), FIGURE], ids=["table", "figure"])
def test_a_page_is_the_same_either_way(frame: str, content: str) -> None:
    """Wherever a block stands, the page is what Python-Markdown gives without us."""
    ours, theirs = by_both_ways(frame.format(content, content))
    assert ours == theirs


PIECES = [
    "Words and *more*.",
    "## Heading",
    "- a\n- b",
    "    indented code",
    "***",
    FIGURE,
    long_table(),
    long_table("other"),
    long_table("*marked*"),
    long_table().replace("| --- | --- |", "| --- | ---: |"),
    "\n".join(table([["a", "b"], ["1", "2"]])),
    f"```\n{long_table()}\n```",
    f"~~~ python\nx = 1\n\n{FIGURE}\n~~~",
    f"````\n```\n\n{long_table()}\n````",
    '<div class="facts" markdown>\n\n- a **1**\n\n</div>',
    f'<div class="facts" markdown>\n\n{long_table()}\n\n</div>',
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_any_page_is_the_same_either_way(drawn: list[str]) -> None:
    """Pages of paragraphs, lists, code, figures and tables in any order are the same with us and without us."""
    ours, theirs = by_both_ways("\n\n".join(drawn))
    assert ours == theirs


def test_generated_pages_are_the_same_either_way() -> None:
    """Every page that we generate is the same with us and without us, and its large blocks are taken out."""
    long = record("long", *(tensor(f"blocks.{number}.attn_qkv.weight", 8, number + 1, 1, 1) for number in range(20)))
    texts = dict(render(examples.FULL))
    rows = ranked([long])
    texts["models/long.md"] = model.render(long, rows[0], standings(rows)["long"], examples.PROVENANCE)
    for text in texts.values():
        body = text.split("---\n", 2)[-1]
        ours, theirs = by_both_ways(body)
        assert ours == theirs
    assert len(take_out(texts["models/long.md"])[1]) == 4


def test_blocks_come_back_in_their_places() -> None:
    """Each placeholder is replaced by its own block, whatever is in it, also where it looks like a pattern."""
    html = "<p>a</p>\n<!-- atlas block 1 -->\n<!-- atlas block 0 -->"
    assert put_back(html, [r"\1 \g<0>", "<!-- atlas block 0 -->"]) == "<p>a</p>\n<!-- atlas block 0 -->\n\\1 \\g<0>"


def test_a_page_without_blocks_is_left() -> None:
    """Where nothing was taken out, nothing is put back, though a comment looks like a placeholder."""
    html = "<p>a</p>\n<!-- atlas block 7 -->"
    assert put_back(html, []) == html


def test_the_least_number_of_lines_is_small() -> None:
    """The tables of all but the tiniest models are long enough."""
    assert blocks.LEAST_LINES <= 10
