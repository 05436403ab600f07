"""Render models as Markdown. Every wing that prints models may import from here; it imports facts and ranking.

All functions are pure: they take facts and return text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from generator.facts.figures import ModelRow
from generator.facts.records import Dataset, ModelRecord
from generator.pages import columns, explore, family, model, published, rank, snippets
from generator.ranking import groups
from generator.ranking.ranks import ranked
from generator.ranking.standings import Standing, standings

# Models in a part: enough that modules repeat within a part, few enough that two processes finish at about the same
# time.
_MODELS = 25


def render(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Render every generated page and snippet: its path below ``docs/``, and its text."""
    return chain.from_iterable(parts(dataset))


def parts(dataset: Dataset) -> list[Iterable[tuple[str, str]]]:
    """The pages and snippets of `render`, in parts. Parts are independent and rendered lazily, when iterated."""
    rows = ranked(dataset.records)
    by_name = {row.name: row for row in rows}
    standing = standings(rows)
    records = dataset.records
    return [
        _overviews(dataset, rows),
        *(
            _models(records[start : start + _MODELS], by_name, standing, dataset)
            for start in range(0, len(records), _MODELS)
        ),
    ]


def _overviews(dataset: Dataset, rows: Sequence[ModelRow]) -> Iterator[tuple[str, str]]:
    provenance = dataset.provenance
    others = groups.without_fixtures(rows)
    yield "models/README.md", rank.render(rows, provenance)
    yield "families/README.md", family.render_index(rows, dataset.families, provenance)
    yield "generated/home.md", snippets.home_facts(others, dataset)
    yield "generated/comparisons.md", snippets.comparisons(others)
    yield "generated/compare-declared.md", snippets.declared()
    yield "generated/failures.md", snippets.failures(dataset)
    yield "generated/stages.md", snippets.stages()
    yield "generated/published.md", published.render(dataset.records)
    yield "generated/explore-picture.md", explore.picture(others)
    yield "generated/explore-front.md", explore.front(others)
    yield "generated/explore-distributions.md", explore.distributions(others)
    yield "generated/explore-histogram.md", explore.bars(others)
    yield "generated/explore-axes.md", explore.axes()
    yield "generated/explore-across.md", explore.axes_across()
    yield "generated/explore-up.md", explore.axes_up(others)
    yield from columns.render()
    members = groups.members(rows)
    for described in dataset.families:
        if described.name in members:
            yield f"families/{described.name}.md", family.render(described, members[described.name], provenance)


def _models(
    records: Sequence[ModelRecord], rows: dict[str, ModelRow], standings: dict[str, Standing], dataset: Dataset
) -> Iterator[tuple[str, str]]:
    for record in records:
        name = record.name
        text = model.render(record, rows[name], standings[name], dataset.provenance, dataset.sources)
        yield f"models/{name}.md", text
