"""Columns of data: name, type, unit, meaning, and how to read the values. A figure is a column that is also shown."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any, get_args, get_type_hints

from generator.facts.shapes import Shape

# The Arrow types that figures can have, by the Python type of the values.
_ARROW_TYPES: dict[Any, str] = {
    str: "string",
    int: "int64",
    float: "float64",
    bool: "bool",
    Shape: "list<int64>",
    tuple[str, ...]: "list<string>",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a published table.

    ``type`` is the name of an Arrow type. ``meaning`` is a sentence with names of code in backticks. ``read`` takes the
    value from the object that a row describes, such as a model's record; it is ``None`` if the code that makes the row
    sets the value. ``nullable``: whether the value can be unknown (null). ``method`` is the anchor in the guide's
    method page that explains how the value is made.
    """

    name: str
    type: str
    unit: str
    meaning: str
    read: Callable[[Any], Any] | None
    nullable: bool = False
    method: str = ""

    def value(self, source: Any) -> Any:
        """The value for the object that a row describes; ``None`` if unknown."""
        assert self.read is not None, f"{self.name} is given by whoever makes the row"
        return self.read(source)

    def described(self) -> dict[str, Any]:
        """The column as ``schema.json`` describes it."""
        return {
            "name": self.name,
            "type": self.type,
            "unit": self.unit,
            "meaning": self.meaning.replace("`", ""),
            "nullable": self.nullable,
        }


def column(
    name: str,
    type_: str,
    unit: str,
    meaning: str,
    read: Callable[[Any], Any] | None = None,
    *,
    nullable: bool = False,
    method: str = "",
) -> Column:
    """Make a column. Without ``read``, its value is the attribute with the column's name."""
    return Column(name, type_, unit, meaning, read or attrgetter(name), nullable, method)


class Kind(StrEnum):
    """How a value is printed, sorted and limited, in Python and in the browser."""

    TEXT = "text"
    # TEXTS prints several texts in a row, NUMBER_OF only how many there are.
    TEXTS = "texts"
    NUMBER_OF = "number of"
    COUNT = "count"
    MACS = "macs"
    BYTES = "bytes"
    # A share in percent that others published.
    PERCENT = "percent"
    # Channels, height and width of an input, in pixels.
    SIZE = "size"
    NUMBERS = "numbers"
    FLAG = "flag"


_KINDS = {
    "string": Kind.TEXT,
    "int64": Kind.COUNT,
    "float64": Kind.PERCENT,
    "bool": Kind.FLAG,
    "list<int64>": Kind.NUMBERS,
    "list<string>": Kind.TEXTS,
}


class Section(StrEnum):
    """The sections of comparisons and of the output of ``show``, by heading. Sizes come first, without a heading."""

    SIZE = ""
    PASS = "At the input size, batch 1"
    DEPLOY = "Deploy form"


class Place(StrEnum):
    """Whether the rank table always shows the column of a figure, or only on request."""

    SHOWN = "shown"
    ON_REQUEST = "on request"


@dataclass(frozen=True, slots=True)
class Figure(Column):
    """One figure of a model: its column, and where and how it is shown.

    - ``label``: the short name.
    - ``kind``: how the value is printed.
    - ``axis``: the long name, which says what the figure depends on. Only a figure with one can be an axis of a plot.
    - ``section``: the section of comparisons and of ``show``. The line there is named ``line`` and indented by
      ``depth`` steps below the heading; ``noun`` follows the number if the label does not say what is counted.
    - ``place``: where the rank table shows it. ``limit``: an example of a limit that users can type there.
    - ``gives_way``: whether its column in that table gives way to those that a query asks for.
    - ``badge``: the name in the address of a badge.
    - ``has_neighbours``: whether a model's page names the nearest models by this figure.
    - ``is_at_input_size``: whether the figure depends on the model's input size.
    - ``term``: the text in the glossary, in Markdown.
    - ``is_in_files``: whether it is in the models' data files.
    - ``is_for_scripts``: whether the site's scripts need it although it is not shown.
    """

    label: str = ""
    kind: Kind = Kind.TEXT
    axis: str | None = None
    section: Section | None = None
    line: str = ""
    depth: int = 0
    noun: str = ""
    place: Place | None = None
    limit: str | None = None
    gives_way: bool = False
    badge: str | None = None
    has_neighbours: bool = False
    is_at_input_size: bool = False
    term: str = ""
    is_in_files: bool = True
    is_for_scripts: bool = False

    @property
    def is_in_index(self) -> bool:
        """Whether the site's scripts need this figure for every model."""
        return self.is_for_scripts or bool(self.place or self.limit or self.axis)


_DECLARED = "figure"


def figure(read: Callable[[Any], Any] | None, meaning: str, unit: str = "", **shown: Any) -> Any:
    """Declare a figure, as the default of a dataclass field. The figure takes the name and type of the field.

    Args:
        read: returns the value from a model's record; ``None`` if the code that makes the row sets the value.
        meaning: the meaning of the figure, in a sentence with names of code in backticks.
        unit: the unit of the figure; "" for a value that is not a number.
        shown: where and how the figure is shown: fields of `Figure`.
    """
    return dataclasses.field(metadata={_DECLARED: {"read": read, "meaning": meaning, "unit": unit, **shown}})


def figures_of(kind: type[Any]) -> tuple[Figure, ...]:
    """The figures that a dataclass declares, in its order. Type and nullability come from the annotations.

    Raises:
        TypeError: a field has a type that no figure can have.
    """
    hints = get_type_hints(kind)
    return tuple(
        _figure(field.name, hints[field.name], field.metadata[_DECLARED]) for field in dataclasses.fields(kind)
    )


def _figure(name: str, hint: Any, declared: dict[str, Any]) -> Figure:
    nullable = isinstance(hint, types.UnionType)
    if nullable:
        (hint,) = (part for part in get_args(hint) if part is not types.NoneType)
    if hint not in _ARROW_TYPES:
        raise TypeError(f"the figure {name} has a type that no figure can have: {hint}")
    type_ = _ARROW_TYPES[hint]
    label = declared.get("label") or name.replace("_", " ").capitalize()
    defaults = {"label": label, "kind": _KINDS[type_], "line": label}
    return Figure(name=name, type=type_, nullable=nullable, **{**defaults, **declared})
