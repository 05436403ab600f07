"""What every page of the full build must hold, read from the HTML that is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pandas as pd
import pytest
from lxml import html

from generator.facts.columns import Place
from generator.facts.figures import IN_TABLE
from generator.facts.records import Dataset
from generator.facts.shapes import ELEMENT_BYTES
from generator.pages.formatting import integer, memory, metric
from tests.pages.reading import summed

REFERENCE = Path(__file__).parents[1] / "reference" / "mobilenetv2_120d.md"
FORMS = re.compile(r"(Scalar )?Vector Matrix( Tensor rank \d)*")
HEADINGS = ["Name", "Shape", "Squeezed shape", "Number of parameters", "Form"]


@pytest.fixture(scope="module")
def facts(tensors: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """The facts of each model, straight from the file of all tensors: by other means than those of the pages."""
    size = tensors["parameters"] * tensors["dtype"].map(ELEMENT_BYTES)
    grouped = tensors.assign(bytes=size, trainable_bytes=size.where(tensors["trainable"], 0)).groupby("model")
    found = grouped.agg(
        tensors=("name", "size"),
        parameters=("parameters", "sum"),
        bytes=("bytes", "sum"),
        trainable_bytes=("trainable_bytes", "sum"),
    )
    # A model without parameters has no tensor there.
    return found.reindex(models["name"], fill_value=0)


def model_pages(site: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    for path in sorted((site / "models").glob("*/index.html")):
        yield path.parent.name, html.document_fromstring(path.read_bytes())


def cells(row: html.HtmlElement) -> list[str]:
    return [cell.text_content() for cell in row.iterchildren("td", "th")]


def exact(figure: object) -> int:
    """A figure of a frame as the integer that it is."""
    assert isinstance(figure, (int, np.integer))
    return int(figure)


def table_below(page: html.HtmlElement, words: str) -> list[list[str]]:
    """The rows of the first table after the paragraph that starts with these words."""
    table = page.xpath(f"//article//p[starts-with(normalize-space(.), '{words}')]/following::table[1]")[0]
    return [cells(row) for row in table.iter("tr")]


def words_in_order(text: str, expected: list[str]) -> None:
    position = 0
    for words in expected:
        found = text.find(words, position)
        assert found >= 0, f"not found in order: {words}"
        position = found + len(words)


def test_every_model_page(site: Path, facts: pd.DataFrame) -> None:
    """One h1, reference lines in order, columns that sum to the totals, a link to the own row of the rank page."""
    anchors = set(html.parse(str(site / "models" / "index.html")).xpath("//table//tr/@id"))
    seen = 0
    for name, page in model_pages(site):
        seen += 1
        assert [heading.text_content().rstrip("¶") for heading in page.iter("h1")] == [f"{name} parameter information"]
        tensors, parameters = exact(facts.at[name, "tensors"]), exact(facts.at[name, "parameters"])
        words_in_order(
            page.find(".//article").text_content(),
            [
                f"{name} parameter information",
                f"Number of layers: [ {tensors} ]",
                f"Number of parameters: [ {memory(exact(facts.at[name, 'bytes']))} ] [ Check rank ]",
                f"Number of trainable parameters: [ {memory(exact(facts.at[name, 'trainable_bytes']))} ]",
                "Proportional of each form (%)",
                "Proportional of parameters by form (%)",
                "Feature pyramid",
                "Layer information",
            ],
        )
        (check_rank,) = page.xpath("//article//a[.='Check rank']/@href")
        assert check_rank == f"../#{name}"
        assert name in anchors

        shares = [table_below(page, f"Proportional {of}") for of in ("of each form", "of parameters by form")]
        for headings, values in shares:
            assert FORMS.fullmatch(" ".join(headings))
            # Each of n rounded shares is off by at most half a unit of its last digit.
            if parameters:
                assert abs(sum(map(float, values)) - 100) <= 0.005 * len(values) + 1e-9

        layers = page.xpath("//h2[@id='layer-information']/following::table[1]//tr")
        assert cells(layers[0]) == HEADINGS
        table = [cells(row) for row in layers[1:]]
        assert len(table) == tensors
        assert sum(int(row[3]) for row in table) == parameters
        assert {row[4] for row in table} <= set(shares[0][0])

        assert summed(page.xpath("//figure[@class='module-tree']/ul/li")[0]) == parameters
    assert seen == len(facts)


def test_every_weights_section(site: Path, weights: pd.DataFrame) -> None:
    """Each tag has its row with licence and class and its line to copy; a model without weights says so."""
    by_model = dict(tuple(weights.groupby("model")))
    for name, page in model_pages(site):
        section = page.xpath(
            "//h2[@id='weights']/following-sibling::*[following-sibling::h2[@id='compute-and-memory']]"
        )
        text = " ".join(block.text_content() for block in section)
        if name not in by_model:
            assert "timm has no pretrained weights for this model." in text
            continue
        table = page.xpath("//h2[@id='weights']/following::table[1]")[0]
        # Columns of accuracy stand in some tables.
        headings = [heading.text_content().strip() for heading in table.xpath("./thead//th")]
        places = [headings.index(heading) for heading in ("Licence", "Licence class")]
        rows = map(cells, table.xpath("./tbody/tr"))
        found = [(row[0].removesuffix(" (default)"), *(row[place] for place in places)) for row in rows]
        assert found == [
            (row["tag"], row["license"] or "not named", row["license_class"])
            for row in by_model[name].to_dict("records")
        ]
        calls = [f'timm.create_model("{name}.{tag}", pretrained=True)' for tag in by_model[name]["tag"]]
        assert [call for call in calls if call not in text] == []


def test_every_page_can_be_cited(site: Path, facts: pd.DataFrame, dataset: Dataset) -> None:
    """Below "Cite" are the exact number of parameters, their memory, timm's version, the date and the address."""
    dates = {record.name: record.date for record in dataset.records}
    for name, page in model_pages(site):
        words_in_order(
            page.xpath("//h2[@id='cite']/following::pre[1]")[0].text_content(),
            [
                name,
                f"Parameters: {exact(facts.at[name, 'parameters']):,} (",
                f"Parameter memory: {memory(exact(facts.at[name, 'bytes']))} (",
                f"timm {dataset.provenance.timm_version}, measured on {dates[name][:10]} by timm-atlas",
                f"/models/{name}/",
            ],
        )


@pytest.mark.pinned
def test_the_model_of_the_reference_page_is_there(models: pd.DataFrame) -> None:
    """timm still has the model whose page was agreed on. When it drops the model, the page has to be agreed on anew."""
    assert REFERENCE.stem in set(models["name"]), (
        f"timm has no {REFERENCE.stem} any more. Take the page of another model as tests/reference/<model>.md, with "
        "figures counted by hand, name it here and in tests/pages/test_model.py, and remove the old one."
    )


def test_reference_page(docs: Path, site: Path) -> None:
    """The reference page holds line by line, in its order: in our Markdown, and in the text that a reader sees."""
    if not (docs / "models" / REFERENCE.name).exists():
        pytest.skip(f"timm has no {REFERENCE.stem} any more: the test before this one says what to do")
    reference = REFERENCE.read_text().splitlines()
    mended = [
        line.replace("<a href='./README.md'>Check rank</a>", f"[Check rank](README.md#{REFERENCE.stem})").replace(
            "# Layer information", "## Layer information"
        )
        for line in reference
    ]
    ours = iter((docs / "models" / REFERENCE.name).read_text().splitlines())
    for line in filter(None, mended):
        assert line in ours, f"not found in order: {line}"

    article = html.document_fromstring((site / "models" / REFERENCE.stem / "index.html").read_bytes()).find(
        ".//article"
    )
    rows_shown = [cells(row) for row in article.iter("tr")]
    lines_expected = [
        [cell.strip() for cell in line.strip("| ").split("|")] for line in reference if line.startswith("| ")
    ]
    shown = iter(rows_shown)
    for row in lines_expected:
        if set("".join(row)) != {"-"}:
            assert row in shown, f"not found in order: {row}"


def test_rank_page(site: Path, models: pd.DataFrame, weights: pd.DataFrame) -> None:
    """Every model has its row with its own link and anchor, and ranks are those of a plain count over the data."""
    table = html.parse(str(site / "models" / "index.html")).xpath("//article//table[1]")[0]
    shown = table.findall("tbody/tr")
    assert len(shown) == len(models)
    headings = [figure.label for figure in IN_TABLE if figure.place is Place.SHOWN]
    assert [cell.text_content() for cell in table.iter("th")] == headings
    classes = weights.groupby("model")["license_class"].agg(lambda found: ", ".join(dict.fromkeys(found)))
    by_name = {row["name"]: row for row in models.to_dict("records")}
    sizes = sorted((row["parameter_bytes"] for row in by_name.values()), reverse=True)
    for row, size in zip(shown, sizes, strict=True):
        cell = dict(zip(headings, cells(row), strict=True))
        facts = by_name.pop(cell["Model"])
        assert facts["parameter_bytes"] == size
        assert int(cell["Rank"].replace(",", "")) == sizes.index(size) + 1
        assert (cell["Family"], cell["Parameters"]) == (facts["family"], f"{facts['parameters']:,}")
        assert cell["Parameter memory"] == memory(size)
        assert cell["Parameter tensors"] == f"{facts['parameter_tensors']:,}"
        assert cell["MACs"] == metric(facts["macs"], "MACs")
        assert cell["Activations"] == integer(facts["activations"])
        assert cell["Input size"] == " × ".join(map(str, facts["input_size"] or ["unknown"]))
        assert cell["Tags"] == str(len(facts["tags"]))
        assert cell["Licences"] == classes.get(facts["name"], "–")
        assert row.get("id") == facts["name"]
        assert f"{facts['name']}/" in row.xpath(".//a/@href")
    assert by_name == {}


def test_every_family_page(site: Path, models: pd.DataFrame) -> None:
    """A family's page lists its models, each once, and the index lists every family."""
    index = html.parse(str(site / "families" / "index.html"))
    families = [link.rstrip("/") for link in index.xpath("//article//table//a/@href")]
    assert families == sorted(models["family"].unique())
    for family, members in models.groupby("family"):
        page = html.parse(str(site / "families" / str(family) / "index.html"))
        listed = [cells(row)[1] for row in page.xpath("//h2[@id='members']/following::table[1]/tbody/tr")]
        assert sorted(listed) == sorted(members["name"])


def test_every_link_leads_somewhere(site: Path) -> None:
    """Each link and source on each page, templates included, is a file of the site; nothing loads from elsewhere."""
    broken = set()
    for path in site.rglob("*.html"):
        page = html.document_fromstring(path.read_bytes())
        for element, attribute, link, _ in page.iterlinks():
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if attribute == "src" or (element.tag == "link" and element.get("rel") != "canonical"):
                    broken.add((path.relative_to(site), link))
                continue
            if not parts.path:
                continue
            # The page for unknown addresses is served anywhere, so its links start at the root.
            base = site if parts.path.startswith("/") else path.parent
            target = base / unquote(parts.path).lstrip("/")
            if not (target / "index.html").is_file() and not target.is_file():
                broken.add((path.relative_to(site), link))
    assert broken == set()
