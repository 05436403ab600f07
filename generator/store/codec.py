"""Encode facts as JSON and decode them: one codec for the cache and the dataset.

Named tuples become lists; dataclasses become objects with the names of their fields. Decoded content is checked against
the types.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeVar

import msgspec
import msgspec.inspect

from generator.store import digests

Fact = TypeVar("Fact")

_encoder = msgspec.json.Encoder()
# Decoders are kept, because making one takes longer than decoding a small fact.
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def encode(fact: object) -> bytes:
    """Encode a fact as JSON, in one line."""
    return _encoder.encode(fact)


def indented(fact: object) -> bytes:
    """Encode a fact as indented JSON, for people to read."""
    return msgspec.json.format(encode(fact), indent=1) + b"\n"


def decode(kind: type[Fact], content: bytes) -> Fact:
    """Decode a fact of type ``kind`` from JSON.

    Raises:
        ValueError: the content is not JSON, or does not have the structure of ``kind``.
    """
    try:
        return _decoder(kind).decode(content)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error


def encode_lines(facts: list[Any]) -> bytes:
    """Encode facts as JSON, one in each line."""
    return _encoder.encode_lines(facts)


def decode_lines(kind: type[Fact], content: bytes) -> list[Fact]:
    """Decode facts of type ``kind`` from lines of JSON.

    Raises:
        ValueError: a line is not JSON, or does not have the structure of ``kind``.
    """
    try:
        return _decoder(kind).decode_lines(content)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error


@cache
def structure_of(kind: type[Any]) -> str:
    """The digest of the JSON structure of facts of a type: names, types and order of all fields.

    It changes when a field is added, removed, renamed, moved or changes its type, but not with docstrings.
    """
    return digests.of_values(_plain(msgspec.json.schema(kind)), _names_in_lists(msgspec.inspect.type_info(kind)))


def _decoder(kind: type[Fact]) -> msgspec.json.Decoder[Fact]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    decoder: msgspec.json.Decoder[Fact] = _decoders[kind]
    return decoder


def _plain(schema: Any) -> Any:
    """A schema without descriptions, which are docstrings. Objects become lists, so that their order counts."""
    if isinstance(schema, dict):
        return [[key, _plain(value)] for key, value in schema.items() if key != "description"]
    if isinstance(schema, list):
        return [_plain(value) for value in schema]
    return json.dumps(schema)


def _names_in_lists(info: Any) -> list[tuple[str, ...]]:
    """The field names of the named tuples in a type. Named tuples are lists in JSON, so its schema lacks the names."""
    if isinstance(info, tuple):
        return [names for part in info for names in _names_in_lists(part)]
    if not isinstance(info, msgspec.Struct):
        return []
    named = info.fields if isinstance(info, msgspec.inspect.NamedTupleType) else ()
    own = [tuple(field.name for field in named)] if named else []
    return own + _names_in_lists(tuple(getattr(info, name) for name in info.__struct_fields__))
