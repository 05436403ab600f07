"""Compare the estimates of GPU memory with the peaks of real runs.

Reads the dataset of the last build and the rows in validation/peaks.parquet, and prints how far real runs are from
their estimates, by kind and batch, and which are the furthest. With --measure it runs models on a CUDA device first.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from generator.errors import AtlasError
from generator.facts import estimates
from generator.facts.estimates import Band
from generator.facts.records import ModelRecord
from generator.store import dataset
from validation import causes, peaks, plot
from validation.causes import Cause
from validation.peaks import FILE, RAN, Peak

ROOT = Path(__file__).resolve().parent.parent
# The share of runs that a band leaves out at each of its ends.
OUTSIDE = 0.005
# What the promise says of runs at these batches.
PROMISED_BATCHES = (1, 32)
NEAR = Band(0.9, 1.1)


class Run(NamedTuple):
    """A real run beside its estimate, both in bytes."""

    model: str
    family: str
    kind: str
    batch: int
    estimate: int
    measured: int

    @property
    def ratio(self) -> float:
        """Measured bytes for each estimated byte: over 1 where the estimate is too low."""
        return self.measured / self.estimate


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report. The exit code is 1 if there is nothing to compare."""
    parser = argparse.ArgumentParser(prog="./scripts/validate-memory", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models to measure, all of the dataset by default")
    parser.add_argument("--measure", action="store_true", help="run them on the CUDA device first, and keep the rows")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="repeat the runs that are far from their estimate on the CUDA device, and keep why they are",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=float("inf"),
        metavar="N",
        help="begin no model after N seconds; call it again to go on",
    )
    parser.add_argument("--rows", type=Path, default=FILE, metavar="FILE", help="the Parquet file of the rows")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the report to a file as well")
    options = parser.parse_args(arguments)
    try:
        records = {record.name: record for record in dataset.read(ROOT / "dataset").records}
    except AtlasError as error:
        print(error, file=sys.stderr)
        return 1
    unknown = [name for name in options.models if name not in records]
    if unknown:
        print(f"Not in the dataset: {', '.join(unknown)}.", file=sys.stderr)
        return 1
    if (options.measure or options.explain) and not _has_device():
        print("There is no CUDA device to measure on.", file=sys.stderr)
        return 1
    if options.measure:
        peaks.measure(options.rows, options.models or list(records), options.seconds)
    rows = peaks.read(options.rows)
    runs = compared(rows, records)
    if not runs:
        print(f"There are no runs in {options.rows} of models of the dataset.", file=sys.stderr)
        return 1
    if options.explain:
        causes.measure(causes.FILE, [(run.model, run.kind, run.batch, run.ratio > 1) for run in far(runs)])
    text = report(runs, {row.device for row in rows})
    print(text, end="")
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    return 0


def _has_device() -> bool:
    import torch

    return torch.cuda.is_available()


def far(runs: Iterable[Run]) -> list[Run]:
    """The runs that are far from their estimate, the furthest first."""
    return sorted((run for run in runs if not NEAR.least <= run.ratio <= NEAR.greatest), key=_distance, reverse=True)


def compared(rows: Iterable[Peak], records: Mapping[str, ModelRecord]) -> list[Run]:
    """The runs that have a peak, of models that are known, beside their estimates."""
    runs = []
    for row in rows:
        record = records.get(row.model)
        if record is None or row.outcome != RAN or row.peak_bytes is None:
            continue
        estimate = estimates.estimate(record, row.kind, row.optimizer, row.batch).bytes
        if estimate is not None:
            runs.append(Run(row.model, record.entry.family, row.kind, row.batch, estimate, row.peak_bytes))
    return runs


def bands(runs: Iterable[Run]) -> dict[tuple[str, int], Band]:
    """The band of each kind and batch: all ratios but the share `OUTSIDE` at each end, rounded outwards."""
    found = {}
    for key, ratios in _ratios(runs).items():
        left_out = int(len(ratios) * OUTSIDE)
        least, greatest = ratios[left_out], ratios[-1 - left_out]
        found[key] = Band(int(least * 100) / 100, -(-greatest * 100 // 1) / 100)
    return found


def share(runs: Iterable[Run], band: Band) -> float:
    """The share of the runs whose ratio is in a band."""
    within = [band.least <= run.ratio <= band.greatest for run in runs]
    return sum(within) / len(within)


def report(runs: Sequence[Run], devices: Iterable[str]) -> str:
    """Write the report as a page of the guide: the bands, the distribution, and the runs that are far from 1."""
    promised = [run for run in runs if run.batch in PROMISED_BATCHES]
    within = [_band(run).least <= run.ratio <= _band(run).greatest for run in promised]
    models = len({run.model for run in runs})
    outside = far(runs)
    known = causes.read()
    unexplained = sum((run.model, run.kind, run.batch) not in known for run in outside)
    return "\n".join(
        [
            "---",
            "description: Estimates of the GPU memory of timm models beside peaks of real runs of hundreds of them.",
            "search:",
            "  exclude: true",
            "---",
            "# Memory on a GPU",
            "",
            f"{len(runs):,} runs of {models:,} models beside their [estimates](method.md#memory-estimates), on "
            f"{' and '.join(sorted(devices))}. At batch {' and '.join(map(str, PROMISED_BATCHES))}, "
            f"**{100 * share(promised, NEAR):.1f} % took {NEAR.least} to {NEAR.greatest} times their estimate**, and "
            f"{100 * sum(within) / len(within):.1f} % are within the band that pages print beside it.",
            "",
            "## Bands",
            "",
            _table(runs),
            "",
            "Each line of the picture is a band, with all runs but one in 200 at each end; the bar has the middle nine "
            "of ten, and the mark is the median. Left of 1 runs took less than estimated, right of it more.",
            "",
            plot.svg(_ratios(runs)),
            "",
            "## Far from their estimate",
            "",
            f"{len(outside):,} runs took less than {NEAR.least} or more than {NEAR.greatest} times their estimate. "
            "Each was repeated, with the memory read around every operator: below is the furthest of each family, and "
            f"the operator that makes the difference. {unexplained} of the runs are not explained. All rows are in the "
            f"source code: `{FILE.relative_to(ROOT)}`, and the causes in `{causes.FILE.relative_to(ROOT)}`.",
            "",
            *_families(outside, known),
            "",
        ]
    )


def _families(outside: Sequence[Run], known: Mapping[tuple[str, str, int], Cause]) -> Iterator[str]:
    """An item for each family with runs that are far from their estimate, which are given the furthest first."""
    for family in dict.fromkeys(run.family for run in outside):
        runs = [run for run in outside if run.family == family]
        explained = [run for run in runs if (run.model, run.kind, run.batch) in known]
        run = (explained or runs)[0]
        cause = causes.text(known[run.model, run.kind, run.batch]) if explained else "not explained"
        yield (
            f"- **{family}**, {len(runs)} {'run' if len(runs) == 1 else 'runs'}. {run.model}, {run.kind}, batch "
            f"{run.batch}: **{run.ratio:.2f}** times its estimate; {cause}."
        )


def _table(runs: Sequence[Run]) -> str:
    lines = [
        "| Kind | Batch | Runs | Band | Median | Within 0.9 to 1.1 |",
        "| --- | ---: | ---: | --- | ---: | ---: |",
    ]
    found = bands(runs)
    for (kind, batch), ratios in _ratios(runs).items():
        near = sum(NEAR.least <= ratio <= NEAR.greatest for ratio in ratios) / len(ratios)
        least, greatest = found[kind, batch]
        lines.append(
            f"| {kind} | {batch} | {len(ratios)} | {least:.2f} to {greatest:.2f} | {statistics.median(ratios):.2f} "
            f"| {100 * near:.1f} % |"
        )
    return "\n".join(lines)


def _band(run: Run) -> Band:
    return estimates.BANDS[run.kind, run.batch]


def _distance(run: Run) -> float:
    return max(run.ratio, 1 / run.ratio)


def _ratios(runs: Iterable[Run]) -> dict[tuple[str, int], list[float]]:
    """The ratios of each kind and batch, in ascending order."""
    found: dict[tuple[str, int], list[float]] = {
        (kind, batch): [] for kind in estimates.KINDS for batch in estimates.BATCHES
    }
    for run in runs:
        found[run.kind, run.batch].append(run.ratio)
    return {key: sorted(ratios) for key, ratios in found.items() if ratios}


if __name__ == "__main__":
    sys.exit(main())
