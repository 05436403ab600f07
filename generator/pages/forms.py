"""Form shares: the shares of a model's tensors and parameters that are Scalar, Vector, Matrix or Tensor rank N."""

from __future__ import annotations

from dataclasses import dataclass

from generator.facts.records import ModelRecord
from generator.facts.shapes import count, form_of_rank, squeeze
from generator.pages.escaping import in_html
from generator.pages.formatting import percent, share_text

# The ranks that are always shown, as on the reference page: vectors and matrices.
_ALWAYS = (1, 2)


@dataclass(frozen=True, slots=True)
class FormShare:
    """The number of a model's tensors that have a form, and the number of their parameters."""

    name: str
    tensors: int
    parameters: int


def form_shares(record: ModelRecord) -> list[FormShare]:
    """The shares, by rank of the squeezed shape. Forms without tensors are left out, but not vectors and matrices."""
    totals = {rank: [0, 0] for rank in _ALWAYS}
    for (shape, _, _), number in record.alike.items():
        total = totals.setdefault(len(squeeze(shape)), [0, 0])
        total[0] += number
        total[1] += number * count(shape)
    return [FormShare(form_of_rank(rank), *totals[rank]) for rank in sorted(totals)]


def render(shares: list[FormShare]) -> str:
    """Render a bar chart as HTML: for each form one bar for its tensors and one for its parameters, with numbers.

    The chart can be read without colour, and by screen readers: all it shows is in its words.
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
    # Only a share of zero has no bar.
    bar = f'<i style="width:{percent(part, whole)}%"></i>' if part else ""
    return f'<dd class="{kind}"><span>{in_html(share_text(part, whole))} % of {kind}</span>{bar}</dd>'
