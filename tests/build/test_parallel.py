"""How many processors may be used, and that two share work as one does it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.build import parallel
from tests.conftest import ROOT


def test_there_is_a_processor() -> None:
    """At least one, and not more than the machine has."""
    assert 1 <= parallel.usable() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("items", [0, 1, 7, 8, 100])
def test_each_item_has_its_result(items: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results are in the order of the items, whoever worked on them."""
    monkeypatch.setattr(parallel, "usable", lambda: 2)
    assert parallel.shared(lambda item: -item, range(items), many=8) == [-item for item in range(items)]


ALONE = """
import os, signal, sys, threading
from pathlib import Path
from generator.build import parallel

parallel.usable = lambda: 2
own = os.getpid()
"""


def alone(script: str, *arguments: str) -> str:
    """The output of a script in a process without other threads, which a process of pytest may have.

    It has a session of its own, for signals as of a terminal. A warning is an error.
    """
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE + script, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert finished.stderr == ""
    return finished.stdout


def test_two_processes_work_where_it_pays() -> None:
    """Many items are worked on by a process beside this one too, few by this one alone."""
    script = """
def processes(many_items):
    return len(set(parallel.shared(lambda _: os.getpid(), range(many_items), many=8)) - {own})

print(processes(7), processes(5_000))
parallel.usable = lambda: 1
print(processes(5_000))
"""
    # The first is begun beside before this process comes to it from the other end.
    assert alone(script) == "0 1\n0\n"


def test_results_of_two_processes_are_in_order() -> None:
    """Results are in the order of the items, whoever worked on them."""
    assert alone("print(parallel.shared(lambda item: -item, range(9), many=8))") == f"{[-item for item in range(9)]}\n"


def test_a_process_with_threads_works_alone() -> None:
    """A process that runs threads is not forked: what they hold would be held for ever in the other process."""
    script = """
done = threading.Event()
thread = threading.Thread(target=done.wait)
thread.start()
print(set(parallel.shared(lambda _: os.getpid(), range(5_000), many=8)) == {own})
done.set()
thread.join()
print(set(parallel.shared(lambda _: os.getpid(), range(5_000), many=8)) == {own})
"""
    assert alone(script) == "True\nFalse\n"


@pytest.mark.parametrize("faulty", [0, 99])
def test_a_fault_is_raised(faulty: int) -> None:
    """Work that fails on an item ends it all, whichever process had it."""
    script = """
def work(item):
    if item == int(sys.argv[1]):
        raise KeyError(f"item {item}")

try:
    parallel.shared(work, range(100), many=8)
except KeyError as error:
    print(error)
"""
    assert alone(script, str(faulty)) == f"'item {faulty}'\n"


@pytest.mark.parametrize("killed", [0, 3])
def test_the_work_of_a_process_that_is_killed_is_done(killed: int) -> None:
    """Where the second process is killed, as for its memory, each item has its result all the same."""
    script = """
def work(item):
    if os.getpid() != own and item == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    return -item

print(parallel.shared(work, range(5_000), many=8) == [-item for item in range(5_000)])
"""
    assert alone(script, str(killed)) == "True\n"


def test_an_interrupt_ends_both_processes(tmp_path: Path) -> None:
    """Ctrl-C reaches both processes: it is raised in the first, and the second says nothing and begins no other item.

    The first process waits in its own item until the second has begun one.
    """
    script = """
began, ended = map(Path, sys.argv[1:])

def work(item):
    if os.getpid() != own:
        with began.open("a") as file:
            print(item, file=file, flush=True)
        while not ended.exists():
            pass
    else:
        while not began.exists():
            pass
        try:
            os.killpg(0, signal.SIGINT)
            signal.pause()
        finally:
            ended.touch()

try:
    parallel.shared(work, range(5_000), many=8)
except KeyboardInterrupt:
    print("interrupted")
"""
    began = tmp_path / "began"
    assert alone(script, str(began), str(tmp_path / "ended")) == "interrupted\n"
    # Items that the second process takes before it learns of the interrupt are not a thousand.
    assert len(began.read_text().split()) < 1_000


# Folders of Linux's control groups: the first version has a hierarchy for each controller, the second one for all.
FIRST, SECOND = "sys/fs/cgroup/cpu,cpuacct", "sys/fs/cgroup"


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        ("0::/\n", {f"{SECOND}/cpu.max": "200000 100000"}, 2),
        ("0::/\n", {f"{SECOND}/cpu.max": "max 100000"}, 4),
        ("0::/a/b\n", {f"{SECOND}/a/b/cpu.max": "max 100000", f"{SECOND}/a/cpu.max": "150000 100000"}, 2),
        ("0::/a/b\n", {f"{SECOND}/a/b/cpu.max": "20000 100000", f"{SECOND}/a/cpu.max": "300000 100000"}, 1),
        ("0::/gone\n", {f"{SECOND}/cpu.max": "300000 100000"}, 3),
        ("0::/\n", {f"{SECOND}/cpu.max": "900000 100000"}, 4),
        ("0::/\n", {}, 4),
        (
            "5:memory:/a\n4:cpu,cpuacct:/a\n",
            {f"{FIRST}/a/cpu.cfs_quota_us": "250000\n", f"{FIRST}/a/cpu.cfs_period_us": "100000\n"},
            3,
        ),
        (
            "4:cpu,cpuacct:/docker/1\n",
            {f"{FIRST}/cpu.cfs_quota_us": "50000\n", f"{FIRST}/cpu.cfs_period_us": "50000\n"},
            1,
        ),
        ("4:cpu,cpuacct:/\n", {f"{FIRST}/cpu.cfs_quota_us": "-1\n", f"{FIRST}/cpu.cfs_period_us": "100000\n"}, 4),
        ("", {}, 4),
    ],
)
def test_a_quota_of_time_is_a_number_of_processors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, groups: str, files: dict[str, str], expected: int
) -> None:
    """No more processors are used than the least quota of the control groups is worth, in part or whole, and one."""
    monkeypatch.setattr(os, "process_cpu_count", lambda: 4, raising=False)
    for name, text in {"proc/self/cgroup": groups, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert parallel.usable(tmp_path) == expected


def test_without_control_groups_all_are_usable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without control groups has those that the process may run on, however that is asked."""
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 5}, raising=False)
    assert parallel.usable(tmp_path) == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert parallel.usable(tmp_path) == 1
