"""Find the models that a user means by a name: one rule for the terminal and the browser.

``docs/assets/js/shared/names.js`` has the same rule, and ``tests/cases/names.json`` tests both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

# The prefixes that timm and Hugging Face put before the name of a model, in lower case.
_PREFIXES = ("https://huggingface.co/", "hf_hub:", "hf-hub:", "timm/")
_SEPARATORS = re.compile(r"[\s_\-./:]+")
_WILDCARDS = re.compile(r"[*?\[\]!]")

# The fewest letters of a text that is compared with the beginnings of names. Fewer would match half of all names.
_LEAST_BEGINNING = 4

_EXACT, _TAG, _BEGINNING, _WORDS, _NEAR, _NEAR_BEGINNING = range(6)


class Meaning(NamedTuple):
    """The model that a text names for certain.

    ``tag`` is the tag in the text, or ``None``. ``note`` is a sentence for the user if the text is not the model's own
    name, else "".
    """

    name: str
    tag: str | None = None
    note: str = ""


def meaning(asked: str, models: Mapping[str, Sequence[str]], deprecated: Mapping[str, str | None]) -> Meaning | None:
    """The model that a text names for certain; ``None`` if it names no model, or several.

    A text names a model as timm does: by its name, with one of its tags, with a prefix, or by a deprecated name. A text
    that differs from exactly one name only in case and separators names that model too, with a note. Deprecated
    names are compared so as well, if no model has such a name.

    Args:
        asked: the text.
        models: the tags of each model, by the model's name.
        deprecated: the successor of each deprecated name, with a tag if timm names one; ``None`` without a successor.
    """
    plain = without_prefix(asked)
    name, _, tag = plain.partition(".")
    succeeding = _successor(plain, name, tag, models, deprecated)
    if succeeding:
        return succeeding
    if name in models and (not tag or tag in models[name]):
        return Meaning(name, tag or None)
    key = squeezed(plain)
    alike = [Meaning(other) for other in models if squeezed(other) == key]
    alike += [
        Meaning(other, own) for other, tags in models.items() for own in tags if squeezed(f"{other}.{own}") == key
    ]
    if len(alike) == 1:
        (found,) = alike
        return found._replace(note=f"{asked.strip()} is taken as {'.'.join(filter(None, found[:2]))}.")
    once = [] if alike else [old for old in deprecated if squeezed(old) == key]
    return _successor(once[0], once[0], "", models, deprecated) if len(once) == 1 else None


def nearest(asked: str, models: Mapping[str, Sequence[str]], limit: int) -> list[str]:
    """The names that the user most likely means, best first; empty if no name is near.

    Case and separators do not count. The order of matches is:

    1. names that are equal to the text
    2. models with an equal tag, alone or after the name
    3. names that begin with the text
    4. names that contain each word of the text; a word may also be in a tag
    5. names that differ in few letters
    6. names whose beginning differs in few letters

    Among equal matches the shorter name comes first, then the order of ``models`` counts.

    Args:
        asked: the text, as timm writes names (``resnet50``, ``timm/resnet50.a1_in1k``) or as people do
            (``ResNet 50``). Shell wildcards are ignored.
        models: the tags of each model, by the model's name.
        limit: the most names to return.
    """
    plain = without_prefix(_WILDCARDS.sub("", asked))
    words = [word for word in _SEPARATORS.split(plain) if word]
    if not words:
        return []
    key = "".join(words)
    # Without a tag, so that a name whose tag does not exist still finds its model.
    model = squeezed(plain.partition(".")[0]) or key
    found: list[tuple[int, int, int, str]] = []
    rest: list[tuple[str, str]] = []
    for name, tags in models.items():
        own = squeezed(name)
        match = _match(own, tags, key, model, words)
        if match is None:
            rest.append((name, own))
        else:
            found.append((*match, len(name), name))
    if len(found) < limit:
        found += _few_letters_away(model, rest)
    # The sort is stable and ignores the name, so that equal matches stay in the order of ``models``.
    return [name for *_, name in sorted(found, key=lambda match: match[:3])[:limit]]


def is_pattern(text: str) -> bool:
    """Whether a text is a shell pattern, not a name."""
    return any(wildcard in text for wildcard in "*?[")


def without_prefix(asked: str) -> str:
    """The text in lower case, without the prefixes of timm and Hugging Face."""
    text = asked.strip().lower()
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    return text


def squeezed(name: str) -> str:
    """A name in lower case without separators, to compare it with others."""
    return _SEPARATORS.sub("", name.lower())


def distances(one: str, other: str) -> tuple[int, int]:
    """Count the letters to insert, delete or change to turn one text into the other (Levenshtein distance).

    Returns:
        The distance to the whole of ``other``, and the least distance to any beginning of it.
    """
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, second in enumerate(other, start=1):
            changed = above[column - 1] + (letter != second)
            current.append(min(above[column] + 1, current[-1] + 1, changed))
        above = current
    return above[-1], min(above)


def _successor(
    text: str, name: str, tag: str, models: Mapping[str, Sequence[str]], deprecated: Mapping[str, str | None]
) -> Meaning | None:
    """The successor of a deprecated name in a text; ``None`` if it is not deprecated, or the successor not known."""
    now = None if name in models else deprecated.get(name)
    if not now:
        return None
    model, _, own = now.partition(".")
    return Meaning(model, tag or own or None, f"{text} is a deprecated name of {now}.") if model in models else None


def _match(own: str, tags: Sequence[str], key: str, model: str, words: Sequence[str]) -> tuple[int, int] | None:
    """How well a model matches: the kind of match, and its order within that kind; ``None`` if it does not match."""
    if own in (key, model):
        return _EXACT, 0
    if any(key in (tag, own + tag) for tag in map(squeezed, tags)):
        return _TAG, 0
    if own.startswith(model):
        return _BEGINNING, 0
    if all(word in own for word in words):
        return _WORDS, 0 if key in own else 1
    if any(all(word in own or word in tag for word in words) for tag in map(squeezed, tags)):
        return _WORDS, 2
    return None


def _few_letters_away(asked: str, names: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int, int, str]]:
    # A name that differs in more than a third of the letters does not match.
    most = max(1, len(asked) // 3)
    for name, own in names:
        letters, at_beginning = distances(asked, own)
        if letters <= most:
            yield _NEAR, letters, len(name), name
        elif at_beginning <= most and len(asked) >= _LEAST_BEGINNING:
            yield _NEAR_BEGINNING, at_beginning, len(name), name
