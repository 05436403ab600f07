"""The page of published figures beside ours: how many are equal, and what explains the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from generator.facts.published import Comparison, Outcome, comparisons
from generator.facts.records import ModelRecord
from generator.facts.results import ACTIVATIONS, MACS, PARAMETERS
from generator.pages.formatting import UNDEFINED, integer, percent, quotient
from generator.pages.markdown import code, escape, model_link, snippet, table

# The most rows of the list of what is not explained.
MOST: Final = 100
# Sources of timm's tables have names that begin like this.
_TIMM: Final = "timm/"

_LABELS = {PARAMETERS: "Parameters", MACS: "MACs", ACTIVATIONS: "Activations"}
_OUTCOMES = {
    Outcome.EQUAL: "Equal within rounding",
    Outcome.EXPLAINED: "Explained",
    Outcome.NOT_EXPLAINED: "Not explained",
    Outcome.NOT_MEASURED: "Not measured at this size",
}


class _Found(NamedTuple):
    """A comparison of a model, by the model's name."""

    name: str
    comparison: Comparison


def render(records: Iterable[ModelRecord]) -> str:
    """Render the counts of all comparisons, by figure, by cause and by source, and the list of those not explained."""
    found = [_Found(record.name, comparison) for record in records for comparison in comparisons(record)]
    if not found:
        return snippet("There is no published figure to compare.")
    sources = {source for _, comparison in found for source in comparison.figure.sources}
    return snippet(
        _summary(found),
        ""
        if any(source.startswith(_TIMM) for source in sources)
        else "timm's tables of results were not read for this build, so theirs are not among them.",
        "## By figure {#by-figure}",
        _counts(
            "Figure",
            _LABELS.values(),
            [(_LABELS[comparison.figure.figure], comparison.outcome) for _, comparison in found],
        ),
        "## By cause {#by-cause}",
        _causes(found),
        "## By source {#by-source}",
        "A figure that several sources state counts in each of them.",
        _counts(
            "Source",
            map(escape, sorted(sources)),
            [(escape(source), comparison.outcome) for _, comparison in found for source in comparison.figure.sources],
        ),
        "## Not explained {#not-explained}",
        _unexplained([each for each in found if each.comparison.outcome == Outcome.NOT_EXPLAINED]),
    )


def _summary(found: Sequence[_Found]) -> str:
    outcomes = Counter(comparison.outcome for _, comparison in found)
    compared = len(found) - outcomes[Outcome.NOT_MEASURED]
    models = len({name for name, _ in found})
    shares = [
        f"{words}: {integer(outcomes[outcome])} ({percent(outcomes[outcome], compared, 1)} %)."
        for outcome, words in (
            (Outcome.EQUAL, "Equal to ours within rounding"),
            (Outcome.EXPLAINED, "Different, by causes with numbers"),
            (Outcome.NOT_EXPLAINED, "Not explained"),
        )
    ]
    return (
        f"{integer(len(found))} published figures of {integer(models)} models, {integer(compared)} of them at an input "
        f"size that was measured. {' '.join(shares[:-1])} **{shares[-1]}**"
    )


def _counts(heading: str, names: Iterable[str], of: Iterable[tuple[str, Outcome]]) -> str:
    """A table with a row for each name: the number of comparisons of each outcome that are of this name."""
    counted = Counter(of)
    rows = []
    for name in names:
        numbers = [counted[name, outcome] for outcome in Outcome]
        rows.append([name, *map(integer, numbers), integer(sum(numbers))])
    headings = [*_OUTCOMES.values(), "All"]
    return table([heading, *headings], rows, numeric=headings)


def _causes(found: Sequence[_Found]) -> str:
    """A table with the number of explained comparisons by all causes of each, the most frequent first."""
    explained = [comparison for _, comparison in found if comparison.outcome == Outcome.EXPLAINED]
    if not explained:
        return "No figure differs by a cause with a number."
    counted = Counter((comparison.kinds, comparison.figure.figure) for comparison in explained)
    totals = Counter(comparison.kinds for comparison in explained)
    rows = [
        [
            escape(", ".join(kinds)),
            *(integer(counted[kinds, figure]) for figure in _LABELS),
            integer(total),
        ]
        for kinds, total in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    ]
    headings = [*_LABELS.values(), "All"]
    return table(["Causes", *headings], rows, numeric=headings)


def _unexplained(found: Sequence[_Found]) -> str:
    """The list of comparisons that nothing explains, those that differ most first."""
    if not found:
        return "There is nothing to list."
    ordered = sorted(found, key=lambda each: (-_ratio(each.comparison), each.name, each.comparison.figure))
    rows = [
        [
            model_link(name),
            code(comparison.figure.tag or "") or UNDEFINED,
            integer(comparison.figure.image_size),
            _LABELS[comparison.figure.figure],
            integer(comparison.figure.value),
            integer(comparison.ours),
            _text(_ratio(comparison)),
            _tables(comparison.figure.sources),
        ]
        for name, comparison in ordered[:MOST]
    ]
    more = len(ordered) - len(rows)
    numeric = ["Pixels", "Published", "Ours", "Ratio"]
    return "\n\n".join(
        [
            "The ratio is that of the greater to the lesser number; the greatest stand first.",
            table(["Model", "Weights", "Pixels", "Figure", "Published", "Ours", "Ratio", "Stated in"], rows, numeric),
            *([f"And {integer(more)} more: [published.parquet](../data/published.parquet) has all."] if more else []),
        ]
    )


def _ratio(comparison: Comparison) -> Fraction:
    """How many times the lesser of both numbers the greater is, each counted as one at least."""
    assert comparison.ours is not None, "what was not measured is not among them"
    less, greater = sorted((max(1, comparison.figure.value), max(1, comparison.ours)))
    return Fraction(greater, less)


def _text(ratio: Fraction) -> str:
    return quotient(ratio.numerator, ratio.denominator, 3)


def _tables(sources: Sequence[str]) -> str:
    others = len(sources) - 1
    return escape(sources[0]) + (f" and {integer(others)} more" if others else "")
