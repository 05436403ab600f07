"""The budget finder: the form above the rank page's table. A script makes it work.

The form is in the page from the start, so that nothing moves when the script runs. Without JavaScript it is hidden. The
name of a field is also its key in the page's address. Columns and limits come from the declarations of figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from generator.facts import cards, estimates, licenses
from generator.facts.columns import Figure, Kind, Place
from generator.facts.estimates import SETTINGS
from generator.facts.figures import BY_NAME, FIGURES, IN_TABLE
from generator.facts.results import TEST_SETS
from generator.pages import fit

# The figures that depend on a card and a setting, and on a test set.
_BATCH, _TOP1 = "largest_batch", "top1"
# The figures that can be limited.
LIMITED = tuple(figure for figure in FIGURES if figure.limit)

_FIXTURES = '<label><input type="checkbox" name="fixtures" value="yes"> with test fixtures</label>'


class Preset(NamedTuple):
    """A named budget. ``limits`` are parameters of the page's address."""

    name: str
    words: str
    limits: Mapping[str, str]


def presets() -> tuple[Preset, ...]:
    """The budgets that the form offers."""
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
            f"trains in {cards.USUAL_SIZE} GB",
            "batch 32 or more, by AdamW in bf16 mixed precision, with room for the most that real runs took",
            {"largest_batch": "32.."},
        ),
    )


def render(strides: Iterable[int], total: str, *, has_fixtures: bool = False) -> str:
    """Render the form as HTML without blank lines.

    Args:
        strides: All strides of feature pyramids, in pixels.
        total: The number of models, as text.
        has_fixtures: Whether there are test fixtures, which are shown on request.
    """
    return "\n".join(
        [
            # Before the script is there, Enter would load the page again without what was typed.
            '<form class="finder" role="search" aria-label="Budget finder" autocomplete="off" onsubmit="return false">',
            '<div class="finder-words">',
            _text("name", "Name", "vit base"),
            _text("family", "Family", "efficientnet"),
            _text("tag", "Tag of weights", "in22k"),
            '<label>Weights <select name="weights"><option value="">with or without</option>'
            '<option value="yes">with</option><option value="no">without</option></select></label>',
            "</div>",
            '<div class="finder-presets" role="group" aria-label="Presets">',
            "<ul>",
            # With class before href, MkDocs does not take these for links to pages.
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
            f"estimated at that size; real runs took {_band(estimates.INFERENCE, 1)}, "
            f"{_band(estimates.TRAINING, 32)} in fp32 and {_band(estimates.TRAINING_MIXED, 32)} in mixed precision as "
            "much.</p>",
            '<div class="finder-ranges">',
            _card(),
            _accuracy(),
            *(_range(figure) for figure in LIMITED if figure.name not in (_BATCH, _TOP1)),
            "</div>",
            _boxes("strides", "Feature pyramid with all of these strides, pixels", strides),
            _boxes("license", "Licence of the weights in one of these classes", licenses.CLASSES),
            "</details>",
            '<details class="finder-columns"><summary>Columns</summary>',
            _boxes(
                "columns",
                "Shown",
                # The column of names is always shown.
                [figure.name for figure in IN_TABLE if figure.name != "name"],
                {figure.name: figure.label for figure in IN_TABLE},
                [figure.name for figure in IN_TABLE if figure.place is Place.SHOWN],
            ),
            "</details>",
            '<p class="finder-status"><output aria-live="polite" tabindex="-1">' + total + "</output>",
            *([_FIXTURES] if has_fixtures else []),
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


def _range(figure: Figure) -> str:
    # A limit on the input size applies to its sides.
    legend = f"{figure.label}, a side in pixels" if figure.kind is Kind.SIZE else figure.label
    return f'<fieldset data-limit="{figure.name}"><legend>{legend}</legend>{_sides(figure)}</fieldset>'


def _sides(figure: Figure) -> str:
    return "".join(
        f'<label>{words} <input type="text" name="{figure.name}.{side}" placeholder="e.g. {figure.limit}" '
        'spellcheck="false"></label>'
        for side, words in (("min", "at least"), ("max", "at most"))
    )


def _card() -> str:
    """The fields of the largest batch: the memory of the reader's GPU, what is run on it, and limits."""
    settings = "".join(
        f'<option value="{setting.key}"{" selected" if setting.key == cards.USUAL_SETTING else ""}>{setting.words}'
        "</option>"
        for setting in SETTINGS
    )
    figure = BY_NAME[_BATCH]
    return (
        f'<fieldset class="finder-card" data-limit="{_BATCH}"><legend>{figure.label} that fits into my GPU</legend>'
        f'<label>memory <input type="text" name="gpu" value="{cards.USUAL_SIZE} GB" list="finder-cards" '
        f'placeholder="e.g. {cards.USUAL_SIZE} GB" spellcheck="false"></label>'
        f'{fit.card_options("finder-cards")}<label>run <select name="run">{settings}</select></label>'
        f"{_sides(figure)}</fieldset>"
    )


def _accuracy() -> str:
    """The fields of accuracy: the test set that it is on, and limits."""
    sets = "".join(f'<option value="{key}">{words}</option>' for key, words in TEST_SETS.items())
    return (
        f'<fieldset data-limit="{_TOP1}"><legend>{BY_NAME[_TOP1].label} accuracy, published</legend>'
        f'<label class="wide">on <select name="test_set">{sets}</select></label>{_sides(BY_NAME[_TOP1])}</fieldset>'
    )


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


def _band(kind: str, batch: int) -> str:
    least, greatest = estimates.band(kind, batch)
    return f"{least:.2f} to {greatest:.2f} times"
