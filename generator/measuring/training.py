"""Find out whether a model can train on a batch: some refuse a single image."""

from __future__ import annotations

import warnings

import torch
from torch import nn

from generator.measuring.reasons import in_one_line


def error(model: nn.Module, images: torch.Tensor) -> str | None:
    """The error that a forward pass in training mode raises for these images, in one line; ``None`` if it raises none.

    A batch normalisation in training mode raises if it is given one value for each channel, such as a map of 1 x 1
    elements of a single image. The model and the images are on the meta device.
    """
    was_training = model.training
    model.train()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model(images)
    except Exception as raised:  # the model's own
        return in_one_line(raised)
    finally:
        model.train(was_training)
    return None
