"""The classes of licences."""

from __future__ import annotations

import pytest

from generator.facts.licenses import CLASSES, license_class
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("apache-2.0", "permissive"),
        ("mit", "permissive"),
        ("gpl-3.0", "copyleft"),
        ("cc-by-nc-4.0", "non-commercial"),
        ("apple-amlr", "non-commercial"),
        ("dinov3-license", "custom terms"),
        ("gemma", "custom terms"),
        ("unknown", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_licence_has_its_class(name: str | None, expected: str) -> None:
    """Some licences of each class, and the two ways of naming none."""
    assert license_class(name) == expected


@pytest.mark.parametrize("name", ["mit-but-not-quite", "MIT", "apache", "", "permissive"])
def test_what_nobody_has_read_is_unknown(name: str) -> None:
    """A licence that is not in the table is of class unknown, however much its name looks like another."""
    assert license_class(name) == "unknown"


def test_every_class_is_in_the_glossary() -> None:
    """The glossary tells each class with the words that are in the code, and that none of it is legal advice."""
    glossary = " ".join((ROOT / "docs" / "guide" / "glossary.md").read_text().split())
    for name, meaning in CLASSES.items():
        assert f"| {name} | {meaning[0].upper()}{meaning[1:]} |" in glossary
    assert "not legal advice" in glossary
