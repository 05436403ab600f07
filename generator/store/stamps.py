"""Stamps: digests of the inputs and outputs of a build step, written when the step is done.

While both digests are still right, running the step again would give the same outputs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.store.files import write_all


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp of one build step, in a file."""

    path: Path

    def holds(self, inputs: str, outputs: Callable[[], str]) -> bool:
        """Whether the step was last run with these inputs, and its outputs are unchanged.

        ``outputs`` is called only if the inputs are the same. A stamp does not hold if it
        or the outputs cannot be read.
        """
        try:
            left = json.loads(self.path.read_bytes())
            return isinstance(left, dict) and left.get("inputs") == inputs and left.get("outputs") == outputs()
        except (OSError, ValueError, RecursionError):
            return False

    def leave(self, inputs: str, outputs: str) -> None:
        """Record that the step has made ``outputs`` from ``inputs``.

        Raises:
            UnwritableError: the stamp could not be written; it is unchanged.
        """
        text = json.dumps({"inputs": inputs, "outputs": outputs}, indent=1) + "\n"
        write_all(self.path.parent, {self.path.name: text})
