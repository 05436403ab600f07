"""The command line: arguments, exit codes and one-line errors. Other modules do the work of the commands."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import functools
import importlib.metadata
import io
import json
import math
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from generator import __version__, pages, process
from generator.build import archive, parallel, selection, signals, steps, writer
from generator.errors import (
    AtlasError,
    ComparisonError,
    MeasurementError,
    ProjectError,
    ResolutionError,
    UnknownModelError,
)
from generator.facts import cards, estimates, fixtures
from generator.facts.estimates import SETTING, Setting
from generator.facts.figures import ModelRow, row
from generator.facts.names import is_pattern, meaning
from generator.facts.records import Dataset, ModelRecord, Resized
from generator.facts.texts import printable
from generator.pages import lines
from generator.pages.formatting import integer, pixels, plural
from generator.publishing import documents
from generator.ranking import groups
from generator.ranking.ranks import ranked
from generator.ranking.standings import standings
from generator.results import gathering, own_table
from generator.store import dataset
from generator.terminal import comparison, fit, rank, show, source
from generator.terminal.comparison import Compared

DONE, FAILED = 0, 1

# In pixels. A forward pass on the meta device takes little memory, but some models make a table of the input's size.
_LONGEST_SIDE = 4096

# In images: more than any run has, so that a slip of the fingers is told.
_LARGEST_BATCH = 1_000_000

# The most models that do not run at a size and are named where they are counted.
_NAMED = 3

# The type that `add_subparsers` returns, which has no public name in argparse.
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_PATTERN_HELP = (
    "shell pattern as in timm.list_models('resnet*'); quote it, so that the shell leaves it alone. "
    "Several patterns add up. Without any: every model of timm."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Exit codes: 0 done; 1 a model failed or a check does not hold; 2 the call was wrong; 130 interrupted, 143 ended.
    """
    try:
        return _run(arguments)
    except AtlasError as error:
        print(f"timm-atlas: {printable(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt as interrupt:
        process.interrupted()
        return signals.exit_code(interrupt)
    except OSError as error:
        print(
            f"timm-atlas: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""),
            file=sys.stderr,
        )
        _drop_output()
        return FAILED


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = parser().parse_args(arguments)
        with signals.as_interrupts():
            code: int = options.run(options)
        return code
    finally:
        # Here, so that output that cannot be written is told like any other error. argparse prints its help and exits.
        sys.stdout.flush()


def parser() -> argparse.ArgumentParser:
    """Make the parser of all commands. Its help is the reference for users."""
    top = argparse.ArgumentParser(
        prog="timm-atlas",
        description="The size of every timm model: inspect them, lay them out as pages, look them up.",
        epilog="Exit codes: 0 done; 1 done, but a model failed or a check does not hold; 2 the call was wrong.",
    )
    top.add_argument("--version", action="version", version=f"timm-atlas {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_making(commands)
    _add_looking_up(commands)
    return top


def _add_making(commands: _Commands) -> None:
    """Add the commands that make the dataset, the pages and the site."""
    _command(
        commands,
        "build",
        _build,
        "inspect the models, write the pages and build the site into site/",
        _survey_options(),
        example="timm-atlas build 'mobilenetv2*'",
    )
    _command(
        commands,
        "inspect",
        _inspect,
        "inspect the models and replace the dataset, in dataset/",
        _survey_options(),
        example="timm-atlas inspect 'resnet*' 'vit_*'",
    )
    _command(
        commands,
        "pages",
        _pages,
        "write the pages that the dataset gives, below docs/",
        example="timm-atlas pages --check",
    ).add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 and name what differs if the pages are not up to date",
    )
    _command(
        commands,
        "zip",
        _zip,
        f"pack the site into {archive.NAME}, which works unpacked, without a server",
        example="timm-atlas zip",
    )


def _add_looking_up(commands: _Commands) -> None:
    """Add the commands that print facts from the dataset."""
    _command(
        commands,
        "show",
        _show,
        "print the facts about one model of the dataset",
        _as_json(),
        _resolution(),
        _estimated_at(),
        example="timm-atlas show resnet50 --resolution 384 --batch 64",
    ).add_argument("model", metavar="MODEL", help="its name, e.g. mobilenetv2_120d")
    _command(
        commands,
        "compare",
        _compare,
        "print models of the dataset side by side, with the ratio of each number to that of the first",
        _as_json(),
        _resolution(),
        _estimated_at(),
        example="timm-atlas compare resnet50 convnext_tiny --batch 64",
    ).add_argument(
        "models",
        nargs="*",
        metavar="MODEL",
        help=f"{lines.LEAST} to {lines.MOST} names; the others are compared with the first",
    )
    _command(
        commands,
        "rank",
        _rank,
        "print the models of the dataset by parameter memory, largest first",
        _as_json(),
        _fixtures(),
        example="timm-atlas rank 'convnext*'",
    ).add_argument(
        "patterns",
        nargs="*",
        metavar="PATTERN",
        help="print these models only; their ranks stay those among all models",
    )
    _add_fit(commands)


def _add_fit(commands: _Commands) -> None:
    """Add the command that finds the models that fit into the memory of a GPU."""
    fits = _command(
        commands,
        "fit",
        _fit,
        "print the models of the dataset that fit into the memory of a GPU, with the largest batch that does",
        _as_json(),
        _fixtures(),
        _resolution("the models", "minutes for all of timm"),
        example="timm-atlas fit --memory 24GiB --train --batch 64 'convnext*'",
    )
    fits.add_argument("patterns", nargs="*", metavar="PATTERN", help="print these models only")
    fits.add_argument(
        "--memory",
        type=_gigabytes,
        required=True,
        metavar="SIZE",
        help=f"what the GPU has, e.g. 24GiB, 24GB or 512MiB; {cards.TAKEN / cards.GB:g} GB of it are left for CUDA",
    )
    what = fits.add_mutually_exclusive_group()
    what.add_argument("--infer", action="store_true", help="run inference (the default)")
    what.add_argument("--train", action="store_true", help="train")
    fits.add_argument(
        "--precision",
        choices=("fp32", "bf16"),
        default="bf16",
        help="fp32, or bf16: the model in inference, mixed precision in training (default: %(default)s)",
    )
    fits.add_argument(
        "--optimizer", choices=("sgd", "adamw"), default="adamw", help="that trains (default: %(default)s)"
    )
    fits.add_argument(
        "--batch", type=_batch, default=1, metavar="N", help="print models that fit with N images or more (default: 1)"
    )


def _command(
    commands: _Commands, name: str, run: object, summary: str, *parents: argparse.ArgumentParser, example: str
) -> argparse.ArgumentParser:
    added = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"Example: {example}",
        parents=[_common(), *parents],
    )
    added.set_defaults(run=run)
    return added


def _common() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--root",
        type=Path,
        default=Path(__file__).resolve().parent.parent,
        help="the project: the folder with mkdocs.yml (default: the checkout that timm-atlas was installed from)",
    )
    return options


def _survey_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("patterns", nargs="*", metavar="PATTERN", help=_PATTERN_HELP)
    options.add_argument(
        "--processes", type=_count, metavar="N", help="number of worker processes (default: one for each processor)"
    )
    options.add_argument(
        "--timeout",
        type=_seconds,
        default=steps.TIMEOUT,
        metavar="SECONDS",
        help="after which a model counts as hanging (default: %(default)g)",
    )
    options.add_argument(
        "--fresh", action="store_true", help="inspect every model again, whatever the cache holds, and build anew"
    )
    options.add_argument(
        gathering.OPTION,
        dest="results",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="a CSV file of your own with the accuracy of weights, beside what is published: columns "
        f"{', '.join(own_table.REQUIRED)} and, if wanted, {', '.join(own_table.OPTIONAL)}; can be given several times",
    )
    return options


def _as_json() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--json", action="store_true", help="print the facts as JSON")
    return options


def _fixtures() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--fixtures",
        action="store_true",
        help="print the models too that timm has for its own tests; so does a pattern that begins with "
        f"{fixtures.PREFIX}",
    )
    return options


def _resolution(what: str = "the model", duration: str = "seconds") -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--resolution",
        type=_size,
        metavar="HxW",
        help=f"measure and print {what} at another input size, in {duration}, with the timm that is "
        f"installed: a side in pixels from 1 to {_LONGEST_SIDE}, e.g. 384, or height x width, e.g. 384x320",
    )
    return options


def _estimated_at() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--batch",
        type=_batch,
        metavar="N",
        help="estimate memory at this batch, in place of "
        f"{' and '.join(map(str, estimates.SHOWN_BATCHES))}; all other figures stay those of one image",
    )
    return options


def _alone(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Let a command run while no other one writes to the same project."""

    @functools.wraps(run)
    def waited(options: argparse.Namespace) -> int:
        with steps.alone(_project(options.root)):
            return run(options)

    return waited


@_alone
def _build(options: argparse.Namespace) -> int:
    root = _project(options.root)
    try:
        inspected = _dataset_and_pages(root, options)
    except (AtlasError, OSError):
        raise
    except Exception:
        # An inspection of which no page can be made would be taken from the cache each time.
        if options.fresh or not steps.forget_unusable(root):
            raise
        inspected = _dataset_and_pages(root, options)
    steps.build_site(root, fresh=options.fresh)
    return _outcome(inspected)


def _dataset_and_pages(root: Path, options: argparse.Namespace) -> steps.Inspected | None:
    inspected = _inspected(root, options)
    if inspected is not None:
        # Pages are written before the dataset: if that fails, the old pages still match the old dataset.
        written = steps.write_pages(root, inspected.dataset)
        steps.write_dataset(root, inspected)
        steps.stamp_pages(root, written)
    elif not steps.pages_stand(root):
        steps.stamp_pages(root, steps.write_pages(root, dataset.read(root / "dataset")))
    return inspected


@_alone
def _inspect(options: argparse.Namespace) -> int:
    root = _project(options.root)
    inspected = _inspected(root, options)
    if inspected is not None:
        steps.write_dataset(root, inspected)
    return _outcome(inspected)


@_alone
def _pages(options: argparse.Namespace) -> int:
    root = _project(options.root)
    stored = dataset.read(root / "dataset")
    if not options.check:
        steps.stamp_pages(root, steps.write_pages(root, stored))
        return DONE
    texts = dict(pages.render(stored))
    changes = writer.compare(texts.items(), root / "docs")
    if not changes:
        print(f"All {len(texts)} pages are up to date.", file=sys.stderr)
        return DONE
    for kind, names in (("missing", changes.missing), ("outdated", changes.outdated), ("stale", changes.stale)):
        for name in names:
            print(f"{kind}: docs/{name}")
    _print_first_difference(changes, texts, root / "docs")
    print("timm-atlas: the pages are not those of the dataset. Run `timm-atlas pages` to write them.", file=sys.stderr)
    return FAILED


@_alone
def _zip(options: argparse.Namespace) -> int:
    root = _project(options.root)
    packed = archive.write(root, dataset.date(root / "dataset"))
    print(f"{packed} ({packed.stat().st_size / 1e6:.1f} MB)", file=sys.stderr)
    return DONE


def _show(options: argparse.Namespace) -> int:
    stored = dataset.read(_project(options.root) / "dataset")
    rows = ranked(stored.records)
    (found,) = _chosen(stored, rows, _named(stored, [options.model]))
    (at,) = _measured([found.record], options.resolution)
    if isinstance(at, AtlasError):
        raise at
    if options.json:
        document = documents.model_document(found.record, found.row, stored.provenance, options.batch)
        if at is not None:
            resized = documents.resized_document(at, found.row.rank, options.batch)
            document["at_resolution"] = {**resized, **_installed()}
        print(json.dumps(document, indent=1))
    else:
        standing = standings(rows)[found.row.name]
        print(show.render(found.record, found.row, standing, stored.provenance, at, options.batch))
        _print_what_measured(at is not None)
    return DONE


def _compare(options: argparse.Namespace) -> int:
    if not lines.LEAST <= len(options.models) <= lines.MOST:
        raise ComparisonError(options.models, lines.LEAST, lines.MOST)
    stored = dataset.read(_project(options.root) / "dataset")
    names = _named(stored, options.models)
    if len(set(names)) < len(names):
        raise ComparisonError(names, lines.LEAST, lines.MOST)
    found = _chosen(stored, ranked(stored.records), names)
    measured = _measured([model.record for model in found], options.resolution)
    models = [
        model._replace(at=at.reason if isinstance(at, AtlasError) else at)
        for model, at in zip(found, measured, strict=True)
    ]
    if options.json:
        print(json.dumps(_comparison_document(models, stored, options.resolution, options.batch), indent=1))
    else:
        print(comparison.render(models, _terminal_width(), options.resolution, options.batch))
        if options.resolution is None:
            print(source.source(stored.provenance, max(model.record.date for model in models)))
        _print_what_measured(options.resolution is not None)
    # A model that does not run at the size is told in its column, and all others are compared.
    return FAILED if any(isinstance(model.at, str) for model in models) else DONE


def _comparison_document(
    models: Sequence[Compared], stored: Dataset, size: tuple[int, int] | None, batch: int | None
) -> dict[str, Any]:
    memory = None if batch is None else [documents.estimate_documents(model.record, (batch,)) for model in models]
    if size is None:
        listed = [(model.row, None) for model in models]
        return documents.comparison_document(listed, stored.provenance, memory=memory)
    rows: list[tuple[ModelRow, dict[str, Any] | None]] = []
    alike: list[ModelRow] = []
    for model in models:
        if isinstance(model.at, Resized):
            found = documents.resized_document(model.at, model.row.rank, batch)
            alike.append(row(model.at.record, model.row.rank))
        else:
            found = documents.refused_document(size, str(model.at))
        rows.append((model.row, {**found, **_installed()}))
    return documents.comparison_document(rows, stored.provenance, alike, memory)


def _named(stored: Dataset, asked: Sequence[str]) -> list[str]:
    """The names of the models that the user asked for, in order. A note is printed if a text is not the model's name.

    Raises:
        UnknownModelError: a text names no model of the dataset for certain.
    """
    names = []
    for text in asked:
        found = meaning(text, stored.tags, stored.deprecated)
        if found is None:
            where, deprecated = source.dataset_name(stored), stored.deprecated
            raise UnknownModelError(text, stored.tags, deprecated=deprecated, where=where, exact=True)
        if found.note:
            print(f"timm-atlas: {printable(found.note)}", file=sys.stderr)
        names.append(found.name)
    return names


def _chosen(stored: Dataset, rows: Sequence[ModelRow], names: Sequence[str]) -> list[Compared]:
    """The models with these names, in the order of the names."""
    records = {record.name: record for record in stored.records}
    by_name = {row.name: row for row in rows}
    return [Compared(records[name], by_name[name]) for name in names]


def _measured(
    records: Sequence[ModelRecord], size: tuple[int, int] | None
) -> list[Resized | ResolutionError | MeasurementError | None]:
    """Measure each model at another input size; ``None`` for each if ``size`` is ``None``.

    Where there are more than a comparison has, they are counted on standard error.
    """
    if size is None or not records:
        return [None for _ in records]
    # Imported here, because these take long to import and few commands need them.
    from generator.build import progress, workers

    entries, are_many = [record.entry for record in records], len(records) > lines.MOST
    if are_many:
        print(f"timm-atlas: measuring {plural(len(records), 'model')} at {pixels(size)} pixels.", file=sys.stderr)
    with (
        workers.pool(min(len(records), parallel.usable())) as pool,
        progress.bar(len(records), progress.console(), is_shown=are_many) as advance,
    ):
        return [*workers.measure_at(pool, entries, size, timeout=steps.TIMEOUT, advance=advance)]


def _installed() -> dict[str, str]:
    """The installed version of timm, which measures on request. The dataset may come from another version."""
    return {"timm_version": importlib.metadata.version("timm")}


def _print_what_measured(was_measured: bool) -> None:
    if was_measured:
        print(source.measured_now(**_installed()))


def _terminal_width() -> int | None:
    """The number of characters in a line of the terminal; ``None`` if the output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _rank(options: argparse.Namespace) -> int:
    stored = dataset.read(_project(options.root) / "dataset")
    rows = _asked_for(stored, options)
    print(
        json.dumps([*map(documents.row_document, rows)], indent=1)
        if options.json
        else rank.render(rows, stored.provenance)
    )
    return DONE


def _fit(options: argparse.Namespace) -> int:
    stored = dataset.read(_project(options.root) / "dataset")
    rows = _asked_for(stored, options)
    records, size, asked = {record.name: record for record in stored.records}, options.resolution, len(rows)
    at: dict[str, Resized] = {}
    refused: dict[str, str] = {}
    if size is not None:
        for own, measured in zip(rows, _measured([records[own.name] for own in rows], size), strict=True):
            if isinstance(measured, Resized):
                at[own.name] = measured
            elif measured is not None:
                refused[own.name] = measured.reason
        records = {name: found.record for name, found in at.items()}
        rows = ranked(records.values())
    _, _, kind, optimizer = _setting(options)
    batches = [cards.largest_batches(records[row.name], kind, optimizer, [options.memory])[0] or 0 for row in rows]
    found = [(row, batch) for row, batch in zip(rows, batches, strict=True) if batch >= options.batch]
    if options.json:
        fitting = [documents.fit_document(row, kind, optimizer, batch, at.get(row.name)) for row, batch in found]
        document = {**documents.sized_fit_document(size, fitting, refused), **_installed()} if size else fitting
        print(json.dumps(document, indent=1))
    else:
        run = ", ".join(filter(None, [kind, optimizer, f"batch {integer(options.batch)} or more"]))
        summary = (
            f"{plural(len(found), 'model')} of {integer(asked)} fit on a GPU of {options.memory:g} GB: {run}, at "
            f"{'the default input size' if size is None else f'{pixels(size)} pixels'}. "
            "Estimated, with room for what real runs took."
        )
        print(fit.render(found, summary, stored.provenance if size is None else None))
        _print_what_measured(size is not None)
    if refused:
        first = ", ".join([*refused][:_NAMED])
        others = f" and {integer(len(refused) - _NAMED)} more" if len(refused) > _NAMED else ""
        verb = "does" if len(refused) == 1 else "do"
        print(
            f"timm-atlas: {integer(len(refused))} of {plural(asked, 'model')} {verb} not run at {pixels(size)} pixels: "
            f"{printable(first)}{others}; --json gives the reasons.",
            file=sys.stderr,
        )
    return FAILED if refused else DONE


def _setting(options: argparse.Namespace) -> Setting:
    """The setting in which models are run."""
    if not options.train:
        return SETTING[f"infer-{options.precision}"]
    return SETTING[f"train-{'fp32' if options.precision == 'fp32' else 'mixed'}-{options.optimizer}"]


def _asked_for(stored: Dataset, options: argparse.Namespace) -> tuple[ModelRow, ...]:
    """The rows of the models that the patterns select, without test fixtures unless they are asked for."""
    rows = ranked(stored.records)
    if options.patterns:
        where = source.dataset_name(stored)
        # A text that is not a pattern is understood as the name of a model.
        patterns = [text if is_pattern(text) else _named(stored, [text])[0] for text in options.patterns]
        chosen = selection.matching(stored.tags, patterns, deprecated=stored.deprecated, where=where)
        rows = tuple(row for row in rows if row.name in chosen)
    if not options.fixtures and not any(pattern.startswith(fixtures.PREFIX) for pattern in options.patterns):
        others = groups.without_fixtures(rows)
        if len(others) < len(rows):
            left_out = plural(len(rows) - len(others), "test fixture")
            print(f"timm-atlas: {left_out} of timm left out; --fixtures prints them.", file=sys.stderr)
        rows = tuple(others)
    return rows


def _inspected(root: Path, options: argparse.Namespace) -> steps.Inspected | None:
    return steps.inspect(
        root,
        options.patterns,
        processes=options.processes,
        timeout=options.timeout,
        fresh=options.fresh,
        own_results=options.results,
    )


def _outcome(inspected: steps.Inspected | None) -> int:
    """The exit code of a build. A dataset that was up to date has no failures, because failures are tried again."""
    return FAILED if inspected is not None and inspected.dataset.failures else DONE


def _print_first_difference(changes: writer.Changes, texts: dict[str, str], docs: Path) -> None:
    """Print the difference of one page, as an example: thousands of pages may differ in the same way."""
    for name in changes.outdated[:1]:
        standing = (docs / name).read_text(encoding="utf-8", errors="replace").splitlines()
        lines = difflib.unified_diff(standing, texts[name].splitlines(), f"docs/{name}", "dataset", lineterm="", n=1)
        print("\n".join(list(lines)[:20]))


def _project(root: Path) -> Path:
    if not (root / "mkdocs.yml").is_file():
        raise ProjectError(root)
    return root.resolve()


def _drop_output() -> None:
    """Discard the output that is still to be flushed at exit, because it cannot be written."""
    with contextlib.suppress(io.UnsupportedOperation):  # standard output is not a file, as in a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _batch(argument: str) -> int:
    # A text of thousands of digits is no number for Python.
    digits = argument.lstrip("0")
    if not argument.isdecimal() or len(digits) > len(str(_LARGEST_BATCH)) or not 1 <= int(argument) <= _LARGEST_BATCH:
        raise argparse.ArgumentTypeError(f"{argument!r} is not a whole number of images from 1 to {_LARGEST_BATCH:,}")
    return int(argument)


def _count(argument: str) -> int:
    if not argument.isdecimal() or int(argument) < 1:
        raise argparse.ArgumentTypeError(f"{argument!r} is not a whole number from 1")
    return int(argument)


def _gigabytes(argument: str) -> float:
    """Parse the memory of a card, such as ``24GiB``. Cards are sold by GB and have as many GiB."""
    number, unit = re.fullmatch(r"([0-9.]*) *(.*)", argument, re.DOTALL).groups()  # type: ignore[union-attr]
    share = {"gib": 1, "gb": 1, "": 1, "mib": 1 / 1024, "mb": 1 / 1024}.get(unit.lower())
    try:
        size = float(number) * share if share else math.nan
    except ValueError:
        size = math.nan
    if not 0 < size < math.inf:
        raise argparse.ArgumentTypeError(f"{argument!r} is no memory of a GPU such as 24GiB")
    return size


def _size(argument: str) -> tuple[int, int]:
    """Parse an input size, such as ``384`` or ``384x320``, into height and width."""
    sides = argument.split("x")
    if len(sides) > 2 or not all(side.isdecimal() and 1 <= int(side) <= _LONGEST_SIDE for side in sides):
        raise argparse.ArgumentTypeError(
            f"{argument!r} is neither a number of pixels from 1 to {_LONGEST_SIDE} nor two of them as in 384x320"
        )
    return int(sides[0]), int(sides[-1])


def _seconds(argument: str) -> float:
    try:
        seconds = float(argument)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{argument!r} is not a positive number of seconds")
    return seconds
