"""Records to Markdown: pure functions that return text. `writer` puts the texts on disk or compares them with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import pandas as pd

from generator import ranking
from generator.dataset import Dataset, Facts, rows
from generator.pages import explore, family, model, rank, snippets
from generator.ranking import Standing

# Models in a part: enough that their repeated modules are met again, few enough that two processes end together.
_MODELS = 25


def render(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Every generated page and snippet, one after the other: its path below ``docs/``, and its text."""
    return chain.from_iterable(parts(dataset))


def parts(dataset: Dataset) -> list[Iterable[tuple[str, str]]]:
    """The same in parts, none of which is rendered before it is gone through, and none of which needs another."""
    ranked = ranking.ranked(dataset.models)
    standings = ranking.standings(ranked)
    starts = range(0, len(dataset.models), _MODELS)
    facts = Facts(dataset)
    return [_overviews(dataset, ranked), *(_models(dataset, facts, standings, start) for start in starts)]


def _overviews(dataset: Dataset, ranked: pd.DataFrame) -> Iterator[tuple[str, str]]:
    provenance = dataset.provenance
    yield "models/README.md", rank.render(ranked, dataset.weights, provenance)
    yield "families/README.md", family.render_index(ranked, dataset.families, provenance)
    yield "generated/home.md", snippets.home_facts(ranked, dataset)
    yield "generated/comparisons.md", snippets.comparisons(ranked)
    yield "generated/failures.md", snippets.failures(dataset.failures, len(ranked), provenance)
    yield "generated/explore-picture.md", explore.picture(ranked)
    yield "generated/explore-front.md", explore.front(ranked)
    yield "generated/explore-distributions.md", explore.distributions(ranked)
    members: dict[str, list[dict[str, Any]]] = {}
    for row in rows(ranked):
        members.setdefault(row["family"], []).append(row)
    for described in dataset.families:
        if described.name in members:
            yield f"families/{described.name}.md", family.render(described, members[described.name], provenance)


def _models(dataset: Dataset, facts: Facts, standings: dict[str, Standing], start: int) -> Iterator[tuple[str, str]]:
    # Records are made where they are rendered, a few at a time: a forked process copies the memory of each object that
    # it looks at, and those of all models are a million.
    for record in facts.records(start, start + _MODELS):
        text = model.render(record, standings[record.name], dataset.provenance, dataset.failures)
        yield f"models/{record.name}.md", text
