"""The tables of columns in the data guide, one for each data file, and the figures' entries in the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from generator.facts.columns import Column
from generator.facts.figures import FIGURES, IN_FILES, IN_INDEX
from generator.facts.tables import TABLES
from generator.pages.citing import CITED
from generator.pages.markdown import code, link, snippet, table

# A heading of the glossary and its text, up to the next heading.
_ENTRY = re.compile(r"^## (.+?)(?: \{#[\w-]+\})?\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)


def render() -> Iterator[tuple[str, str]]:
    """Render every snippet: its path below ``docs/``, and its text."""
    tables: list[tuple[str, Sequence[Column]]] = [("models", IN_FILES), ("index", IN_INDEX)]
    tables += [(table.name, table.columns) for table in TABLES]
    for name, columns in tables:
        yield f"generated/columns-{name}.md", snippet(_columns(columns))
    yield "generated/badges.md", snippet(_badges())


def with_figures(glossary: str) -> str:
    """Add the entries of the figures to the glossary's Markdown. All entries are sorted by heading."""
    entries = {match[1]: match[0].strip() for match in _ENTRY.finditer(glossary)}
    head = glossary[: glossary.index("\n## ") + 1] if entries else glossary
    for figure in FIGURES:
        if figure.term or (figure.is_in_index and figure.place):
            more = f" {link('More', f'method.md#{figure.method}')}" if figure.method else ""
            entries[figure.label] = f"## {figure.label}\n\n{figure.term or figure.meaning}{more}"
    ordered = sorted(entries, key=str.casefold)
    return head + "\n\n".join(entries[heading] for heading in ordered) + "\n"


def _columns(columns: Iterable[Column]) -> str:
    return table(
        ["Column", "Type", "Unit", "Meaning"],
        [
            [
                link(code(column.name), f"method.md#{column.method}") if column.method else code(column.name),
                column.type.replace("<", " of ").rstrip(">") + (" or null" if column.nullable else ""),
                column.unit or "–",
                column.meaning.removesuffix("."),
            ]
            for column in columns
        ],
    )


def _badges() -> str:
    return table(
        ["Figure", "File", "Meaning"],
        [
            [
                link(figure.label, f"method.md#{figure.method}"),
                code(f"data/badges/<model>-{figure.badge}.json"),
                figure.meaning.removesuffix("."),
            ]
            for figure in CITED
        ],
    )
