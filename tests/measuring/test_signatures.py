"""Signatures, against their definition."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from generator.facts.shapes import Shape
from generator.measuring.signatures import signature_of

Named = list[tuple[str, Shape]]

names = st.text(st.sampled_from("abc01._"), min_size=1, max_size=6)
shapes = st.lists(st.integers(0, 999), max_size=4).map(tuple)
lists = st.lists(st.tuples(names, shapes), max_size=4)


def test_a_signature_is_the_hash_of_names_and_shapes() -> None:
    """The signature is SHA-256 of a line for each tensor: its name, a space, its sizes with commas."""
    tensors: Named = [("scale", ()), ("fc.weight", (10, 4)), ("fc.bias", (10,))]
    assert signature_of(tensors) == hashlib.sha256(b"scale \nfc.weight 10,4\nfc.bias 10\n").hexdigest()


def test_no_tensors_have_a_signature() -> None:
    """A model without parameters has the signature of nothing."""
    assert signature_of(()) == hashlib.sha256(b"").hexdigest()


def test_a_signature_sees_names_shapes_and_order() -> None:
    """Another name, shape, order or number of tensors is another signature."""
    one, two = ("a", (2, 3)), ("b", (3,))
    listed: list[Named] = [[one, two], [two, one], [one], [("a", (3, 2)), two], [("c", (2, 3)), two]]
    assert len({signature_of(tensors) for tensors in listed}) == 5


@given(lists, lists)
def test_equal_signatures_are_equal_lists(one: Named, other: Named) -> None:
    """Two lists of names and shapes have equal signatures exactly where they are equal."""
    assert (signature_of(one) == signature_of(other)) == (one == other)
