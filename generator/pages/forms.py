"""Form shares: how a model's tensors and parameters divide over Scalar, Vector, Matrix and Tensor rank N."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from generator.pages.formatting import percent, share_text
from generator.records import ModelRecord, count, squeeze
from generator.vocabulary import form

# Shown even where a model has none, as on the reference page: vectors and matrices.
_ALWAYS = (1, 2)


@dataclass(frozen=True, slots=True)
class FormShare:
    """How many of a model's tensors have a form, and how many parameters they hold."""

    name: str
    tensors: int
    parameters: int


def form_shares(record: ModelRecord) -> list[FormShare]:
    """The shares by rank of the squeezed shape: scalars first where there are any, vectors and matrices always."""
    totals = {rank: [0, 0] for rank in _ALWAYS}
    for (shape, _, _), number in record.alike.items():
        total = totals.setdefault(len(squeeze(shape)), [0, 0])
        total[0] += number
        total[1] += number * count(shape)
    return [FormShare(form(rank), *totals[rank]) for rank in sorted(totals)]


def render(shares: list[FormShare]) -> str:
    """A bar chart as HTML: for each form one bar for its tensors, one for its parameters, each with its figure.

    Lengths and words carry the meaning, colour only helps. Everything is in the caption's words for screen readers.
    """
    tensors = sum(share.tensors for share in shares)
    parameters = sum(share.parameters for share in shares)
    lines = []
    for share in shares:
        lines.append(
            f"<dt>{share.name}</dt>"
            + _bar("tensors", share.tensors, tensors)
            + _bar("parameters", share.parameters, parameters)
        )
    return (
        '<figure class="form-shares">\n<figcaption>Tensors and parameters by form</figcaption>\n<dl>\n'
        + "\n".join(lines)
        + "\n</dl>\n</figure>"
    )


def _bar(kind: str, part: int, whole: int) -> str:
    # What is there has a bar, however short; what is not there has none.
    bar = f'<i style="width:{percent(part, whole)}%"></i>' if part else ""
    return f'<dd class="{kind}"><span>{escape(share_text(part, whole))} % of {kind}</span>{bar}</dd>'
