"""The command line with a timm of the tiny models in place of the real one: ``python -m tests.tiny_atlas build``."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from unittest import mock

from generator.build import workers
from generator.cli import main
from tests.doubles import TinyTimm

if __name__ == "__main__":
    timm = TinyTimm()
    with mock.patch.multiple(workers, pool=nullcontext, read_catalog=timm.read_catalog, inspect_all=timm.inspect_all):
        sys.exit(main())
