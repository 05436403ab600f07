"""Measure one forward pass at an input size that the user asks for."""

from __future__ import annotations

from generator.errors import ResolutionError
from generator.facts.inspections import Compute
from generator.facts.registry import CatalogEntry
from generator.measuring import inspection
from generator.measuring.reasons import in_one_line


def at_resolution(entry: CatalogEntry, size: tuple[int, int]) -> Compute:
    """Measure one forward pass of a timm model at ``size``, height and width in pixels.

    If the model's constructor takes ``img_size``, the model is built for this size. If not, the model is created as
    usual and run at this size.

    Raises:
        ResolutionError: the model's size is fixed, or the model cannot run at this size. The reason is timm's own.
    """
    # Models without a default size take three channels too.
    channels = entry.input_size[0] if entry.input_size else 3
    try:
        try:
            # For a square, some models take only a single number.
            model = inspection.create(entry.name, img_size=size[0] if size[0] == size[1] else size)
        except TypeError as error:
            # Python's message for a constructor without this parameter.
            if "unexpected keyword argument 'img_size'" not in str(error):
                raise
            model = inspection.create(entry.name)
        compute, _ = inspection.compute_of(model, (channels, *size))
    except Exception as error:
        raise ResolutionError(entry.name, size, entry.input_size, in_one_line(error)) from error
    return compute
