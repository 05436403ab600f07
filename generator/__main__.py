"""Where the program starts: ``timm-atlas`` and ``python -m generator`` run this."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

# The facts of all models are a million small objects that live to the end, and so do the modules that are imported
# here: looking for garbage among them takes a third of the time and finds none.
gc.disable()

from generator.cli import main  # noqa: E402


def run() -> NoReturn:
    """Run the command line and end at once.

    Python would first take apart the facts of all models, one small object after the other, for a third of a second.
    Everything that was opened is closed by now.
    """
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
