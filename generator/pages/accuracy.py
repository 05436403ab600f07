"""Accuracy that others published, as text: the best of each set of weights, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts.registry import Weights
from generator.facts.results import TEST_SETS, VALIDATION, Result, Source, best
from generator.pages.formatting import UNKNOWN, day, integer, published_percent
from generator.pages.markdown import escape, web_link

HEADINGS = ("ImageNet top-1", "ImageNet top-5")
# Letters of a commit or digest that are enough to tell it.
_SHORT = 12


def bests(all_weights: Sequence[Weights], results: Sequence[Result]) -> list[Result | None]:
    """The best result of each set of weights on the validation set; ``None`` where none was published."""
    return [best(results, weights.tag) for weights in all_weights]


def cells(result: Result | None) -> list[str]:
    """The cells below `HEADINGS`: top-1 with the image size, and top-5."""
    if result is None:
        return [UNKNOWN, UNKNOWN]
    top5 = UNKNOWN if result.top5 is None else published_percent(result.top5)
    return [at_size(result.top1, result.image_size), top5]


def at_size(top1: float, image_size: int) -> str:
    """An accuracy with the side of the images that it is of, e.g. ``80.86 % at 224 px``."""
    return f"{published_percent(top1)} at {integer(image_size)} px"


def line(result: Result) -> str:
    """A result in one line of a terminal, e.g. ``80.86 % top-1 on ImageNet-1K validation at 224 px (torchvision)``."""
    top1, _ = cells(result)
    share, _, size = top1.partition(" at ")
    return f"{share} top-1 on {TEST_SETS[VALIDATION]} at {size} ({result.source})"


def legend(shown: Sequence[Result | None], sources: Sequence[Source]) -> str:
    """The sentences below a table with these results: that they are not ours, and whose they are."""
    by_name = {source.name: source for source in sources}
    named = dict.fromkeys((result.source, result.source_version) for result in shown if result is not None)
    told = "; ".join(_source(name, version, by_name.get(name)) for name, version in named)
    return (
        "Accuracy is what [others published](../guide/method.md#published-results), not ours: on the validation images "
        f"of ImageNet-1K, for each tag at the image size at which it is best. From {told}. Other sizes and test sets "
        "are in the [data](../guide/data.md#results)."
    )


def _source(name: str, version: str, source: Source | None) -> str:
    """A source with its version and date, linked where it can be read."""
    text = escape(name)
    if source is not None and source.address:
        text = web_link(text, source.address)
    date = f", {day(source.date)}" if source is not None and source.date else ""
    return f"{text} ({escape(_short(version))}{date})"


def _short(version: str) -> str:
    """A version; of a commit, which is longer, its beginning."""
    return version[:_SHORT] if len(version) == 40 else version
