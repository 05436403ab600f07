"""Read all tables, and join them with the models that they are about."""

from __future__ import annotations

from generator.facts.registry import Catalog
from generator.facts.results import Results
from generator.results import own_table, timm_tables, torchvision_weights
from generator.results.gathering import Tables
from generator.results.joining import Joining


def read(tables: Tables, catalog: Catalog) -> Results:
    """Read every table, and torchvision's metadata that the catalog has.

    Raises:
        TableError: a table is not understood.
    """
    joining = Joining(catalog)
    for file in tables.timm:
        timm_tables.read(file, joining)
    torchvision_weights.read(joining)
    for file in tables.own:
        own_table.read(file, joining)
    return joining.results()
