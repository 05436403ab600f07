"""Where the program starts: ``timm-atlas`` and ``python -m generator`` run this."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from generator.cli import main


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
