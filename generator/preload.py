"""What the server that workers are forked from imports once, for all of them."""

import contextlib

# Where torch or timm cannot be imported, the server must live, so that the worker that needs them can say why.
with contextlib.suppress(Exception):
    import generator.inspection  # noqa: F401
