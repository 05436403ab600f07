"""The command line: arguments, exit codes and one-line errors. What the verbs do is elsewhere."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib.metadata
import io
import json
import math
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from generator import __version__, archive, catalog, dataset, export, pages, processors, ranking, stages, writer
from generator.dataset import Dataset
from generator.errors import AtlasError, ComparisonError, ProjectError, UnknownModelError
from generator.pages import comparing, text
from generator.records import Compute, ModelRecord

DONE, FAILED = 0, 1

# Pixels. A pass takes no memory of note here, but some models make a table of the size of the input.
_LONGEST_SIDE = 4096

# What `add_subparsers` gives, for which argparse has no public name.
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_PATTERN_HELP = (
    "shell pattern as in timm.list_models('resnet*'); quote it, so that the shell leaves it alone. "
    "Several patterns add up. Without any: every model of timm."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 done, 1 a model failed or a check does not hold, 2 the call was wrong."""
    options = parser().parse_args(arguments)
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


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; its help is the reference for users."""
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
    """The commands that make dataset, pages and site."""
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
    """The commands that print what the dataset says."""
    _command(
        commands,
        "show",
        _show,
        "print the facts about one model of the dataset",
        _as_json(),
        _resolution(),
        example="timm-atlas show resnet50 --resolution 384",
    ).add_argument("model", metavar="MODEL", help="its name, e.g. mobilenetv2_120d")
    _command(
        commands,
        "compare",
        _compare,
        "print models of the dataset side by side, with the ratio of each number to that of the first",
        _as_json(),
        _resolution(),
        example="timm-atlas compare resnet50 convnext_tiny",
    ).add_argument(
        "models",
        nargs="*",
        metavar="MODEL",
        help=f"{comparing.LEAST} to {comparing.MOST} names; the others are compared with the first",
    )
    _command(
        commands,
        "rank",
        _rank,
        "print the models of the dataset by parameter memory, largest first",
        _as_json(),
        example="timm-atlas rank 'convnext*'",
    ).add_argument(
        "patterns",
        nargs="*",
        metavar="PATTERN",
        help="print these models only; their ranks stay those among all models",
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
        default=stages.TIMEOUT,
        metavar="SECONDS",
        help="after which a model counts as hanging (default: %(default)g)",
    )
    options.add_argument(
        "--fresh", action="store_true", help="inspect every model again, whatever the cache holds, and build anew"
    )
    return options


def _as_json() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--json", action="store_true", help="print the facts as JSON")
    return options


def _resolution() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--resolution",
        type=_size,
        metavar="N",
        help="measure MACs, activations and memory at another input size as well, in seconds, with the timm that is "
        f"installed: a side in pixels from 1 to {_LONGEST_SIDE}, e.g. 384, or height x width, e.g. 384x320",
    )
    return options


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


def _zip(options: argparse.Namespace) -> int:
    root = _project(options.root)
    packed = archive.write(root, dataset.date(root / "dataset"))
    print(f"{packed} ({packed.stat().st_size / 1e6:.1f} MB)", file=sys.stderr)
    return DONE


def _show(options: argparse.Namespace) -> int:
    stored = dataset.read(_project(options.root) / "dataset")
    ranked = ranking.ranked(stored.models)
    record = _record(stored, options.model)
    (at,) = _measured([record], options.resolution)
    if options.json:
        row = next(dataset.rows(ranked[ranked["name"] == options.model]))
        document = export.model_document(record, row, stored)
        if at is not None:
            document["at_resolution"] = {**export.compute_document(record, at), **_installed()}
        print(json.dumps(document, indent=1))
    else:
        standing = ranking.standings(ranked)[options.model]
        print(text.show(record, standing, stored.provenance, failures=stored.failures, at=at))
        _print_what_measured(at is not None)
    return DONE


def _compare(options: argparse.Namespace) -> int:
    names = options.models
    if not comparing.LEAST <= len(names) <= comparing.MOST or len(set(names)) < len(names):
        raise ComparisonError(names, comparing.LEAST, comparing.MOST)
    stored = dataset.read(_project(options.root) / "dataset")
    records = [_record(stored, name) for name in names]
    ranked = ranking.ranked(stored.models)
    table = {row["name"]: row for row in dataset.rows(ranked[ranked["name"].isin(names)])}
    models = [
        comparing.Compared(record, table[record.name]["rank"], stored.failures, at)
        for record, at in zip(records, _measured(records, options.resolution), strict=True)
    ]
    if options.json:
        document = export.comparison_document(models, table, stored)
        for model in document["models"]:
            if "at_resolution" in model:
                model["at_resolution"].update(_installed())
        print(json.dumps(document, indent=1))
    else:
        print(text.compare(models, stored.provenance, _terminal_width()))
        _print_what_measured(options.resolution is not None)
    return DONE


def _measured(records: Sequence[ModelRecord], size: tuple[int, int] | None) -> list[Compute | None]:
    """What each model takes at another input size, measured now; ``None`` for each where none was asked for."""
    if size is None:
        return [None for _ in records]
    # Here, since hardly any command needs what runs workers, which takes its time to import.
    from generator import survey

    with survey.workers(min(len(records), processors.usable())) as pool:
        return [*survey.measure_at(pool, [record.entry for record in records], size, timeout=stages.TIMEOUT)]


def _installed() -> dict[str, str]:
    """What measures on request: the dataset may come from another timm."""
    return {"timm_version": importlib.metadata.version("timm")}


def _print_what_measured(was_measured: bool) -> None:
    if was_measured:
        print(text.measured_now(**_installed()))


def _terminal_width() -> int | None:
    """Letters in a line of the terminal; ``None`` where the output goes elsewhere, and lines may be as long as any."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


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


def _size(argument: str) -> tuple[int, int]:
    """Height and width of ``384`` or ``384x320``."""
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
