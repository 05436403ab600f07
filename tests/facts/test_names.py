"""Names that somebody means: the cases that terminal and browser share, and what holds for any names."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.facts.names import Meaning, distances, meaning, nearest, squeezed, without_prefix
from tests.conftest import ROOT

CASES: dict[str, Any] = json.loads((ROOT / "tests" / "cases" / "names.json").read_text())
NAMES: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("mobilenetv2_100", "mobilenetv2_110d", "mobilenetv2_120d", "mobilenetv3_large_100", "resnet18", "resnet50"), ()
)

Models = dict[str, list[str]]
texts = st.text(st.sampled_from("abcn128_"), min_size=1, max_size=8).filter(squeezed)
models: st.SearchStrategy[dict[str, list[str]]] = st.dictionaries(
    texts, st.lists(st.text(st.sampled_from("ain1_"), min_size=1, max_size=4), max_size=2)
)
separators = st.sampled_from(["_", "-", " ", "  ", "_-"])


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: repr(case["asked"]))
def test_the_shared_cases_are_answered(case: dict[str, Any]) -> None:
    """Each name that somebody may type finds exactly the names that the browser finds, in its order."""
    assert nearest(case["asked"], CASES["models"], CASES["limit"]) == case["found"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [("resnet51", "resnet50"), ("resnet", "resnet18"), ("MobileNetV2_120D", "mobilenetv2_120d"), ("res*", "resnet18")],
)
def test_near_names_are_found_by_likeness_and_by_beginning(asked: str, found: str) -> None:
    """A typing error, a short beginning, capitals and a pattern all lead somewhere."""
    assert found in nearest(asked, NAMES, 3)


def test_near_names_are_few_and_differ() -> None:
    """At most as many names are offered as are asked for, each once."""
    found = nearest("mobilenetv2", NAMES, 3)
    assert found == ["mobilenetv2_100", "mobilenetv2_110d", "mobilenetv2_120d"]


def test_a_model_with_a_tag_leads_to_the_model() -> None:
    """A full name as timm writes it, model and tag, names the model first, whether the tag is known or not."""
    assert nearest("resnet50.a1_in1k", NAMES, 1) == ["resnet50"]
    assert nearest("resnet50.a1_in1k", {**NAMES, "resnet50": ("a1_in1k",)}, 1) == ["resnet50"]


def test_a_tag_alone_leads_to_its_models() -> None:
    """All models that have a tag are found by it, the shorter name first."""
    tagged = {"wide_net": ("a1_in1k",), "net": ("b", "a1_in1k"), "other": ("a1",)}
    assert nearest("A1 in1k", tagged, 3) == ["net", "wide_net"]
    assert nearest("net a1-in1k", tagged, 3) == ["net", "wide_net"]


def test_kinds_of_likeness_have_their_order() -> None:
    """Equal names come first, then tags, beginnings, words, names a few letters away, and beginnings that are."""
    order = ["tiny", "other", "tiny_large", "my_tiny", "tinz", "tinz_large"]
    models = {name: ("tiny",) if name == "other" else () for name in ["wide", *reversed(order)]}
    assert nearest("tiny", models, 9) == order


def test_few_letters_are_near_to_nothing() -> None:
    """A letter that no name holds finds nothing, though it is one letter away from the empty beginning of each."""
    assert nearest("z", {"tiny": (), "tiny_large": ()}, 9) == []


def test_among_equals_the_shorter_comes_first() -> None:
    """Of names that fit as well the shorter is first, and of equally long ones the first of the models."""
    assert nearest("net", {"net_1000": (), "net_10": (), "net_20": ()}, 3) == ["net_10", "net_20", "net_1000"]
    assert nearest("net", {"net_20": (), "net_10": (), "net_1000": ()}, 3) == ["net_20", "net_10", "net_1000"]


@given(models, texts, st.data())
def test_case_and_separators_do_not_count(known: Models, asked: str, data: st.DataObject) -> None:
    """Whatever stands between words, and in whichever case they are, the answer is the same."""
    words = [word for word in re.split("_+", asked) if word]
    written = "".join(
        part
        for index, word in enumerate(words)
        for part in ([data.draw(separators)] if index else []) + [word if data.draw(st.booleans()) else word.upper()]
    )
    assert nearest(written, known, 5) == nearest(asked, known, 5)


@given(models, texts, st.sampled_from("*?[]!"), st.integers(0, 8))
def test_wildcards_are_ignored(known: Models, asked: str, wildcard: str, place: int) -> None:
    """A pattern finds what it finds without its wildcards."""
    assert nearest(asked[:place] + wildcard + asked[place:], known, 5) == nearest(asked, known, 5)


@given(models, texts, st.sampled_from(["timm/", "hf_hub:timm/", "hf-hub:timm/", "https://huggingface.co/timm/"]))
def test_prefixes_are_ignored(known: Models, asked: str, prefix: str) -> None:
    """A name as Hugging Face writes it finds what it finds without what stands before it."""
    assert nearest(prefix + asked, known, 5) == nearest(asked, known, 5)


@given(models.filter(bool), st.data())
def test_an_equal_name_comes_first(known: Models, data: st.DataObject) -> None:
    """Whoever types the name of a model, with or without separators, finds it before all others."""
    name = data.draw(st.sampled_from(list(known)))
    for asked in (name, squeezed(name), name.upper()):
        assert squeezed(nearest(asked, known, 1)[0]) == squeezed(name)


@given(models, texts, st.integers(0, 6))
def test_fewer_are_the_first_of_more(known: Models, asked: str, limit: int) -> None:
    """With a lower limit the same names come in the same order; each is known, and there once."""
    found = nearest(asked, known, len(known))
    assert nearest(asked, known, limit) == found[:limit]
    assert len(set(found)) == len(found)
    assert set(found) <= known.keys()


@given(models, texts)
def test_the_order_of_the_models_decides_among_equals_alone(known: Models, asked: str) -> None:
    """The same call has the same answer, and in another order of the models the same names are found."""
    found = nearest(asked, known, len(known))
    assert nearest(asked, dict(known), len(known)) == found
    turned = nearest(asked, dict(reversed(known.items())), len(known))
    assert sorted(turned) == sorted(found)
    # Names of different lengths and of the same kind stand by length in either order.
    assert [len(name) for name in turned] == [len(name) for name in found]


@pytest.mark.parametrize("asked", ["", "  ", "._-/", "***", "timm/", "hf_hub:timm/"])
def test_nothing_asked_is_nothing_found(asked: str) -> None:
    """What is left of nothing finds nothing, not everything."""
    assert nearest(asked, NAMES, 3) == []


def test_nothing_near_is_nothing_found() -> None:
    """A name that differs in more than a third of its letters, from its beginning on, is another name."""
    assert nearest("xyzzy", NAMES, 3) == []
    assert nearest("abcdef", {"abxyef": (), "abxyef_50": ()}, 2) == ["abxyef", "abxyef_50"]
    assert nearest("abcdef", {"axyzef": (), "axyzef_50": ()}, 2) == []


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        (" ResNet50 ", "resnet50"),
        ("timm/resnet50.a1_in1k", "resnet50.a1_in1k"),
        ("hf_hub:timm/resnet50", "resnet50"),
        ("hf-hub:timm/resnet50", "resnet50"),
        ("https://huggingface.co/timm/resnet50.a1_in1k", "resnet50.a1_in1k"),
        ("nottimm/resnet50", "nottimm/resnet50"),
    ],
)
def test_what_stands_before_a_name_is_left_out(asked: str, plain: str) -> None:
    """Addresses and owners go, blanks around go, and letters become small."""
    assert without_prefix(asked) == plain


def test_a_squeezed_name_has_no_separators() -> None:
    """Blanks, underscores, dashes, dots, slashes and colons are separators."""
    assert squeezed("timm/ResNet-50_d.a1: x") == "timmresnet50da1x"


def by_definition(one: str, other: str) -> int:
    """The distance as it is defined, letter by letter from the end."""
    if not one or not other:
        return len(one) + len(other)
    return min(
        by_definition(one[:-1], other) + 1,
        by_definition(one, other[:-1]) + 1,
        by_definition(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )


@given(st.text(st.sampled_from("abc"), max_size=5), st.text(st.sampled_from("abc"), max_size=5))
def test_a_distance_is_that_of_its_definition(one: str, other: str) -> None:
    """The distance is the least number of letters that are put in, left out or changed; so is that to a beginning."""
    beginnings = [other[:length] for length in range(len(other) + 1)]
    assert distances(one, other) == (by_definition(one, other), min(by_definition(one, head) for head in beginnings))
    assert distances(one, other)[0] == distances(other, one)[0]


@given(texts, texts)
def test_a_name_that_is_far_is_not_found(name: str, asked: str) -> None:
    """What neither begins with nor holds what was asked is found where few of its letters differ, and nowhere else."""
    own, key = squeezed(name), squeezed(asked)
    assume(not all(word in own for word in asked.split("_")))
    letters, at_beginning = distances(key, own)
    most = max(1, len(key) // 3)
    # A beginning of few letters is near to every name, and so says nothing.
    is_near = letters <= most or (len(key) >= 4 and at_beginning <= most)
    assert nearest(asked, {name: ()}, 1) == ([name] if is_near else [])


@pytest.mark.parametrize("case", CASES["meanings"]["cases"], ids=lambda case: repr(case["asked"]))
def test_a_text_names_a_model_for_certain_or_none(case: dict[str, Any]) -> None:
    """Names are understood as timm writes them, and otherwise where just one model is named so but for spelling."""
    asked, *found = case.values()
    known = CASES["meanings"]
    assert meaning(asked, known["models"], known["deprecated"]) == (Meaning(*found) if found[0] else None)
