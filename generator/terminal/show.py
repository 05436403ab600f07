"""Render one model for a terminal: every fact except its tensors, one fact in each line."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts.columns import Section
from generator.facts.figures import BY_NAME, ModelRow, row
from generator.facts.records import ModelRecord, Provenance, Resized
from generator.facts.registry import Weights
from generator.facts.results import Result
from generator.facts.texts import escaped
from generator.pages import accuracy, pyramid
from generator.pages.formatting import UNKNOWN, integer, memory, percent, pixels, plural, value_text
from generator.pages.forms import form_shares
from generator.pages.lines import TEXT, Line, batch_words, deploy_form, forward_pass, memory_estimates, size
from generator.pages.weights import licence
from generator.ranking.standings import Standing
from generator.terminal.source import at_size, how_made, source

# A label and its value, as text.
Fact = tuple[str, str]


def render(
    record: ModelRecord,
    own: ModelRow,
    standing: Standing,
    provenance: Provenance,
    at: Resized | None = None,
    batch: int | None = None,
) -> str:
    """Render the facts of a model.

    Args:
        record: the model's record.
        own: the model's row.
        standing: the model's place among all models.
        provenance: where the facts come from.
        at: the model at another input size. Then every figure is of that, and its place among all models is left out.
        batch: the batch that memory is estimated at, in place of those that pages show.
    """
    # What others published does not depend on the size that was asked for.
    results = record.published.results
    if at is not None:
        record, own = at.record, row(at.record, own.rank)
    facts = [
        ("Family", own.family),
        *([("Test fixture", "timm has this model for its own tests")] if own.fixture else []),
        ("In timm since", own.since or UNKNOWN),
        *([(at_size(at.size), how_made(at))] if at else _places(standing)),
        *map(_fact, size(own)),
        *_forms(record),
        ("Input size", pixels(own.input_size) + (" pixels" if own.input_size else "")),
        *_pass(record, own, batch),
        *_deploy_form(record, own),
        *(("Failed", f"{failure.stage}: {failure.reason}") for failure in record.failures),
        *pyramid.lines(record),
        ("Weights", plural(len(own.tags), "tag") if own.tags else "none"),
        *_weights(record.entry.weights, results),
        *([] if at else _nearest(standing)),
    ]
    # Headings, which have no value, do not count for the width of the labels.
    width = max(len(label) for label, value in facts if value.strip())
    lines = [escaped(f"  {label:{width}}  {value}".rstrip()) for label, value in facts]
    return "\n".join([escaped(own.name), *lines, *([] if at else [source(provenance, record.date)])])


def _fact(line: Line) -> Fact:
    return "  " * line.depth + line.label, line.text


def _places(standing: Standing) -> list[Fact]:
    return [
        ("Rank", f"{integer(standing.rank)} of {integer(standing.total)} by parameter memory"),
        ("Percentile", f"larger than {percent(standing.smaller, standing.total, 1)} % of models"),
    ]


def _forms(record: ModelRecord) -> list[Fact]:
    created = [(f"  {dtype}", memory(size)) for dtype, size in record.bytes_by_dtype.items()]
    by_form = [
        (f"  {share.name}", f"{plural(share.tensors, 'tensor')}, {plural(share.parameters, 'parameter')}")
        for share in form_shares(record)
    ]
    return [("Created as", "" if created else "no parameters"), *created, ("Tensors by form", ""), *by_form]


def _pass(record: ModelRecord, own: ModelRow, batch: int | None) -> list[Fact]:
    """The figures of the forward pass, below its input size, and the memory estimates."""
    compute = record.inspection.compute
    where = f"at {pixels(compute.input_size)} pixels" if compute else UNKNOWN
    return [
        ("Forward pass, batch 1", where),
        *_told(forward_pass(own)),
        # The figures above are of one image.
        *([] if batch is None else [(f"Memory, {batch_words(batch)}", where)]),
        *_told(memory_estimates(record, batch)),
    ]


def _told(listed: Sequence[Line]) -> list[Fact]:
    # A text that is empty says nothing.
    return [_fact(line) for line in listed if line.unit != TEXT or line.value]


def _deploy_form(record: ModelRecord, own: ModelRow) -> list[Fact]:
    deploy = record.inspection.deploy
    if deploy is None:
        return [(Section.DEPLOY, "none" if record.has_deploy_form is False else UNKNOWN)]
    saved = record.parameters - deploy.parameters
    saved_memory = record.parameter_bytes - deploy.parameter_bytes
    share = percent(saved, record.parameters, 1)
    return [
        (Section.DEPLOY, "timm.utils.reparameterize_model(model)"),
        *map(_fact, deploy_form(record, own)),
        # A deploy form with more parameters or more memory saves nothing, and ``percent`` cannot be negative.
        *(
            [("  saves", f"{plural(saved, 'parameter')}, {memory(saved_memory)}, {share} % of parameters")]
            if saved > 0 <= saved_memory
            else [("  saves", "no parameters")]
        ),
    ]


def _weights(tags: Sequence[Weights], results: Sequence[Result]) -> list[Fact]:
    """A line for each tag: its licence, its classes, and the best accuracy that others published."""
    facts = []
    for weights, best in zip(tags, accuracy.bests(tags, results), strict=True):
        told = [licence(weights), plural(weights.num_classes, "class", "classes")]
        told += [accuracy.line(best)] if best else []
        facts.append((f"  {weights.tag or 'no tag'}", "; ".join(told)))
    return facts


def _nearest(standing: Standing) -> list[Fact]:
    facts: list[Fact] = [("Same checkpoints", ", ".join(standing.same_checkpoint))] if standing.same_checkpoint else []
    for name, nearest in standing.nearest.items():
        figure = BY_NAME[name]
        facts.append((f"Nearest in {figure.label}", UNKNOWN if nearest is None else ""))
        for word, found in (("more", nearest.more), ("fewer", nearest.fewer)) if nearest else ():
            end = "none but test fixtures" if word == "fewer" and standing.has_fixtures else "none"
            facts.append((f"  {word}", f"{found[0]}, {value_text(figure, found[1])}" if found else end))
    return facts
