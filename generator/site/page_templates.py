"""Page templates: render the theme's template once for each kind of page, and fill in the values of each page.

The theme's templates take several milliseconds a page. For generated pages of a kind, their results differ in only a
few places: title, description, address, family and content. These places are called slots.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Template
from mkdocs.structure.toc import AnchorLink, TableOfContents

from generator.site.generated import GeneratedPage

log = logging.getLogger("mkdocs.hooks.timm_atlas")

_SLOT = "atlas-slot-{}"
# The slot of the content contains "<h1", because the theme checks whether the content has a heading.
_CONTENT = "<!--<h1>atlas-slot-content-->"
_SLOTS = re.compile(rf"{_CONTENT}|{_SLOT.format('(?:title|anchor|description|family|canonical|name)')}")
# Characters of a title that the theme may change, for example escape.
_NOT_PLAIN = re.compile(r"[<>&\"'\n]|  |^ | $")
_NAME = re.compile(r"[\w.-]+")

_FILLED_META = ("description", "family")
_UNSEEN_META = ("generated_by", "search")
# Attributes that are equal for all pages of a kind.
_SHARED = frozenset({"ancestors", "edit_url", "is_homepage", "next_page", "parent", "previous_page"})


class KindTemplate(Template):
    """A template that is rendered once for each kind of generated page, and for every other page as usual."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Render a page. That of a generated page has no blank lines, and no spaces at the beginning of lines."""
        context: Mapping[str, Any] = dict(*args, **kwargs)
        page = context.get("page")
        values = _values(page) if isinstance(page, GeneratedPage) else None
        if page is None or values is None:
            return super().render(context)
        made: dict[Any, list[str] | None] = self.__dict__.setdefault("_of_kinds", {})
        kind = _kind(page, context)
        if kind not in made:
            made[kind] = self._with_slots(page, context)
        parts = made[kind]
        if parts is None:
            return super().render(context)
        return "".join(values[part] if position % 2 else part for position, part in enumerate(parts))

    def _with_slots(self, page: GeneratedPage, context: Mapping[str, Any]) -> list[str] | None:
        """Texts and names of slots, in turn; ``None`` if the theme reads an attribute that has no slot."""
        unknown: list[str] = []
        text = super().render({**context, "page": _stencil(page, unknown)})
        if unknown:
            log.info("The theme asks for %s, so pages are rendered one by one.", ", ".join(dict.fromkeys(unknown)))
            return None
        lines = (line.strip() for line in text.splitlines())
        text = "\n".join(line for line in lines if line)
        slots = _SLOTS.findall(text)
        parts = [""] * (2 * len(slots) + 1)
        parts[::2], parts[1::2] = _SLOTS.split(text), slots
        return parts


class _Stencil:
    """Stands for every page of a kind, or for its file.

    Attributes that differ between these pages are slots. If the theme reads one that has no slot, it is added to
    ``unknown``.
    """

    def __init__(self, original: object, shared: frozenset[str], unknown: list[str], **slots: Any) -> None:
        self.__dict__.update(slots)
        self._original, self._shared, self._unknown = original, shared, unknown

    def __getattr__(self, name: str) -> Any:
        if name not in self._shared:
            self._unknown.append(f"{type(self._original).__name__.removeprefix('Generated')}.{name}".lower())
        return getattr(self._original, name)


def _stencil(page: GeneratedPage, unknown: list[str]) -> _Stencil:
    title, name = _SLOT.format("title"), _SLOT.format("name")
    folder = page.file.src_uri.rpartition("/")[0]
    (top,) = page.toc
    link = AnchorLink(title, _SLOT.format("anchor"), top.level)
    link.children = top.children
    meta = {key: value for key, value in page.meta.items() if key not in _UNSEEN_META}
    return _Stencil(
        page,
        _SHARED,
        unknown,
        title=title,
        content=_CONTENT,
        canonical_url=page.canonical_url and _SLOT.format("canonical"),
        meta={key: _SLOT.format(key) if key in _FILLED_META else value for key, value in meta.items()},
        toc=TableOfContents([link]),
        url=f"{folder}/{name}/",
        file=_Stencil(
            page.file, frozenset(), unknown, name=name, src_uri=f"{folder}/{name}.md", url=f"{folder}/{name}/"
        ),
    )


def _values(page: GeneratedPage) -> dict[str, str] | None:
    """The values for the slots of a page; ``None`` for a page that has to be rendered on its own."""
    headings = list(page.toc)
    in_nav = page.parent is not None or page.previous_page is not None or page.next_page is not None
    title, family = page.title or "", page.meta.get("family", "")
    if (
        in_nav
        or page.file.name == "index"
        or len(headings) != 1
        or "<h1" not in (page.content or "")
        or "title" in page.meta
    ):
        return None
    if _NOT_PLAIN.search(title) or not _NAME.fullmatch(page.file.name) or (family and not _NAME.fullmatch(family)):
        return None
    return {
        _CONTENT: page.content or "",
        _SLOT.format("title"): title,
        _SLOT.format("anchor"): headings[0].id,
        _SLOT.format("description"): page.meta.get("description", ""),
        _SLOT.format("family"): family,
        _SLOT.format("canonical"): page.canonical_url or "",
        _SLOT.format("name"): page.file.name,
    }


def _kind(page: GeneratedPage, context: Mapping[str, Any]) -> tuple[Any, ...]:
    """The kind of a page: all that its rendered template depends on, besides the slots."""
    return (
        context["base_url"],
        page.file.src_uri.rpartition("/")[0],
        bool(page.canonical_url),
        tuple(
            sorted((name, repr(value)) for name, value in page.meta.items() if name not in _FILLED_META + _UNSEEN_META)
        ),
        tuple(name in page.meta for name in _FILLED_META),
        tuple(str(heading) for heading in next(iter(page.toc)).children),
    )
