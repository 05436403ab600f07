"""The few pieces of Markdown that every page is made of."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence

# The front matter key that tells our pages from those that people wrote.
MARKER = "generated_by: timm-atlas"

# Stands for the address of the site, without a slash at its end, where text to copy has to name it. What runs inside
# MkDocs puts the address in, where the variable of this name gives one.
SITE = "ATLAS_SITE_URL"


def page(*blocks: str, **metadata: str | list[str] | dict[str, float | str]) -> str:
    """A page: front matter with the marker, then the blocks, a blank line between them."""
    # Values are written as JSON, which is YAML as well, in a hundredth of the time.
    front = "".join(f"{name}: {_json(value)}\n" for name, value in metadata.items())
    return f"---\n{MARKER}\n{front}---\n" + "\n\n".join(block for block in blocks if block) + "\n"


def snippet(*blocks: str) -> str:
    """Text that a hand-written page includes; marked in a comment, since snippets have no front matter."""
    return f"<!-- {MARKER} -->\n\n" + "\n\n".join(block for block in blocks if block) + "\n"


def is_generated(text: str) -> bool:
    """Whether the beginning of a file shows that we wrote it."""
    return text.startswith((f"---\n{MARKER}\n", f"<!-- {MARKER} -->\n"))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[str] = ()) -> str:
    """A pipe table. Columns whose heading is in ``numeric`` are aligned to the right."""
    right = set(numeric)
    lines = [
        "| " + " | ".join(headings) + " |",
        "| " + " | ".join("---:" if heading in right else "---" for heading in headings) + " |",
    ]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def facts(items: Iterable[tuple[str, str, str]]) -> str:
    """A list of (label, value, note) that the site lays out as cards and GitHub shows as a list."""
    lines = [f"- {label} **{value}**" + (f" *{note}*" if note else "") for label, value, note in items]
    return '<div class="facts" markdown>\n\n' + "\n".join(lines) + "\n\n</div>"


def link(text: str, target: str) -> str:
    return f"[{text}]({target})"


def model_link(name: str, folder: str = "../models/") -> str:
    """A link to a model's page from a page in another folder, or in ``folder``."""
    return link(name, f"{folder}{name}.md")


def family_link(name: str) -> str:
    return link(name, f"../families/{name}.md")


def code(text: str) -> str:
    return f"`{text}`"


def create_model(name: str, *options: str) -> str:
    """A line of Python to copy that makes a model, named with or without a tag; options as in ``pretrained=True``."""
    arguments = ", ".join([f'"{name}"', *options])
    return f"```python\nmodel = timm.create_model({arguments})\n```"


def escape(text: str) -> str:
    """Foreign text (a failure's reason, a paper's title) so that it reads as it is, in a table cell too."""
    escaped = html.escape(" ".join(text.split()), quote=False)
    escaped = "".join(f"\\{c}" if c in "\\`*_{}[]|#" else c for c in escaped)
    # What would begin a list where the text stands alone.
    return re.sub(r"^(\d*)([-+.)])(?= )", r"\1\\\2", escaped)


def _json(value: str | list[str] | dict[str, float | str]) -> str:
    # Line ends to YAML, though not to JSON.
    return json.dumps(value, ensure_ascii=False).translate({0x85: "\\x85", 0x2028: "\\u2028", 0x2029: "\\u2029"})
