"""Signals that end a run: as Ctrl-C does, with all processes that it has started."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from generator.build import signals, workers
from generator.build.progress import Progression
from generator.build.signals import Terminated
from generator.facts.inspections import Outcome
from generator.facts.registry import CatalogEntry
from generator.store import lock
from tests.build.test_parallel import alone
from tests.conftest import ROOT, tree

ENDING = [signal.SIGTERM, signal.SIGHUP]
ENDED = "timm-atlas: interrupted; nothing is left half-written."

# A hook of MkDocs that starts a process, says that both are there, and waits.
HOOK = """
import signal, subprocess, sys
def on_pre_build(config):
    subprocess.Popen([sys.executable, "-c", "import signal; print('ready', flush=True); signal.pause()"])
    print("ready", flush=True)
    signal.pause()
"""


@pytest.fixture(autouse=True)
def by_default() -> Iterator[None]:
    """Signals that end a process at once, as they do unless somebody ignores them."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_is_an_interrupt(number: signal.Signals) -> None:
    """Within the block the signal raises, once; after it, it ends the process at once, as before."""
    tidied = []
    with pytest.raises(Terminated) as caught, signals.as_interrupts():
        try:
            signal.raise_signal(number)
        finally:
            # While things are tidied up, a second one does nothing.
            signal.raise_signal(number)
            tidied.append(number)
    assert tidied == [number]
    assert caught.value.number == number
    assert isinstance(caught.value, KeyboardInterrupt)
    assert signal.getsignal(number) is signal.SIG_DFL


def test_the_exit_code_is_that_of_shells() -> None:
    """The code is 128 and the number of the signal."""
    assert signals.exit_code(KeyboardInterrupt()) == 130
    assert signals.exit_code(Terminated(signal.SIGTERM)) == 143
    assert signals.exit_code(Terminated(signal.SIGHUP)) == 129


def test_what_is_ignored_stays_ignored() -> None:
    """A run under ``nohup`` goes on when its terminal ends."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with signals.as_interrupts():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_another_thread_leaves_signals_alone() -> None:
    """Only the main thread can handle signals; in any other the block just runs."""
    ran = []

    def run() -> None:
        with signals.as_interrupts():
            ran.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert ran == [signal.SIG_DFL]


def test_a_forked_process_ends_at_once() -> None:
    """The second process that shares work is ended by a signal as any other process is."""
    script = """
import signal
from generator.build import signals

with signals.as_interrupts():
    found = parallel.shared(
        lambda _: (os.getpid() == own, signal.getsignal(signal.SIGTERM) is signal.SIG_DFL), range(5_000), many=8
    )
print(sorted(set(found)))
"""
    assert alone(script) == "[(False, True), (True, False)]\n"


def started(command: list[str], folder: Path) -> subprocess.Popen[str]:
    """A process whose messages are in a file, and whose output ends when all that it has started have ended."""
    with open(folder / "messages", "w") as messages:
        return subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=messages, text=True
        )


def ended(process: subprocess.Popen[str], number: signal.Signals, ready: int, folder: Path) -> str:
    """Send a signal to a process alone, once so many have said that they are ready; its messages."""
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(ready)] == ["ready\n"] * ready
    process.send_signal(number)
    # The output ends when no process has it open any more.
    rest, _ = process.communicate(timeout=300)
    assert rest == ""
    return (folder / "messages").read_text()


@pytest.mark.sweep
@pytest.mark.parametrize("number", [*ENDING, signal.SIGINT])
def test_mkdocs_is_ended(bare_project: Path, number: signal.Signals, tmp_path: Path) -> None:
    """A signal to the build alone ends MkDocs and what that has started; the site stands, and nothing is left over."""
    (bare_project / "mkdocs.yml").write_text("site_name: tiny\nplugins: []\ntheme: mkdocs\nhooks: [hook.py]\n")
    (bare_project / "hook.py").write_text(HOOK)
    (bare_project / "site").mkdir()
    (bare_project / "site" / "old.html").write_text("old")
    process = started(["-m", "tests.tiny_atlas", "build", "--root", str(bare_project)], tmp_path)
    messages = ended(process, number, 2, tmp_path)
    assert process.returncode == 128 + number
    assert messages.splitlines()[-1] == ENDED
    assert "Traceback" not in messages
    assert tree(bare_project / "site") == {"old.html": b"old"}
    assert not [path for path in bare_project.iterdir() if path.name.startswith((".staging", lock.NAME))]


def hang(entry: CatalogEntry) -> Outcome:
    """Say through the pipe in place of the family that the worker is there, and wait with the pipe open."""
    with open(entry.family, "w") as pipe:
        print("ready", file=pipe, flush=True)
        signal.pause()
    raise AssertionError("unreachable")


def inspect_what_hangs(pipe: str) -> None:
    """Inspect two models that hang, as a command does."""
    asked = [CatalogEntry(name, pipe, (), None) for name in ("one", "two")]
    try:
        with signals.as_interrupts(), workers.pool(2) as pool:
            progress = Progression(2, Console(file=StringIO()))
            list(workers.inspect_all(pool, asked, inspect=hang, timeout=3600, progress=progress))
    except KeyboardInterrupt as interrupt:
        sys.exit(signals.exit_code(interrupt))


@pytest.mark.sweep
def test_workers_are_ended(tmp_path: Path) -> None:
    """A signal to the run alone ends its workers, whatever they do."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = f"from tests.build.test_signals import inspect_what_hangs; inspect_what_hangs({str(pipe)!r})"
    process = started(["-c", code], tmp_path)
    with open(pipe) as said:
        assert [said.readline() for _ in range(2)] == ["ready\n"] * 2
        # The end of the pipe comes when no worker has it open any more.
        assert ended(process, signal.SIGTERM, 0, tmp_path) == ""
        assert said.read() == ""
    assert process.returncode == 143


def inspect_while_starting() -> None:
    """Start workers whose server never comes to the end of its imports, as a command does."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.build.endless"])
    try:
        with signals.as_interrupts():
            worker = context.Process(target=os.getpid)
            worker.start()
            worker.join()
    except KeyboardInterrupt as interrupt:
        sys.exit(signals.exit_code(interrupt))


@pytest.mark.sweep
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_of_workers_is_ended_while_it_imports(number: signal.Signals, tmp_path: Path) -> None:
    """A signal to the run alone ends the process that workers are forked from, though it imports still."""
    command = ["-c", "from tests.build.test_signals import inspect_while_starting; inspect_while_starting()"]
    process = started(command, tmp_path)
    assert "Traceback" not in ended(process, number, 1, tmp_path)
    assert process.returncode == 128 + number


def test_who_waits_for_another_run_is_ended(bare_project: Path, tmp_path: Path) -> None:
    """A run that waits for another to end can be ended, and the other keeps its lock."""
    with lock.held(bare_project, pytest.fail):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.tiny_atlas", "build", "--root", str(bare_project)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Waiting for another run of timm-atlas in ")
        process.terminate()
        assert process.communicate()[1] == f"{ENDED}\n"
        assert process.returncode == 143
        assert (bare_project / lock.NAME).exists()
