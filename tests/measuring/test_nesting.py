"""The order in which models name their parts."""

from __future__ import annotations

import pytest

from generator.measuring.nesting import LONGEST, check


@pytest.mark.parametrize(
    ("paths", "tensors"),
    [
        ([""], []),
        ([""], ["weight"]),
        (["", "a", "a.b", "a.b.c", "d"], ["own", "a.own", "a.b.c.x", "d.x", "d.y"]),
        (["", "a", "ab", "ab.c"], ["ab.c.x"]),
    ],
)
def test_the_order_of_nesting_is_right(paths: list[str], tensors: list[str]) -> None:
    """A model, each module before those inside it, and tensors in the order of their modules."""
    check(paths, tensors)


@pytest.mark.parametrize(
    ("paths", "tensors", "reason"),
    [
        ([], [], "does not begin with the model itself"),
        (["a"], ["a.x"], "does not begin with the model itself"),
        (["", "a", "a"], [], "names a module twice"),
        (["", "a"], ["a.x", "a.x"], "names a tensor twice"),
        (["", "a.b", "a"], ["a.b.x"], "gives a.b apart from the module around it"),
        (["", "a", "b", "a.c"], ["a.c.x"], "gives a.c apart from the module around it"),
        (["", "a", "b"], ["b.x", "a.x"], "gives a.x out of the order"),
        (["", "a"], ["a.x", "own"], "gives own out of the order"),
        (["", "a"], ["b.x"], "gives b.x out of the order"),
        (["", "x" * (LONGEST + 1)], [], "has 1,001 letters"),
    ],
)
def test_another_order_is_refused(paths: list[str], tensors: list[str], reason: str) -> None:
    """Any other order raises, and says which name is not in its place."""
    with pytest.raises(ValueError, match=reason):
        check(paths, tensors)
