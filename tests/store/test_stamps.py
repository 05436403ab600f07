"""Stamps: a stage is left out only where everything is as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import UnwritableError
from generator.store.stamps import Stamp
from tests.conftest import tree


@pytest.fixture
def stamp(tmp_path: Path) -> Stamp:
    """A stamp that was left."""
    made = Stamp(tmp_path / "cache" / "stage.json")
    made.leave("from this", "made this")
    return made


def test_a_stamp_holds(stamp: Stamp) -> None:
    """A stamp holds for what it was left with, and nothing stands beside it."""
    assert stamp.holds("from this", lambda: "made this")
    assert [path.name for path in stamp.path.parent.iterdir()] == ["stage.json"]


@pytest.mark.parametrize(("inputs", "outputs"), [("from that", "made this"), ("from this", "made that")])
def test_a_stamp_that_differs_does_not_hold(stamp: Stamp, inputs: str, outputs: str) -> None:
    """Other inputs or outputs: the stage has to be done."""
    assert not stamp.holds(inputs, lambda: outputs)


def test_outputs_are_looked_at_last(stamp: Stamp) -> None:
    """Where the inputs differ, or there is no stamp, nobody looks at the outputs, which takes longest."""
    assert not stamp.holds("from that", lambda: pytest.fail("looked"))
    stamp.path.unlink()
    assert not stamp.holds("from this", lambda: pytest.fail("looked"))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b"null", b"{}", b'{"inputs": "from this"}', b"[" * 100_000]
)
def test_a_damaged_stamp_does_not_hold(stamp: Stamp, content: bytes) -> None:
    """A stamp that is empty, half-written or something else does not hold, and is no error."""
    stamp.path.write_bytes(content)
    assert not stamp.holds("from this", lambda: "made this")


def test_outputs_that_cannot_be_read_do_not_hold(stamp: Stamp) -> None:
    """Where the outputs cannot be read, the stage has to be done, and says itself what is wrong."""

    def outputs() -> str:
        raise PermissionError(13, "Permission denied")

    assert not stamp.holds("from this", outputs)


def test_a_folder_in_the_place_of_a_stamp_does_not_hold(stamp: Stamp) -> None:
    """What cannot be read proves nothing."""
    stamp.path.unlink()
    stamp.path.mkdir()
    assert not stamp.holds("from this", lambda: "made this")


def test_a_stamp_is_left_whole_or_not_at_all(stamp: Stamp, read_only: Callable[[Path], None]) -> None:
    """Where the new stamp cannot be written, the old one stands."""
    read_only(stamp.path.parent)
    before = tree(stamp.path.parent)
    with pytest.raises(UnwritableError):
        stamp.leave("from that", "made that")
    assert tree(stamp.path.parent) == before
