"""Read timm's registry: models, families and weights. No other module reads the registry.

`read` imports timm, which takes seconds and a gigabyte of memory: call it in a worker process.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

from generator.errors import CatalogError
from generator.facts.registry import Catalog, CatalogEntry, Family, Paper, Weights
from generator.measuring.reasons import in_one_line

# timm's docstrings name a paper by its title in backticks, followed by its address.
_PAPER = re.compile(r"`([^`]+)`\s*[-:–]\s*(https?://[^\s)>,]+)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"\s*(?:\(https?://[^)]*\)|https?://\S+)")
# Addresses that begin like this lead to code or weights, not to a paper.
_NOT_A_PAPER = ("https://github.com/", "https://huggingface.co/")


def read() -> Catalog:
    """Read every model that timm lists, in timm's order.

    Raises:
        CatalogError: timm or torch cannot be imported, or the registry cannot be read.
    """
    try:
        import timm
        import torch
        from timm.models import get_deprecated_models

        names = timm.list_models()
        tags: dict[str, list[str]] = {}
        for full_name in timm.list_pretrained():
            name, _, tag = full_name.partition(".")
            tags.setdefault(name, []).append(tag)
        modules = {name: timm.model_entrypoint(name).__module__ for name in names}
        entries = tuple(_entry(name, modules[name], tags.get(name, [])) for name in names)
        families = tuple(_family(module, sys.modules[module].__doc__ or "") for module in sorted(set(modules.values())))
        deprecated = get_deprecated_models()
    except Exception as error:
        raise CatalogError(in_one_line(error)) from error
    return Catalog(
        entries=entries,
        families=families,
        deprecated=dict(deprecated),
        timm_version=timm.__version__,
        torch_version=str(torch.__version__),
    )


def papers_in(docstring: str) -> tuple[Paper, ...]:
    """The papers that a docstring names as ```Title` - address``, in its order, each address once."""
    found: dict[str, Paper] = {}
    for title, url in _PAPER.findall(docstring):
        url = url.rstrip(".;")
        if not url.startswith(_NOT_A_PAPER):
            found.setdefault(url, Paper(" ".join(title.split()), url))
    return tuple(found.values())


def first_line(docstring: str) -> str:
    """The first line of a docstring that is not blank, without addresses, link markup and the final full stop."""
    line = next((line for line in docstring.splitlines() if line.strip()), "")
    return _ADDRESS.sub("", _LINK.sub(r"\1", line)).strip().rstrip(".")


def family_of(module: str) -> str:
    return module.rsplit(".", 1)[-1]


def _entry(name: str, module: str, tags: list[str]) -> CatalogEntry:
    from timm.models import get_pretrained_cfg

    config = get_pretrained_cfg(name)
    default = config.tag if config is not None else None
    input_size = config.input_size if config is not None else None
    # The sort is stable: the default tag comes first, the others stay in timm's order.
    tags = sorted(tags, key=lambda tag: tag != default)
    return CatalogEntry(
        name=name,
        family=family_of(module),
        weights=tuple(weights_of(tag, tag == default, get_pretrained_cfg(f"{name}.{tag}")) for tag in tags),
        input_size=tuple(input_size) if input_size else None,
    )


def weights_of(tag: str, is_default: bool, config: Any) -> Weights:
    """The weights that a ``PretrainedCfg`` describes: timm's configuration of a tag."""
    # The field is an address, or a pair: the address and a name for the downloaded file.
    url = config.url if isinstance(config.url, str | None) else config.url[0]
    return Weights(
        tag=tag,
        is_default=is_default,
        num_classes=config.num_classes,
        input_size=tuple(config.input_size),
        test_input_size=tuple(config.test_input_size) if config.test_input_size else None,
        crop_pct=float(config.crop_pct),
        test_crop_pct=float(config.test_crop_pct) if config.test_crop_pct else None,
        crop_mode=config.crop_mode,
        interpolation=config.interpolation,
        mean=tuple(map(float, config.mean)),
        std=tuple(map(float, config.std)),
        # timm uses an empty string and None alike for "not given".
        file=config.file or None,
        hf_hub_id=config.hf_hub_id or None,
        url=url or None,
        license=config.license or None,
        paper_ids=_texts(config.paper_ids),
        paper_name=config.paper_name or None,
        origin_url=config.origin_url or None,
        description=config.description or None,
        notes=_texts(config.notes),
    )


def _texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """The texts of a field of timm that is empty, one text, or a sequence of texts."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def _family(module: str, docstring: str) -> Family:
    return Family(family_of(module), module, first_line(docstring), papers_in(docstring))
