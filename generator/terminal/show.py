"""Render one model for a terminal: every fact except its tensors, one fact in each line."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts.columns import Section
from generator.facts.figures import BY_NAME, ModelRow, row
from generator.facts.inspections import Compute
from generator.facts.records import ModelRecord, Provenance
from generator.facts.texts import escaped
from generator.pages import pyramid
from generator.pages.formatting import UNKNOWN, integer, memory, percent, pixels, plural, value_text
from generator.pages.forms import form_shares
from generator.pages.lines import TEXT, Line, deploy_form, forward_pass, memory_estimates, size
from generator.pages.weights import licence
from generator.ranking.standings import Standing
from generator.terminal.source import source

# A label and its value, as text.
Fact = tuple[str, str]


def render(
    record: ModelRecord, own: ModelRow, standing: Standing, provenance: Provenance, at: Compute | None = None
) -> str:
    """Render the facts of a model.

    Args:
        record: the model's record.
        own: the model's row.
        standing: the model's place among all models.
        provenance: where the facts come from.
        at: a forward pass at another input size, to show beside the pass at the default input size.
    """
    facts = [
        ("Family", own.family),
        ("In timm since", own.since or UNKNOWN),
        ("Rank", f"{integer(standing.rank)} of {integer(standing.total)} by parameter memory"),
        ("Percentile", f"larger than {percent(standing.smaller, standing.total, 1)} % of models"),
        *map(_fact, size(own)),
        *_forms(record),
        ("Input size", pixels(own.input_size) + (" pixels" if own.input_size else "")),
        *_passes(record, own, at),
        *_deploy_form(record, own),
        *(("Not measured", f"{failure.stage}: {failure.reason}") for failure in record.failures),
        *pyramid.lines(record),
        ("Weights", plural(len(own.tags), "tag") if own.tags else "none"),
        *(
            (f"  {weights.tag or 'no tag'}", f"{licence(weights)}; {plural(weights.num_classes, 'class', 'classes')}")
            for weights in record.entry.weights
        ),
        *([("Same checkpoints", ", ".join(standing.same_checkpoint))] if standing.same_checkpoint else []),
        *_nearest(standing),
    ]
    # Headings, which have no value, do not count for the width of the labels.
    width = max(len(label) for label, value in facts if value.strip())
    lines = [escaped(f"  {label:{width}}  {value}".rstrip()) for label, value in facts]
    return "\n".join([escaped(own.name), *lines, source(provenance, record.date)])


def _fact(line: Line) -> Fact:
    return "  " * line.depth + line.label, line.text


def _forms(record: ModelRecord) -> list[Fact]:
    created = [(f"  {dtype}", memory(size)) for dtype, size in record.bytes_by_dtype.items()]
    by_form = [
        (f"  {share.name}", f"{plural(share.tensors, 'tensor')}, {plural(share.parameters, 'parameter')}")
        for share in form_shares(record)
    ]
    return [("Created as", "" if created else "no parameters"), *created, ("Tensors by form", ""), *by_form]


def _passes(record: ModelRecord, own: ModelRow, at: Compute | None) -> list[Fact]:
    """The figures of the forward pass, below its input size. If there are two input sizes, each has a column."""
    records = [record, *([record.at(at)] if at else [])]
    sizes = [there.inspection.compute.input_size if there.inspection.compute else None for there in records]
    heading = [f"at {pixels(size)} pixels" if size else UNKNOWN for size in sizes]
    listed = [[*forward_pass(row(there, own.rank)), *memory_estimates(there)] for there in records]
    # A line with empty text in every column is left out.
    alike = [lines for lines in zip(*listed, strict=True) if lines[0].unit != TEXT or any(line.value for line in lines)]
    width = max(map(len, [heading[0], *(lines[0].text for lines in alike)]))
    return [
        (label, "  ".join([f"{cells[0]:<{width}}", *cells[1:]]))
        for label, cells in [
            ("Forward pass, batch 1", heading),
            *((_fact(lines[0])[0], [line.text for line in lines]) for lines in alike),
        ]
    ]


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


def _nearest(standing: Standing) -> Sequence[Fact]:
    facts = []
    for name, nearest in standing.nearest.items():
        figure = BY_NAME[name]
        facts.append((f"Nearest in {figure.label}", UNKNOWN if nearest is None else ""))
        for word, found in (("more", nearest.more), ("fewer", nearest.fewer)) if nearest else ():
            facts.append((f"  {word}", f"{found[0]}, {value_text(figure, found[1])}" if found else "none"))
    return facts
