"""Which models, families and weights there are: the only user of timm's registry.

timm is imported inside `read`, which takes seconds and a gigabyte; callers run it in a worker process.
"""

from __future__ import annotations

import fnmatch
import re
import sys
from collections.abc import Sequence
from typing import Any

from generator.errors import CatalogError, UnknownModelError, in_one_line
from generator.records import Catalog, CatalogEntry, Family, Paper, Weights

# Title in backticks, then the address: how timm's docstrings name papers.
_PAPER = re.compile(r"`([^`]+)`\s*[-:–]\s*(https?://[^\s)>,]+)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"\s*(?:\(https?://[^)]*\)|https?://\S+)")
# Links after a title that are code or weights, not the paper.
_NOT_A_PAPER = ("https://github.com/", "https://huggingface.co/")


def read() -> Catalog:
    """Ask timm for every model it lists, in its natural order.

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


def select(catalog: Catalog, patterns: Sequence[str]) -> tuple[CatalogEntry, ...]:
    """The entries that any of the shell patterns matches, in the catalog's order; all where there is no pattern.

    Raises:
        UnknownModelError: a pattern matches nothing.
    """
    if not patterns:
        return catalog.entries
    names = [entry.name for entry in catalog.entries]
    chosen = matching(names, patterns, deprecated=catalog.deprecated, where=f"timm {catalog.timm_version}")
    return tuple(entry for entry in catalog.entries if entry.name in chosen)


def matching(names: list[str], patterns: Sequence[str], *, deprecated: dict[str, str | None], where: str) -> set[str]:
    """The names that any of the shell patterns matches.

    Raises:
        UnknownModelError: a pattern matches nothing; ``deprecated`` and ``where`` are for its sentence.
    """
    chosen: set[str] = set()
    for pattern in patterns:
        matches = fnmatch.filter(names, pattern)
        if not matches:
            raise UnknownModelError(pattern, names, deprecated=deprecated, where=where)
        chosen.update(matches)
    return chosen


def papers_in(docstring: str) -> tuple[Paper, ...]:
    """The papers that a docstring names as ```Title` - address``, each address once, in their order."""
    found: dict[str, Paper] = {}
    for title, url in _PAPER.findall(docstring):
        url = url.rstrip(".;")
        if not url.startswith(_NOT_A_PAPER):
            found.setdefault(url, Paper(" ".join(title.split()), url))
    return tuple(found.values())


def first_line(docstring: str) -> str:
    """The first line of a docstring that has words, without addresses, the marks of links or a closing full stop."""
    line = next((line for line in docstring.splitlines() if line.strip()), "")
    return _ADDRESS.sub("", _LINK.sub(r"\1", line)).strip().rstrip(".")


def family_of(module: str) -> str:
    return module.rsplit(".", 1)[-1]


def _entry(name: str, module: str, tags: list[str]) -> CatalogEntry:
    from timm.models import get_pretrained_cfg

    config = get_pretrained_cfg(name)
    default = config.tag if config is not None else None
    input_size = config.input_size if config is not None else None
    # A stable sort: the default first, the others as timm lists them.
    tags = sorted(tags, key=lambda tag: tag != default)
    return CatalogEntry(
        name=name,
        family=family_of(module),
        weights=tuple(weights_of(tag, tag == default, get_pretrained_cfg(f"{name}.{tag}")) for tag in tags),
        input_size=tuple(input_size) if input_size else None,
    )


def weights_of(tag: str, is_default: bool, config: Any) -> Weights:
    """What timm's configuration of a tag, a ``PretrainedCfg``, says about its weights."""
    # With a name for the downloaded file, the address is the first of a pair.
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
        # What is empty says as little as what is not there.
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
    """What timm gives as nothing, one text or several."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def _family(module: str, docstring: str) -> Family:
    return Family(family_of(module), module, first_line(docstring), papers_in(docstring))
