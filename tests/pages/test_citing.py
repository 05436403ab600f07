"""Figures to cite, and their badges."""

from __future__ import annotations

import pytest

from generator.pages import citing
from generator.pages.citing import Figure
from generator.pages.markdown import SITE
from tests.examples import EARLIER, PROVENANCE, RECORDS, TINY_CONV, TINY_TWIN, TINY_VIT


def test_a_citation_says_all_that_it_takes() -> None:
    """Figure, unit, method, version of timm, date and address, the date being the record's own."""
    (block, *_) = citing.render(TINY_TWIN, PROVENANCE)
    assert block.splitlines() == [
        "```text",
        "tiny_twin",
        "parameters: 394 (elements of named_parameters(), tied tensors counted once)",
        "parameter memory: 1.539 KiB (parameters times the bytes of their dtype as created)",
        "MACs: unknown (multiply-accumulates of the convolutions and matrix products of one forward pass at batch 1)",
        "activations: unknown "
        "(elements of the results of the convolutions and matrix products of one forward pass at batch 1)",
        "timm 1.0.31, measured on 2025-12-31 by timm-atlas 0.1.0",
        f"{SITE}/models/tiny_twin/",
        "```",
    ]
    assert EARLIER.startswith("2025-12-31")


def test_compute_is_cited_with_its_resolution() -> None:
    """MACs and activations name the input size and the batch, and what may be missing in them."""
    lines = citing.render(TINY_CONV, PROVENANCE)[0].splitlines()
    assert (
        "MACs: 294.992 kMACs (multiply-accumulates of the convolutions and matrix products of one forward pass at "
        "3 × 32 × 32 pixels, batch 1)"
    ) in lines
    assert (
        "activations: 16,394 elements (elements of the results of the convolutions and matrix products of one forward "
        "pass at 3 × 32 × 32 pixels, batch 1)"
    ) in lines
    assert "batch 1; may be too low, the cost of tiny::mix is not known)" in citing.render(TINY_VIT, PROVENANCE)[0]


def test_a_badge_leads_to_its_page() -> None:
    """The Markdown of a badge shows the endpoint's figure and links to the model's page."""
    badges = citing.render(TINY_CONV, PROVENANCE)[-1]
    endpoint = f"https://img.shields.io/endpoint?url={SITE}/data/badges/tiny_conv-parameters.json"
    assert f"[![parameters]({endpoint})]({SITE}/models/tiny_conv/)" in badges.splitlines()


def test_each_figure_has_its_badge() -> None:
    """Every badge that is announced is made, whatever the model."""
    made = {path for each in RECORDS for path, _ in citing.badges(each)}
    assert made == set(citing.badge_paths(each.name for each in RECORDS))


def test_an_unknown_figure_is_grey(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that is not known is said to be so, in grey; the page offers no badge of it."""
    unknown = Figure("macs", "MACs", lambda record: "unknown", lambda record: "counted")
    monkeypatch.setattr(citing, "FIGURES", (unknown,))
    ((path, badge),) = citing.badges(TINY_CONV)
    assert (path, badge["message"], badge["color"]) == ("badges/tiny_conv-macs.json", "unknown", "lightgrey")
    block, *_, badges = citing.render(TINY_CONV, PROVENANCE)
    assert "MACs: unknown (counted)" in block
    assert "shields.io" not in badges
