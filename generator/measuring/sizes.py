"""Measure what a model costs at other input sizes than its default, and how it is made for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from torch import nn

from generator.facts.inspections import AtSize
from generator.measuring import passes
from generator.measuring.reasons import in_one_line

# A value of ``img_size`` that the model is built with; ``None`` for a model that is created as by default.
Way = int | tuple[int, int] | None

# Part of the message for an argument that a constructor does not have: Python's own, and that of timm's models.
_NO_SUCH_ARGUMENT = "unexpected keyword argument"


def measure(
    model: nn.Module, make: Callable[..., nn.Module], channels: int, sizes: Iterable[tuple[int, int]]
) -> tuple[AtSize, ...]:
    """Run a model once at each of these sizes, height and width in pixels.

    A model that runs at a size as it is, is not made for it: making a model takes as long as running it.

    Args:
        model: the model as created by default.
        make: creates the model with the options of ``timm.create_model`` that it is given.
        channels: the channels of the input.
        sizes: the sizes.
    """
    return tuple(_at(model, make, channels, size) for size in sizes)


def built(size: tuple[int, int]) -> list[Way]:
    """The ways to build a model for a size, in the order in which they are tried.

    For a square, some models take only a single number, and others only two.
    """
    return [size[0], size] if size[0] == size[1] else [size]


def in_short(refused: Sequence[tuple[Way, str]]) -> str:
    """The reasons of all ways, each once. That a model does not take ``img_size`` is no reason of its own."""
    told: dict[str, Way] = {}
    for way, reason in refused:
        if way is None or _NO_SUCH_ARGUMENT not in reason:
            told.setdefault(reason, way)
    if len(told) == 1:
        return next(iter(told))
    return "; ".join(
        f"{'as created by default' if way is None else f'with img_size={way}'}: {reason}"
        for reason, way in told.items()
    )


def _at(model: nn.Module, make: Callable[..., nn.Module], channels: int, size: tuple[int, int]) -> AtSize:
    refused: list[tuple[Way, str]] = []
    for way in [None, *built(size)]:
        try:
            own = model if way is None else make(img_size=way)
            tally, peak = passes.single(own, (channels, *size))
        except BaseException as error:  # a model that fails in any way at one size must not lose the others
            refused.append((way, in_one_line(error)))
        else:
            parameters = sum(parameter.numel() for parameter in own.parameters())
            return AtSize(*size, tally.macs, tally.activations, parameters, peak)
    return AtSize(*size, reason=in_short(refused))
