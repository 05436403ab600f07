"""Texts that others wrote: names, descriptions and messages of timm and its models, which may hold any letter.

What is kept is the text itself. Here it is made fit to be shown: in one line, and only of letters that print. The place
where it is shown escapes it further.
"""

from __future__ import annotations


def printable(text: str, most: int | None = None) -> str:
    """The text in one line of letters that print, cut after ``most`` letters.

    Spaces and line ends become one space. Letters that do not print, such as those of terminal commands, marks that
    turn the direction of writing, and halves of surrogate pairs, become their escape in Python, e.g. ``\\x1b``.
    """
    line = escaped(" ".join((text if most is None else text[:most]).split()))
    return line if most is None or len(text) <= most else f"{line} ..."


def escaped(text: str) -> str:
    """The text with an escape of Python, e.g. ``\\n``, for every letter that does not print. Spaces stay."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def is_storable(text: str) -> bool:
    """Whether files can hold the text: whether it has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
