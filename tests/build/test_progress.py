"""The progress of a survey, as it is told."""

from __future__ import annotations

import threading
from io import StringIO

import pytest
from rich.console import Console

from generator.build.pool import Pool
from generator.build.progress import Progression, bar, console
from generator.facts.inspections import Failure, Stage
from tests.build.conftest import entries, lines, outcomes
from tests.doubles import NOTHING, misbehave


def test_every_outcome_is_told(pool: Pool, plain: Console) -> None:
    """Without a terminal the run tells each failure at once, and its state at every tenth."""
    asked = entries(*(f"fine_{number}" for number in range(39)), "raises")
    outcomes(pool, asked, inspect=misbehave, progress=Progression(len(asked), plain))
    told = lines(plain)
    assert "failed: raises (inspect): ValueError: the figures do not add up" in told
    states = [line for line in told if line.startswith("inspected ")]
    assert [line.split(" models, ")[0] for line in states] == [f"inspected {4 * n} of 40" for n in range(1, 11)]
    assert states[-1].endswith("models/s, 1 failed")


def test_few_models_are_told_one_by_one(plain: Console) -> None:
    """A run of fewer than ten models has a line for each, and the last says that it is whole."""
    with Progression(3, plain) as progress:
        for _ in range(3):
            progress.advance(NOTHING)
    told = lines(plain)
    assert [line.split(" models, ")[0] for line in told] == [f"inspected {n} of 3" for n in (1, 2, 3)]
    assert all(line.endswith("models/s, no failures") for line in told)


def test_a_terminal_gets_no_commands(plain: Console) -> None:
    """What a model names is told in letters that print, in one line."""
    with Progression(1, plain) as progress:
        progress.advance(Failure("odd\x1b[2J", Stage.CREATE, "E: \x1b]0;x\x07\r\n\u202ered"))
    assert lines(plain)[0] == r"failed: odd\x1b[2J (create): E: \x1b]0;x\x07 \u202ered"


def test_plain_lines_have_no_control_codes(plain: Console) -> None:
    """What CI logs holds text alone, and a reason is printed as it is, brackets and all."""
    with Progression(1, plain) as progress:
        progress.advance(Failure("tiny", Stage.CREATE, "KeyError: [bold]'x'[/bold] " + "far " * 60))
    text = "\n".join(lines(plain))
    assert "\x1b" not in text
    assert f"failed: tiny (create): KeyError: [bold]'x'[/bold] {'far ' * 60}".rstrip() in text


def test_a_terminal_has_a_bar() -> None:
    """On a terminal there is a bar with count, rate and failures, and no line for each tenth."""
    console = Console(file=StringIO(), force_terminal=True, width=160)
    with Progression(2, console) as progress:
        progress.advance(NOTHING)
        progress.advance(Failure("tiny", Stage.CREATE, "ValueError: no"))
    text = "\n".join(lines(console))
    assert "Inspecting" in text
    assert "2/2" in text
    assert "models/s" in text
    assert "1 failed" in text
    assert "failed: tiny (create): ValueError: no" in text
    assert "inspected 1 of 2" not in text


def test_measuring_has_a_bar_for_many_on_a_terminal() -> None:
    """What is measured is counted there, and nothing is drawn for few models or where the output is no terminal."""
    told = {}
    for is_terminal in (True, False):
        for is_shown in (True, False):
            console = Console(file=StringIO(), force_terminal=is_terminal, width=160)
            with bar(2, console, is_shown=is_shown) as advance:
                advance()
                advance()
            told[is_terminal, is_shown] = "\n".join(lines(console))
    assert "Measuring" in told[True, True]
    assert "2/2" in told[True, True]
    assert [text.strip() for shown, text in told.items() if not all(shown)] == ["", "", ""]


@pytest.mark.parametrize(("kind", "has_bar"), [("xterm", True), ("dumb", False)])
def test_a_terminal_that_cannot_move_its_cursor_gets_no_bar(
    monkeypatch: pytest.MonkeyPatch, kind: str, has_bar: bool
) -> None:
    """Nor does any output that is no terminal, though colour may be forced."""
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert console().is_terminal is has_bar
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    assert not console().is_terminal


def test_a_bar_leaves_no_thread() -> None:
    """When the bar is gone, so is the thread that has drawn it: whoever forks this process next may rely on that."""
    before = threading.enumerate()
    with Progression(1, Console(file=StringIO(), force_terminal=True)) as progress:
        progress.advance(NOTHING)
    assert threading.enumerate() == before
    with bar(1, Console(file=StringIO(), force_terminal=True), is_shown=True) as advance:
        advance()
        assert threading.enumerate() != before
    assert threading.enumerate() == before
