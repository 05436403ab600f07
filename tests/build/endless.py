"""A module whose import comes to no end, for the process that workers are forked from."""

from __future__ import annotations

import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
print("ready", flush=True)
while True:
    signal.pause()
