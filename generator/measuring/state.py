"""The global state of a process that measurements depend on, so that a model which changes it is found out.

Workers measure one model after the other. A model that sets torch's default dtype, say, would have all that come after
it measured in that dtype.
"""

from __future__ import annotations

import builtins
import gc
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from operator import is_
from types import ModuleType
from typing import Any

import timm.layers
import timm.layers.config
import timm.models
import torch
from torch import nn
from torch.nn.modules import module as hooked

# The state by name. Random numbers are left out, since no measurement depends on values.
State = Mapping[str, Any]

# The most characters of a value in a sentence.
_LONGEST = 60


def snapshot() -> State:
    """The state at this moment, to be compared with that at another moment."""
    return {name: read() for name, read in _READERS.items()}


def changes(before: State, after: State) -> list[str]:
    """Name what differs between two states, in the order of their declaration; nothing if they are the same."""
    return [_told(name, before[name], after[name]) for name in _READERS if not _equal(before[name], after[name])]


class _Namespace(dict[str, Any]):
    """The names of a module or class. Two are equal if the first one's names still have the very same values.

    Names that are added do not count: packages import parts of themselves when these are first needed.
    """

    def changed(self, other: Mapping[str, Any]) -> list[str]:
        """The names that have another value in ``other``."""
        # In nearly all cases the order of the names is the same, and comparing the values is enough.
        if len(self) <= len(other) and all(map(is_, self.values(), other.values())):
            return []
        missing = object()
        return [name for name, value in self.items() if other.get(name, missing) is not value]


class _Namespaces(dict[str, _Namespace]):
    """Several namespaces, by their dotted names."""

    def changed(self, other: Mapping[str, _Namespace]) -> list[str]:
        """The dotted names that have another value in ``other``."""
        return [f"{path}.{name}" for path, names in self.items() for name in names.changed(other[path])]


def _equal(before: Any, after: Any) -> bool:
    return not before.changed(after) if isinstance(before, _Namespaces) else bool(before == after)


def _told(name: str, before: Any, after: Any) -> str:
    if isinstance(before, _Namespaces):
        return f"{name} ({_short(', '.join(before.changed(after)))})"
    if isinstance(before, dict):
        keys = {key for key in {**before, **after} if before.get(key) != after.get(key)}
        return f"{name} ({_short(', '.join(sorted(map(str, keys))))})"
    if isinstance(before, (tuple, list)):
        return name
    return f"{name} (from {_short(str(before))} to {_short(str(after))})"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _working_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109, a text is all that is compared
    except FileNotFoundError:
        return "none"


def _has_children() -> bool:
    """Whether this process has child processes, living or not yet waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _classes() -> dict[str, type]:
    """The classes of layers of torch and timm, each once, by their dotted names."""
    found: dict[type, str] = {torch.Tensor: "torch.Tensor"}
    for package in (nn, timm.layers):
        for name, value in vars(package).items():
            if isinstance(value, type):
                found.setdefault(value, f"{package.__name__}.{name}")
    return {path: value for value, path in found.items()}


_CLASSES = _classes()
_MODULES = (builtins, torch, nn, nn.functional, nn.init, timm, timm.layers, timm.models)


def _callables(module: ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if callable(value)}


def _namespaces() -> _Namespaces:
    functions = {module.__name__: _Namespace(_callables(module)) for module in _MODULES}
    # torch makes this class anew with each default dtype, which is told by itself.
    functions["torch"].pop("Storage", None)
    return _Namespaces({**functions, **{path: _Namespace(vars(found)) for path, found in _CLASSES.items()}})


def _hooks() -> dict[str, Any]:
    """The hooks that run for every module, by their kind."""
    kinds = {name: value for name, value in vars(hooked).items() if name.startswith("_global")}
    return {name: tuple(value) if isinstance(value, dict) else value for name, value in kinds.items()}


def _settings_of_timm() -> dict[str, Any]:
    return {name: value for name, value in vars(timm.layers.config).items() if isinstance(value, (bool, int, str))}


_READERS: dict[str, Callable[[], Any]] = {
    "torch's default dtype": torch.get_default_dtype,
    "torch's default device": torch.get_default_device,
    "whether torch records gradients": torch.is_grad_enabled,
    "torch's inference mode": torch.is_inference_mode_enabled,
    "torch's detection of anomalies": torch.is_anomaly_enabled,
    "torch's deterministic algorithms": lambda: (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    ),
    "torch's autocast": lambda: tuple(
        (torch.is_autocast_enabled(device), torch.get_autocast_dtype(device)) for device in ("cpu", "cuda")
    ),
    "torch's choice of attention": lambda: (
        torch._C._get_flash_sdp_enabled(),
        torch._C._get_mem_efficient_sdp_enabled(),
        torch._C._get_math_sdp_enabled(),
    ),
    "torch's precision of matrix products": torch.get_float32_matmul_precision,
    "torch's number of threads": torch.get_num_threads,
    "torch's number of threads between operators": torch.get_num_interop_threads,
    "the modes that torch's functions run in": torch._C._len_torch_function_stack,
    "the modes that torch's operators run in": torch._C._len_torch_dispatch_stack,
    "torch's hooks on all modules": _hooks,
    "timm's settings": _settings_of_timm,
    "functions and classes of Python, torch and timm": _namespaces,
    "the environment": lambda: dict(os.environ),
    "the filters of warnings": lambda: tuple(warnings.filters),
    "Python's search path": lambda: tuple(sys.path),
    "Python's limit of recursion": sys.getrecursionlimit,
    "Python's standard streams": lambda: (id(sys.stdin), id(sys.stdout), id(sys.stderr)),
    "Python's collection of garbage": lambda: (gc.isenabled(), gc.get_threshold()),
    "the handlers of signals": lambda: tuple(map(signal.getsignal, signal.valid_signals())),
    "the working folder": _working_folder,
    "the threads of its process": threading.active_count,
    "the child processes of its process": _has_children,
}
