"""How much memory a command and all the processes below it take, asked of Linux while it runs."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
# Seconds between two looks: asking costs a few milliseconds a process.
_INTERVAL = 0.5


@dataclass(slots=True)
class Peak:
    """Bytes: the largest resident set of one process, and the most that all had together, shared pages once."""

    process: int = 0
    together: int = 0


def is_known() -> bool:
    """Whether this system tells how much memory a process takes."""
    return (_PROC / "self" / "smaps_rollup").is_file()


def run(command: Sequence[str], **options: object) -> tuple[int, Peak]:
    """Run a command to its end; its exit code and its peak."""
    peak, done = Peak(), threading.Event()
    with subprocess.Popen(command, **options) as process:  # type: ignore[call-overload]

        def watch() -> None:
            while not done.wait(_INTERVAL):
                sizes = [size for each in _family(process.pid) if (size := _sizes(each))]
                peak.process = max([peak.process, *(resident for resident, _ in sizes)])
                peak.together = max(peak.together, sum(proportional for _, proportional in sizes))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code: int = process.wait()
        done.set()
        watcher.join()
    return code, peak


def _family(root: int) -> set[int]:
    """A process and all below it."""
    parents = {}
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            stat = _read(folder / "stat")
            if stat:
                # The name, in parentheses, may have spaces in it.
                parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    found, size = {root}, 0
    while len(found) > size:
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def _sizes(process: int) -> tuple[int, int] | None:
    """Resident and proportional set size in bytes; ``None`` for a process that has ended."""
    lines = dict(line.split(":", 1) for line in _read(_PROC / str(process) / "smaps_rollup").splitlines()[1:])
    if "Rss" not in lines:
        return None
    return int(lines["Rss"].split()[0]) * 1024, int(lines["Pss"].split()[0]) * 1024


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has ended between two looks
        return ""
