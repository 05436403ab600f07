"""What patterns choose from timm's registry, and from any other models."""

from __future__ import annotations

import pytest

from generator.build import selection
from generator.errors import UnknownModelError
from generator.facts.registry import Catalog, CatalogEntry
from tests.examples import PLAIN_WEIGHTS

TINY = Catalog(
    entries=tuple(CatalogEntry(name, "tiny", (), None) for name in ("net_2", "net_10", "other")),
    families=(),
    deprecated={"old_net": "net_2.in1k"},
    timm_version="1.0.31",
    torch_version="2.15.0",
)


def chosen(*patterns: str) -> list[str]:
    """The names that patterns choose from the tiny catalog, in its order."""
    return [entry.name for entry in selection.entries(TINY, patterns)]


def test_no_pattern_is_every_model() -> None:
    """Without a pattern the whole catalog is chosen."""
    assert selection.entries(TINY, []) == TINY.entries


def test_patterns_add_up_in_the_catalog_s_order() -> None:
    """Several patterns choose each model once, and the order is timm's, not that of the patterns."""
    assert chosen("other", "net_*", "net_10") == ["net_2", "net_10", "other"]
    assert chosen("net_[12]*") == ["net_2", "net_10"]
    assert chosen("net_?") == ["net_2"]


@pytest.mark.parametrize("pattern", ["nothing*", "net_3", ""])
def test_a_pattern_without_match_is_an_error(pattern: str) -> None:
    """One pattern that matches nothing fails the call, though others match."""
    with pytest.raises(UnknownModelError) as caught:
        chosen("net_2", pattern)
    assert caught.value.asked == pattern
    assert "timm 1.0.31" in str(caught.value)


def test_a_deprecated_name_is_not_chosen() -> None:
    """Asking for an alias is an error that names the model."""
    with pytest.raises(UnknownModelError, match=r"old_net is a deprecated name of net_2\.in1k; ask for net_2\."):
        chosen("old_net")


def test_a_tag_leads_to_its_model() -> None:
    """A tag chooses nothing, and the error names the model that has it."""
    tagged = CatalogEntry("tagged", "tiny", (PLAIN_WEIGHTS,), None)
    catalog = Catalog((*TINY.entries, tagged), (), {}, "1.0.31", "2.15.0")
    with pytest.raises(UnknownModelError) as caught:
        selection.entries(catalog, ["in1k"])
    assert caught.value.nearest == ["tagged"]


def test_any_models_can_be_matched() -> None:
    """Names are matched wherever they come from, and the error says where that is."""
    models: dict[str, tuple[str, ...]] = {"a_1": (), "a_2": ("in1k",), "b": ()}
    assert selection.matching(models, ["a_*", "a_2"], deprecated={}, where="the dataset") == {"a_1", "a_2"}
    assert selection.matching(models, [], deprecated={}, where="the dataset") == set()
    with pytest.raises(UnknownModelError, match=r"No model in the dataset matches 'c\*'"):
        selection.matching(models, ["c*"], deprecated={}, where="the dataset")
