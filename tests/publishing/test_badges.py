"""Badges: what shields.io asks of an endpoint, with the figures as the pages give them."""

from __future__ import annotations

from typing import Any

import pytest

from generator.facts.figures import FIGURES
from generator.publishing import badges
from tests.examples import ROW, ROWS

DOCUMENTS: dict[str, dict[str, Any]] = {path: made for row in ROWS for path, made in badges.documents(row)}


def test_a_badge_is_an_endpoint() -> None:
    """A badge's file has what shields.io asks of an endpoint, with the figure as the pages give it."""
    assert DOCUMENTS["badges/tiny_conv-parameters.json"] == {
        "schemaVersion": 1,
        "label": "Parameters",
        "message": "394",
        "color": "00695c",
    }


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tiny_conv-memory", "1.539 KiB"),
        ("tiny_conv-macs", "294.992 kMACs"),
        ("tiny_conv-activations", "16,394 elements"),
        ("tiny_empty-parameters", "0"),
        ("tiny_twin-macs", "unknown"),
        ("tiny_twin-activations", "unknown"),
    ],
)
def test_a_message_has_its_unit(name: str, message: str) -> None:
    """The figure stands with its unit, and an unknown one without."""
    assert DOCUMENTS[f"badges/{name}.json"]["message"] == message


def test_an_unknown_figure_is_grey() -> None:
    """A badge without a figure has another colour than those with one."""
    colours = {made["message"] == "unknown": made["color"] for made in DOCUMENTS.values()}
    assert colours == {True: "lightgrey", False: "00695c"}
    for made in DOCUMENTS.values():
        assert made["color"] == colours[made["message"] == "unknown"]


def test_each_declared_badge_is_a_file() -> None:
    """Every model has a file for each figure that declares a badge, under the name that it declares."""
    declared = [figure.badge for figure in FIGURES if figure.badge]
    assert declared == ["parameters", "memory", "macs", "activations"]
    expected = [f"badges/{name}-{badge}.json" for name in ROW for badge in declared]
    assert list(badges.paths(ROW)) == list(DOCUMENTS) == expected
    assert list(badges.paths([])) == []
