"""What the server that workers are forked from imports once, for all of them."""

import contextlib
import signal

# Ctrl-C reaches every process of the terminal. The main process hears it and ends the workers.
signal.signal(signal.SIGINT, signal.SIG_IGN)

# Where torch or timm cannot be imported, the server must live, so that the worker that needs them can say why.
with contextlib.suppress(Exception):
    import generator.inspection  # noqa: F401
