"""Texts that others wrote, made fit to be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.facts.texts import escaped, is_storable, printable

ANY = st.text(st.characters(exclude_categories=[]), max_size=40)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, größe × 2", "plain, größe × 2"),
        ("two\nlines\r\n and\ta tab ", "two lines and a tab"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
        ("half \udc80", r"half \udc80"),
        ("", ""),
    ],
)
def test_a_text_is_a_line_of_letters_that_print(text: str, shown: str) -> None:
    """Letters that print stay, spaces and line ends become one space, all others their escape."""
    assert printable(text) == shown


@given(ANY)
def test_any_text_prints(text: str) -> None:
    """Whatever the text, it prints and can be stored then, and what printed before stays."""
    assert printable(text).isprintable()
    assert is_storable(printable(text))
    assert escaped(text) == text or not text.isprintable()


def test_a_long_text_is_cut() -> None:
    """What is cut off is marked."""
    assert printable("abcdef", 3) == "abc ..."
    assert printable("abc", 3) == "abc"


def test_halves_of_pairs_cannot_be_stored() -> None:
    """No file in UTF-8 can hold them."""
    assert is_storable("größe \U0001f600")
    assert not is_storable("\udc80")
