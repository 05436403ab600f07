"""Records to Markdown: pure functions that return text. `writer` puts the texts on disk or compares them with it."""

from __future__ import annotations

from generator import ranking
from generator.dataset import Dataset
from generator.pages import family, model, rank, snippets


def render(dataset: Dataset) -> dict[str, str]:
    """Every generated page and snippet: its text by its path below ``docs/``."""
    provenance = dataset.provenance
    ranked = ranking.ranked(dataset.models)
    standings = ranking.standings(ranked)
    texts = {
        "models/README.md": rank.render(ranked, provenance),
        "families/README.md": family.render_index(ranked, dataset.families, provenance),
        "generated/home.md": snippets.home_facts(ranked, dataset),
        "generated/failures.md": snippets.failures(dataset.failures, len(ranked), provenance),
    }
    members = dict(tuple(ranked.groupby("family")))
    for described in dataset.families:
        if described.name in members:
            texts[f"families/{described.name}.md"] = family.render(described, members[described.name], provenance)
    for record in dataset.records():
        texts[f"models/{record.name}.md"] = model.render(record, standings[record.name], provenance)
    return texts
