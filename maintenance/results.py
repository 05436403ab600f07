"""Fetch timm's pinned result tables, or move the pin to the newest commit of timm's repository.

Nothing else of timm-atlas fetches results. The tables are written whole or not at all, and only if they are the pinned
ones by their SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import queue
import re
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from generator import process
from generator.errors import AtlasError
from generator.facts.registry import Catalog
from generator.results import gathering, pin, reading
from generator.results.gathering import File, Tables
from generator.results.pin import Pin
from generator.store import lock
from generator.store.files import replaced_folder, write_all

# Where GitHub has the files of a repository as they are, and where programs ask about it.
HOST, API = "https://raw.githubusercontent.com", "https://api.github.com"
# Seconds without any answer, and in all, after which a build does without. Moving the pin has more patience.
PATIENCE, LONGEST = 4.0, 60.0
_PATIENCE_OF_PIN = 30.0
_AT_ONCE = 4
# Bytes of the largest answer that is read: a hundred times the largest table.
_LARGEST = 16 * 2**20
_TABLE = re.compile(r"(?:results|benchmark)-[A-Za-z0-9_.-]+\.csv")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class FetchError(Exception):
    """Something could not be fetched, or is not what is pinned: the reason, for a sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the two commands and return its exit code: 1, with a sentence, where nothing could be fetched."""
    parser = argparse.ArgumentParser(prog="./scripts/results", description=__doc__)
    parser.add_argument(
        "command",
        nargs="?",
        choices=("fetch", "pin"),
        default="fetch",
        help="fetch: keep the pinned tables in .cache/results/, unless they are there (the default). "
        "pin: take those of the newest commit, and write generator/results/pin.json; read the difference, commit.",
    )
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("--root", type=Path, default=root, help="the project (default: this one)")
    parser.add_argument("--host", default=HOST, help="has the files, at repository/commit/path (default: %(default)s)")
    parser.add_argument("--api", default=API, help="tells commits and names of files (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        if options.command == "pin":
            move(options.root, options.host, options.api)
        else:
            fetch(options.root, options.host)
    except (FetchError, AtlasError) as error:
        outcome = "The pin stays" if options.command == "pin" else "timm's result tables are left out"
        print(f"{outcome}, since {str(error).rstrip('.')}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return process.interrupted()
    return 0


def fetch(root: Path, host: str = HOST, pinned: Pin | None = None, *, patience: float = PATIENCE) -> None:
    """Fetch the pinned tables into the cache of a project, unless it has them.

    Raises:
        FetchError: they are not to be had; what the cache has is unchanged.
        UnwritableError: they could not be written.
    """
    pinned = pinned or pin.read()
    if gathering.gather(root, environment={}, pin=pinned).timm:
        return
    _keep(root, pinned, _downloaded(pinned, host, patience, LONGEST))


def move(root: Path, host: str = HOST, api: str = API) -> None:
    """Move the pin to the newest commit, and keep its tables in the cache. What changes is printed.

    Raises:
        FetchError: the commit or a table is not to be had; the pin is unchanged.
        TableError: a table there is not of the form that timm-atlas reads; the pin is unchanged.
        UnwritableError: the pin could not be written.
    """
    path = pin.PATH
    before = pin.read(path)
    commit, date = _newest(before, api)
    names = _names(before, commit, api)
    unknown = before._replace(commit=commit, date=date, files=dict.fromkeys(names, ""))
    contents = _downloaded(unknown, host, _PATIENCE_OF_PIN, 10 * LONGEST)
    after = unknown._replace(files={name: _sha256(contents[name]) for name in names})
    _check(contents, after)
    _keep(root, after, contents)
    write_all(path.parent, {path.name: json.dumps(after._asdict(), indent=1) + "\n"})
    print(f"{before.commit} ({before.date}) -> {commit} ({date})")
    for name in sorted(before.files.keys() | after.files.keys()):
        old, new = before.files.get(name), after.files.get(name)
        if old != new:
            print(f"{'new' if old is None else 'gone' if new is None else 'changed'}: {name}")


def _keep(root: Path, pinned: Pin, contents: dict[str, bytes]) -> None:
    # A build must not read the folder while it is replaced.
    with lock.held(root, lambda line: print(line, file=sys.stderr)), replaced_folder(pin.kept(root, pinned)) as folder:
        for name, content in contents.items():
            (folder / name).write_bytes(content)


def _check(contents: dict[str, bytes], pinned: Pin) -> None:
    """Check that tables can be read. Without models, each of their rows is read and none is used."""
    files = tuple(File(Path(name), content, pinned.commit) for name, content in contents.items())
    results = reading.read(Tables(files), Catalog((), (), {}, "", ""))
    for source in results.sources:
        if source.left_out:
            print(f"left out: {source.name}: {source.left_out}")


def _newest(pinned: Pin, api: str) -> tuple[str, str]:
    """The newest commit of the repository, and its day."""
    answer = _asked(f"{api}/repos/{pinned.repository}/commits/HEAD")
    try:
        commit, date = answer["sha"], answer["commit"]["committer"]["date"][:10]
        if not _COMMIT.fullmatch(commit) or not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            raise ValueError
    except (KeyError, TypeError, ValueError) as error:
        raise FetchError(f"{api} names no commit that is understood") from error
    return commit, date


def _names(pinned: Pin, commit: str, api: str) -> list[str]:
    """The names of the tables in the folder at a commit, sorted."""
    answer = _asked(f"{api}/repos/{pinned.repository}/contents/{pinned.folder}?ref={commit}")
    try:
        names = sorted(entry["name"] for entry in answer if _TABLE.fullmatch(entry["name"]))
    except (KeyError, TypeError) as error:
        raise FetchError(f"{api} names no files that are understood") from error
    if not names:
        raise FetchError(f"{api} names no table at {commit}")
    return names


def _asked(address: str) -> Any:
    try:
        return json.loads(_content(address, _PATIENCE_OF_PIN))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"{address} gives no answer ({_reason(error)})") from error


def _downloaded(pinned: Pin, host: str, patience: float, longest: float) -> dict[str, bytes]:
    """The content of each table of a pin, checked where the pin has a digest. One is fetched first, then the others.

    Names of hosts are looked up without a time limit, so everything is fetched in threads that are left behind when
    they give no answer.
    """
    until = time.monotonic() + longest
    contents: dict[str, bytes] = {}
    names = list(pinned.files)
    for part in (names[:1], names[1:]):
        waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        answers: queue.SimpleQueue[tuple[str, bytes | Exception]] = queue.SimpleQueue()
        for name in part:
            waiting.put(name)
        base = f"{host}/{pinned.repository}/{pinned.commit}/{pinned.folder}"
        for _ in part[:_AT_ONCE]:
            threading.Thread(target=_work, args=(base, waiting, answers, patience), daemon=True).start()
        for _ in part:
            try:
                name, content = answers.get(timeout=max(0.0, min(patience, until - time.monotonic())))
            except queue.Empty:
                raise FetchError(f"no answer from {host} within {patience:g} seconds") from None
            if isinstance(content, Exception):
                raise FetchError(f"{base}/{name} gives no answer ({_reason(content)})")
            if pinned.files[name] not in ("", _sha256(content)):
                raise FetchError(f"{base}/{name} is not what is pinned")
            contents[name] = content
    return {name: contents[name] for name in names}


def _work(
    base: str,
    waiting: queue.SimpleQueue[str],
    answers: queue.SimpleQueue[tuple[str, bytes | Exception]],
    patience: float,
) -> None:
    """Fetch one file after the other, until none is waiting or one is not to be had."""
    while True:
        try:
            name = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            answers.put((name, _content(f"{base}/{name}", patience)))
        except (OSError, http.client.HTTPException, ValueError) as error:
            answers.put((name, error))
            return


def _content(address: str, patience: float) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": "timm-atlas"})
    with urllib.request.urlopen(request, timeout=patience) as answer:
        content: bytes = answer.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError(f"it has more than {_LARGEST:,} bytes")
    return content


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return getattr(reason, "strerror", None) or str(reason) or type(error).__name__


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
