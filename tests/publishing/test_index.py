"""The index: small, in the rank's order, with the declarations by which scripts read it."""

from __future__ import annotations

import json
from typing import Any

from generator.facts import cards, estimates, licenses
from generator.facts.figures import IN_INDEX
from generator.pages import formatting, lines
from generator.publishing import index
from tests.examples import RECORDS, ROW, ROWS, TINY_CONV
from tests.index_reading import models_of

DOCUMENT: dict[str, Any] = json.loads(json.dumps(index.document(ROWS)))
FIGURES: dict[str, dict[str, Any]] = {figure["name"]: figure for figure in DOCUMENT["figures"]}
BY_NAME: dict[str, dict[str, Any]] = {model["name"]: model for model in models_of(DOCUMENT)}


def test_columns_are_the_declared_ones() -> None:
    """Each figure has a list with a value for every model."""
    assert list(FIGURES) == list(DOCUMENT["values"]) == [figure.name for figure in IN_INDEX]
    assert len(DOCUMENT["figures"]) == len(FIGURES)
    assert all(len(values) == len(ROWS) for values in DOCUMENT["values"].values())


def test_a_figure_says_how_it_is_shown() -> None:
    """Scripts read of each figure its label, axis and kind, where the table has it, and how it is limited."""
    assert FIGURES["macs"] == {
        "name": "macs",
        "label": "MACs",
        "axis": "MACs of one image at the model's input size",
        "kind": "macs",
        "at_input_size": True,
        "column": "shown",
        "limit": "4.5 GMACs",
        "gives_way": False,
    }
    assert FIGURES["feature_strides"] == {
        "name": "feature_strides",
        "label": "Feature strides",
        "axis": None,
        "kind": "numbers",
        "at_input_size": False,
        "column": "on request",
        "limit": None,
        "gives_way": False,
    }
    assert FIGURES["tag_license_classes"]["column"] is None


def test_the_index_brings_the_words_of_the_pages() -> None:
    """What stands for the unknown, the undefined and what is not there, and how many are compared, is as in Python."""
    assert DOCUMENT["words"] == {"unknown": formatting.UNKNOWN, "undefined": formatting.UNDEFINED, "none": lines.NONE}
    assert DOCUMENT["compared"] == {"least": lines.LEAST, "most": lines.MOST} == {"least": 2, "most": 6}
    assert DOCUMENT["classes"] == list(licenses.CLASSES)
    declared = {"figures", "compared", "words", "classes", "card", "test_sets"}
    assert set(DOCUMENT) == {*declared, "differences", "relative", "places", "values"}


def test_the_usual_card_is_one_of_those_that_are_sold() -> None:
    """The index names the card and the setting that its largest batches are of, and the words of every setting."""
    card = DOCUMENT["card"]
    assert card["size"] in cards.SIZES
    assert card["setting"] in card["settings"]
    assert card["settings"] == {setting.key: setting.words for setting in estimates.SETTINGS}
    assert BY_NAME["tiny_conv"]["largest_batch"] == cards.usual_batch(TINY_CONV)


def test_rows_are_in_rank_order() -> None:
    """Every model has a row, largest first."""
    assert [(row["name"], row["rank"]) for row in BY_NAME.values()] == [
        ("tiny_conv", 1),
        ("tiny_twin", 1),
        ("tiny_vit", 3),
        ("tiny_mixed", 4),
        ("tiny_empty", 5),
    ]


def test_values_are_those_of_the_rows() -> None:
    """Each value is that of the model's row, lists as lists."""
    for name, found in BY_NAME.items():
        expected = {figure.name: getattr(ROW[name], figure.name) for figure in IN_INDEX}
        assert found == {key: list(value) if isinstance(value, tuple) else value for key, value in expected.items()}


def test_each_tag_has_its_licence_class() -> None:
    """Classes stand in the order of the tags; a licence that is not named is of class unknown."""
    assert BY_NAME["tiny_conv"]["tags"] == ["r160_in1k", "untrained"]
    assert BY_NAME["tiny_conv"]["tag_license_classes"] == ["non-commercial", "unknown"]
    assert BY_NAME["tiny_vit"]["tag_license_classes"] == ["permissive"]
    assert BY_NAME["tiny_mixed"]["tag_license_classes"] == []


def test_estimates_are_those_of_the_pages() -> None:
    """The three estimates are among those that pages show, and unknown where the forward pass is."""
    shown = {
        (estimate.kind, estimate.optimizer, estimate.batch): estimate.bytes
        for estimate in estimates.estimates(TINY_CONV)
    }
    row = BY_NAME["tiny_conv"]
    assert row["inference_bytes"] == shown[estimates.INFERENCE, None, 1]
    assert row["training_bytes"] == shown[estimates.TRAINING, "AdamW", 32]
    assert row["training_bytes_mixed"] == shown[estimates.TRAINING_MIXED, "AdamW", 32]
    assert BY_NAME["tiny_twin"]["inference_bytes"] is None


def test_unknown_is_null_exactly_where_it_is_declared() -> None:
    """A column holds a null where its figure says that it can, and nowhere else."""
    holding = {name for row in BY_NAME.values() for name, value in row.items() if value is None}
    assert holding == {figure.name for figure in IN_INDEX if figure.nullable}
    assert len(BY_NAME) == len(RECORDS)


def test_no_models_are_an_index() -> None:
    """Where no model could be inspected, there are figures and no rows."""
    empty = index.document(())
    assert json.loads(json.dumps(empty)) == {**DOCUMENT, "values": {name: [] for name in FIGURES}}
