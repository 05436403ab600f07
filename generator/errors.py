"""What can go wrong through no fault of the code: each error carries its data and builds its sentence.

The command line prints the sentence and exits with the error's code; nothing else formats errors.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class AtlasError(Exception):
    """Base of all errors that a user is told in one sentence.

    ``exit_code`` is 2 where the call was wrong and 1 where the call was right but could not be done.
    """

    exit_code = 1


class UnknownModelError(AtlasError):
    """A name or pattern that matches no model."""

    exit_code = 2

    def __init__(
        self,
        asked: str,
        known: Iterable[str],
        *,
        deprecated: dict[str, str | None] | None = None,
        where: str = "timm",
        exact: bool = False,
    ) -> None:
        self.asked = asked
        self.exact = exact
        self.where = where
        self.nearest = nearest_names(asked, known)
        self.renamed = (deprecated or {}).get(asked, "")
        super().__init__(asked)

    def __str__(self) -> str:
        if self.renamed:
            return f"{self.asked} is a deprecated name of {self.renamed}; ask for {self.renamed.split('.')[0]}."
        if self.renamed is None:
            return f"{self.asked} was removed from timm without a replacement."
        verb = "matches" if _is_pattern(self.asked) and not self.exact else "is named"
        hint = f" Nearest: {', '.join(self.nearest)}." if self.nearest else ""
        return f"No model in {self.where} {verb} {self.asked!r}." + hint


class DatasetError(AtlasError):
    """The dataset is missing or damaged: which file, what is wrong, what mends it."""

    def __init__(self, path: Path, problem: str, mend: str = "timm-atlas inspect") -> None:
        self.path = path
        self.problem = problem
        self.mend = mend
        super().__init__(path, problem, mend)

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}. Run `{self.mend}` to make the dataset anew."


class HandWrittenFileError(AtlasError):
    """Files that people wrote stand where generated ones belong."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        super().__init__(paths)

    def __str__(self) -> str:
        names = ", ".join(str(path) for path in self.paths)
        return f"Not overwritten, since timm-atlas did not write it: {names}. Move it away and run again."


class UnwritableError(AtlasError):
    """A folder or file could not be written; what stood before still stands."""

    def __init__(self, path: Path, cause: OSError) -> None:
        self.path = path
        self.cause = cause
        super().__init__(path, cause)

    def __str__(self) -> str:
        reason = self.cause.strerror or str(self.cause)
        return f"Cannot write {self.path}: {reason}. What stood there before is unchanged."


class CatalogError(AtlasError):
    """timm could not be asked for its models."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return f"timm's registry could not be read: {self.reason}"


class SiteError(AtlasError):
    """MkDocs refused the pages; its own messages stand above this sentence."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return f"MkDocs did not build the site ({self.reason}); the site that stood before is unchanged."


class NoSiteError(AtlasError):
    """There is no built site to do something with."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)

    def __str__(self) -> str:
        return f"There is no site in {self.path}. Run `timm-atlas build`."


class ResolutionError(AtlasError):
    """A model does not run at the input size that was asked for: ``size`` is height and width in pixels.

    ``default`` is (channels, height, width), ``None`` where timm gives none.
    """

    exit_code = 2

    def __init__(self, name: str, size: tuple[int, int], default: tuple[int, ...] | None, reason: str) -> None:
        self.name = name
        self.size = size
        self.default = default
        self.reason = reason
        super().__init__(name, size, default, reason)

    def __str__(self) -> str:
        default = " x ".join(map(str, self.default[1:])) if self.default else "unknown"
        height, width = self.size
        return f"{self.name} does not run at {height} x {width} ({self.reason}); its default is {default}."


class MeasurementError(AtlasError):
    """A model that was to be measured now gave no answer, or its process died."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(name, reason)

    def __str__(self) -> str:
        return f"{self.name} could not be measured: {self.reason}."


class ComparisonError(AtlasError):
    """Too few models to compare, too many, or one of them named twice."""

    exit_code = 2

    def __init__(self, names: list[str], least: int, most: int) -> None:
        self.names = names
        self.least = least
        self.most = most
        super().__init__(names, least, most)

    def __str__(self) -> str:
        twice = next((name for name in self.names if self.names.count(name) > 1), None)
        asked = f"{twice} was named twice" if twice else f"{len(self.names)} was named"
        if not twice and len(self.names) != 1:
            asked = f"{len(self.names)} were named"
        return f"Name {self.least} to {self.most} different models to compare; {asked}."


class ProjectError(AtlasError):
    """There is no project where one was expected."""

    exit_code = 2

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)

    def __str__(self) -> str:
        return f"{self.path} holds no mkdocs.yml; name a checkout of timm-atlas with --root."


def in_one_line(error: BaseException) -> str:
    """What an exception of foreign code says, in one line: its type and the first line of its message."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def nearest_names(asked: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names nearest to what was asked, best first; shell wildcards are ignored."""
    plain = asked.translate({ord(c): None for c in "*?[]!"}).lower()
    names = list(known)
    if "." in plain:
        # "resnet50.a1_in1k" is how timm writes a model with a tag.
        plain = plain.partition(".")[0]
    if plain in names:
        return [plain]
    close = difflib.get_close_matches(plain, names, n=count, cutoff=0.5)
    if len(close) < count and plain:
        # difflib compares whole names, so that a short true beginning ("resnet") would find little.
        starts = [name for name in names if name.startswith(plain) and name not in close]
        close += starts[: count - len(close)]
    return close


def _is_pattern(asked: str) -> bool:
    return any(c in asked for c in "*?[")
