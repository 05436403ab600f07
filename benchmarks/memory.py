"""Memory of a command and of all processes below it, read from Linux while the command runs."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
# Seconds between two readings: each costs a few milliseconds per process.
_INTERVAL = 0.5


@dataclass(slots=True)
class Peak:
    """Peaks in bytes: the largest resident set of one process, and the largest sum, with shared pages counted once."""

    process: int = 0
    together: int = 0


def is_known() -> bool:
    """Whether this system reports the memory of a process."""
    return (_PROC / "self" / "smaps_rollup").is_file()


def run(command: Sequence[str], *, told: Callable[[Peak], None] | None = None, **options: object) -> tuple[int, Peak]:
    """Run a command; return its exit code and its peak. ``told`` is called with the peak so far after each reading."""
    peak, done = Peak(), threading.Event()
    with subprocess.Popen(command, **options) as process:  # type: ignore[call-overload]

        def watch() -> None:
            while not done.wait(_INTERVAL):
                sizes = [size for each in _family(process.pid) if (size := _sizes(each))]
                peak.process = max([peak.process, *(resident for resident, _ in sizes)])
                peak.together = max(peak.together, sum(proportional for _, proportional in sizes))
                if told is not None:
                    told(peak)

        watcher = threading.Thread(target=watch)
        watcher.start()
        code: int = process.wait()
        done.set()
        watcher.join()
    return code, peak


def _family(root: int) -> set[int]:
    """The ids of a process and of all processes below it."""
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
    except OSError:  # the process has ended between two readings
        return ""
