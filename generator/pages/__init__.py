"""Records to Markdown: pure functions that return text. `writer` puts the texts on disk or compares them with it."""

from __future__ import annotations

from collections.abc import Iterator

from generator import ranking
from generator.dataset import Dataset
from generator.pages import explore, family, rank, snippets
from generator.pages.batch import Batch


def render(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Every generated page and snippet, one after the other: its path below ``docs/``, and its text."""
    provenance = dataset.provenance
    ranked = ranking.ranked(dataset.models)
    standings = ranking.standings(ranked)
    yield "models/README.md", rank.render(ranked, provenance)
    yield "families/README.md", family.render_index(ranked, dataset.families, provenance)
    yield "generated/home.md", snippets.home_facts(ranked, dataset)
    yield "generated/failures.md", snippets.failures(dataset.failures, len(ranked), provenance)
    yield "generated/explore-picture.md", explore.picture(ranked)
    yield "generated/explore-front.md", explore.front(ranked)
    yield "generated/explore-distributions.md", explore.distributions(ranked)
    members = dict(tuple(ranked.groupby("family")))
    for described in dataset.families:
        if described.name in members:
            yield f"families/{described.name}.md", family.render(described, members[described.name], provenance)
    yield from Batch(tuple(dataset.records()), standings, provenance, dataset.failures).pages()
