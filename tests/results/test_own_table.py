"""Tables of users: their own test sets and columns, and what is wrong is told."""

from __future__ import annotations

import re

import pytest

from generator.errors import TableError
from generator.facts.results import Result, Results
from generator.results import own_table
from generator.results.joining import Joining
from tests import examples
from tests.results.made_up import OWN, OWN_TABLE, file


def read(content: str) -> Results:
    """Read a table."""
    joining = Joining(examples.CATALOG)
    own_table.read(file(OWN, content), joining)
    return joining.results()


def test_rows_go_to_their_weights() -> None:
    """Five columns are enough, a test set can have any name, and what is not told is unknown."""
    results = read(OWN_TABLE)
    assert results.of("tiny_conv").results == (
        Result("r160_in1k", 32, "our-birds", 91.25, None, None, None, OWN, "c0ffee"),
    )
    assert results.of("tiny_vit").results[0].top1 == 70.5
    (source,) = results.sources
    assert (source.name, source.rows, source.used, source.unused) == (OWN, 2, 2, ())


def test_more_can_be_told() -> None:
    """The further columns of results are read where they are filled."""
    results = read(
        "top5,model,tag,image_size,test_set,top1,crop_pct,interpolation\n"
        "95,tiny_conv,r160_in1k,32,birds,90,0.9,bicubic\n"
        ",tiny_conv,untrained,32,birds,1,,\n"
    )
    first, second = results.of("tiny_conv").results
    assert (first.top5, first.crop_pct, first.interpolation) == (95.0, 0.9, "bicubic")
    assert (second.tag, second.top5, second.crop_pct, second.interpolation) == ("untrained", None, None, None)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("top1", "top-1", "line 1: there is no column top1; "),
        ("91.25", "ninety", "line 2: top1 is no number from 0 to 100: 'ninety'"),
        ("our-birds", "", "line 2: test_set is empty"),
        ("tiny_conv", "tiny_con", "line 2: tiny_con: timm 1.0.31 has no such model; nearest: tiny_conv"),
        ("tiny_conv", "tiny_old", "line 2: tiny_old: it is a deprecated name of tiny_conv.r160_in1k."),
        (
            "r160_in1k",
            "r161_in1k",
            "line 2: r161_in1k: timm 1.0.31 has no such weights of tiny_conv, whose weights are: r160_in1k, untrained",
        ),
        ("tiny_conv,r160_in1k", "tiny_mixed,", "line 2: no tag: timm 1.0.31 has no such weights of tiny_mixed, whose"),
        (
            "tiny_vit,in1k,32,imagenet-val",
            "tiny_conv,r160_in1k,32,our-birds",
            "line 3: it is about the same as line 2",
        ),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, problem: str) -> None:
    """A row about what timm does not have is an error here: its author can mend it."""
    assert old in OWN_TABLE
    with pytest.raises(TableError, match=rf"^{re.escape(f'{OWN}, {problem}')}"):
        read(OWN_TABLE.replace(old, new, 1))
