"""Read timm's registry: models, families and weights. No other module reads the registry.

`read` imports timm, which takes seconds and a gigabyte of memory: call it in a worker process.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

from generator.errors import CatalogError
from generator.facts import page_names
from generator.facts.registry import Catalog, CatalogEntry, Family, Paper, Weights
from generator.facts.texts import is_storable, printable
from generator.measuring import settings, torchvision_weights
from generator.measuring.reasons import LONGEST, in_one_line, message_of

# timm's docstrings name a paper by its title in backticks, followed by its address.
_PAPER = re.compile(r"`([^`]+)`\s*[-:–]\s*(https?://[^\s)>,]+)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"\s*(?:\(https?://[^)]*\)|https?://\S+)")
# Addresses that begin like this lead to code or weights, not to a paper.
_NOT_A_PAPER = ("https://github.com/", "https://huggingface.co/")


def read() -> Catalog:
    """Read every model that timm lists, in timm's order. One that timm describes as nobody can use has a problem.

    Raises:
        CatalogError: timm, torch or torchvision cannot be imported, or what they register cannot be read.
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
        alike = page_names.taken(name for name in names if page_names.why_not(name) is None)
        modules: dict[str, str] = {}
        entries = tuple(_entry(name, tags.get(name, []), alike, modules) for name in names)
        families = tuple(map(_family, sorted(modules.values())))
        deprecated = get_deprecated_models()
        return Catalog(
            entries=entries,
            families=families,
            deprecated={printable(name): successor and printable(successor) for name, successor in deprecated.items()},
            timm_version=printable(str(timm.__version__)),
            torch_version=printable(str(torch.__version__)),
            torchvision=torchvision_weights.read(),
        )
    except Exception as error:
        raise CatalogError(in_one_line(error)) from error


def papers_in(docstring: str) -> tuple[Paper, ...]:
    """The papers that a docstring names as ```Title` - address``, in its order, each address once."""
    found: dict[str, Paper] = {}
    for title, url in _PAPER.findall(docstring):
        url = url.rstrip(".;")
        if not url.startswith(_NOT_A_PAPER):
            found.setdefault(url, Paper(printable(title, LONGEST), printable(url)))
    return tuple(found.values())


def first_line(docstring: str) -> str:
    """The first line of a docstring that is not blank, without addresses, link markup and the final full stop."""
    line = next((line for line in docstring.splitlines() if line.strip()), "")
    return printable(_ADDRESS.sub("", _LINK.sub(r"\1", line)).strip().rstrip("."), LONGEST)


def family_of(module: str) -> str:
    return module.rsplit(".", 1)[-1]


def _entry(name: str, tags: list[str], alike: dict[str, str], modules: dict[str, str]) -> CatalogEntry:
    """The entry of a model. ``alike`` is that of `page_names.taken`; ``modules`` gets the module of the family."""
    problem = page_names.why_not(name)
    if problem is None and name in alike:
        problem = f"some systems do not tell it from {alike[name]}"
    if problem is not None:
        problem = f"it can have no page: {problem}"
    else:
        try:
            return _described(name, tags, modules)
        except Exception as error:  # one model must not keep the others from being read
            problem = in_one_line(error)
    is_shown = is_storable(name) and len(name) <= settings.LONGEST
    return CatalogEntry(name if is_shown else printable(name, LONGEST), "", (), None, problem)


def _described(name: str, tags: list[str], modules: dict[str, str]) -> CatalogEntry:
    """The entry of a model that can have a page.

    Raises:
        Exception: timm's registry says what cannot be used.
    """
    import timm
    from timm.models import get_pretrained_cfg

    config = get_pretrained_cfg(name)
    default = None if config is None else config.tag or ""
    # The sort is stable: the default tag comes first, the others stay in timm's order.
    tags = sorted(tags, key=lambda tag: tag != default)
    full_names = {tag: f"{name}.{tag}" if tag else name for tag in tags}
    module = settings.text("__module__", timm.model_entrypoint(name).__module__) or ""
    entry = CatalogEntry(
        name=name,
        family=family_of(module),
        weights=tuple(weights_of(tag, tag == default, get_pretrained_cfg(full_names[tag])) for tag in tags),
        input_size=None if config is None or not config.input_size else settings.size("input_size", config.input_size),
    )
    problem = page_names.why_not(entry.family)
    if problem is not None:
        raise ValueError(f"its module is {module}, and {problem}")
    # Families are known by the names of their modules, without the packages.
    other = modules.setdefault(entry.family.casefold(), module)
    if other != module:
        raise ValueError(f"its module is {module}, and there is {other}")
    return entry


def weights_of(tag: str, is_default: bool, config: Any) -> Weights:
    """The weights that a ``PretrainedCfg`` describes: timm's configuration of a tag.

    Raises:
        Exception: a setting is not what it is for.
    """

    def read(kind: Callable[[str, Any], Any], name: str) -> Any:
        try:
            return kind(name, getattr(config, name))
        except Exception as error:
            where = f"of the tag {tag}" if tag else "without a tag"
            raise ValueError(f"weights {where}: {message_of(error)}") from error

    # The field is an address, or a pair: the address and a name for the downloaded file.
    url = config.url[0] if isinstance(config.url, (tuple, list)) and config.url else config.url
    return Weights(
        tag=settings.text("tag", tag) or "",
        is_default=is_default,
        num_classes=read(settings.count, "num_classes"),
        input_size=read(settings.size, "input_size"),
        test_input_size=read(settings.size, "test_input_size") if config.test_input_size else None,
        crop_pct=read(settings.number, "crop_pct"),
        test_crop_pct=read(settings.number, "test_crop_pct") if config.test_crop_pct else None,
        crop_mode=read(settings.text, "crop_mode") or "",
        interpolation=read(settings.text, "interpolation") or "",
        mean=read(settings.numbers, "mean"),
        std=read(settings.numbers, "std"),
        file=read(settings.text, "file"),
        hf_hub_id=read(settings.text, "hf_hub_id"),
        url=settings.text("url", url),
        license=read(settings.text, "license"),
        paper_ids=read(settings.texts, "paper_ids"),
        paper_name=read(settings.text, "paper_name"),
        origin_url=read(settings.text, "origin_url"),
        description=read(settings.text, "description"),
        notes=read(settings.texts, "notes"),
    )


def _family(module: str) -> Family:
    docstring = getattr(sys.modules.get(module), "__doc__", None)
    docstring = docstring if isinstance(docstring, str) else ""
    # Not all of a docstring: it may have megabytes.
    docstring = docstring[: settings.LONGEST * 10]
    return Family(family_of(module), module, first_line(docstring), papers_in(docstring))
