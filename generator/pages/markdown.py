"""The pieces of Markdown that pages are made of."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence

# The line of front matter that marks a page as generated, not hand-written.
MARKER = "generated_by: timm-atlas"

# A placeholder for the site's address, without a slash at its end, in text to copy. The hooks in MkDocs replace it if
# the environment variable of this name is set.
SITE = "ATLAS_SITE_URL"


def page(*blocks: str, **metadata: str | list[str] | dict[str, float | str]) -> str:
    """Make a page: front matter with the marker, then the blocks with blank lines between them."""
    # Values are written as JSON: it is also YAML, and takes a hundredth of the time to write.
    front = "".join(f"{name}: {_json(value)}\n" for name, value in metadata.items())
    return f"---\n{MARKER}\n{front}---\n" + "\n\n".join(block for block in blocks if block) + "\n"


def snippet(*blocks: str) -> str:
    """Make a text that a hand-written page includes. The marker is in a comment, as snippets have no front matter."""
    return f"<!-- {MARKER} -->\n\n" + "\n\n".join(block for block in blocks if block) + "\n"


def is_generated(text: str) -> bool:
    """Whether a file is generated. The beginning of its text is enough to tell."""
    return text.startswith((f"---\n{MARKER}\n", f"<!-- {MARKER} -->\n"))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[str] = ()) -> str:
    """Make a table. Columns whose heading is in ``numeric`` are aligned to the right."""
    right = set(numeric)
    lines = [
        "| " + " | ".join(headings) + " |",
        "| " + " | ".join("---:" if heading in right else "---" for heading in headings) + " |",
    ]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def facts(items: Iterable[tuple[str, str, str]]) -> str:
    """Make a list of (label, value, note) items, which the site shows as cards and GitHub as a list."""
    lines = [f"- {label} **{value}**" + (f" *{note}*" if note else "") for label, value, note in items]
    return '<div class="facts" markdown>\n\n' + "\n".join(lines) + "\n\n</div>"


def link(text: str, target: str) -> str:
    return f"[{text}]({target})"


def model_link(name: str, folder: str = "../models/") -> str:
    """A link to a model's page. ``folder`` is the folder of models' pages, relative to the page with the link."""
    return link(name, f"{folder}{name}.md")


def family_link(name: str) -> str:
    return link(name, f"../families/{name}.md")


def code(text: str) -> str:
    return f"`{text}`"


def create_model(name: str, *options: str) -> str:
    """A line of Python, to copy, that creates a model. ``name`` may have a tag; ``options`` as ``pretrained=True``."""
    arguments = ", ".join([f'"{name}"', *options])
    return f"```python\nmodel = timm.create_model({arguments})\n```"


def escape(text: str) -> str:
    """Escape text from elsewhere (a failure's reason, a paper's title), so that it is shown as it is, in tables too."""
    escaped = html.escape(" ".join(text.split()), quote=False)
    escaped = "".join(f"\\{c}" if c in "\\`*_{}[]|#" else c for c in escaped)
    # These characters would begin a list if the text stood alone.
    return re.sub(r"^(\d*)([-+.)])(?= )", r"\1\\\2", escaped)


def _json(value: str | list[str] | dict[str, float | str]) -> str:
    # YAML takes these characters for line ends; JSON does not.
    return json.dumps(value, ensure_ascii=False).translate({0x85: "\\x85", 0x2028: "\\u2028", 0x2029: "\\u2029"})
