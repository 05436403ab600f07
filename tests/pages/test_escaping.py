"""Foreign texts in HTML, addresses and Python."""

from __future__ import annotations

import ast
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from generator.facts.texts import printable
from generator.pages.escaping import in_address, in_html, in_python, web_address

ANY = st.text(st.characters(codec="utf-8"), max_size=40)


@given(ANY)
def test_html_has_the_text(text: str) -> None:
    """Whatever the text, an element and an attribute have it as one that prints, and nothing else."""
    element = html.fromstring(f'<p title="{in_html(text)}">{in_html(text)}</p>')
    assert (element.text or "", element.get("title"), len(element)) == (printable(text), printable(text), 0)


@given(st.text(max_size=40))
def test_python_has_the_text(text: str) -> None:
    """Whatever the text, its literal is one line that Python reads as the text."""
    literal = in_python(text)
    assert literal.isprintable()
    assert ast.literal_eval(literal) == text


@given(ANY)
def test_an_address_has_the_name(text: str) -> None:
    """Whatever the name, it is one part of an address."""
    parts = urlsplit(f"https://example.org/{in_address(text)}/")
    assert (unquote(parts.path), parts.query, parts.fragment) == (f"/{text}/", "", "")
    assert not {*"/?#<>\"'()[]|\\ "} & {*in_address(text)}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a_b?c=d&e=%20#f", "https://example.org/a_b?c=d&e=%20#f"),
        ("HTTP://example.org", "HTTP://example.org"),
        ('https://example.org/(a) <b>|"c"`', "https://example.org/%28a%29%20%3Cb%3E%7C%22c%22%60"),
        ("https://größe.example/", "https://gr%C3%B6%C3%9Fe.example/"),
        ("github.com/tiny/tiny", None),
        ("//example.org/", None),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("ht\ntps://example.org/", None),
        ("https://example.org/\u202e", None),
        ("data:text/html,x", None),
        ("https:", None),
        ("https://", None),
        ("https:///path", None),
        ("https://?x", None),
        ("", None),
    ],
)
def test_an_address_of_the_web_is_a_target(text: str, address: str | None) -> None:
    """Addresses of http and https are targets, with what could end a link escaped; nothing else is."""
    assert web_address(text) == address


@given(ANY)
def test_a_target_is_read_as_one(text: str) -> None:
    """A target always has a host that can be read, and no mark that ends a link or an attribute."""
    for asked in (text, f"https://{text}", f"https://example.org/{text}"):
        address = web_address(asked)
        if address is not None:
            assert urlsplit(address).hostname
            assert not {*'<>"`()[]|\\ '} & {*address}
