"""Import torch and timm once, in the server process that all workers are forked from."""

import contextlib
import signal

# Ctrl-C reaches every process of the terminal. The server ignores it; the main process ends the workers.
signal.signal(signal.SIGINT, signal.SIG_IGN)

# If torch or timm cannot be imported, the server must go on: the worker that needs them reports the reason.
with contextlib.suppress(Exception):
    import generator.measuring.inspection  # noqa: F401
