"""The life of a worker, as far as it can be looked at without a process. The pool's tests run real ones."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from generator.build.serving import Answer, Last, TaskError, answer
from generator.errors import CatalogError
from tests import doubles


def read(found: Answer) -> tuple[bool, bool, Any]:
    """An answer with its content unpickled."""
    return found.is_error, found.is_last, pickle.loads(found.content)


def test_a_value_is_an_answer() -> None:
    """A result is pickled; one that is the last of its worker says so and comes without its wrapper."""
    assert read(answer(doubles.add, (1, 2))) == (False, False, 3)
    assert read(answer(lambda: Last([4]), ())) == (False, True, [4])


@pytest.mark.parametrize("error", [ValueError("no\nor yes"), SystemExit(4), KeyboardInterrupt("no")])
def test_an_exception_is_an_answer(error: BaseException) -> None:
    """Whatever a task raises is told by its type and its first line."""

    def fail() -> None:
        raise error

    is_error, is_last, found = read(answer(fail, ()))
    assert (is_error, is_last, type(found)) == (True, False, TaskError)
    assert str(found) == f"{type(error).__name__}: {str(error).splitlines()[0]}"


def test_an_error_of_ours_stays_itself() -> None:
    """An error with a sentence for users is raised again as it was."""

    def fail() -> None:
        raise CatalogError("no timm")

    is_error, _, found = read(answer(fail, ()))
    assert is_error
    assert isinstance(found, CatalogError)
    assert found.reason == "no timm"


def test_a_value_that_cannot_be_pickled_is_an_error() -> None:
    """The worker lives on, and the task has failed."""
    is_error, _, found = read(answer(doubles.unsendable, ()))
    assert is_error
    assert isinstance(found, TaskError)
