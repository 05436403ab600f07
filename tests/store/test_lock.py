"""The lock of a project: one run at a time, the others wait, and it ends with its process."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.store import lock
from tests.conftest import ROOT

HOLD = """
import sys
from pathlib import Path
from generator.store import lock
with lock.held(Path(sys.argv[1]), lambda line: print(line, flush=True)):
    print("held", flush=True)
    sys.stdin.readline()
print("released", flush=True)
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    """A process that holds the lock of a folder once it has said so, until it is sent a line."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line(process: subprocess.Popen[str]) -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def waits_for(process: subprocess.Popen[str], folder: Path) -> str:
    """What is said by whoever waits for a process."""
    name = f"process {process.pid} on {os.uname().nodename}"
    return f"Waiting for another run of timm-atlas in {folder} to end: {name}."


def test_a_lock_leaves_nothing(tmp_path: Path) -> None:
    """Without another run there is nothing to tell, and nothing is left afterwards, after an error either."""
    for _ in range(2):
        with lock.held(tmp_path, pytest.fail):
            assert [path.name for path in tmp_path.iterdir()] == [lock.NAME]
        assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyboardInterrupt), lock.held(tmp_path, pytest.fail):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", ["released", "killed"])
def test_another_run_waits(tmp_path: Path, end: str) -> None:
    """Who comes second says whom it waits for, and goes on once that one has ended, however it ended."""
    with holder(tmp_path) as first:
        assert line(first) == "held"
        with holder(tmp_path) as second:
            assert line(second) == waits_for(first, tmp_path)
            if end == "killed":
                first.kill()
            else:
                first.communicate("\n")
            assert line(second) == "held"
            second.communicate("\n")
    assert (first.returncode, second.returncode) == (-9 if end == "killed" else 0, 0)
    assert list(tmp_path.iterdir()) == []


def test_several_take_turns(tmp_path: Path) -> None:
    """Of several that wait, each has its turn, and no two at a time."""
    count = tmp_path / "count"
    count.write_text("0")
    (tmp_path / "root").mkdir()
    script = """
import sys
from pathlib import Path
from generator.store import lock
for _ in range(20):
    with lock.held(Path(sys.argv[1]), lambda line: None):
        count = int(Path(sys.argv[2]).read_text())
        Path(sys.argv[2]).write_text(str(count + 1))
"""
    command = [sys.executable, "-c", script, str(tmp_path / "root"), str(count)]
    processes = [subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert count.read_text() == "80"
    assert list((tmp_path / "root").iterdir()) == []


def test_a_lock_file_that_was_removed_is_made_anew(tmp_path: Path) -> None:
    """Where somebody removes the file, the next run makes its own, which the first one leaves alone."""
    with holder(tmp_path) as first:
        assert line(first) == "held"
        (tmp_path / lock.NAME).unlink()
        with lock.held(tmp_path, pytest.fail):
            first.communicate("\n")
            assert (tmp_path / lock.NAME).exists()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_locks_nothing(tmp_path: Path) -> None:
    """The file of a run that was killed is taken over without a word."""
    with holder(tmp_path) as first:
        assert line(first) == "held"
        first.kill()
    assert (tmp_path / lock.NAME).exists()
    with lock.held(tmp_path, pytest.fail):
        assert (tmp_path / lock.NAME).read_text() == f"process {os.getpid()} on {os.uname().nodename}\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"process 7 on \x1b[31m", b"x" * 10_000])
def test_any_text_in_the_file_is_no_harm(tmp_path: Path, content: bytes) -> None:
    """Whatever the file says, what is told is one plain line."""
    told: list[str] = []
    with holder(tmp_path) as first:
        assert line(first) == "held"
        (tmp_path / lock.NAME).write_bytes(content)

        def tell(text: str) -> None:
            told.append(text)
            first.communicate("\n")

        with lock.held(tmp_path, tell):
            pass
    assert told == [f"Waiting for another run of timm-atlas in {tmp_path} to end: another process."]


def test_a_forked_process_does_not_hold_it(tmp_path: Path) -> None:
    """A process that was forked on the way and outlives the run that held the lock keeps nobody waiting."""
    script = """
import os, sys
from pathlib import Path
from generator.store import lock
with lock.held(Path(sys.argv[1]), print):
    if os.fork() == 0:
        print("forked", flush=True)
        sys.stdin.readline()
        os._exit(0)
    os.kill(os.getpid(), 9)
"""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert line(process) == "forked"
        process.wait()
        with lock.held(tmp_path, pytest.fail):
            pass


@pytest.mark.parametrize("problem", ["no locks", "no module", "folder", "no folder"])
def test_where_nothing_can_be_locked_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    """On a file system or a system without locks the run goes on, and says what the user has to take care of."""
    root = tmp_path
    if problem == "no locks":

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr("generator.store.lock.fcntl.flock", refuse)
    elif problem == "no module":
        monkeypatch.setattr(lock, "fcntl", None)
    elif problem == "folder":
        (tmp_path / lock.NAME).mkdir()
    else:
        root = tmp_path / "nowhere"
    told: list[str] = []
    ran = False
    with lock.held(root, told.append):
        ran = True
    assert ran
    assert len(told) == 1
    assert told[0].startswith(f"{root / lock.NAME} cannot be locked (")
    assert "Let no other run of timm-atlas write to this folder" in told[0]
