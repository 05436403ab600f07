"""The state of a process: what a model may change is noticed, and what it may not is not."""

from __future__ import annotations

import builtins
import gc
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
from timm.layers.config import set_exportable, set_fused_attn, set_scriptable
from torch import nn

from generator.facts.inspections import Failure
from generator.facts.registry import CatalogEntry
from generator.measuring import state
from generator.measuring.inspection import attempt


def changed(act: Callable[[], Any]) -> list[str]:
    """The changes that an action makes."""
    before = state.snapshot()
    act()
    return state.changes(before, state.snapshot())


@contextmanager
def set_back(set_: Callable[[Any], Any], before: Any) -> Iterator[None]:
    """Restore something in the end."""
    try:
        yield
    finally:
        set_(before)


@pytest.mark.parametrize(
    ("set_", "value", "before", "told"),
    [
        pytest.param(
            torch.set_default_dtype,
            torch.float64,
            torch.float32,
            "torch's default dtype (from torch.float32 to torch.float64)",
            id="dtype",
        ),
        pytest.param(torch.set_default_device, "meta", None, "torch's default device (from cpu to meta)", id="device"),
        pytest.param(
            torch.set_grad_enabled, False, True, "whether torch records gradients (from True to False)", id="gradients"
        ),
        pytest.param(
            torch.use_deterministic_algorithms, True, False, "torch's deterministic algorithms", id="deterministic"
        ),
        pytest.param(
            torch.autograd.set_detect_anomaly,
            True,
            False,
            "torch's detection of anomalies (from False to True)",
            id="anomalies",
        ),
        pytest.param(torch.backends.cuda.enable_flash_sdp, False, True, "torch's choice of attention", id="attention"),
        pytest.param(set_exportable, True, False, "timm's settings (_EXPORTABLE)", id="exportable"),
        pytest.param(set_scriptable, True, False, "timm's settings (_SCRIPTABLE)", id="scriptable"),
        pytest.param(set_fused_attn, False, True, "timm's settings (_USE_FUSED_ATTN)", id="fused attention"),
        pytest.param(
            sys.setrecursionlimit,
            sys.getrecursionlimit() + 1,
            sys.getrecursionlimit(),
            f"Python's limit of recursion (from {sys.getrecursionlimit()} to {sys.getrecursionlimit() + 1})",
            id="recursion",
        ),
        pytest.param(os.chdir, "/", Path.cwd(), f"the working folder (from {Path.cwd()} to /)", id="folder"),
        pytest.param(
            lambda handler: signal.signal(signal.SIGUSR1, handler),
            signal.SIG_IGN,
            signal.SIG_DFL,
            "the handlers of signals",
            id="signals",
        ),
        pytest.param(gc.set_threshold, 7, gc.get_threshold()[0], "Python's collection of garbage", id="garbage"),
    ],
)
def test_a_setting_is_noticed(set_: Callable[[Any], Any], value: Any, before: Any, told: str) -> None:
    """A changed setting is named first, with its values where they are short, and nothing is left when it is undone."""
    with set_back(set_, before):
        assert changed(lambda: set_(value))[0] == told
    assert changed(lambda: None) == []


def test_threads_of_operators_are_noticed() -> None:
    """The number of threads that torch computes with is one of the settings."""
    before = torch.get_num_threads()
    with set_back(torch.set_num_threads, before):
        assert changed(lambda: torch.set_num_threads(before + 1)) == [
            f"torch's number of threads (from {before} to {before + 1})"
        ]


def test_the_environment_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that was added, one that was changed and one that was removed are named, without their values."""
    monkeypatch.setenv("ATLAS_OLD", "old")
    monkeypatch.setenv("ATLAS_GONE", "gone")

    def act() -> None:
        monkeypatch.setenv("ATLAS_NEW", "new")
        monkeypatch.setenv("ATLAS_OLD", "other")
        monkeypatch.delenv("ATLAS_GONE")

    assert changed(act) == ["the environment (ATLAS_GONE, ATLAS_NEW, ATLAS_OLD)"]


def test_paths_and_filters_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python looks for modules, and which warnings it shows, is part of the state."""
    assert changed(lambda: monkeypatch.syspath_prepend("/nowhere")) == ["Python's search path"]
    with warnings.catch_warnings():
        assert changed(lambda: warnings.simplefilter("ignore")) == ["the filters of warnings"]


def test_a_replaced_function_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function, method or class that another takes the place of is named, of torch, timm or Python."""
    told = "functions and classes of Python, torch and timm"
    assert changed(lambda: monkeypatch.setattr(nn.Linear, "forward", lambda *_: None)) == [
        f"{told} (torch.nn.Linear.forward)"
    ]
    assert changed(lambda: monkeypatch.setattr(nn.functional, "relu", lambda *_: None)) == [
        f"{told} (torch.nn.functional.relu)"
    ]
    assert changed(lambda: monkeypatch.setattr(timm.layers, "DropPath", nn.Identity)) == [
        f"{told} (timm.layers.DropPath)"
    ]
    assert changed(lambda: monkeypatch.setattr(builtins, "abs", lambda _: 0)) == [f"{told} (builtins.abs)"]
    assert changed(lambda: monkeypatch.delattr(nn, "Mish")) == [f"{told} (torch.nn.Mish)"]


def test_what_is_added_is_not_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages import parts of themselves when they are first needed, which changes nothing that is there."""
    assert changed(lambda: monkeypatch.setattr(torch, "new_part", len, raising=False)) == []


def test_modes_and_hooks_that_stay_are_noticed() -> None:
    """A mode that was entered and not left, and a hook on all modules, hold for all that comes after."""
    device = torch.device("meta")
    try:
        assert "the modes that torch's functions run in (from 0 to 1)" in changed(device.__enter__)
    finally:
        device.__exit__(None, None, None)
    handles: list[Any] = []
    try:
        hook = nn.modules.module.register_module_forward_hook
        told = changed(lambda: handles.append(hook(lambda *_: None)))
        assert len(told) == 1
        assert told[0].startswith("torch's hooks on all modules (")
    finally:
        for handle in handles:
            handle.remove()


def test_threads_and_processes_that_stay_are_noticed() -> None:
    """A thread or process that goes on when its model is measured could change anything later."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    try:
        count = threading.active_count()
        assert changed(thread.start) == [f"the threads of its process (from {count} to {count + 1})"]
    finally:
        stop.set()
        thread.join()


@pytest.mark.sweep
def test_a_child_process_is_noticed() -> None:
    """Looked at in a process of its own, since that of the tests has children."""
    script = """
import subprocess, sys
from generator.measuring import state
before = state.snapshot()
subprocess.run([sys.executable, "-c", ""], check=True)
assert state.changes(before, state.snapshot()) == []
with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE):
    print(*state.changes(before, state.snapshot()))
"""
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert finished.stdout == "the child processes of its process (from False to True)\n"


def test_random_numbers_are_no_state() -> None:
    """No measurement depends on values."""
    assert changed(lambda: torch.manual_seed(torch.initial_seed() + 1)) == []


def test_a_long_value_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence stays a sentence, whatever a model puts into the environment."""

    def act() -> None:
        for number in range(50):
            monkeypatch.setenv(f"ATLAS_{number}", "new")

    (told,) = changed(act)
    assert len(told) < 100
    assert told.endswith("…)")


@pytest.mark.parametrize("name", ["test_vit", "test_resnet", "test_efficientnet", "test_byobnet"])
def test_real_models_change_nothing(name: str) -> None:
    """Measuring a model leaves the state as it was, whatever modes it is measured in."""
    entry = CatalogEntry(name, "family", (), (3, 160, 160))
    outcome: list[Any] = []
    assert changed(lambda: outcome.append(attempt(entry))) == []
    assert not isinstance(outcome[0], Failure)
