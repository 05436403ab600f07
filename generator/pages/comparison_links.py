"""Links to the comparison page, with the models in the address."""

from __future__ import annotations

from collections.abc import Iterable

from generator.pages.escaping import in_address
from generator.pages.markdown import link, named
from generator.ranking.standings import Standing

# The path of the comparison page, from a page in models/ or families/.
_PAGE = "../compare.md"


def address(names: Iterable[str], page: str = _PAGE) -> str:
    """The address of a comparison. The other models are compared with the first."""
    return f"{page}?m={','.join(map(in_address, names))}"


def render(name: str, standing: Standing) -> str:
    """A sentence with links that compare a model with its nearest models; empty if there are none."""
    nearest = standing.nearest.get("parameters")
    around = [found[0] for found in nearest or () if found]
    links = [link("the nearest in parameters", address([name, *around]))] * bool(around)
    if standing.nearest_in_family:
        links.append(link("the nearest in its family", address([name, *standing.nearest_in_family])))
    return f"Compare {named(name)} with {' or '.join(links)}." if links else ""
