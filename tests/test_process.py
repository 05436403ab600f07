"""The process of a command: whatever its streams are and whenever it is interrupted, it ends without a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT

SENTENCE = "timm-atlas: interrupted; nothing is left half-written.\n"
MODULE = ("-m", "generator")
# Ends when this process is the child of another: the process that has started it is gone.
ORPHANED = "parent = os.getppid()\nos.killpg(0, signal.SIGINT)\nwhile os.getppid() == parent: pass\n"


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files. Its path is short, because that of a socket below it may not be long."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script as pip makes it for the command ``timm-atlas``."""
    path = tmp_path / "bin" / "timm-atlas"
    path.parent.mkdir()
    path.write_text("import sys\nfrom generator.__main__ import run\nif __name__ == '__main__':\n    sys.exit(run())\n")
    return path


def package(folder: Path, name: str, text: str) -> None:
    """Put a package of this name before the installed one."""
    (folder / f"{name}.py").write_text(text)


def ended(
    call: Iterable[str | Path],
    first: Path = ROOT,
    *,
    shell: str = 'exec "$@"',
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run Python in a session of its own, which an interrupt reaches as it does in a terminal.

    The output ends when all processes that could write to it have ended. ``first`` is where packages are found first.
    """
    return subprocess.run(
        ["bash", "-c", shell, "bash", sys.executable, *call],
        env={**os.environ, "PYTHONPATH": f"{first}{os.pathsep}{ROOT}", **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )


def test_an_interrupt_of_an_import_is_one_sentence(tmp_path: Path) -> None:
    """Who presses Ctrl-C while the program is still being loaded reads one sentence."""
    package(tmp_path, "msgspec", "import os, signal\nos.killpg(0, signal.SIGINT)\nsignal.pause()\n")
    finished = ended([*MODULE, "rank"], tmp_path)
    assert (finished.returncode, finished.stdout, finished.stderr) == (130, "", SENTENCE)


@pytest.mark.parametrize("phase", ["interrupts_end_at_once", "interrupts_raise"])
def test_an_interrupt_in_a_callback_is_not_lost(phase: str) -> None:
    """Python cannot pass on what is raised in some callbacks, and imports are full of them: it is raised again."""
    code = f"""
import os, signal, weakref
from generator import process

class Thing:
    pass

def interrupt(_):
    os.kill(os.getpid(), signal.SIGINT)

process.{phase}()
try:
    thing = Thing()
    reference = weakref.ref(thing, interrupt)
    del thing
    while True:
        signal.pause()
except KeyboardInterrupt:
    process.leave(process.interrupted())
"""
    finished = ended(["-c", code])
    assert (finished.returncode, finished.stdout, finished.stderr) == (130, "", SENTENCE)


def test_another_lost_exception_is_told() -> None:
    """Other exceptions that Python cannot pass on are told as ever."""
    code = """
import weakref
from generator import process

class Thing:
    pass

process.interrupts_raise()
thing = Thing()
reference = weakref.ref(thing, lambda _: 1 / 0)
del thing
"""
    assert "ZeroDivisionError" in ended(["-c", code]).stderr


@pytest.mark.parametrize("phase", ["interrupts_end_at_once", "interrupts_raise"])
def test_an_ignored_interrupt_stays_ignored(phase: str) -> None:
    """A program that was started with interrupts ignored, as by nohup, goes on."""
    code = f"""
import os, signal
from generator import process
process.{phase}()
os.kill(os.getpid(), signal.SIGINT)
print("goes on")
"""
    assert ended(["-c", code], shell="trap '' INT; exec \"$@\"").stdout == "goes on\n"


def test_an_interrupt_is_put_off() -> None:
    """An interrupt that comes in the block is raised after it, and blocks may be nested."""
    code = """
import os, signal
from generator import process
try:
    with process.uninterrupted():
        with process.uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
        print("inner")
    print("never")
except KeyboardInterrupt:
    print("outer")
"""
    assert ended(["-c", code]).stdout == "inner\nouter\n"


@pytest.mark.parametrize("name", ["torch", "timm"])
def test_an_interrupt_of_workers_that_start_is_one_sentence(
    name: str, tmp_path: Path, bare_project: Path, temporary: Path
) -> None:
    """Ctrl-C while torch or timm is imported ends the run in a sentence; nothing is said later, and nothing left."""
    # The import goes on for as long as the program runs, and fails in the end.
    package(tmp_path, name, f"import os, signal\n{ORPHANED}raise ImportError\n")
    call = [*MODULE, "inspect", "test_vit", "--processes", "2", "--root", str(bare_project)]
    finished = ended(call, tmp_path, variables={"TMPDIR": str(temporary)})
    assert (finished.returncode, finished.stdout, finished.stderr) == (130, "", SENTENCE)
    assert list(temporary.iterdir()) == []


@pytest.mark.sweep
def test_an_interrupt_of_workers_that_have_started_is_silent() -> None:
    """Ctrl-C as soon as there are workers ends them without a word."""
    code = """
import os, signal
from generator import process
from generator.build import workers
process.prepare_streams()
process.interrupts_raise()
try:
    with workers.pool(2):
        os.killpg(0, signal.SIGINT)
        signal.pause()
except KeyboardInterrupt:
    print("interrupted")
process.leave(0)
"""
    finished = ended(["-c", code])
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "interrupted\n", "")


@pytest.mark.sweep
def test_workers_begin_alike_however_they_are_started(script: Path, tmp_path: Path, bare_project: Path) -> None:
    """Workers know nothing of the command line, and collect garbage, from the installed command and from the module."""
    package(
        tmp_path, "torch", "import gc, sys\nraise ImportError(f'{gc.isenabled()} {\"generator.cli\" in sys.modules}')\n"
    )
    for call in ([script], MODULE):
        finished = ended([*call, "inspect", "test_vit", "--processes", "1", "--root", bare_project], tmp_path)
        told = finished.stderr.splitlines()[-1]
        assert told == "timm-atlas: timm's registry could not be read: ImportError: True False", call


def test_workers_leave_no_temporary_files(tmp_path: Path, bare_project: Path, temporary: Path) -> None:
    """A run that has had workers leaves nothing in the folder for temporary files."""
    package(tmp_path, "torch", "raise ImportError('no torch')\n")
    call = [*MODULE, "inspect", "test_vit", "--processes", "1", "--root", str(bare_project)]
    assert "no torch" in ended(call, tmp_path, variables={"TMPDIR": str(temporary)}).stderr
    assert list(temporary.iterdir()) == []


def test_workers_that_cannot_be_started_are_one_sentence(tmp_path: Path, bare_project: Path) -> None:
    """Where the path for temporary files is too long for a socket, one sentence says so."""
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    finished = ended([*MODULE, "inspect", "test_vit", "--root", bare_project], variables={"TMPDIR": str(folder)})
    assert finished.returncode == 1
    assert finished.stderr == (
        "timm-atlas: The processes that inspect models could not be started: OSError: AF_UNIX path too long\n"
    )


def test_a_server_that_dies_is_one_sentence(tmp_path: Path, bare_project: Path) -> None:
    """Where the process that imports torch is killed, as for its memory, one sentence says so."""
    package(tmp_path, "torch", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    finished = ended([*MODULE, "inspect", "test_vit", "--root", bare_project], tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.startswith("timm-atlas: The processes that inspect models could not be started: ")
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("call", [["rank"], ["show", "tiny_conv", "--json"], ["pages", "--check"], ["show", "none"]])
def test_a_closed_stream_is_no_error(project: Path, call: list[str], closed: str) -> None:
    """What is printed to a stream that the caller has closed is lost, and nothing else changes."""
    whole = ended([*MODULE, *call, "--root", project])
    found = ended([*MODULE, *call, "--root", project], shell=f'exec "$@" {closed}')
    assert found.returncode == whole.returncode
    assert found.stdout == ("" if ">&-" in closed.replace("2>&-", "") else whole.stdout)
    assert found.stderr == ("" if "2>&-" in closed else whole.stderr)


def test_files_do_not_take_the_place_of_closed_streams(project: Path) -> None:
    """With every stream closed, nothing that is printed gets into a file of ours."""
    assert ended([*MODULE, "pages", "--root", project], shell='exec "$@" <&- >&- 2>&-').returncode == 0
    assert ended([*MODULE, "pages", "--check", "--root", project]).returncode == 0


@pytest.mark.parametrize(("call", "code"), [(["pages", "--check"], 1), (["rank"], 0), (["--help"], 0), (["none"], 2)])
def test_a_reader_that_has_gone_changes_no_exit_code(project: Path, call: list[str], code: int) -> None:
    """Where the reader of the output or of the messages has gone, the exit code is that of the work."""
    root = [] if call[0].startswith("-") or call == ["none"] else ["--root", str(project)]
    for stream in (1, 2):
        # The shell waits for the reader, and starts the program when it has gone.
        shell = f'exec {stream}> >(exec true); wait $!; exec "$@"'
        finished = ended([*MODULE, *call, *root], shell=shell)
        assert finished.returncode == code
        assert "Traceback" not in finished.stderr
        assert "Broken pipe" not in finished.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
def test_help_that_cannot_be_written_is_told() -> None:
    """argparse prints the help by itself; that it could not be written is told as for any other output."""
    finished = ended([*MODULE, "--help"], shell='exec "$@" >/dev/full')
    assert (finished.returncode, finished.stderr) == (1, "timm-atlas: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
def test_messages_that_cannot_be_written_end_nothing(project: Path) -> None:
    """A command whose messages cannot be written does its work."""
    assert ended([*MODULE, "pages", "--root", project], shell='exec "$@" 2>/dev/full').returncode == 0
    assert ended([*MODULE, "pages", "--check", "--root", project]).returncode == 0


@pytest.mark.parametrize(
    "variables",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=lambda variables: " ".join(variables),
)
@pytest.mark.parametrize("call", [["show", "tiny_conv"], ["compare", "tiny_conv", "tiny_vit"], ["rank"]])
def test_characters_that_the_encoding_lacks_are_escaped(
    project: Path, call: list[str], variables: dict[str, str]
) -> None:
    """Where the output has no multiplication sign, what stands for it is an escape, and the rest is as ever."""
    whole = ended([*MODULE, *call, "--root", project], variables={"PYTHONIOENCODING": "utf-8"})
    found = ended([*MODULE, *call, "--root", project], variables=variables)
    assert (found.returncode, found.stderr) == (0, "")
    assert "×" in whole.stdout
    escaped = whole.stdout.encode("ascii", errors="backslashreplace").decode()
    assert found.stdout in (whole.stdout, escaped)


@pytest.mark.sweep
@pytest.mark.parametrize("command", ["show", "rank", "compare", "inspect"])
def test_an_argument_that_is_no_text_is_told(project: Path, command: str) -> None:
    """An argument of bytes that are no text in this encoding names no model, which one sentence says."""
    others = ["tiny_conv"] if command == "compare" else []
    shell = 'exec "$@" $\'\\xff\\xfe\' --root "$PROJECT"'
    finished = ended([*MODULE, command, *others], shell=shell, variables={"PROJECT": str(project)})
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert finished.stderr.startswith("timm-atlas: No model in ")
    assert finished.stderr.count("\n") == 1
