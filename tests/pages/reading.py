"""Reading pages back: tables, links and text, the way a reader would take them."""

from __future__ import annotations

import html
import math
import re
from functools import cache
from typing import Any, NamedTuple

import markdown
from lxml.html import HtmlElement
from markdown.extensions.toc import slugify
from mkdocs.utils.yaml import yaml_load

from tests.conftest import ROOT

_LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
_TAG = re.compile(r"<[^>]*>")


class Layer(NamedTuple):
    """A row of the layer table."""

    name: str
    shape: tuple[int, ...]
    squeezed: tuple[int, ...]
    parameters: int
    form: str


def summed(item: HtmlElement) -> int:
    """The parameters that an entry of the module tree names, how many times how much; its children must sum to them."""
    label, children = item, []
    disclosure = item.find("details")
    if disclosure is not None:
        label, children = disclosure.find("summary"), disclosure.findall("ul/li")
    *factor, each = label.find("b").text.replace(",", "").split(" × ")
    own = math.prod(map(int, [*factor, each]))
    assert not children or own == sum(map(summed, children))
    return own


def converted(text: str) -> str:
    """What Python-Markdown gives with the extensions that the site's configuration names."""
    html: str = _converter().reset().convert(text)
    return html


@cache
def _converter() -> Any:
    with open(ROOT / "mkdocs.yml", encoding="utf-8") as file:
        configured = yaml_load(file)["markdown_extensions"]
    options: dict[str, dict[str, object]] = {"toc": {}, "tables": {}}
    for extension in configured:
        options |= extension if isinstance(extension, dict) else {extension: {}}
    return markdown.Markdown(extensions=list(options), extension_configs=options)


def table_rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the rows below the table line that begins with ``heading``."""
    lines = text.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(heading)) + 2
    found = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return found


def layers(text: str) -> list[Layer]:
    """The layer table of a model's page; empty where it has none."""
    if "| Name | Shape |" not in text:
        return []

    def shape(cell: str) -> tuple[int, ...]:
        return tuple(int(size) for size in cell.strip("()").split(",") if size.strip())

    return [
        Layer(name, shape(as_made), shape(squeezed), int(parameters), form)
        for name, as_made, squeezed, parameters, form in table_rows(text, "| Name | Shape |")
    ]


def links(text: str) -> list[str]:
    """The targets of all Markdown links, in their order."""
    return _LINK.findall(text)


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a hand-written page, those that name their own and those made from words."""
    headings = re.findall(r"^#+ (.+?)(?: \{#([\w-]+)\})?$", text, re.MULTILINE)
    return {given or slugify(words, "-") for words, given in headings}


def words(markup: str) -> str:
    """What a reader sees of a piece of HTML: its text, with single spaces."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
