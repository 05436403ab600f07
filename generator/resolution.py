"""What a forward pass takes at another input size than the default: on request, not for every model."""

from __future__ import annotations

from generator import inspection
from generator.errors import ResolutionError, in_one_line
from generator.records import CatalogEntry, Compute


def at_resolution(entry: CatalogEntry, size: tuple[int, int]) -> Compute:
    """What one forward pass of a timm model takes at ``size``, height and width in pixels.

    A model that is built for one size is built for this one, where timm lets it: ``img_size=size``. Any other is made
    as ever and runs at this size.

    Raises:
        ResolutionError: the model's size is fixed, or this size does not suit it. The reason is timm's own.
    """
    # Models without a default size take three channels, as all others do.
    channels = entry.input_size[0] if entry.input_size else 3
    try:
        try:
            # Some take one number alone, for a square.
            model = inspection.create(entry.name, img_size=size[0] if size[0] == size[1] else size)
        except TypeError as error:
            # Python's own words for a constructor that knows of no size.
            if "unexpected keyword argument 'img_size'" not in str(error):
                raise
            model = inspection.create(entry.name)
        compute, _ = inspection.compute_of(model, (channels, *size))
    except Exception as error:
        raise ResolutionError(entry.name, size, entry.input_size, in_one_line(error)) from error
    return compute
