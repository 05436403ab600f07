"""Which models are test fixtures: by their names, as timm marks them."""

from __future__ import annotations

import pytest

from generator.facts.figures import row
from generator.facts.fixtures import is_fixture
from generator.facts.registry import Catalog
from tests.examples import record, tensor


@pytest.mark.parametrize(
    ("name", "expected"), [("test_vit", True), ("test_", True), ("vit_test", False), ("testnet_50", False)]
)
def test_a_fixture_is_known_by_its_name(name: str, expected: bool) -> None:
    """The name begins with timm's mark; the same letters elsewhere or without the mark's end are no mark."""
    assert is_fixture(name) is expected
    assert row(record(name, tensor("weight", 1)), 1).fixture is expected


def test_timm_has_fixtures(catalog: Catalog) -> None:
    """timm still marks some of its models in this way, and by far not most of them."""
    fixtures = [entry.name for entry in catalog.entries if is_fixture(entry.name)]
    assert fixtures
    assert len(fixtures) < len(catalog.entries) / 10
