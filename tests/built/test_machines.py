"""What the built site has for programs: twins in Markdown, llms.txt, and what each page says of itself."""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from generator.facts.figures import ModelRow
from generator.pages.formatting import integer, memory

LINK = re.compile(r"(?<=\]\()(?!https?:|#)([^)\s#]+)")


@pytest.fixture(scope="module")
def page_files(site: Path) -> list[Path]:
    """Every page but the one for unknown addresses."""
    return sorted(site.rglob("index.html"))


def test_every_page_describes_itself(page_files: list[Path]) -> None:
    """Each page has a description of its own, what a link to it shows elsewhere, and names its twin."""
    descriptions = Counter[str]()
    for path in page_files:
        (head,) = html.document_fromstring(path.read_bytes()).iter("head")
        told = {
            meta.get("property") or meta.get("name"): meta.get("content")
            for meta in head.iter("meta")
            if meta.get("content")
        }
        descriptions[told["description"]] += 1
        assert told["og:description"] == told["description"], path
        assert told["og:title"] in head.findtext("title"), path
        assert told["og:type"] in ("website", "article")
        assert told["twitter:card"] == "summary"
        (twin,) = head.xpath("link[@type='text/markdown']")
        assert (twin.get("rel").split(), twin.get("href")) == (["alternate"], "index.md")
    assert [text for text, pages in descriptions.items() if pages > 1] == []


def test_every_page_has_its_twin(site: Path, page_files: list[Path]) -> None:
    """Pages and twins are as many, each twin has one title, and the links between twins and to data lead somewhere."""
    assert [path.with_name("index.html") for path in sorted(site.rglob("index.md"))] == page_files
    files = {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
    broken = set()
    for path in page_files:
        text = path.with_suffix(".md").read_text()
        assert text.startswith("# "), path
        folder = str(path.parent.relative_to(site))
        prose = re.sub(r"^```.*?^```$|`[^`\n]+`", "", text, flags=re.DOTALL | re.MULTILINE)
        assert not re.search(r"</?(?:div|details|summary|figure|form|a|script)\b", prose), path
        targets = {posixpath.normpath(posixpath.join(folder, link)) for link in LINK.findall(prose)}
        # What asks a page something leads to the page.
        targets = {re.sub(r"/?\?.*", "/index.html", target) for target in targets}
        broken |= {(folder, target) for target in targets - files}
    assert broken == set()


def test_twins_state_the_figures(site: Path, rows: tuple[ModelRow, ...]) -> None:
    """The twin of a model has its exact parameters, its memory and its rank, and names its document."""
    for row in rows:
        name, size = row.name, memory(row.parameter_bytes)
        text = (site / "models" / name / "index.md").read_text()
        assert f"- Parameters **{integer(row.parameters)}**" in text
        assert f"**Number of parameters: [ {size} ]" in text
        assert f"rank {integer(row.rank)} of" in text
        assert text.count(f"[{name}.json](../../data/models/{name}.json)") >= 2


def test_llms_txt_leads_to_what_there_is(site: Path, rows: tuple[ModelRow, ...]) -> None:
    """Every address in llms.txt is a file of the site, and the patterns hold for a model and a family."""
    text = (site / "llms.txt").read_text()
    patterns = re.findall(r"^- `([^`]*<[^`]*)`", text, re.MULTILINE)
    assert len(patterns) == 3
    # The address of the site, where it is known.
    base = patterns[0].partition("models/")[0]
    targets = re.findall(r"\]\(([^)]*)\)", text)
    assert len(targets) >= 15
    for address in (*targets, *patterns):
        path = address.replace("<model>", rows[0].name).replace("<family>", rows[0].family)
        assert path.startswith(base)
        assert (site / path.removeprefix(base)).is_file(), address


def test_search_shows_parameters_beside_the_name(site: Path, rows: tuple[ModelRow, ...]) -> None:
    """The search shows of each model its name and its exact parameters, and below them its parameter memory."""
    index = json.loads((site / "search" / "search_index.json").read_text())
    entries = {entry["location"]: (entry["title"], entry["text"]) for entry in index["docs"]}
    for row in rows:
        title = f"{row.name} · {integer(row.parameters)} parameters"
        assert entries[f"models/{row.name}/"] == (title, f"<p>{memory(row.parameter_bytes)}</p>")
