"""Survey the models: inspect each of them, and collect records and failures.

Models in the cache are not inspected again. A model that raises, hangs or kills its process becomes a failure and does
not end the survey. Every model that was asked for has a record, a failure, or both if only a later stage failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.console import Console

from generator import __version__, pages
from generator.build import dates, selection, workers
from generator.build.progress import Progression, say
from generator.facts import sizes
from generator.facts.inspections import Failure, Partial
from generator.facts.records import Dataset, ModelRecord, Provenance
from generator.facts.registry import Catalog, CatalogEntry
from generator.facts.results import Results
from generator.store import digests
from generator.store.cache import Cache


@dataclass(frozen=True, slots=True)
class Plan:
    """The models to survey: timm's whole catalog, and the entries in it that the patterns match."""

    catalog: Catalog
    patterns: tuple[str, ...]
    entries: tuple[CatalogEntry, ...]

    def digest(self, cache: Cache) -> str | None:
        """The digest of all that the outcome depends on, except later code; ``None`` if a model is not in the cache."""
        names = [entry.name for entry in self.entries]
        if not cache.checksums.keys() >= set(names):
            return None
        return digests.of_values(cache.fingerprint, self.patterns, [(name, cache.checksums[name]) for name in names])


def plan(patterns: Sequence[str], *, cache: Cache, console: Console) -> Plan:
    """Find the models that the patterns match, or all models of timm if there is no pattern.

    timm's registry is read if the cache does not have it.

    Raises:
        UnknownModelError: a pattern matches nothing.
        CatalogError: timm's registry cannot be read.
    """
    known = cache.catalog()
    if known is None:
        with workers.pool(1) as pool, console.status("Reading timm's registry"):
            known = workers.read_catalog(pool)
        cache.store_catalog(known)
    return Plan(known, tuple(patterns), selection.entries(known, patterns))


def survey(
    planned: Plan,
    *,
    cache: Cache,
    processes: int | None = None,
    timeout: float,
    console: Console,
    results: Results | None = None,
) -> Dataset:
    """Inspect every model of the plan that is not in the cache, and write the inspections to the cache.

    A model that is there, but not at all sizes that it is used at, is run at the others. Failures are not cached: a
    model that failed is tried again in the next run. ``results`` are what others published, which the records get
    beside what was inspected.
    """
    results = results or Results()
    used = {entry.name: sizes.others(entry, results.of(entry.name)) for entry in planned.entries}
    known = cache.inspections(entry.name for entry in planned.entries)
    lacking = used | {name: sizes.lacking(found.inspection, used[name]) for name, found in known.items()}
    missing = [entry for entry in planned.entries if entry.name not in known or lacking[entry.name]]
    if known:
        say(console, f"{len(known):,} of {len(planned.entries):,} models were inspected before under the same versions")
    resized = sum(bool(lacking[name]) for name in known)
    if resized:
        say(console, f"{resized:,} of them are run at more input sizes, which their weights or results use")
    now = dates.now()
    records = {entry.name: ModelRecord(entry, *known[entry.name]) for entry in planned.entries if entry.name in known}
    failed: dict[str, Failure] = {}
    if missing:
        with workers.pool(processes) as pool:
            progress = Progression(len(missing), console)
            before = {name: found.inspection for name, found in known.items()}
            for entry, outcome in workers.inspect_all(
                pool, missing, sizes=lacking, known=before, timeout=timeout, progress=progress
            ):
                if isinstance(outcome, Failure):
                    failed[entry.name] = outcome
                    records.pop(entry.name, None)
                    cache.forget(entry.name)
                elif isinstance(outcome, Partial):
                    records[entry.name] = ModelRecord(entry, outcome.inspection, now, outcome.failures)
                    cache.forget(entry.name)
                else:
                    date = known[entry.name].date if entry.name in known else now
                    records[entry.name] = ModelRecord(entry, outcome, cache.store(entry.name, outcome, date))
    if not planned.patterns:
        cache.drop_others()
    # The cache keeps the true dates, for runs to which no date is told.
    published = results.among(records)
    records = {
        name: replace(
            record,
            # The cache may have sizes of other results.
            inspection=replace(record.inspection, sizes=sizes.chosen(record.inspection, used[name])),
            date=dates.told(record.date),
            published=published.of(name),
        )
        for name, record in records.items()
    }
    families = {entry.family for entry in planned.entries}
    names = [entry.name for entry in planned.entries]
    return Dataset(
        records=tuple(records[name] for name in names if name in records),
        failed=tuple(failed[name] for name in names if name in failed),
        families=tuple(family for family in planned.catalog.families if family.name in families),
        provenance=Provenance(
            timm_version=planned.catalog.timm_version,
            torch_version=planned.catalog.torch_version,
            generator_version=__version__,
            date=max((record.date for record in records.values()), default=dates.told(now)),
            registered_models=len(planned.catalog.entries),
            patterns=planned.patterns,
        ),
        deprecated=planned.catalog.deprecated,
        sources=published.sources,
    )


def unusable(cache: Cache) -> list[str]:
    """The names of the models in the cache of which no page can be made, though nothing is damaged."""
    known = cache.catalog()
    if known is None:
        return []
    entries = {entry.name: entry for entry in known.entries}
    provenance = Provenance(known.timm_version, known.torch_version, __version__, dates.now(), len(entries))
    found = []
    for name, cached in cache.inspections(entries).items():
        record = ModelRecord(entries[name], *cached)
        families = tuple(family for family in known.families if family.name == record.entry.family)
        try:
            # Made of this model alone, to tell it from the others.
            dict(pages.render(Dataset((record,), (), families, provenance)))
        except Exception:  # whatever is wrong with the record
            found.append(name)
    return found
