"""Run MkDocs as a process of its own, which ends in a sentence where the system or the dataset fails it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from generator.errors import AtlasError


def main(arguments: Sequence[str] | None = None) -> None:
    """Call ``mkdocs`` with arguments, those of this process by default, and exit as it does.

    MkDocs tells what is wrong with pages and plugins by itself. What it does not expect, such as a full disk, would end
    it in a traceback.
    """
    # Python ends in order, so that the process that writes the data files leaves nothing behind either.
    signal.signal(signal.SIGTERM, _end)
    try:
        from mkdocs.__main__ import cli

        cli(arguments, prog_name="mkdocs")
    except (AtlasError, OSError, MemoryError) as error:
        print(f"mkdocs: {_sentence(error)}", file=sys.stderr)
        sys.exit(1)


def _sentence(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror + (f": {error.filename}" if error.filename else "")
    return str(error) or type(error).__name__


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
