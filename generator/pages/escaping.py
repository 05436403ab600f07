"""Escape text for the place where it is put: one function for each kind of place.

Names, tags, licences, descriptions and messages are timm's and its models', and may hold anything. For Markdown there
are `markdown.escape`, `markdown.code` and `markdown.names`; here are the functions for all other places.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote, urlsplit

from generator.facts.texts import escaped, printable

_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
# What may stand in an address as it is. Brackets and quotes would end a link in Markdown or HTML.
_IN_ADDRESSES = "!#$%&'*+,/:;=?@"


def in_html(text: str) -> str:
    """A text in HTML or SVG, between tags or in the quotes of an attribute, in one line."""
    return escape(printable(text))


def in_address(name: str) -> str:
    """A name as a part of an address: of its path, its query or its anchor."""
    return quote(name, safe="")


def in_python(text: str) -> str:
    """A text as a literal of Python, in one line."""
    return '"' + escaped(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def web_address(text: str) -> str | None:
    """An address of the web as a target of links; ``None`` for any other text.

    An address without its scheme, such as ``github.com/tiny/tiny``, would lead to a page of this site, and one of
    another scheme may run a script.
    """
    if not _WEB.match(text) or not text.isprintable():
        return None
    address = quote(text, safe=_IN_ADDRESSES)
    try:
        return address if urlsplit(text).hostname and urlsplit(address).hostname else None
    except ValueError:
        return None
