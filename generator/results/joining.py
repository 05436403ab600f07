"""Give each published row to the model that it is about, and account for every row that no model gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from generator.facts.names import nearest
from generator.facts.registry import Catalog
from generator.facts.results import TEST_SETS, Published, PublishedFigure, Result, Results, Source, Speed, Unused

_ORDER = list(TEST_SETS)
# What makes two published figures one: tag, image size, figure, value and rounding.
_Stated = tuple[str | None, int, str, int, int]


class Joining:
    """The rows of all sources, joined by exact names: no row goes to a model that only resembles its own."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.tags = {entry.name: entry.tags for entry in catalog.entries}
        self._timm = f"timm {catalog.timm_version}"
        self._results: dict[str, list[Result]] = {}
        self._speeds: dict[str, list[Speed]] = {}
        # The sources of each figure that is stated about a model.
        self._figures: dict[str, dict[_Stated, list[str]]] = {}
        self._sources: list[Source] = []

    def why_not(self, name: str, tag: str | None = None) -> str | None:
        """Why there is no model of this name, or no such weights of it, in a few words; ``None`` where there are."""
        if name not in self.tags:
            successor = self.catalog.deprecated.get(name)
            if successor:
                return f"it is a deprecated name of {successor}"
            return f"{self._timm} has no such model"
        if tag is not None and tag not in self.tags[name]:
            return f"{self._timm} has no such weights of {name}"
        return None

    def nearest(self, name: str) -> list[str]:
        """The names of models that somebody may have meant by this one, the best first."""
        return nearest(name, self.tags, 3)

    def add_result(self, name: str, result: Result) -> None:
        """Give a result to a model."""
        self._results.setdefault(name, []).append(result)

    def add_speed(self, name: str, speed: Speed) -> None:
        """Give a speed to a model."""
        self._speeds.setdefault(name, []).append(speed)

    def add_figures(
        self, name: str, tag: str | None, image_size: int, figures: Iterable[tuple[str, int, int]], source: str
    ) -> None:
        """Give a model what a row states of its size: name, value and rounding of each figure."""
        stated = self._figures.setdefault(name, {})
        for figure, value, rounding in figures:
            stated.setdefault((tag, image_size, figure, value, rounding), []).append(source)

    def add_source(self, source: Source, unused: Iterable[Unused] = ()) -> None:
        """Account for a table that was read. All its rows that are not unused were given to models."""
        left = tuple(unused)
        used = 0 if source.left_out else source.rows - len(left)
        self._sources.append(replace(source, used=used, unused=left))

    def results(self) -> Results:
        """Everything that was given. The results of a model are in the order of its tags, sizes and test sets."""
        names = [name for name in self.tags if name in self._results or name in self._speeds or name in self._figures]
        return Results({name: self._published(name) for name in names}, tuple(self._sources))

    def _published(self, name: str) -> Published:
        places = {tag: place for place, tag in enumerate(self.tags[name])}

        def order(result: Result) -> tuple[int, int, int, str]:
            is_known = result.test_set in TEST_SETS
            test_set = _ORDER.index(result.test_set) if is_known else len(_ORDER)
            return places[result.tag], result.image_size, test_set, "" if is_known else result.test_set

        return Published(
            tuple(sorted(self._results.get(name, ()), key=order)),
            tuple(self._speeds.get(name, ())),
            tuple(PublishedFigure(*stated, tuple(sources)) for stated, sources in self._figures.get(name, {}).items()),
        )
