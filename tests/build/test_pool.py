"""The pool: each task has its result, whatever the others do, and nothing is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generator.build import workers
from generator.build.orphans import children
from generator.build.pool import Pool, WorkerDied
from generator.build.serving import TaskError
from generator.errors import WorkersError
from tests import doubles
from tests.build.conftest import entries
from tests.conftest import ROOT
from tests.doubles import NOTHING, add, misbehave, own_process


def results(pool: Pool, work: Any, tasks: Sequence[tuple[Any, ...]], timeout: float | None = None) -> list[Any]:
    """The result of each task, or the type of its error and what that says."""
    found: dict[int, Any] = {}
    for place, future in pool.run(work, tasks, timeout=timeout):
        error = future.exception()
        assert place not in found
        found[place] = future.result() if error is None else (type(error), str(error))
    return [found[place] for place in range(len(tasks))]


def named(*names: str) -> list[tuple[Any, ...]]:
    """Tasks of `misbehave`, each named by what it does."""
    return [(entry,) for entry in entries(*names)]


def is_running(pid: int) -> bool:
    """Whether a process is there and not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False


def test_each_task_has_its_result(pool: Pool) -> None:
    """There may be more tasks than workers, or none, and workers go on to the next run."""
    assert results(pool, add, [(n, 1) for n in range(20)]) == [n + 1 for n in range(20)]
    assert results(pool, add, []) == []
    assert results(pool, add, [(1, 1)]) == [2]


def test_a_worker_does_many_tasks(pool: Pool) -> None:
    """Two workers do all of them, but for those that are the last of their worker."""
    usual = results(pool, own_process, [(False,)] * 20)
    assert len(set(usual)) == 2
    last = results(pool, own_process, [(True,)] * 5)
    assert len(set(last)) == 5
    assert not set(results(pool, own_process, [(False,)] * 5)) & set(last)


@pytest.mark.parametrize(("name", "code"), [("exits well", 0), ("exits", 3), ("killed", -9)])
def test_a_worker_that_ends_is_seen_at_once(pool: Pool, name: str, code: int) -> None:
    """Without any time limit, the task of a worker that ended has an error, with whatever exit code it did so."""
    found = results(pool, misbehave, named("one", name, "two"))
    assert found == [NOTHING, (WorkerDied, f"its process died with exit code {code}"), NOTHING]


@pytest.fixture
def bare_pool() -> Iterator[Pool]:
    """Two workers of a server that has imported nothing, so that it is soon started again. It ends with the test."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([])
    with Pool(2, context) as made:
        yield made
        results(made, misbehave, named("ends its server"))


def test_the_end_of_the_server_fails_no_other_task(bare_pool: Pool) -> None:
    """A task that ends the process that workers are forked from fails alone, though all workers are lost with it."""
    names = ["one", "ends its server", "two", "three", "ends its server", "four"]
    found = results(bare_pool, misbehave, named(*names))
    assert [name for name, result in zip(names, found, strict=True) if result != NOTHING] == ["ends its server"] * 2
    assert found[1] == (WorkerDied, "its process died with exit code 255, or ended the one that starts it")
    # The next run has a server again.
    assert results(bare_pool, add, [(1, 1)]) == [2]


@pytest.mark.sweep
def test_the_exit_code_of_a_lost_server_may_be_a_task_s_own(pool: Pool) -> None:
    """A worker that ends with the exit code that stands for a lost server has failed by itself."""
    found = results(pool, misbehave, named("one", "exits as if its server had ended", "two"))
    assert found[::2] == [NOTHING, NOTHING]
    assert found[1][0] is WorkerDied


@pytest.mark.sweep
def test_a_task_without_an_answer_is_ended(pool: Pool) -> None:
    """A task that takes too long has an error, and its worker is gone."""
    found = results(pool, misbehave, named("one", "hangs", "two"), timeout=2)
    assert found == [NOTHING, (TimeoutError, ""), NOTHING]


def test_errors_of_tasks_are_told_apart(pool: Pool) -> None:
    """What a task raises is told in one line, also a timeout of its own, and a value that cannot be sent."""
    assert results(pool, misbehave, named("raises", "leaves")) == [
        (TaskError, "ValueError: the figures do not add up"),
        (TaskError, "SystemExit: 4"),
    ]
    assert results(pool, doubles.times_out, [()]) == [(TaskError, "TimeoutError: the model's own")]
    for work in (doubles.unreadable, doubles.unsendable):
        ((kind, _),) = results(pool, work, [()])
        assert kind is TaskError


def test_results_that_nobody_takes_are_forgotten(pool: Pool) -> None:
    """A run that is given up has no part in the next."""
    run = pool.run(misbehave, named("one", "hangs", "hangs"))
    next(run)
    run.close()  # type: ignore[attr-defined]
    assert results(pool, add, [(1, 1), (2, 2)]) == [2, 4]


def test_a_worker_that_cannot_be_started_is_one_sentence(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started, the error is ours."""

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("generator.build.pool._Worker", refuse)
    with pytest.raises(WorkersError, match=r"could not be started: BlockingIOError: .*unavailable$"):
        results(pool, add, [(1, 1)])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes that leave their group are not found")
def test_no_process_of_a_task_outlives_the_pool(tmp_path: Path) -> None:
    """What tasks start ends with the pool: in the group of their worker and out of it, also when it has ended."""
    file = tmp_path / "ids"
    before = children()
    with workers.pool(2) as pool:
        (ids,) = results(pool, doubles.start, [("group", "session")])
        assert all(map(is_running, ids))
        assert results(pool, doubles.start_and_exit, [(str(file),)])[0][0] is WorkerDied
        later = list(map(int, file.read_text().split()))
    assert len({*ids, *later}) == 4
    assert not [pid for pid in (*ids, *later) if is_running(pid)]
    # What remains is the server, and the process that watches over shared memory.
    assert len(children() - before) <= 2


@pytest.mark.sweep
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_with_the_main_process(tmp_path: Path) -> None:
    """Where the main process is killed, its workers end, and what their tasks have started in their group."""
    script = """
import sys
from generator.build import workers
from tests import doubles
with workers.pool(1) as pool:
    for _, future in pool.run(doubles.start, [("group",)]):
        print(*future.result(), *(worker.process.pid for worker in pool._workers), flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as main:
        assert main.stdout is not None
        ids = list(map(int, main.stdout.readline().split()))
        assert len(ids) == 2
        main.send_signal(signal.SIGKILL)
        # The output ends when the last process that holds it has ended.
        assert main.stdout.read() == ""
    assert not [pid for pid in ids if is_running(pid)]


def test_each_worker_goes_on_where_it_was(pool: Pool) -> None:
    """One of two workers begins with the first task and the other with the last, until they meet."""
    found = results(pool, own_process, [(False,)] * 40)
    assert sum(before != after for before, after in pairwise(found)) == 1
