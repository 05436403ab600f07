"""The data guide's tables of columns, and the figures among the words of the glossary."""

from __future__ import annotations

import re

import pytest

from generator.facts.columns import Column
from generator.facts.figures import BY_NAME, FIGURES, IN_FILES, IN_INDEX
from generator.facts.tables import TABLES
from generator.pages import columns
from generator.pages.columns import with_figures
from generator.pages.markdown import is_generated
from tests.conftest import ROOT
from tests.pages.reading import anchors, converted, links, table_rows

RENDERED = dict(columns.render())
COLUMNS_OF = {
    "models": IN_FILES,
    "index": IN_INDEX,
    **{table.name: table.columns for table in TABLES},
}
# Words in an order that is not the alphabet's; two have anchors of their own, one of which is a figure's.
GLOSSARY = """# Glossary

The words of this site.

## Zebra

Striped. [More](method.md#zebra)

## KiB, MiB, GiB {#units}

1,024 bytes to the next.

## Activations {#activity}

Whatever they were said to be before.

## bit

The least.
"""


def headings(glossary: str) -> list[str]:
    """The entries of a glossary, as their headings stand there."""
    return re.findall(r"^## (.+)$", glossary, re.MULTILINE)


def entry(glossary: str, heading: str) -> str:
    """What stands below a heading."""
    return glossary.partition(f"\n## {heading}\n\n")[2].partition("\n\n## ")[0].strip()


def test_each_data_file_has_its_table() -> None:
    """There is a snippet for the columns of each file that has columns, and one for the badges."""
    assert set(RENDERED) == {*(f"generated/columns-{name}.md" for name in COLUMNS_OF), "generated/badges.md"}
    assert all(is_generated(text) for text in RENDERED.values())


@pytest.mark.parametrize("name", COLUMNS_OF)
def test_a_table_has_a_row_for_each_column(name: str) -> None:
    """Each column has its name, type, unit and meaning in a row, in the order of the file; unknown is in the type."""
    declared: tuple[Column, ...] = COLUMNS_OF[name]
    rows = table_rows(RENDERED[f"generated/columns-{name}.md"], "| Column |")
    assert [re.findall("`([^`]+)`", row[0]) for row in rows] == [[column.name] for column in declared]
    for row, column in zip(rows, declared, strict=True):
        assert links(row[0]) == ([f"method.md#{column.method}"] if column.method else [])
        assert row[1].endswith(" or null") == column.nullable
        assert row[2] == (column.unit or "–")
        assert row[3] and f"{row[3]}." == column.meaning


def test_a_type_reads_as_words() -> None:
    """A list is a list of its elements, and null is said where a value can be unknown."""
    rows = {row[0]: row for row in table_rows(RENDERED["generated/columns-models.md"], "| Column |")}
    assert rows["[`parameters`](method.md#parameters)"] == [
        "[`parameters`](method.md#parameters)",
        "int64",
        "elements",
        "Elements of all parameter tensors, tied tensors counted once",
    ]
    assert rows["[`input_size`](method.md#input-size)"][1:3] == ["list of int64 or null", "pixels"]
    assert rows["[`tags`](method.md#tags)"][1:3] == ["list of string", "–"]


def test_a_reader_sees_names_as_code() -> None:
    """In HTML each snippet is one table whose cells have no backticks left."""
    for text in RENDERED.values():
        html = converted(text)
        assert html.count("<table>") == 1
        assert "`" not in html


def test_each_badge_has_a_row() -> None:
    """Each figure to cite has its file, with a placeholder for the model, and what it means."""
    assert [row[:2] for row in table_rows(RENDERED["generated/badges.md"], "| Figure |")] == [
        ["[Parameters](method.md#parameters)", "`data/badges/<model>-parameters.json`"],
        ["[Parameter memory](method.md#parameter-memory)", "`data/badges/<model>-memory.json`"],
        ["[MACs](method.md#macs)", "`data/badges/<model>-macs.json`"],
        ["[Activations](method.md#activations)", "`data/badges/<model>-activations.json`"],
    ]


def test_the_glossary_is_sorted() -> None:
    """Entries stand in the order of their headings, large and small letters alike, each once."""
    found = headings(with_figures(GLOSSARY))
    words = [heading.partition(" {#")[0] for heading in found]
    assert words == sorted(words, key=str.casefold)
    assert len(words) == len(set(words))
    assert found.index("Backbone parameters") < found.index("bit") < found.index("Buffers") < found.index("Zebra")


def test_the_figures_are_in_the_glossary() -> None:
    """A figure has an entry if it has a term, or a place in the rank table; what is in data files alone has none."""
    found = set(headings(with_figures(GLOSSARY)))
    expected = {figure.label for figure in FIGURES if figure.term or figure.place}
    assert found == expected | {"Zebra", "KiB, MiB, GiB {#units}", "bit"}
    assert {"Parameters", "Buffers", "Inference memory", "Feature strides"} <= found
    assert not {"Signature", "In int4", "Deploy macs"} & found


def test_a_figure_s_entry_is_its_term_or_its_meaning() -> None:
    """An entry is the term of its figure, without one its meaning, and leads to how the figure is made."""
    text = with_figures(GLOSSARY)
    assert BY_NAME["parameters"].term == ""
    assert entry(text, "Parameters") == (
        "Elements of all parameter tensors, tied tensors counted once. [More](method.md#parameters)"
    )
    assert entry(text, "Rank") == f"{BY_NAME['rank'].term} [More](method.md#rank)"


def test_what_people_wrote_is_kept() -> None:
    """The head and the hand-written entries stay as they are, their own anchors too; a figure's words are its own."""
    text = with_figures(GLOSSARY)
    head = GLOSSARY.partition("\n## ")[0]
    assert text.startswith(f"{head}\n## ")
    assert entry(text, "Zebra") == "Striped. [More](method.md#zebra)"
    assert entry(text, "KiB, MiB, GiB {#units}") == "1,024 bytes to the next."
    assert entry(text, "bit") == "The least."
    assert [heading for heading in headings(text) if heading.startswith("Activations")] == ["Activations"]
    assert "said to be before" not in text
    assert entry(text, "Activations").startswith(BY_NAME["activations"].term)


def test_entries_are_apart() -> None:
    """There is one blank line between entries, and one line end after the last; a second time changes nothing."""
    text = with_figures(GLOSSARY)
    assert "\n\n\n" not in text
    assert len(re.findall(r"\n\n## ", text)) == len(headings(text))
    assert text.endswith("[More](method.md#zebra)\n")
    assert with_figures(text) == text


def test_the_words_of_the_guide_lead_somewhere() -> None:
    """In the glossary of the guide each link leads to another entry, or to a heading of the page about methods."""
    text = with_figures((ROOT / "docs/guide/glossary.md").read_text())
    found = {"": anchors(text), "method.md": anchors((ROOT / "docs/guide/method.md").read_text())}
    checked = [target for target in links(text) if target.partition("#")[0] in found and "#" in target]
    assert len(checked) > 20
    for target in checked:
        page, _, fragment = target.partition("#")
        assert fragment in found[page], target
