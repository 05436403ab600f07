"""What others published: the results of some models, and the best of a set of weights."""

from __future__ import annotations

from generator.facts.results import NOTHING, Published, Result, Results, Source, Speed, Unused, best


def result(top1: float, size: int = 32, tag: str = "in1k", test_set: str = "imagenet-val", source: str = "a") -> Result:
    """A result of which the rest does not matter."""
    return Result(tag, size, test_set, top1, None, None, None, source, "1")


SPEED = Speed(32, "inference", "a card", "amp", "NCHW", False, 8, 100.0, "torch 2.9.1", "b", "1")
RESULTS = Results(
    {"one": Published((result(1.0), result(2.0, source="c")), (SPEED, SPEED)), "two": Published((result(3.0),))},
    (
        Source("a", "1", None, None, rows=3, used=2, unused=(Unused(2, "x", "why"),)),
        Source("b", "1", None, None, rows=2, used=2),
        Source("c", "1", None, None, rows=1, used=1),
        Source("d", "1", None, None, rows=0, left_out="why"),
    ),
)


def test_the_rows_of_other_models_are_counted() -> None:
    """Of some models there are their rows alone; used, others and unused add up to all rows as before."""
    some = RESULTS.among(["two", "three"])
    assert some.published == {"two": RESULTS.published["two"]}
    assert [(source.used, source.others) for source in some.sources] == [(1, 1), (0, 2), (0, 1), (0, 0)]
    assert [source.unused for source in some.sources] == [source.unused for source in RESULTS.sources]
    for source in some.sources:
        assert source.rows == source.used + source.others + len(source.unused)
    assert RESULTS.among(["one", "two"]) == RESULTS


def test_a_model_that_no_table_has_has_nothing() -> None:
    """It has no row of any kind."""
    assert RESULTS.of("three") is NOTHING
    assert RESULTS.of("two").results == (result(3.0),)


def test_the_best_of_a_set_of_weights() -> None:
    """It is the best of that tag on that test set by the first source; of equal ones that at the smaller size."""
    found = [
        result(70.0, 48),
        result(71.0, 64),
        result(71.0, 40, source="first"),
        result(72.0, 40, source="second"),
        result(99.0, tag="other"),
        result(99.0, test_set="imagenet-real"),
    ]
    assert best(found, "in1k") == result(71.0, 40, source="first")
    assert best(found, "in1k", "imagenet-real") == result(99.0, test_set="imagenet-real")
    assert best(found, "none") is None
    assert best([], "in1k") is None
