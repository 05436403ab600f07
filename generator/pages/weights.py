"""The section about weights on a model's page: a table of tags, and for each tag the code to load it and details."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from generator.facts.licenses import license_class
from generator.facts.registry import CatalogEntry, Weights
from generator.facts.results import Result, Source
from generator.pages import accuracy
from generator.pages.escaping import in_html, web_address
from generator.pages.formatting import UNKNOWN, channel_values, integer, pixels, share_of_side
from generator.pages.markdown import code, create_model, escape, model_link, table, web_link
from generator.ranking.standings import Standing

NO_LICENCE = "not named"

# Shown if the input size in testing equals that in training.
_SAME = "same"
_LEGEND = (
    "Sizes are channels × height × width, in pixels; the crop is a share of the resized image's side. What the classes "
    "of licences mean, and what they cannot tell, is in the [glossary](../guide/glossary.md#licence-class)."
)


def render(
    entry: CatalogEntry, standing: Standing, results: Sequence[Result] = (), sources: Sequence[Source] = ()
) -> list[str]:
    """The blocks below the heading: the table, the details of each tag, and the models with equal checkpoints.

    The table has the accuracy of each tag where ``results``, those of the model, have one of any.
    """
    bests = accuracy.bests(entry.weights, results)
    legends = [_LEGEND, accuracy.legend(bests, sources)] if any(bests) else [_LEGEND]
    blocks = [
        _table(entry.weights, bests if any(bests) else []),
        *legends,
        *(_details(entry.name, weights) for weights in entry.weights),
    ]
    return [*(blocks if entry.weights else ["timm has no pretrained weights for this model."]), *_exchange(standing)]


def licence(weights: Weights) -> str:
    """The licence as timm names it and its class, e.g. ``mit, permissive``."""
    return f"{weights.license or NO_LICENCE}, {license_class(weights.license)}"


def _table(all_weights: tuple[Weights, ...], bests: Sequence[Result | None]) -> str:
    measured = accuracy.HEADINGS if bests else ()
    return table(
        ["Tag", *measured, "Classes", "Input size", "Test size", "Crop", "Licence", "Licence class", "Source"],
        [
            [
                (code(weights.tag) or "none") + (" (default)" if weights.is_default else ""),
                *(accuracy.cells(bests[place]) if bests else ()),
                integer(weights.num_classes) if weights.num_classes else "none",
                pixels(weights.input_size),
                _test_size(weights),
                _crop(weights),
                escape(weights.license or NO_LICENCE),
                license_class(weights.license),
                _source(weights),
            ]
            for place, weights in enumerate(all_weights)
        ],
        numeric=[*measured, "Classes"],
    )


def _test_size(weights: Weights) -> str:
    return _SAME if weights.test_input_size in (None, weights.input_size) else pixels(weights.test_input_size)


def _crop(weights: Weights) -> str:
    crop, test = weights.crop_pct, weights.test_crop_pct
    return share_of_side(crop) if test in (None, crop) else f"{share_of_side(crop)}, test {share_of_side(test)}"


def _source(weights: Weights) -> str:
    if weights.source is None:
        return UNKNOWN
    address = None if weights.file else web_address(weights.source)
    if address is None:
        return code(weights.source)
    return web_link("Hugging Face" if weights.hf_hub_id else escape(urlsplit(address).netloc), weights.source)


def _details(name: str, weights: Weights) -> str:
    """The facts that are too long for the table. The default tag's are open, so that most pages show everything."""
    # Weights can be without a tag.
    full_name = f"{name}.{weights.tag}" if weights.tag else name
    facts = [
        f"Crop mode {escape(weights.crop_mode) or UNKNOWN}, interpolation {escape(weights.interpolation) or UNKNOWN}",
        f"Mean {channel_values(weights.mean)}; standard deviation {channel_values(weights.std)}; "
        "for pixel values from 0 to 1",
        *_papers(weights),
    ]
    if weights.origin_url:
        facts.append(f"Origin: {web_link(escape(_without_scheme(weights.origin_url)), weights.origin_url)}")
    if weights.description:
        facts.append(f"Description: {escape(weights.description)}")
    facts += [f"Note: {escape(note)}" for note in weights.notes]
    state = " open" if weights.is_default else ""
    return "\n\n".join(
        [
            f'<details class="weights"{state} markdown>\n<summary>{in_html(full_name)}</summary>',
            create_model(full_name, "pretrained=True"),
            "\n".join(f"- {fact}" for fact in facts),
            "</details>",
        ]
    )


def _papers(weights: Weights) -> list[str]:
    """The papers, with their address if they have one. timm gives only the title of the first."""
    papers = []
    for position, paper in enumerate(weights.paper_ids):
        shown = f"{weights.paper_name} ({paper})" if weights.paper_name and position == 0 else paper
        kind, _, number = paper.partition(":")
        papers.append(web_link(escape(shown), f"https://arxiv.org/abs/{number}") if kind == "arXiv" else escape(shown))
    if weights.paper_name and not weights.paper_ids:
        papers.append(escape(weights.paper_name))
    return [f"Paper: {paper}" for paper in papers]


def _without_scheme(address: str) -> str:
    return address.partition("://")[2] or address


def _exchange(standing: Standing) -> list[str]:
    """Sentences about the models whose checkpoints this model can load, all of them or only the parameters."""
    sentences = []
    if standing.same_checkpoint:
        sentences.append(
            f"It takes the [checkpoints](../guide/method.md#checkpoints) of {_models(standing.same_checkpoint)} too, "
            "and the other way round."
        )
    if standing.same_parameters:
        sentences.append(
            f"It has the parameters of {_models(standing.same_parameters)}, but other buffers: between them a "
            "checkpoint fits with `strict=False` alone."
        )
    return sentences


def _models(names: tuple[str, ...]) -> str:
    links = [model_link(name, "") for name in names]
    return " and ".join(filter(None, [", ".join(links[:-1]), links[-1]]))
