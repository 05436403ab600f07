"""The steps of a build: models to dataset, dataset to pages, pages to site.

A step is skipped if its inputs have not changed since it was last run and its outputs are unchanged. Stamps record
both.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator import pages
from generator.build import dates, mkdocs, writer
from generator.errors import UnwritableError
from generator.facts.records import Dataset
from generator.facts.results import Source
from generator.pages.formatting import plural
from generator.results import gathering, reading
from generator.store import dataset, digests, fingerprint, lock, staging
from generator.store.cache import Cache
from generator.store.stamps import Stamp

# The folder, below the project, for files that speed up later runs. It can be removed at any time.
CACHE = ".cache"
RECORDS = "records.sqlite"

# Seconds after which a model counts as hanging. The slowest model takes less than 2.
TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Inspected:
    """The outcome of a survey, not yet written.

    ``inputs`` is the digest for the stamp; ``None`` if the next run has to inspect again.
    """

    dataset: Dataset
    inputs: str | None


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Let the block write to a project while no other run does, and mend first what killed runs left there.

    Raises:
        SourceDateError: the environment sets no date for what the block makes.
        UnwritableError: what a killed run left could not be mended.
    """
    dates.fixed()
    with lock.held(root, _say):
        # The folders that are replaced may be links.
        beside = [Path(os.path.realpath(root / name)).parent for name in ("dataset", "site")]
        inside = [root / CACHE, root / "dataset", root / "site"]
        inside += [root / "docs" / name for name in writer.GENERATED_FOLDERS]
        for folder in dict.fromkeys([root, *beside, *inside]):
            try:
                put_back = staging.mend(folder)
            except OSError as error:
                raise UnwritableError(folder, error) from error
            for path in put_back:
                _say(f"Put back {path}, which a run that was killed had moved away.")
        yield


def inspect(
    root: Path,
    patterns: Sequence[str] = (),
    *,
    processes: int | None = None,
    timeout: float = TIMEOUT,
    fresh: bool = False,
    own_results: Sequence[Path] = (),
) -> Inspected | None:
    """Inspect the models that the patterns match; ``None`` if the dataset on disk is up to date.

    With ``fresh``, every model is inspected again, without the cache. ``own_results`` are the user's tables of
    accuracy.

    Raises:
        UnknownModelError: a pattern matches nothing.
        CatalogError: timm's registry cannot be read.
        ResultsError: a file or folder of results that was named is not there.
        TableError: a table of results is not understood.
    """
    # Imported here, because these take long to import and the other steps do not need them.
    from generator.build import progress
    from generator.build.survey import plan, survey

    console = progress.console()
    kept = root / CACHE / RECORDS
    tables = gathering.gather(root, own_results)
    if tables.note:
        _say(tables.note)
    with Cache(kept, fingerprint.of_inspection(), fresh=fresh, tell=_say) as cache:
        planned = plan(patterns, cache=cache, console=console)
        inputs = _with_surroundings(planned.digest(cache), tables.digest)
        if inputs and _stamp(root, "dataset").holds(inputs, lambda: dataset.digest(root / "dataset")):
            _say(f"The dataset is up to date: dataset/ ({plural(len(planned.entries), 'model')})")
            return None
        # Before the models are inspected, which takes minutes: a table can be wrong.
        results = reading.read(tables, planned.catalog)
        surveyed = survey(planned, cache=cache, processes=processes, timeout=timeout, console=console, results=results)
        inputs = _with_surroundings(planned.digest(cache), tables.digest)
    if tables.timm or tables.own:
        _say_what_was_used(surveyed.sources)
    _say(
        f"timm {surveyed.provenance.timm_version}: {plural(len(surveyed.records), 'model')} inspected, "
        f"{surveyed.failed_models} failed."
    )
    return Inspected(surveyed, inputs)


def forget_unusable(root: Path) -> bool:
    """Forget what the cache has of models of which no page can be made. Return whether there were any."""
    from generator.build.survey import unusable

    with Cache(root / CACHE / RECORDS, fingerprint.of_inspection(), tell=_say) as cache:
        names = unusable(cache)
        for name in names:
            cache.forget(name)
    if names:
        few = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
        _say(f"No page can be made of {len(names)} records in the cache ({few}); they are inspected again.")
    return bool(names)


def write_dataset(root: Path, inspected: Inspected) -> None:
    """Replace the dataset.

    Raises:
        UnwritableError: the dataset could not be written; the old dataset is unchanged.
    """
    written = dataset.write(inspected.dataset, root / "dataset")
    if inspected.inputs:
        _leave(_stamp(root, "dataset"), inspected.inputs, written)


def write_pages(root: Path, stored: Dataset) -> str:
    """Write the pages of a dataset.

    Returns:
        The digest of the pages, for `stamp_pages` once the dataset is written.

    Raises:
        HandWrittenFileError: a hand-written file is at the path of a page; nothing was written.
        UnwritableError: a page could not be written; no file was replaced.
    """
    written = writer.write(pages.parts(stored), root / "docs")
    changes = written.changes
    _say(f"Pages: {len(changes.missing)} new, {len(changes.outdated)} changed, {len(changes.stale)} removed.")
    return written.digest


def stamp_pages(root: Path, written: str) -> None:
    """Record that the pages with the digest ``written`` are those of the dataset on disk."""
    _leave(_stamp(root, "pages"), _page_inputs(root), written)


def pages_stand(root: Path) -> bool:
    """Whether the pages on disk are those of the dataset on disk."""
    if not _stamp(root, "pages").holds(_page_inputs(root), lambda: writer.standing_digest(root / "docs")):
        return False
    _say("The pages are up to date: docs/")
    return True


def build_site(root: Path, *, fresh: bool = False) -> None:
    """Build the site, unless it is up to date. With ``fresh``, the site is always built.

    Raises:
        SiteError: MkDocs warned or failed.
        UnwritableError: the site could not be written.
    """
    stamp = _stamp(root, "site")
    inputs = digests.of_values(mkdocs.inputs(root), fingerprint.of_surroundings())
    if not fresh and stamp.holds(inputs, lambda: digests.of_states(root / "site")):
        _say("The site is up to date: site/")
        return
    built = mkdocs.build(root, date=dataset.date(root / "dataset"))
    _leave(stamp, inputs, built)
    _say(f"The site is in {root / 'site'}.")


def _page_inputs(root: Path) -> str:
    return digests.of_values(dataset.digest(root / "dataset"), fingerprint.of_surroundings())


def _with_surroundings(planned: str | None, tables: str) -> str | None:
    # The dataset has dates, which the environment can set.
    return planned and digests.of_values(planned, tables, fingerprint.of_surroundings(), dates.fixed())


def _say_what_was_used(sources: Sequence[Source]) -> None:
    """Tell how many published rows models have got, and how many no model has."""
    read = [source for source in sources if source.left_out is None]
    used, unused = sum(source.used for source in read), sum(len(source.unused) for source in read)
    _say(
        f"Published results: {plural(used, 'row')} of {plural(len(read), 'source')} used, {unused:,} that no model has "
        "(schema.json names them)."
    )


def _stamp(root: Path, stage: str) -> Stamp:
    return Stamp(root / CACHE / f"{stage}.json")


def _leave(stamp: Stamp, inputs: str, outputs: str) -> None:
    try:
        stamp.leave(inputs, outputs)
    except UnwritableError as error:
        # The outputs of the step are written. Without a stamp, the next run repeats the step.
        _say(str(error))


def _say(line: str) -> None:
    print(line, file=sys.stderr)
