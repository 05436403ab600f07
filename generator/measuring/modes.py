"""The mode of a model, evaluation or training, while something runs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def in_mode(model: nn.Module, *, training: bool) -> Iterator[None]:
    """Have a model in training or evaluation mode, without its warnings, and give each module its own mode back."""
    modes = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for module, before in modes:
            if module.training != before:
                module.training = before
