"""Import torch and timm once, in the server process that all workers are forked from. They print nothing."""

import contextlib
import gc
import os
import signal

# Ctrl-C reaches every process of the terminal. The server ignores it; the main process ends the workers. Until here the
# server had put it off, as the main process had when it started the server.
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

# What models print goes nowhere: it would stand in our lines and our JSON, and can hold commands to a terminal.
_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, 1)
os.dup2(_nowhere, 2)
os.close(_nowhere)

# If torch or timm cannot be imported, the server must go on: the worker that needs them reports the reason.
with contextlib.suppress(Exception):
    import generator.measuring.inspection
    import generator.measuring.state  # noqa: F401

# What is imported stays, so the collections of workers need not look at it, and tensors here take no memory, so that
# collections can be rare. Else they take a sixth of the time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 10, 10)
