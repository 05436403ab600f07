"""Published sizes of models beside ours: equal, or what makes up the difference.

Every cause is computed from a model's record, and has the number that it adds to ours. Together they lead to the
published number, within its rounding. Where none does, the difference is not explained, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from math import prod
from typing import Final, NamedTuple

from generator.facts.columns import column
from generator.facts.inspections import ParameterTensor, Terms
from generator.facts.records import ModelRecord
from generator.facts.results import ACTIVATIONS, MACS, PARAMETERS, PublishedFigure

# The classes of the sets of images that classifiers of timm are trained on: ImageNet-1K, and what is in use of
# ImageNet-21K: 21,841 classes, 21,843 by Google's list, the 11,221 of ImageNet-21K-P, and 11,821 with enough images.
CLASSES: Final = (1000, 21_841, 21_843, 11_221, 11_821)

NOT_MEASURED: Final = "not measured at this size"
NOT_EXPLAINED: Final = "not explained"


class Kind(StrEnum):
    """The kinds of causes, in words."""

    DEPLOY = "deploy form"
    HEAD = "another head"
    BUFFERS = "buffers counted as parameters"
    MORE = "more than products counted"
    UNFUSED = "differential attention not fused"
    ATTENTION = "attention left out"
    RECURRENCE = "recurrence left out"
    SAME_PADDING = 'padding="same" left out'


class Cause(NamedTuple):
    """A cause of a difference. ``number`` is what it adds to ours, ``words`` say what exactly it is."""

    kind: Kind
    words: str
    number: int


class Outcome(StrEnum):
    """The outcome of a comparison. Each has exactly one."""

    EQUAL = "equal within rounding"
    EXPLAINED = "explained"
    NOT_EXPLAINED = NOT_EXPLAINED
    NOT_MEASURED = NOT_MEASURED


class Comparison(NamedTuple):
    """A published figure beside ours, which is ``None`` where we have not measured at its input size.

    ``causes`` make up the difference; there are none where it is not explained, or where there is none.
    """

    figure: PublishedFigure
    ours: int | None
    causes: tuple[Cause, ...] = ()

    @property
    def agrees(self) -> bool | None:
        """Whether both are equal, within the rounding of what was published; ``None`` if ours is not known."""
        return None if self.ours is None else _fits(self.figure, self.ours)

    @property
    def outcome(self) -> Outcome:
        if self.ours is None:
            return Outcome.NOT_MEASURED
        if self.agrees:
            return Outcome.EQUAL
        return Outcome.EXPLAINED if self.causes else Outcome.NOT_EXPLAINED

    @property
    def cause(self) -> str | None:
        """The causes with their numbers in words, or why there is none; ``None`` where both are equal."""
        if self.outcome in (Outcome.NOT_MEASURED, Outcome.NOT_EXPLAINED):
            return self.outcome.value
        return "; ".join(f"{cause.words}: {cause.number:+,}" for cause in self.causes) or None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its causes, each once, in the order of their declaration."""
        found = {cause.kind for cause in self.causes}
        return tuple(kind for kind in Kind if kind in found)


class Form(NamedTuple):
    """The model in a form, at one input size: its figures, and what fvcore counts otherwise.

    ``kind`` and ``words`` say how it differs from the model as timm creates it; they are ``None`` and "" for that.
    A figure is ``None`` where it is not known.
    """

    kind: Kind | None
    words: str
    parameters: int
    macs: int | None
    activations: int | None
    terms: Terms

    def value(self, figure: str) -> int | None:
        """Its value of a published figure, by the figure's name."""
        return {PARAMETERS: self.parameters, MACS: self.macs, ACTIVATIONS: self.activations}[figure]


def comparisons(record: ModelRecord) -> tuple[Comparison, ...]:
    """Compare every published figure of a model with ours, in the order of the figures."""
    figures = record.published.figures
    # Rows of a table are about one form: what its parameters tell of the form holds for its other figures.
    forms = {size: measured(record, size) for size in {figure.image_size for figure in figures}}
    told = {
        figure: [form for form in forms[figure.image_size] if _fits(figure, form.parameters)]
        for figure in figures
        if figure.figure == PARAMETERS
    }
    found = []
    for figure in figures:
        known = forms[figure.image_size]
        ours = known[0].value(figure.figure) if known else None
        if ours is None or _fits(figure, ours):
            found.append(Comparison(figure, ours))
            continue
        likely = [form for stated, fitting in told.items() if _is_beside(stated, figure) for form in fitting]
        found.append(Comparison(figure, ours, _causes(figure, ours, list(dict.fromkeys(likely)) or known[:1])))
    return tuple(found)


def measured(record: ModelRecord, image_size: int) -> list[Form]:
    """The forms of a model at an input size: the first is as timm creates it. There is none if it was not measured.

    The others are the deploy form, and what follows from the first: with another head, and with its buffers.
    """
    compute, deploy = record.inspection.compute, record.inspection.deploy
    if compute is None or compute.input_size[1:] != (image_size, image_size):
        return []
    own = Form(None, "", record.parameters, compute.macs, compute.activations, compute.terms)
    forms = [own]
    if deploy is not None:
        terms = deploy.terms or Terms()
        forms.append(Form(Kind.DEPLOY, Kind.DEPLOY, deploy.parameters, deploy.macs, deploy.activations, terms))
    forms += _with_another_head(record, own)
    if record.inspection.buffers:
        with_buffers = own.parameters + record.inspection.buffers
        forms.append(own._replace(kind=Kind.BUFFERS, words=Kind.BUFFERS, parameters=with_buffers))
    return forms


def _fits(figure: PublishedFigure, value: int) -> bool:
    return abs(figure.value - value) <= figure.rounding


def _is_beside(stated: PublishedFigure, figure: PublishedFigure) -> bool:
    """Whether two figures are of the same row of a table."""
    place = (figure.tag, figure.image_size)
    return (stated.tag, stated.image_size) == place and not {*stated.sources}.isdisjoint(figure.sources)


def _causes(figure: PublishedFigure, ours: int, forms: Sequence[Form]) -> tuple[Cause, ...]:
    """The causes of the first form and way to count that lead to a published figure; none if no form does."""
    for form in forms:
        value = form.value(figure.figure)
        if value is None:
            continue
        by_form = [] if form.kind is None else [Cause(form.kind, form.words, value - ours)]
        for counted in _countings(form.terms, figure.figure):
            if _fits(figure, value + sum(cause.number for cause in counted)):
                return tuple(cause for cause in (*by_form, *counted) if cause.number)
    return ()


def _countings(terms: Terms, figure: str) -> Iterator[list[Cause]]:
    """The ways to count a form, by what each adds to ours: as we do, and as fvcore does: by how attention ran."""
    yield []
    if figure == PARAMETERS:
        return
    is_macs = figure == MACS
    more = [
        Cause(Kind.MORE, "normalisation counted", terms.normalisation),
        Cause(Kind.MORE, "adaptive pooling counted", terms.pooling),
        Cause(Kind.MORE, "interpolation counted", terms.interpolation),
    ]
    recurrence, same_padding, unfused, attention = (
        Cause(kind, kind.value, -(products.macs if is_macs else products.activations))
        for kind, products in (
            (Kind.RECURRENCE, terms.recurrence),
            (Kind.SAME_PADDING, terms.same_padding),
            (Kind.UNFUSED, terms.shared_values),
            (Kind.ATTENTION, terms.attention),
        )
    )
    by_fvcore = [*(more if is_macs else []), recurrence, same_padding]
    yield by_fvcore
    yield [*by_fvcore, unfused]
    yield [*by_fvcore, attention]


def _with_another_head(record: ModelRecord, own: Form) -> list[Form]:
    """The model with a head of other numbers of classes: those of its weights, and of well-known sets of images."""
    head = _head(record)
    if head is None or own.macs is None or own.activations is None:
        return []
    classes, parameters, macs, activations = head
    numbers = dict.fromkeys([*(weights.num_classes for weights in record.entry.weights), *CLASSES, 0])
    return [
        Form(
            Kind.HEAD,
            f"a head of {number:,} classes" if number else "no head",
            own.parameters + parameters * (number - classes),
            own.macs + macs * (number - classes),
            own.activations + activations * (number - classes),
            own.terms,
        )
        for number in numbers
        if number != classes
    ]


def _head(record: ModelRecord) -> tuple[int, int, int, int] | None:
    """The number of classes, and the parameters, MACs and activations of each class; ``None`` if not known.

    The head is known where the last tensors are its whole: matrices and vectors of a row for each class. A model
    without a head would have a linear layer over its last features.
    """
    if not record.tensors or not record.tensors[-1].shape:
        return None
    rows = record.tensors[-1].shape[0]
    if record.inspection.head_parameters == 0:
        return 0, rows + 1, rows, 1
    last: list[ParameterTensor] = []
    for tensor in reversed(record.tensors):
        if tensor.shape[:1] != (rows,):
            break
        last.append(tensor)
    if sum(tensor.parameters for tensor in last) != record.inspection.head_parameters:
        return None
    matrices = [prod(tensor.shape[1:]) for tensor in last if len(tensor.shape) > 1]
    return rows, record.inspection.head_parameters // rows, sum(matrices), len(matrices)


class Row(NamedTuple):
    """A published figure of one source, beside ours."""

    tag: str | None
    image_size: int
    source: str
    figure: str
    published: int
    ours: int | None
    agrees: bool | None
    cause: str | None


def rows(record: ModelRecord) -> list[Row]:
    """Every published figure of a model, once for each source that states it."""
    return [
        Row(
            stated.tag,
            stated.image_size,
            source,
            stated.figure,
            stated.value,
            comparison.ours,
            comparison.agrees,
            comparison.cause,
        )
        for comparison in comparisons(record)
        for stated in (comparison.figure,)
        for source in stated.sources
    ]


COLUMNS = (
    column(
        "tag",
        "string",
        "",
        "The weights; null where the source is about the model.",
        nullable=True,
        method="tags",
    ),
    column("image_size", "int64", "pixels", "The side of the images."),
    column("source", "string", "", "The table that it was read from.", method="published-figures"),
    column("figure", "string", "", "`parameters`, `macs` or `activations`."),
    column("published", "int64", "that of the figure", "What was published, in elements or multiply-accumulates."),
    column(
        "ours",
        "int64",
        "that of the figure",
        "The same as measured here; null where not measured at this size.",
        nullable=True,
    ),
    column(
        "agrees",
        "bool",
        "",
        "Whether both are equal within the rounding of what was published; null where ours is.",
        nullable=True,
        method="published-figures",
    ),
    column(
        "cause",
        "string",
        "",
        "What makes up the difference, with its numbers, or that it is not explained; null where both are equal.",
        nullable=True,
        method="published-figures",
    ),
)
