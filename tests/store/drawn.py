"""Any facts that hypothesis can draw: whatever the names, shapes and unknowns."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from generator.facts.batches import Line
from generator.facts.inspections import (
    Compute,
    Deploy,
    Failure,
    Inspection,
    Level,
    Memory,
    Module,
    ParameterTensor,
    Passes,
    Pyramid,
    Stage,
)
from generator.facts.records import Dataset, ModelRecord
from generator.facts.registry import CatalogEntry, Family, Paper, Weights
from generator.facts.results import Published, PublishedFigure, Result, Source, Speed, Unused
from tests import examples

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=8)
big = st.integers(0, 2**53)
sizes = st.tuples(big, big, big)
texts = st.lists(words, max_size=2).map(tuple)
finite = st.floats(allow_nan=False, allow_infinity=False)
channels = st.lists(finite, min_size=1, max_size=3).map(tuple)

shapes = st.lists(st.integers(0, 2**20), max_size=5).map(tuple)
tensors = st.builds(ParameterTensor, words, shapes, st.sampled_from(["float32", "float16", "int8"]), st.booleans())
levels = st.builds(
    Level, st.none() | words, st.sampled_from(["NCHW", "NHWC"]), big, big, big, big, st.none() | big, st.none() | big
)
pyramids = st.builds(
    Pyramid, st.lists(levels, min_size=1, max_size=3).map(tuple), st.just(True), st.none()
) | st.builds(Pyramid, st.just(()), st.none() | st.just(False), words)
lines = st.builds(Line, big, big)
envelopes = st.lists(lines, max_size=3).map(tuple)
passages = st.none() | st.builds(Memory, big, envelopes, envelopes, st.none() | lines, st.none() | lines)
passes = st.builds(Passes, passages, passages, passages, passages, st.none() | words)
inspections = st.builds(
    Inspection,
    st.lists(tensors, max_size=4).map(tuple),
    st.lists(st.builds(Module, words, words, st.none() | big), max_size=3).map(tuple),
    big,
    big,
    st.none() | big,
    words,
    words,
    big,
    big,
    st.none() | st.builds(Compute, sizes, big, big, texts, big, *[st.none() | big] * 3, st.none() | words, passes),
    st.none() | st.builds(Deploy, big, big, big, st.none() | big, st.none() | big),
    pyramids,
)
weights = st.builds(
    Weights,
    *(words, st.booleans(), big, sizes, st.none() | sizes, finite, st.none() | finite, words, words),
    *(channels, channels, *[st.none() | words] * 4, texts, *[st.none() | words] * 3, texts),
)
catalog_entries = st.builds(CatalogEntry, words, words, st.lists(weights, max_size=3).map(tuple), st.none() | sizes)
failures = st.builds(Failure, words, st.sampled_from(Stage), words)
share = st.floats(0, 100)
published = st.builds(
    Published,
    st.lists(
        st.builds(Result, words, big, words, share, *[st.none() | share] * 2, st.none() | words, *[words] * 2),
        max_size=2,
    ).map(tuple),
    st.lists(
        st.builds(Speed, big, words, words, words, words, st.booleans(), big, share, words, words, words), max_size=2
    ).map(tuple),
    st.lists(st.builds(PublishedFigure, st.none() | words, big, words, big, big, texts), max_size=2).map(tuple),
)
records = st.builds(
    ModelRecord, catalog_entries, inspections, words, st.lists(failures, max_size=2).map(tuple), published
)
unused = st.builds(Unused, big, words, words)
sources = st.builds(
    Source,
    *(words, words, st.none() | words, st.none() | words, big, big, big),
    *(st.lists(unused, max_size=2).map(tuple), st.none() | words),
)
papers = st.builds(Paper, words, words)


def dataset_of(drawn: list[ModelRecord], papers: list[Paper], failed: list[Failure], sources: list[Source]) -> Dataset:
    """A dataset of these records, which describes their families."""
    names = dict.fromkeys(record.entry.family for record in drawn)
    families = tuple(Family(name, f"timm.models.{name}", name, tuple(papers)) for name in names)
    return replace(examples.FULL, records=tuple(drawn), families=families, failed=tuple(failed), sources=tuple(sources))


datasets = st.builds(
    dataset_of,
    st.lists(records, max_size=4, unique_by=lambda made: made.name),
    st.lists(papers, max_size=2),
    st.lists(failures, max_size=2),
    st.lists(sources, max_size=2),
)
