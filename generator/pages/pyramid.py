"""The feature pyramid of a model: its levels, timm's claims that differ, and the models with the same pyramid."""

from __future__ import annotations

from generator.facts.inspections import Level
from generator.facts.records import ModelRecord
from generator.pages.escaping import in_python
from generator.pages.formatting import UNKNOWN, integer, pixels, plural
from generator.pages.markdown import code, escape, model_link, table
from generator.ranking.standings import Standing

_LAYOUTS = {"NCHW": "channels first", "NHWC": "channels last"}


def render(record: ModelRecord, standing: Standing) -> str:
    """The section below the heading: the call and the levels that it returns, or the reason why there are none."""
    pyramid = record.inspection.pyramid
    if not pyramid.works:
        return f"{_state(pyramid.works)}: {escape(pyramid.reason or UNKNOWN)}."
    layouts = sorted({level.layout for level in pyramid.levels})
    pretrained = ", pretrained=True" if record.entry.tags else ""
    call = code(f"timm.create_model({in_python(record.name)}{pretrained}, features_only=True)")
    order = " and ".join(
        f"{layout} ({_LAYOUTS[layout]})" if layout in _LAYOUTS else escape(layout) for layout in layouts
    )
    return "\n\n".join(
        [
            f"{call} returns {plural(len(pyramid.levels), 'feature map')}, in {order}; the sizes are those at "
            f"{pixels(record.entry.input_size)} pixels.",
            table(
                ["Level", "Module", "Channels", "Stride in pixels", "Height × width"],
                [
                    [
                        str(index),
                        code(level.module) if level.module else UNKNOWN,
                        integer(level.channels),
                        integer(level.stride),
                        _size(level),
                    ]
                    for index, level in enumerate(pyramid.levels)
                ],
            ),
            *disagreements(pyramid.levels),
            _shared(standing),
        ]
    )


def lines(record: ModelRecord) -> list[tuple[str, str]]:
    """The feature pyramid for a terminal, as (label, value) lines: one for the pyramid and one for each level."""
    pyramid = record.inspection.pyramid
    if not pyramid.works:
        return [("Feature pyramid", f"{_state(pyramid.works).replace('`', '')}: {pyramid.reason or UNKNOWN}")]
    return [
        ("Feature pyramid", plural(len(pyramid.levels), "level")),
        *(
            (
                f"  level {index}",
                f"{plural(level.channels, 'channel')}, stride {integer(level.stride)} pixels, {_size(level)} elements, "
                f"{level.layout}, {f'from {level.module}' if level.module else 'module unknown'}",
            )
            for index, level in enumerate(pyramid.levels)
        ),
        *(("  timm", sentence.replace("`", "")) for sentence in disagreements(pyramid.levels)),
    ]


def disagreements(levels: tuple[Level, ...]) -> list[str]:
    """A sentence about the levels whose ``feature_info`` differs from the measured figures; empty if none differs."""
    levels_of: dict[str, list[str]] = {}
    for index, level in enumerate(levels):
        if not level.is_as_claimed:
            levels_of.setdefault(" and ".join(_differing(level)), []).append(str(index))
    found = [
        f"for {'level' if len(indices) == 1 else 'levels'} {', '.join(indices)} it {says}"
        for says, indices in levels_of.items()
    ]
    return [f"timm's `feature_info` says otherwise: {'; '.join(found)}."] if found else []


def _differing(level: Level) -> list[str]:
    says = []
    if level.claimed_channels != level.channels:
        claimed = level.claimed_channels
        says.append("gives no channels" if claimed is None else f"gives {plural(claimed, 'channel')}")
    if level.claimed_reduction != level.stride:
        claimed = level.claimed_reduction
        says.append("gives no stride" if claimed is None else f"gives a stride of {plural(claimed, 'pixel')}")
    if level.module is None:
        says.append("names no module that gives the map")
    return says


def _state(works: bool | None) -> str:
    if works is None:
        return "Whether `features_only=True` works for this model could not be measured"
    return "`features_only=True` does not work for this model"


def _size(level: Level) -> str:
    return f"{integer(level.height)} × {integer(level.width)}"


def _shared(standing: Standing) -> str:
    nearest = standing.nearest_pyramids
    if not nearest:
        return "No other model has the same channels and strides."
    rest = standing.same_pyramid - len(nearest)
    names = ", ".join(model_link(name, "") for name in nearest)
    models = plural(standing.same_pyramid, "other model")
    have = "has" if standing.same_pyramid == 1 else "have"
    order = "" if standing.same_pyramid == 1 else ", nearest in parameters first"
    return (
        f"{models} {have} the same channels and strides{order}: {names}"
        + (f", and {integer(rest)} more" * bool(rest))
        + "."
    )
