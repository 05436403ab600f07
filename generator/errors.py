"""Errors that users can meet: each keeps its data and builds its own sentence.

The command line prints the sentence and exits with the error's code. Nothing else formats errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.facts.names import is_pattern, nearest, without_prefix

# The most names that an error suggests.
_NAMED = 3


class AtlasError(Exception):
    """The base class of all errors that are shown to users, in one sentence.

    ``exit_code`` is 2 if the call was wrong, and 1 if the call was right but could not be done.
    """

    exit_code = 1


class UnknownModelError(AtlasError):
    """A name or pattern matches no model. ``known`` has the tags of each model, by the model's name."""

    exit_code = 2

    def __init__(
        self,
        asked: str,
        known: Mapping[str, Sequence[str]],
        *,
        deprecated: dict[str, str | None] | None = None,
        where: str = "timm",
        exact: bool = False,
    ) -> None:
        self.asked = asked
        self.exact = exact
        self.where = where
        self.nearest = nearest(asked, known, _NAMED)
        self.renamed = (deprecated or {}).get(without_prefix(asked), "")
        super().__init__(asked)

    def __str__(self) -> str:
        if self.renamed:
            return f"{self.asked} is a deprecated name of {self.renamed}; ask for {self.renamed.split('.')[0]}."
        if self.renamed is None:
            return f"{self.asked} was removed from timm without a replacement."
        verb = "matches" if is_pattern(self.asked) and not self.exact else "is named"
        hint = f" Nearest: {', '.join(self.nearest)}." if self.nearest else ""
        return f"No model in {self.where} {verb} {self.asked!r}." + hint


class DatasetError(AtlasError):
    """The dataset is missing or damaged: the file, the problem, and the command that repairs it."""

    def __init__(self, path: Path, problem: str, mend: str = "timm-atlas inspect") -> None:
        self.path = path
        self.problem = problem
        self.mend = mend
        super().__init__(path, problem, mend)

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}. Run `{self.mend}` to make the dataset anew."


class HandWrittenFileError(AtlasError):
    """Hand-written files are at paths where generated files belong."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        super().__init__(paths)

    def __str__(self) -> str:
        names = ", ".join(str(path) for path in self.paths)
        return f"Not overwritten, since timm-atlas did not write it: {names}. Move it away and run again."


class UnwritableError(AtlasError):
    """A folder or file could not be written. ``is_unchanged``: whether what stood there is as it was."""

    def __init__(self, path: Path, cause: OSError, *, is_unchanged: bool = True) -> None:
        self.path = path
        self.cause = cause
        self.is_unchanged = is_unchanged
        super().__init__(path, cause)

    def __str__(self) -> str:
        reason = self.cause.strerror or str(self.cause)
        outcome = "What stood there before is unchanged"
        if not self.is_unchanged:
            outcome = "What stands there is half-written; run the command again, once that is mended"
        return f"Cannot write {self.path}: {reason}. {outcome}."


class CatalogError(AtlasError):
    """timm's registry could not be read."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return f"timm's registry could not be read: {self.reason}"


class WorkersError(AtlasError):
    """Worker processes could not be started."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return f"The processes that inspect models could not be started: {self.reason}"


class SiteError(AtlasError):
    """MkDocs did not build the site. Its own messages are printed before this error."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return f"MkDocs did not build the site ({self.reason}); the site that stood before is unchanged."


class NoSiteError(AtlasError):
    """There is no built site."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)

    def __str__(self) -> str:
        return f"There is no site in {self.path}. Run `timm-atlas build`."


class ResolutionError(AtlasError):
    """A model does not run at the input size that the user asked for: ``size`` is height and width in pixels.

    ``default`` is (channels, height, width); ``None`` if timm gives no default.
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
    """A measurement on request gave no answer, or its process died."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(name, reason)

    def __str__(self) -> str:
        return f"{self.name} could not be measured: {self.reason}."


class ComparisonError(AtlasError):
    """Too few or too many models to compare, or a model named twice."""

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


class SourceDateError(AtlasError):
    """The environment variable that sets all dates is not a number of seconds from 0 to ``end``, which is excluded."""

    exit_code = 2

    def __init__(self, variable: str, value: str, end: int) -> None:
        self.variable = variable
        self.value = value
        self.end = end
        super().__init__(variable, value, end)

    def __str__(self) -> str:
        return (
            f"{self.variable} is {self.value!r}; it has to be a whole number of seconds since 1970 in UTC, "
            f"less than {self.end}."
        )


class TableError(AtlasError):
    """A table of results is not understood: its file, the line if one is to blame, and the problem."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        self.path = path
        self.line = line
        self.problem = problem
        super().__init__(path, line, problem)

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else f"{self.path}"
        return f"{place}: {self.problem}."


class ResultsError(AtlasError):
    """A file or folder of results was named that there is not, or that is not one. ``asked``: where it was named."""

    exit_code = 2

    def __init__(self, asked: str, path: Path, problem: str) -> None:
        self.asked = asked
        self.path = path
        self.problem = problem
        super().__init__(asked, path, problem)

    def __str__(self) -> str:
        return f"{self.asked} names {self.path}, {self.problem}."


class ProjectError(AtlasError):
    """The root folder is not a checkout of the project."""

    exit_code = 2

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)

    def __str__(self) -> str:
        return f"{self.path} holds no mkdocs.yml; name a checkout of timm-atlas with --root."
