"""The budget finder: the form above the rank page's table, which its script (rank.js) brings to life.

It is in the page from the start, so that nothing moves when the script runs; without JavaScript it is not shown. The
script takes names and words from here: a field's name is the key that it has in the address, and what a limit or a
column is called is the text beside its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from generator import licenses, memory

# What can be limited: its column in the index, how it is called, and an example of what can be typed.
LIMITS = {
    "parameters": ("Parameters", "25M"),
    "parameter_bytes": ("Parameter memory", "90 MiB"),
    "macs": ("MACs", "4.5 GMACs"),
    "activations": ("Activations", "12M"),
    "input_size": ("Input side, pixels", "256"),
    "inference_bytes": ("Memory of inference", "300 MiB"),
    "training_bytes": ("Memory of training, fp32", "24 GiB"),
    "training_bytes_mixed": ("Memory of training, bf16 mixed", "24 GiB"),
}

_CARD_GIB = 24


class Preset(NamedTuple):
    """A budget with a name: ``limits`` are parameters of the page's address."""

    name: str
    words: str
    limits: Mapping[str, str]


def presets() -> tuple[Preset, ...]:
    """The budgets that are offered. What is for training leaves room for what real runs took beyond the estimate."""
    greatest = memory.BANDS[memory.TRAINING_MIXED].greatest
    training = int(_CARD_GIB / greatest)
    return (
        Preset(
            "phone",
            "weights, at most 6 M parameters, 600 MMACs and 256 pixels a side",
            {"parameters": "..6M", "macs": "..600M", "input_size": "..256", "weights": "yes"},
        ),
        Preset(
            "edge",
            "weights, at most 5 GMACs, and 256 MiB for inference of one image in fp32",
            {"macs": "..5G", "inference_bytes": "..256MiB", "weights": "yes"},
        ),
        Preset(
            "server",
            "weights, at most 100 GMACs, and 4 GiB for inference of one image in fp32",
            {"macs": "..100G", "inference_bytes": "..4GiB", "weights": "yes"},
        ),
        Preset(
            f"fits {_CARD_GIB} GB training",
            f"AdamW, batch 32, bf16 mixed precision: at most {training} GiB estimated, since real runs took up to "
            f"{greatest:.2f} times as much",
            {"training_bytes_mixed": f"..{training}GiB"},
        ),
    )


def form(columns: Mapping[str, str], shown: int, strides: Iterable[int], total: str) -> str:
    """The form, as HTML without a blank line.

    Args:
        columns: The heading of each column that can be shown, by its name.
        shown: How many of them, from the first, are in the table as it is served.
        strides: All strides of feature pyramids, in pixels.
        total: How many models there are, in words.
    """
    return "\n".join(
        [
            '<form class="finder" role="search" aria-label="Budget finder" autocomplete="off">',
            '<div class="finder-words">',
            _text("name", "Name", "vit base"),
            _text("family", "Family", "efficientnet"),
            _text("tag", "Tag of weights", "in22k"),
            '<label>Weights <select name="weights"><option value="">with or without</option>'
            '<option value="yes">with</option><option value="no">without</option></select></label>',
            "</div>",
            '<div class="finder-presets" role="group" aria-label="Presets">',
            "<ul>",
            # The order of attributes keeps MkDocs from taking these for links to pages.
            *(
                f'<li><a class="finder-preset" href="?{_address(preset.limits)}">{escape(preset.name)}</a> '
                f"{escape(preset.words)}</li>"
                for preset in presets()
            ),
            "</ul>",
            "</div>",
            '<details class="finder-limits"><summary>Limits</summary>',
            "<p>Type numbers as you say them: 25M, 4.5 GMACs, 90 MiB. MACs and activations are those at a model's "
            "default input size, batch 1. Memory of inference (fp32, batch 1) and of training (AdamW, batch 32) is "
            f"estimated at that size; real runs took {_band(memory.INFERENCE)}, {_band(memory.TRAINING)} in fp32 and "
            f"{_band(memory.TRAINING_MIXED)} in mixed precision as much.</p>",
            '<div class="finder-ranges">',
            *(_range(column, *words) for column, words in LIMITS.items()),
            "</div>",
            _boxes("strides", "Feature pyramid with all of these strides, pixels", strides),
            _boxes("license", "Licence of the weights in one of these classes", licenses.CLASSES),
            "</details>",
            '<details class="finder-columns"><summary>Columns</summary>',
            _boxes(
                "columns",
                "Shown",
                # The name is what a row is about.
                [name for name in columns if name != "name"],
                columns,
                list(columns)[:shown],
            ),
            "</details>",
            '<p class="finder-status"><output aria-live="polite" tabindex="-1">' + total + "</output>",
            '<button type="button" name="clear">Clear all</button>',
            '<button type="button" name="csv">Save as CSV</button>',
            '<a class="finder-plot" href="../explore/">Plot them</a>',
            '<span class="finder-compared"><span aria-live="polite">Tick 2 to 6 models to compare them.</span> '
            '<a class="finder-compare" hidden>Compare</a> '
            '<button type="button" name="untick" hidden>Untick all</button></span></p>',
            '<div class="finder-empty" aria-live="polite"></div>',
            "</form>",
        ]
    )


def _text(name: str, label: str, example: str) -> str:
    return f'<label>{label} <input type="search" name="{name}" placeholder="e.g. {example}" spellcheck="false"></label>'


def _range(column: str, label: str, example: str) -> str:
    fields = "".join(
        f'<label>{words} <input type="text" name="{column}.{side}" placeholder="e.g. {example}" spellcheck="false">'
        "</label>"
        for side, words in (("min", "at least"), ("max", "at most"))
    )
    return f'<fieldset data-limit="{column}"><legend>{label}</legend>{fields}</fieldset>'


def _boxes(
    name: str,
    legend: str,
    values: Iterable[object],
    labels: Mapping[str, str] | None = None,
    ticked: Iterable[str] = (),
) -> str:
    ticked = set(ticked)
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{value}"{" checked" if value in ticked else ""}> '
        f"{(labels or {}).get(str(value), value)}</label>"
        for value in values
    )
    return f'<fieldset class="finder-boxes"><legend>{legend}</legend>{boxes}</fieldset>'


def _address(limits: Mapping[str, str]) -> str:
    return "&amp;".join(f"{key}={value}" for key, value in limits.items())


def _band(kind: str) -> str:
    least, greatest = memory.BANDS[kind]
    return f"{least:.2f} to {greatest:.2f} times"
