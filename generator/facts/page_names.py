"""The names that the page of a model or family can have: they are names of files, parts of addresses, and anchors."""

from __future__ import annotations

import re
from collections.abc import Iterable

# The letters of Python's names in ASCII, and hyphens. Others differ from system to system, or have a meaning somewhere.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
# File names may have 255 bytes. The rest is for what our files add to the name.
LONGEST = 200
# The names of the index of a folder.
_INDICES = frozenset({"readme", "index"})


def why_not(name: str) -> str | None:
    """Why a page cannot have this name; ``None`` if it can."""
    if not _NAME.fullmatch(name):
        return "only ASCII letters, digits, _ and - can be in the name of a page, and - not at its beginning"
    if len(name) > LONGEST:
        return f"the name of a page can have {LONGEST} letters, and this has {len(name):,}"
    if name.casefold() in _INDICES:
        return "the index of all pages has this name"
    return None


def taken(names: Iterable[str]) -> dict[str, str]:
    """The names that differ from another in case only, with that one: some systems take them for the same.

    Of such names the one in lower case stays free.
    """
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    # Letters in lower case are after those in upper case.
    for name in sorted(names, reverse=True):
        earlier = first.setdefault(name.casefold(), name)
        if earlier != name:
            found[name] = earlier
    return found
