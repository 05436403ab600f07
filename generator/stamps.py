"""What a stage leaves behind when it is done: the digests of what it was made from and of what it made.

While both still hold, doing the stage again would make the same again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.files import write_all


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp of one stage, in a file."""

    path: Path

    def holds(self, inputs: str, outputs: Callable[[], str]) -> bool:
        """Whether the stage was last done with these inputs, and what it made stands as it was made.

        ``outputs`` is asked only where the inputs are the same. A stamp that cannot be read proves nothing.
        """
        try:
            left = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return False
        return isinstance(left, dict) and left.get("inputs") == inputs and left.get("outputs") == outputs()

    def leave(self, inputs: str, outputs: str) -> None:
        """Say that the stage has made ``outputs`` from ``inputs``.

        Raises:
            UnwritableError: the stamp is as it was.
        """
        text = json.dumps({"inputs": inputs, "outputs": outputs}, indent=1) + "\n"
        write_all(self.path.parent, {self.path.name: text})
