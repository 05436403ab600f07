"""What a forward pass takes at another input size than the default: on request, not for every model."""

from __future__ import annotations

from generator import inspection
from generator.errors import ResolutionError, in_one_line
from generator.records import CatalogEntry, Compute


def at_resolution(entry: CatalogEntry, size: int) -> Compute:
    """What one forward pass of a timm model takes at ``size`` x ``size`` pixels.

    A model that is built for one size is built for this one, where timm lets it: ``img_size=size``. Any other is made
    as ever and runs at this size.

    Raises:
        ResolutionError: the model's size is fixed, or this size does not suit it. The reason is timm's own.
    """
    # Models without a default size take three channels, as all others do.
    default = entry.input_size or (3,)
    try:
        try:
            model = inspection.create(entry.name, img_size=size)
        except TypeError as error:
            # Python's own words for a constructor that knows of no size.
            if "unexpected keyword argument 'img_size'" not in str(error):
                raise
            model = inspection.create(entry.name)
        compute, _ = inspection.compute_of(model, (default[0], size, size))
    except Exception as error:
        raise ResolutionError(entry.name, size, default, in_one_line(error)) from error
    return compute
