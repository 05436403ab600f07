"""Figures to cite, and the Markdown of their badges."""

from __future__ import annotations

from generator.facts.figures import BY_NAME
from generator.pages import citing
from generator.pages.citing import CITED, badge_path, cited_text
from generator.pages.markdown import SITE
from tests.examples import EARLIER, PROVENANCE, ROW, ROWS


def test_a_citation_says_all_that_it_takes() -> None:
    """Figure, unit, method, version of timm, date and address, the date being the record's own."""
    (block, *_) = citing.render(ROW["tiny_twin"], PROVENANCE)
    assert block.splitlines() == [
        "```text",
        "tiny_twin",
        "Parameters: 394 (Elements of all parameter tensors, tied tensors counted once)",
        "Parameter memory: 1.539 KiB (Parameters times the bytes of their dtype, as created)",
        "MACs: unknown (Multiply-accumulates of the convolutions and matrix products of one forward pass at "
        "input_size, batch 1, attention among them)",
        "Activations: unknown "
        "(Elements of the results of the convolutions and matrix products of one forward pass at input_size, batch 1)",
        "timm 1.0.31, measured on 2025-12-31 by timm-atlas 0.1.0",
        f"{SITE}/models/tiny_twin/",
        "```",
    ]
    assert EARLIER.startswith("2025-12-31")


def test_compute_is_cited_with_its_resolution() -> None:
    """MACs and activations name the input size and the batch, and what may be missing in them."""
    lines = citing.render(ROW["tiny_conv"], PROVENANCE)[0].splitlines()
    assert (
        "MACs: 294.992 kMACs (Multiply-accumulates of the convolutions and matrix products of one forward pass at "
        "3 × 32 × 32 pixels, batch 1, attention among them)"
    ) in lines
    assert (
        "Activations: 16,394 elements (Elements of the results of the convolutions and matrix products of one forward "
        "pass at 3 × 32 × 32 pixels, batch 1)"
    ) in lines
    doubtful = citing.render(ROW["tiny_vit"], PROVENANCE)[0]
    assert "batch 1; may be too low, the cost of tiny::mix is not known)" in doubtful
    assert doubtful.count("tiny::mix") == 2


def test_a_badge_leads_to_its_page() -> None:
    """The Markdown of a badge shows the endpoint's figure and links to the model's page."""
    badges = citing.render(ROW["tiny_conv"], PROVENANCE)[-1]
    endpoint = f"https://img.shields.io/endpoint?url={SITE}/data/badges/tiny_conv-parameters.json"
    assert f"[![Parameters]({endpoint})]({SITE}/models/tiny_conv/)" in badges.splitlines()


def test_each_known_figure_has_its_badge() -> None:
    """The page offers the badge of each cited figure that is known, by the path of its file, and no other."""
    for row in ROWS:
        badges = citing.render(row, PROVENANCE)[-1]
        offered = {figure.name for figure in CITED if f"/data/{badge_path(row.name, figure)})" in badges}
        assert offered == {figure.name for figure in CITED if getattr(row, figure.name) is not None}
        assert badges.count("shields.io") == len(offered)


def test_an_unknown_figure_is_said_to_be() -> None:
    """A figure that is not known is cited as unknown, without a unit, and the page offers no badge of it."""
    assert cited_text(BY_NAME["activations"], ROW["tiny_conv"]) == "16,394 elements"
    assert cited_text(BY_NAME["activations"], ROW["tiny_mixed"]) == "unknown"
    block, *_, badges = citing.render(ROW["tiny_mixed"], PROVENANCE)
    assert "MACs: unknown (" in block
    assert "Parameters" in badges
    assert "MACs" not in badges


def test_each_figure_to_cite_has_an_address_of_its_own() -> None:
    """The figures to cite are the four that badges are for; each has its own name in the addresses of badges."""
    assert [badge_path("net", figure) for figure in CITED] == [
        "badges/net-parameters.json",
        "badges/net-memory.json",
        "badges/net-macs.json",
        "badges/net-activations.json",
    ]
