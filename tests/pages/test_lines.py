"""Lines that are set side by side, counted by hand on the tiny models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator.facts import estimates
from generator.facts.columns import Section
from generator.facts.estimates import Band
from generator.facts.figures import BY_NAME, FIGURES, row
from generator.facts.inspections import Failure, Stage
from generator.facts.records import ModelRecord
from generator.pages import lines
from generator.pages.formatting import integer, memory, metric
from generator.pages.lines import BYTES, MACS, NONE, TEXT, Line, Shared, without_idle
from tests.examples import RECORDS, ROW, ROWS, TINY_CONV, TINY_MIXED, TINY_TWIN, TINY_VIT

INFERENCE = "memory of inference in fp32 (estimated; real runs × 0.80 to 1.30)"


def failed(record: ModelRecord, stage: Stage) -> ModelRecord:
    """The record of a model that failed at a stage."""
    return replace(record, failures=(Failure(record.name, stage, "ValueError: no"),))


def deploy_form(record: ModelRecord) -> list[Line]:
    """The lines about a model's deploy form."""
    return lines.deploy_form(record, row(record, 1))


def test_memory_by_format_is_in_whole_bytes() -> None:
    """273 parameters take 4, 2, 1 and half a byte each, the last rounded up, below what they take as created."""
    found = lines.size(ROW["tiny_mixed"])
    start = found.index(Line(0, "Parameter memory", BYTES, 512 + 64 + 4))
    assert found[start + 1 : start + 5] == [
        Line(1, "in fp32", BYTES, 1092),
        Line(1, "in bf16 or fp16", BYTES, 546),
        Line(1, "in int8", BYTES, 273),
        Line(1, "in int4", BYTES, 137),
    ]


def test_a_checkpoint_has_parameters_and_persistent_buffers() -> None:
    """394 float32 parameters, and 16 float32 and one int64 of the normalisation."""
    assert Line(0, "Checkpoint size", BYTES, 394 * 4 + 16 * 4 + 8) in lines.size(ROW["tiny_conv"])


def test_a_forward_pass_has_units() -> None:
    """MACs, elements and bytes are told as such, and unknown is unknown."""
    found = lines.forward_pass(ROW["tiny_conv"])
    assert found == [
        Line(1, "MACs", MACS, 294_992),
        Line(1, "activations", "elements", 16_394),
        Line(1, "cost not known of", TEXT, ""),
        Line(1, "activation memory, peak", BYTES, 77_824),
        Line(1, "saved for training in fp32", BYTES, 77_856),
        Line(1, "saved for training in bf16, mixed", BYTES, 38_928),
    ]
    assert [line.text for line in found] == [
        "294.992 kMACs",
        "16,394 elements",
        "–",
        "76.000 KiB",
        "76.031 KiB",
        "38.016 KiB",
    ]
    numbers = [line for line in lines.forward_pass(ROW["tiny_twin"]) if line.unit != TEXT]
    assert {(line.value, line.text) for line in numbers} == {(None, "unknown")}


def test_a_doubt_names_what_is_not_known() -> None:
    """Operators that nobody has counted are named; without a forward pass there is nothing to doubt."""
    doubts = [
        line.value
        for name in ("tiny_vit", "tiny_conv", "tiny_twin")
        for line in lines.forward_pass(ROW[name])
        if line.label == "cost not known of"
    ]
    assert doubts == ["tiny::mix", "", ""]
    two = replace(ROW["tiny_vit"], unlisted_operators=("tiny::mix", "tiny::no"))
    assert lines.line(BY_NAME["unlisted_operators"], two).text == "tiny::mix, tiny::no"


def test_the_deploy_form_has_figures_of_its_own() -> None:
    """The tiny net without its normalisation."""
    assert [line.text for line in deploy_form(TINY_CONV)] == [
        "386",
        "1.508 KiB",
        "5",
        "294.992 kMACs",
        "16,394 elements",
    ]
    assert {line.value for line in deploy_form(TINY_VIT)} == {NONE}


def test_it_is_known_where_there_is_no_deploy_form() -> None:
    """There is none where it was looked for in vain; not measured and failed are not none."""
    for record in (TINY_VIT, failed(TINY_VIT, Stage.PYRAMID)):
        assert {(line.value, line.text) for line in deploy_form(record)} == {(NONE, "none")}
    for record in (TINY_TWIN, failed(TINY_VIT, Stage.DEPLOY)):
        assert {(line.value, line.text) for line in deploy_form(record)} == {(None, "unknown")}
    assert NONE not in {line.value for line in deploy_form(TINY_CONV)}


@pytest.mark.parametrize(
    ("value", "first", "text"),
    [
        (152, 100, "×1.52"),
        (100, 100, "×1.00"),
        (0, 7, "×0.00"),
        (1, 1000, "×<0.01"),
        (None, 7, ""),
        (7, None, ""),
        (7, 0, ""),
        (NONE, 7, ""),
        (7, NONE, ""),
    ],
)
def test_times_is_the_ratio_to_the_first(value: int | str | None, first: int | str | None, text: str) -> None:
    """Two decimals; what is there is never shown as nothing, and what says nothing is left out."""
    assert lines.times(value, first) == text


def test_estimates_stand_below_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """4,096 bytes that stand and 77,824 an image, below how far real runs were off."""
    bands = {**estimates.BANDS, (estimates.INFERENCE, 1): Band(0.9, 1.25), (estimates.INFERENCE, 32): Band(0.8, 1.3)}
    monkeypatch.setattr(estimates, "BANDS", bands)
    found = lines.memory_estimates(TINY_CONV)
    assert found[:3] == [Line(1, INFERENCE), Line(2, "batch 1", BYTES, 81_920), Line(2, "batch 32", BYTES, 2_494_464)]
    assert [line.text for line in found[:3]] == ["", "80.000 KiB", "2.379 MiB"]
    assert f"memory of inference in fp32 ({lines.band(estimates.INFERENCE)})" == INFERENCE
    assert lines.real_runs(estimates.INFERENCE, 1) == "× 0.90 to 1.25"


def test_a_batch_that_is_asked_for_takes_the_place_of_those_shown() -> None:
    """4,096 bytes that stand and 77,824 for each of 20 images, below a heading of its own: other figures stay."""
    found = lines.memory_estimates(TINY_CONV, 20)
    assert [line.label for line in found if line.unit == BYTES] == [
        *["batch 20"] * 2,
        *["SGD with momentum, batch 20", "AdamW, batch 20"] * 2,
    ]
    assert found[1].value == 4_096 + 20 * 77_824
    usual, asked = lines.lines(TINY_CONV, ROW["tiny_conv"]), lines.lines(TINY_CONV, ROW["tiny_conv"], 20)
    heading = asked.index(Line(0, "At the input size, batch 20"))
    start = usual.index(lines.memory_estimates(TINY_CONV)[0])
    assert (asked[:heading], asked[heading + 1 : heading + 1 + len(found)]) == (usual[:start], found)
    assert asked[heading + 1 + len(found) :] == usual[start + len(lines.memory_estimates(TINY_CONV)) :]


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (8, "real runs × 0.90 to 1.10"),
        (20, "real runs at batch 8 and batch 32 × 0.80 to 1.20"),
        (1_000, "real runs at batch 128 × 0.70 to 1.40"),
    ],
)
def test_a_batch_without_runs_names_those_that_had_some(monkeypatch: pytest.MonkeyPatch, batch: int, said: str) -> None:
    """The band is of the batches that were measured around it, and says which these are."""
    bands = {(kind, at): Band(0.7, 1.4) for kind, at in estimates.BANDS}
    bands[estimates.TRAINING, 8], bands[estimates.TRAINING, 32] = Band(0.9, 1.1), Band(0.8, 1.2)
    monkeypatch.setattr(estimates, "BANDS", bands)
    assert lines.band(estimates.TRAINING, batch) == f"estimated; {said}"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_no_estimate_comes_without_its_error(record: ModelRecord) -> None:
    """Each kind of estimate has one heading with its band; a kind that nobody has validated is not estimated."""
    headings = [line.label for line in lines.memory_estimates(record) if line.unit is None]
    assert headings == [f"memory of {kind} ({lines.band(kind)})" for kind in estimates.KINDS]


def test_estimates_without_a_forward_pass_are_unknown() -> None:
    """A model that was not run has the same labels as any other, and no figure."""
    of_twin, of_conv = lines.memory_estimates(TINY_TWIN), lines.memory_estimates(TINY_CONV)
    assert [line if line.unit == TEXT else line._replace(value=None) for line in of_conv] == of_twin
    assert [line.label for line in of_twin if line.depth == 2][4:8] == [
        "SGD with momentum, batch 1",
        "SGD with momentum, batch 32",
        "AdamW, batch 1",
        "AdamW, batch 32",
    ]
    assert {(line.value, line.text) for line in of_twin if line.unit == BYTES} == {(None, "unknown")}


def test_every_model_has_the_same_lines() -> None:
    """Lines and their units are alike for every model, so that they can be set side by side."""
    alike = [
        [(line.depth, line.label, line.unit) for line in lines.lines(record, ROW[record.name])] for record in RECORDS
    ]
    assert all(listed == alike[0] for listed in alike)
    assert alike[0][:4] == [
        (0, "Family", TEXT),
        (0, "Rank by parameter memory", TEXT),
        (0, "Parameters", ""),
        (0, "Trainable parameters", ""),
    ]
    assert (0, "At the input size, batch 1", None) in alike[0]


def test_every_figure_of_a_section_has_its_line() -> None:
    """Each figure that is declared for a part of comparisons has one line in it, in the order of declarations."""
    record, own = TINY_CONV, ROW["tiny_conv"]
    sections = {
        Section.SIZE: lines.size(own),
        Section.PASS: lines.forward_pass(own),
        Section.DEPLOY: lines.deploy_form(record, own),
    }
    for section, found in sections.items():
        assert found == [lines.line(figure, own) for figure in FIGURES if figure.section is section]
        assert [(line.depth, line.label) for line in found] == [
            (figure.depth, figure.line) for figure in FIGURES if figure.section is section
        ]
        listed = lines.lines(record, own)
        start = listed.index(found[0])
        assert listed[start : start + len(found)] == found
        assert section is Section.SIZE or listed[start - 1] == Line(0, section)
    assert [line.label for line in lines.lines(record, own) if line.unit is None and line.depth == 0] == [
        Section.PASS,
        Section.DEPLOY,
        "Feature pyramid",
    ]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_text_follows_from_value_and_unit(record: ModelRecord) -> None:
    """Who has the value and the unit of a line can write its text: the page that compares models does."""
    texts: dict[str, Callable[[int | None], str]] = {BYTES: memory, MACS: lambda value: metric(value, "MACs")}
    for line in lines.lines(record, ROW[record.name]):
        if line.unit is None:
            assert (line.value, line.text) == (None, "")
        elif line.unit == TEXT:
            assert line.text == (line.value or "–")
        elif isinstance(line.value, str):
            assert line.value == line.text == NONE
        elif line.unit in texts:
            assert line.text == texts[line.unit](line.value)
        elif line.value is not None:
            assert line.text == f"{integer(line.value)} {line.unit}".rstrip()
        else:
            assert line.text == "unknown"


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (None, None, ""),
        (TEXT, "tiny", "tiny"),
        (TEXT, "", "–"),
        ("", 1_234, "1,234"),
        ("", None, "unknown"),
        ("elements", 0, "0 elements"),
        ("elements", None, "unknown"),
        (BYTES, 1_024, "1.000 KiB"),
        (BYTES, None, "unknown"),
        (MACS, 5_000, "5.000 kMACs"),
        (MACS, None, "unknown"),
        (BYTES, NONE, "none"),
        (MACS, NONE, "none"),
        ("elements", NONE, "none"),
    ],
)
def test_a_line_reads_by_its_unit(unit: str | None, value: int | str | None, text: str) -> None:
    """Bytes and MACs are scaled, other units stand behind the number; none is told from unknown and from nothing."""
    assert Line(1, "figure", unit, value).text == text


def test_words_are_told_as_words() -> None:
    """The rank has no ratio to others, and a pyramid, weights and licences are told in words or as none."""

    def told(name: str) -> list[str]:
        (record,) = (record for record in RECORDS if record.name == name)
        return [f"{line.label}: {line.text}" for line in lines.lines(record, ROW[name]) if line.unit == TEXT]

    assert told("tiny_conv") == [
        "Family: tiny",
        "Rank by parameter memory: 1",
        "Input size, pixels: 3 × 32 × 32",
        "cost not known of: –",
        "no training on one image: –",
        "channels: 8, 8",
        "strides, pixels: 2, 4",
        "Weights: 2 tags",
        "Top-1 on ImageNet-1K, published: –",
        "Licences named: cc-by-nc-4.0",
    ]
    assert told("tiny_mixed")[2:] == [
        "Input size, pixels: unknown",
        "cost not known of: –",
        "no training on one image: –",
        "channels: unknown",
        "strides, pixels: unknown",
        "Weights: none",
        "Top-1 on ImageNet-1K, published: –",
        "Licences named: none",
    ]
    assert told("tiny_empty")[5:7] == ["channels: none", "strides, pixels: none"]


def heading(depth: int = 0) -> Line:
    """A heading."""
    return Line(depth, "heading")


def test_a_text_that_is_empty_for_all_is_left_out() -> None:
    """A line of text stays where it says something of one model; unknown numbers, 0 and headings stay as they are."""
    empty, full = Line(1, "doubt", TEXT, ""), Line(1, "doubt", TEXT, "tiny::mix")
    unknown, zero = Line(1, "bytes", BYTES, None), Line(1, "count", "", 0)
    assert without_idle([[heading(), empty, unknown], [heading(), empty, unknown]]) == [
        (heading(), heading()),
        (unknown, unknown),
    ]
    assert without_idle([[empty, zero], [full, zero]]) == [(empty, full), (zero, zero)]
    assert without_idle([[empty], [empty]]) == []


def test_a_heading_of_nothing_is_one_line() -> None:
    """Where there is none of anything below a heading, of any model, the heading says so in the place of its lines."""
    none, after = Line(1, "count", "", NONE), Line(0, "after", "", 3)
    said = Line(0, "heading", TEXT, NONE)
    listed = [heading(), none, Line(2, "deeper", BYTES, NONE), after]
    assert without_idle([listed, listed]) == [(said, said), (after, after)]


def test_a_heading_stays_where_one_model_has_a_line() -> None:
    """One figure of one model, known or not, keeps the heading and the lines of all; a bare heading stays too."""
    none = Line(1, "count", "", NONE)
    for other in (none._replace(value=5), none._replace(value=None)):
        assert without_idle([[heading(), none, none], [heading(), none, other]]) == [
            (heading(), heading()),
            (none, none),
            (none, other),
        ]
    assert without_idle([[heading(), heading()]]) == [(heading(),), (heading(),)]


def test_a_heading_reaches_to_the_next_of_its_depth() -> None:
    """What stands below the next heading of the same depth is no part of the first, whether or not it is none."""
    none, some = Line(1, "count", "", NONE), Line(1, "count", "", 5)
    said = Line(0, "heading", TEXT, NONE)
    assert without_idle([[heading(), none, heading(), some]]) == [(said,), (heading(),), (some,)]
    assert without_idle([[heading(), some, heading(), none]]) == [(heading(),), (some,), (said,)]
    # Within a part that has something, an inner heading can say that it has none.
    inner = [heading(), some, heading(1), Line(2, "count", "", NONE)]
    assert without_idle([inner]) == [(heading(),), (some,), (said._replace(depth=1),)]


def test_models_that_were_not_run_have_no_line_too_few() -> None:
    """Of two models, only the texts that neither has are left out of the lines of both."""
    listed = [lines.lines(record, ROW[record.name]) for record in (TINY_TWIN, TINY_MIXED)]
    kept = without_idle(listed)
    idle = {"cost not known of", "no training on one image", "Top-1 on ImageNet-1K, published"}
    assert [line for line in listed[0] if line.label not in idle] == [alike[0] for alike in kept]


def test_what_can_be_shared_are_three_traits() -> None:
    """Checkpoints and parameter tensors by their digests, and channels with strides; no pyramid is nothing to share."""
    conv = ROW["tiny_conv"]
    assert lines.shares(conv) == [
        Shared(conv.checkpoint_signature, "take each other's checkpoints"),
        Shared(conv.signature, "have the same parameter tensors, by name and shape"),
        Shared("(8, 8) (2, 4)", "have a feature pyramid of the same channels and strides"),
    ]
    assert [lines.shares(ROW[name])[2].key for name in ("tiny_empty", "tiny_mixed")] == [None, None]
    assert {tuple(shared.words for shared in lines.shares(own)) for own in ROWS} == {
        tuple(shared.words for shared in lines.shares(conv))
    }


def test_what_is_shared_is_told_in_words() -> None:
    """Two tiny models are the same in three ways; with a third, the two are named."""
    conv, twin, vit = ROW["tiny_conv"], ROW["tiny_twin"], ROW["tiny_vit"]
    assert lines.together([conv, twin]) == [
        "Both take each other's checkpoints.",
        "Both have the same parameter tensors, by name and shape.",
        "Both have a feature pyramid of the same channels and strides.",
    ]
    assert lines.together([conv, vit, twin])[0] == "tiny_conv and tiny_twin take each other's checkpoints."
    assert lines.together([conv, vit])[0] == "No two of them take each other's checkpoints."


def test_more_than_two_are_told_in_groups() -> None:
    """All of three have it in common; of six, three and two have, each group by name."""
    conv, vit = ROW["tiny_conv"], ROW["tiny_vit"]
    three = [replace(conv, name=name) for name in ("a", "b", "c")]
    assert lines.together(three)[0] == "All of them take each other's checkpoints."
    six = [three[0], replace(vit, name="d"), three[1], replace(vit, name="e"), three[2], ROW["tiny_empty"]]
    assert lines.together(six)[1] == (
        "a, b and c have the same parameter tensors, by name and shape; "
        "d and e have the same parameter tensors, by name and shape."
    )


def test_no_pyramid_is_not_a_pyramid_to_share() -> None:
    """Two models without a feature pyramid do not share one."""
    assert lines.together([ROW["tiny_empty"], ROW["tiny_mixed"]])[2] == (
        "No two of them have a feature pyramid of the same channels and strides."
    )


def test_equal_keys_are_a_group() -> None:
    """Names with equal keys stand together in their order; who is alone or has no key is in no group."""
    assert lines.groups(["a", "b", "c", "d", "e"], ["x", "y", "x", "z", "y"]) == [["a", "c"], ["b", "e"]]
    assert lines.groups(["a", "b", "c"], [None, None, "x"]) == []
    assert lines.groups([], []) == []
