"""Documents: everything about one model, and several side by side."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from generator.facts import estimates
from generator.facts.figures import BY_NAME, FIGURES, IN_FILES, row
from generator.facts.records import ModelRecord, Resized
from generator.facts.tables import PYRAMID, TENSORS, WEIGHTS
from generator.pages import lines
from generator.publishing.documents import (
    comparison_document,
    estimate_documents,
    fit_document,
    model_document,
    resized_document,
    row_document,
    sized_fit_document,
)
from tests import examples
from tests.examples import (
    DATE,
    EARLIER,
    PROVENANCE,
    RECORDS,
    ROW,
    TINY_CONV,
    TINY_MIXED,
    TINY_VIT,
    passes,
    refusing,
    resized,
)

COLUMNS = [figure.name for figure in IN_FILES]


def read(record: ModelRecord) -> dict[str, Any]:
    """A model's document, as who reads its JSON has it."""
    document: dict[str, Any] = json.loads(json.dumps(model_document(record, ROW[record.name], PROVENANCE)))
    return document


DOCUMENTS = {record.name: read(record) for record in RECORDS}


def test_a_row_has_the_declared_columns() -> None:
    """The row of a model has the columns of the data files in their order, unknown as None, and no other figure."""
    for own in ROW.values():
        assert list(row_document(own)) == COLUMNS
    assert row_document(ROW["tiny_mixed"])["macs"] is None
    assert "training_bytes" not in COLUMNS


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_model_s_document_holds_everything(record: ModelRecord) -> None:
    """A model's document is its row, its memory by dtype, weights, tensors, modules, lines, shares and provenance."""
    document = DOCUMENTS[record.name]
    assert {key: document[key] for key in COLUMNS} == json.loads(json.dumps(row_document(ROW[record.name])))
    assert set(document) - set(COLUMNS) == {
        "bytes_by_dtype",
        "weights",
        "tensors",
        "pyramid",
        "modules",
        "sizes",
        "results",
        "speeds",
        "forms",
        "has_deploy_form",
        "figures",
        "lines",
        "shares",
        "provenance",
    }
    assert sum(document["bytes_by_dtype"].values()) == document["parameter_bytes"]
    assert sum(tensor["parameters"] for tensor in document["tensors"]) == document["parameters"]
    assert [tensor["name"] for tensor in document["tensors"]] == [tensor.name for tensor in record.tensors]
    assert [(path, *module) for path, module in document["modules"].items()] == [*record.inspection.modules]
    assert document["provenance"]["timm_version"] == "1.0.31"


def test_a_document_has_its_own_date() -> None:
    """A model's document has the date of its record, whatever that of the dataset is."""
    twin, conv = DOCUMENTS["tiny_twin"], DOCUMENTS["tiny_conv"]
    assert (twin["date"], twin["provenance"]["date"]) == (EARLIER, EARLIER)
    assert (conv["date"], conv["provenance"]["date"]) == (DATE, DATE)


def test_a_document_takes_its_row_as_it_is_given() -> None:
    """The function behind both the site and the command line gives JSON as it is, with the rank of the row."""
    document = model_document(TINY_CONV, replace(ROW["tiny_conv"], rank=7), PROVENANCE)
    assert (document["rank"], len(document["tensors"])) == (7, len(TINY_CONV.tensors))
    assert json.loads(json.dumps(document))["tensors"][0]["shape"] == [8, 3, 3, 3]


def test_a_tensor_s_document_has_the_declared_columns() -> None:
    """The tensors have the columns of their table, but the model's name and what follows from the shape alone."""
    document = DOCUMENTS[TINY_MIXED.name]
    columns = [column.name for column in TENSORS.own_columns if column.name != "squeezed_shape"]
    assert all(list(tensor) == columns for tensor in document["tensors"])
    assert document["tensors"][0] == {
        "name": "logit_scale",
        "shape": [1],
        "parameters": 1,
        "form": "Scalar",
        "dtype": "float32",
        "trainable": True,
    }


def test_a_level_s_document_has_the_declared_columns() -> None:
    """The levels of a document have the columns of their table, but the model's name; no pyramid is an empty list."""
    levels = DOCUMENTS["tiny_vit"]["pyramid"]
    assert all(list(level) == [column.name for column in PYRAMID.own_columns] for level in levels)
    assert levels[1] == {
        "level": 1,
        "module": None,
        "layout": "NHWC",
        "channels": 4,
        "stride": 2,
        "height": 16,
        "width": 16,
        "claimed_channels": 4,
        "claimed_reduction": None,
    }
    broken = DOCUMENTS["tiny_empty"]
    assert (broken["pyramid"], broken["features_only"], broken["feature_strides"]) == ([], False, None)
    assert broken["features_reason"] == "AssertionError: a *model* without | levels"


def test_weights_have_the_declared_columns() -> None:
    """The weights of a document have the columns of their table, but the model's name; no weights are an empty list."""
    weights = DOCUMENTS["tiny_conv"]["weights"]
    assert [list(part) for part in weights] == [[column.name for column in WEIGHTS.own_columns]] * 2
    assert [part["tag"] for part in weights] == ["r160_in1k", "untrained"]
    assert DOCUMENTS["tiny_twin"]["weights"] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_document_has_what_comparisons_show(record: ModelRecord) -> None:
    """The figures are the lines of a comparison, and the forms add up to the model."""
    document = DOCUMENTS[record.name]
    assert document["figures"] == [list(line) for line in lines.lines(record, ROW[record.name])]
    values = {(label, unit): value for _, label, unit, value in document["figures"]}
    assert values["Parameters", ""] == document["parameters"]
    assert values["Parameter memory", "bytes"] == document["parameter_bytes"]
    assert values["Deploy form", None] is None
    tensors, parameters = (sum(column) for column in zip(*document["forms"].values(), strict=True))
    assert (tensors, parameters) == (document["parameter_tensors"], document["parameters"])


def test_a_line_s_value_follows_from_its_unit() -> None:
    """A value of unit text is a text; any other is a number, null or a word; a heading has neither unit nor value."""
    for document in DOCUMENTS.values():
        for depth, label, unit, value in document["figures"]:
            assert type(depth) is int
            assert label
            if unit is None:
                assert value is None
            elif unit == "text":
                assert type(value) is str
            else:
                assert type(unit) is str
                assert type(value) is int or value in (None, "none", "not possible")


def test_text_none_and_unknown_are_told_apart() -> None:
    """Tags and channels are texts, what is known not to be there is none, and what is not known is null."""
    conv, vit, mixed = (
        {label: (unit, value) for _, label, unit, value in DOCUMENTS[name]["figures"]}
        for name in ("tiny_conv", "tiny_vit", "tiny_mixed")
    )
    assert (conv["Weights"], mixed["Weights"]) == (("text", "2 tags"), ("text", "none"))
    assert (conv["channels"], mixed["channels"]) == (("text", "8, 8"), ("text", "unknown"))
    assert (conv["tensors"], vit["tensors"], mixed["tensors"]) == (("", 5), ("", "none"), ("", None))
    assert (conv["cost not known of"], vit["cost not known of"]) == (("text", ""), ("text", "tiny::mix"))


def test_models_with_equal_keys_share() -> None:
    """Each trait has a key, equal where models share it and null where there is none to share, and the words for it."""
    conv, twin, vit, mixed = (
        DOCUMENTS[name]["shares"] for name in ("tiny_conv", "tiny_twin", "tiny_vit", "tiny_mixed")
    )
    assert conv == twin
    assert all(one[0] != other[0] for one, other in zip(conv, vit, strict=True))
    assert [key is None for key, _ in mixed] == [False, False, True]
    assert (
        [words for _, words in vit]
        == [words for _, words in conv]
        == [
            "take each other's checkpoints",
            "have the same parameter tensors, by name and shape",
            "have a feature pyramid of the same channels and strides",
        ]
    )


def test_whether_there_is_a_deploy_form_can_be_unknown() -> None:
    """One that was measured is there, one that was looked for is not, and where nothing ran it is not known."""
    documents = [DOCUMENTS[name] for name in ("tiny_conv", "tiny_vit", "tiny_twin")]
    assert [document["has_deploy_form"] for document in documents] == [True, False, None]


def test_another_size_has_every_figure_of_its_own() -> None:
    """A model at another size has all figures of it, how it was made, and the estimates of memory with their errors."""
    at = resized(TINY_CONV, 64, 48, img_size=64, passes=passes(2_000, 1_000, 1, 1))
    document = json.loads(json.dumps(resized_document(at, 1)))
    own = row(at.record, 1)
    assert {figure.name for figure in FIGURES} - set(document) == {"rank"}
    for name, value in document.items():
        if name in BY_NAME:
            assert value == json.loads(json.dumps(getattr(own, name)))
    assert (document["input_size"], document["img_size"], document["buffers"]) == ([3, 64, 48], 64, 18)
    assert len(document["estimates"]) == len(estimates.estimates(TINY_CONV))
    assert document["estimates"][0] == {
        "kind": "inference in fp32",
        "optimizer": None,
        "batch": 1,
        "bytes": 2_000 + 1_000,
        "reason": None,
        "measured_by_estimate": estimates.BANDS[estimates.INFERENCE, 1]._asdict(),
    }
    assert document["failures"] == []


def test_a_batch_that_is_asked_for_is_the_only_one() -> None:
    """The estimates are those at that batch, with their bands, in the lines and in a list; nothing else changes."""
    runs = [(setting.kind, setting.optimizer) for setting in estimates.SETTINGS]
    document = model_document(TINY_CONV, ROW["tiny_conv"], PROVENANCE, 20)
    assert [(one["kind"], one["optimizer"], one["batch"]) for one in document["estimates"]] == [
        (*run, 20) for run in runs
    ]
    assert document["estimates"][0] == {
        "kind": "inference in fp32",
        "optimizer": None,
        "batch": 20,
        "bytes": 4_096 + 20 * 77_824,
        "reason": None,
        "measured_by_estimate": estimates.band(estimates.INFERENCE, 20)._asdict(),
    }
    assert document["figures"] == lines.lines(TINY_CONV, ROW["tiny_conv"], 20)
    usual = model_document(TINY_CONV, ROW["tiny_conv"], PROVENANCE)
    assert {**document, "figures": usual["figures"]} == {**usual, "estimates": document["estimates"]}
    at = resized(TINY_CONV, 64, 48, passes=passes(2_000, 1_000, 1, 1))
    sized, all_sized = resized_document(at, 1, 20), resized_document(at, 1)
    assert [one["batch"] for one in sized["estimates"]] == [20] * len(runs)
    assert sized["estimates"][0]["bytes"] == 2_000 + 20 * 1_000
    assert {**sized, "estimates": None} == {**all_sized, "estimates": None}


def test_a_comparison_has_the_memory_that_is_asked_for() -> None:
    """Each model has the estimates that are given for it, beside those at another size."""
    named = [(ROW["tiny_vit"], None), (ROW["tiny_conv"], {"macs": 7})]
    memory = [estimate_documents(record, (20,)) for record in (TINY_VIT, TINY_CONV)]
    vit, conv = comparison_document(named, PROVENANCE, memory=memory)["models"]
    assert vit == {**row_document(ROW["tiny_vit"]), "estimates": memory[0]}
    assert conv == {**row_document(ROW["tiny_conv"]), "estimates": memory[1], "at_resolution": {"macs": 7}}
    assert conv["estimates"][0]["bytes"] == 4_096 + 20 * 77_824


def test_an_impossible_run_has_its_reason() -> None:
    """The estimate of a run that raises is null, with the error."""
    assert TINY_CONV.inspection.compute is not None
    compute = refusing(TINY_CONV.inspection.compute, "ValueError: one value")
    record = replace(TINY_CONV, inspection=replace(TINY_CONV.inspection, compute=compute))
    found = [estimate for estimate in resized_document(Resized(record, None), 1)["estimates"] if estimate["reason"]]
    assert {(estimate["batch"], estimate["bytes"], estimate["reason"]) for estimate in found} == {
        (1, None, "ValueError: one value")
    }
    document = model_document(record, row(record, 1), PROVENANCE)
    assert document["training_error"] == "ValueError: one value"
    assert (2, "AdamW, batch 1", "bytes", "not possible") in document["figures"]


def test_what_fits_at_another_size_says_how_it_was_made() -> None:
    """A model there has no rank, since that is of the default sizes; those that do not run stand with their reasons."""
    at = resized(TINY_CONV, 64, 48, img_size=64)
    usual = fit_document(ROW["tiny_conv"], estimates.TRAINING, "AdamW", 7)
    assert (usual.pop("rank"), usual["largest_batch"], usual["optimizer"]) == (1, 7, "AdamW")
    sized = fit_document(ROW["tiny_conv"], estimates.TRAINING, "AdamW", 7, at)
    assert sized == {**usual, "img_size": 64}
    assert sized_fit_document((64, 48), [sized], {"tiny_vit": "ValueError: no"}) == {
        "size": (64, 48),
        "models": [sized],
        "refused": [{"name": "tiny_vit", "reason": "ValueError: no"}],
    }


def test_a_comparison_keeps_the_order_of_its_models() -> None:
    """Models stand as they were named, with their rows, and with what they take at another size where that is asked."""
    named = [(ROW["tiny_vit"], None), (ROW["tiny_conv"], {"macs": 7})]
    document = comparison_document(named, PROVENANCE)
    assert [model["name"] for model in document["models"]] == ["tiny_vit", "tiny_conv"]
    assert document["models"][0] == row_document(ROW["tiny_vit"])
    assert document["models"][1] == {**row_document(ROW["tiny_conv"]), "at_resolution": {"macs": 7}}
    assert document["provenance"] == asdict(PROVENANCE)


def test_at_another_size_models_share_what_they_share_there() -> None:
    """Asked for a size, traits are those of the models there; one that does not run shares nothing."""
    named = [(ROW[name], {"reason": None}) for name in ("tiny_conv", "tiny_twin", "tiny_vit")]
    other = replace(ROW["tiny_twin"], checkpoint_signature="other")
    document = comparison_document(named, PROVENANCE, [ROW["tiny_conv"], other])
    assert (document["same_checkpoint"], document["same_signature"]) == ([], [["tiny_conv", "tiny_twin"]])
    alone = comparison_document(named, PROVENANCE, [])
    assert (alone["same_checkpoint"], alone["same_signature"], alone["same_pyramid"]) == ([], [], [])


def test_a_comparison_names_who_shares() -> None:
    """Each trait has lists of the models that share it; a model that shares it with none is in no list."""
    named = [(ROW[name], None) for name in ("tiny_conv", "tiny_vit", "tiny_twin", "tiny_mixed", "tiny_empty")]
    document = comparison_document(named, PROVENANCE)
    pair = [["tiny_conv", "tiny_twin"]]
    assert (document["same_checkpoint"], document["same_signature"], document["same_pyramid"]) == (pair, pair, pair)
    alone = comparison_document(named[1:2] + named[3:], PROVENANCE)
    assert (alone["same_checkpoint"], alone["same_signature"], alone["same_pyramid"]) == ([], [], [])


def test_a_document_has_what_others_published() -> None:
    """Each accuracy is an object, each speed a list in the order of the columns; without any, both are empty."""
    (record, *_) = examples.PUBLISHED.records
    document = read(record)
    assert document["results"] == [result._asdict() for result in examples.RESULTS_OF_CONV]
    assert document["speeds"] == [[*speed] for speed in examples.SPEEDS_OF_CONV]
    assert (DOCUMENTS["tiny_conv"]["results"], DOCUMENTS["tiny_conv"]["speeds"]) == ([], [])
