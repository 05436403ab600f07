"""Names of pages: they have to be names of files on every system."""

from __future__ import annotations

import pytest

from generator.facts.page_names import LONGEST, taken, why_not


@pytest.mark.parametrize("name", ["resnet50", "_hub", "a-b", "0", "x" * LONGEST, "readme_net", "Net"])
def test_a_plain_name_can_be_that_of_a_page(name: str) -> None:
    """Letters, digits, underscores and hyphens do."""
    assert why_not(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "README",
        "readme",
        "Index",
        "a.b",
        "../a",
        "a/b",
        "a b",
        "a\n",
        "a|b",
        'a"',
        "a#b",
        "a%b",
        "{a}",
        "größe",
        "-a",
        "x" * (LONGEST + 1),
        "a\u202eb",
        "\udc80",
        "²",
    ],
)
def test_no_other_name_can(name: str) -> None:
    """Names with other letters, too long ones, and that of a folder's index cannot."""
    assert why_not(name)


def test_names_that_differ_in_case_are_one() -> None:
    """The one in lower case stays, in any order."""
    assert taken(["Net", "net", "NET", "other"]) == {"Net": "net", "NET": "net"}
    assert taken(["net", "NET", "Net", "other"]) == {"Net": "net", "NET": "net"}
