"""Select models by shell patterns."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence

from generator.errors import UnknownModelError
from generator.facts.registry import Catalog, CatalogEntry


def entries(catalog: Catalog, patterns: Sequence[str]) -> tuple[CatalogEntry, ...]:
    """The entries that any of the shell patterns matches, in the catalog's order; all entries if there is no pattern.

    Raises:
        UnknownModelError: a pattern matches nothing.
    """
    if not patterns:
        return catalog.entries
    tags = {entry.name: entry.tags for entry in catalog.entries}
    chosen = matching(tags, patterns, deprecated=catalog.deprecated, where=f"timm {catalog.timm_version}")
    return tuple(entry for entry in catalog.entries if entry.name in chosen)


def matching(
    models: Mapping[str, Sequence[str]], patterns: Sequence[str], *, deprecated: dict[str, str | None], where: str
) -> set[str]:
    """The names that any of the shell patterns matches.

    Args:
        models: the tags of each model, by the model's name.
        patterns: shell patterns.
        deprecated: the successor of each deprecated name, for the error's sentence.
        where: where the models come from, for the error's sentence.

    Raises:
        UnknownModelError: a pattern matches nothing.
    """
    chosen: set[str] = set()
    for pattern in patterns:
        matches = fnmatch.filter(models, pattern)
        if not matches:
            raise UnknownModelError(pattern, models, deprecated=deprecated, where=where)
        chosen.update(matches)
    return chosen
