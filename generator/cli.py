"""The command line: arguments, exit codes and one-line errors. What the verbs do is elsewhere."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import gc
import io
import json
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from generator import __version__, catalog, dataset, export, pages, ranking, stages, writer
from generator.dataset import Dataset
from generator.errors import AtlasError, ProjectError, UnknownModelError
from generator.pages import text
from generator.records import ModelRecord
from generator.survey import TIMEOUT

DONE, FAILED = 0, 1

_PATTERN_HELP = (
    "shell pattern as in timm.list_models('resnet*'); quote it, so that the shell leaves it alone. "
    "Several patterns add up. Without any: every model of timm."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 done, 1 a model failed or a check does not hold, 2 the call was wrong."""
    options = parser().parse_args(arguments)
    # The facts of all models are a million small objects that live to the end: looking for garbage among them takes a
    # third of the time and finds none.
    gc.disable()
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except AtlasError as error:
        print(f"timm-atlas: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("timm-atlas: interrupted; nothing is left half-written.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output, a pager or head, has seen enough.
        _drop_output()
        return DONE
    except OSError as error:
        print(
            f"timm-atlas: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""),
            file=sys.stderr,
        )
        _drop_output()
        return FAILED
    finally:
        gc.enable()


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; its help is the reference for users."""
    top = argparse.ArgumentParser(
        prog="timm-atlas",
        description="The size of every timm model: inspect them, lay them out as pages, look them up.",
        epilog="Exit codes: 0 done; 1 done, but a model failed or a check does not hold; 2 the call was wrong.",
    )
    top.add_argument("--version", action="version", version=f"timm-atlas {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root",
        type=Path,
        default=Path(__file__).resolve().parent.parent,
        help="the project: the folder with mkdocs.yml (default: the checkout that timm-atlas was installed from)",
    )
    survey_options = argparse.ArgumentParser(add_help=False)
    survey_options.add_argument("patterns", nargs="*", metavar="PATTERN", help=_PATTERN_HELP)
    survey_options.add_argument(
        "--processes", type=_count, metavar="N", help="number of worker processes (default: one for each processor)"
    )
    survey_options.add_argument(
        "--timeout",
        type=_seconds,
        default=TIMEOUT,
        metavar="SECONDS",
        help="after which a model counts as hanging (default: %(default)g)",
    )
    survey_options.add_argument(
        "--fresh", action="store_true", help="inspect every model again, whatever the cache holds, and build anew"
    )
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print the facts as JSON")

    def command(
        name: str, run: object, summary: str, *parents: argparse.ArgumentParser, example: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=f"Example: {example}",
            parents=[common, *parents],
        )
        added.set_defaults(run=run)
        return added

    command(
        "build",
        _build,
        "inspect the models, write the pages and build the site into site/",
        survey_options,
        example="timm-atlas build 'mobilenetv2*'",
    )
    command(
        "inspect",
        _inspect,
        "inspect the models and replace the dataset, in dataset/",
        survey_options,
        example="timm-atlas inspect 'resnet*' 'vit_*'",
    )
    command(
        "pages",
        _pages,
        "write the pages that the dataset gives, below docs/",
        example="timm-atlas pages --check",
    ).add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 and name what differs if the pages are not up to date",
    )
    command(
        "show", _show, "print the facts about one model of the dataset", as_json, example="timm-atlas show resnet50"
    ).add_argument("model", metavar="MODEL", help="its name, e.g. mobilenetv2_120d")
    command(
        "rank",
        _rank,
        "print the models of the dataset by parameter memory, largest first",
        as_json,
        example="timm-atlas rank 'convnext*'",
    ).add_argument(
        "patterns",
        nargs="*",
        metavar="PATTERN",
        help="print these models only; their ranks stay those among all models",
    )
    return top


def _build(options: argparse.Namespace) -> int:
    root = _project(options.root)
    inspected = _inspected(root, options)
    if inspected is not None:
        # Pages before the dataset: when they cannot be written, the two still belong together.
        written = stages.write_pages(root, inspected.dataset)
        stages.write_dataset(root, inspected)
        stages.stamp_pages(root, written)
    elif not stages.pages_stand(root):
        stages.stamp_pages(root, stages.write_pages(root, dataset.read(root / "dataset")))
    stages.build_site(root, fresh=options.fresh)
    return _outcome(inspected)


def _inspect(options: argparse.Namespace) -> int:
    root = _project(options.root)
    inspected = _inspected(root, options)
    if inspected is not None:
        stages.write_dataset(root, inspected)
    return _outcome(inspected)


def _pages(options: argparse.Namespace) -> int:
    root = _project(options.root)
    stored = dataset.read(root / "dataset")
    if not options.check:
        stages.stamp_pages(root, stages.write_pages(root, stored))
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


def _show(options: argparse.Namespace) -> int:
    stored = dataset.read(_project(options.root) / "dataset")
    ranked = ranking.ranked(stored.models)
    record = _record(stored, options.model)
    if options.json:
        row = next(dataset.rows(ranked[ranked["name"] == options.model]))
        print(json.dumps(export.model_document(record, row, stored), indent=1))
    else:
        print(text.show(record, ranking.standings(ranked)[options.model], stored.provenance))
    return DONE


def _rank(options: argparse.Namespace) -> int:
    stored = dataset.read(_project(options.root) / "dataset")
    ranked = ranking.ranked(stored.models)
    if options.patterns:
        chosen = catalog.matching(
            stored.models["name"].tolist(),
            options.patterns,
            deprecated=stored.deprecated,
            where=text.dataset_name(stored),
        )
        ranked = ranked[ranked["name"].isin(chosen)]
    print(json.dumps(list(dataset.rows(ranked)), indent=1) if options.json else text.rank(ranked, stored.provenance))
    return DONE


def _inspected(root: Path, options: argparse.Namespace) -> stages.Inspected | None:
    return stages.inspect(
        root, options.patterns, processes=options.processes, timeout=options.timeout, fresh=options.fresh
    )


def _outcome(inspected: stages.Inspected | None) -> int:
    """The exit code; a dataset that could be left as it is has no failures, since those are tried again."""
    return FAILED if inspected is not None and inspected.dataset.failures else DONE


def _print_first_difference(changes: writer.Changes, texts: dict[str, str], docs: Path) -> None:
    """One page's difference shows what kind of change it is; a thousand would hide it."""
    for name in changes.outdated[:1]:
        standing = (docs / name).read_text(errors="replace").splitlines()
        lines = difflib.unified_diff(standing, texts[name].splitlines(), f"docs/{name}", "dataset", lineterm="", n=1)
        print("\n".join(list(lines)[:20]))


def _record(stored: Dataset, name: str) -> ModelRecord:
    """The record of the model of exactly this name."""
    try:
        return stored.record(name)
    except KeyError:
        names = stored.models["name"]
        where = text.dataset_name(stored)
        raise UnknownModelError(name, names, deprecated=stored.deprecated, where=where, exact=True) from None


def _project(root: Path) -> Path:
    if not (root / "mkdocs.yml").is_file():
        raise ProjectError(root)
    return root.resolve()


def _drop_output() -> None:
    """Let what is still to be flushed at exit go nowhere: it cannot be written."""
    with contextlib.suppress(io.UnsupportedOperation):  # standard output that is no file, as in a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _count(argument: str) -> int:
    if not argument.isdecimal() or int(argument) < 1:
        raise argparse.ArgumentTypeError(f"{argument!r} is not a whole number from 1")
    return int(argument)


def _seconds(argument: str) -> float:
    try:
        seconds = float(argument)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{argument!r} is not a positive number of seconds")
    return seconds
