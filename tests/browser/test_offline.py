"""The archive of the built site, unpacked and opened from the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from generator.build import archive
from tests import small

pytestmark = pytest.mark.sweep


@pytest.fixture(scope="module")
def folder(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked archive."""
    place = tmp_path_factory.mktemp("offline")
    packed = place / archive.NAME
    packed.write_bytes(archive.pack(site, small.SMALL.provenance.date))
    with zipfile.ZipFile(packed) as opened:
        opened.extractall(place)
    return place / archive.FOLDER


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test on a console error, an exception or anything that does not come from a file."""
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if not request.url.startswith("file:") else None)
    yield page
    page.close()
    assert faults == []


def test_every_link_leads_to_a_file(folder: Path) -> None:
    """No link of any page leads to a folder, which a browser would list, or to nothing."""
    broken = set()
    for path in folder.rglob("*.html"):
        for _, _, link, _ in html.document_fromstring(path.read_bytes()).iterlinks():
            target = link.partition("#")[0].partition("?")[0]
            if target and ":" not in target and not (path.parent / target).is_file():
                broken.add((str(path.relative_to(folder)), link))
    assert broken == set()


def test_the_search_works_from_files(page: Page, folder: Path) -> None:
    """The home page's search finds a model, its result leads to the page, and that to its row of the rank page."""
    name = small.TYPICAL
    page.goto((folder / "index.html").as_uri())
    page.get_by_label("Find a model").fill(name.replace("_", " "))
    page.get_by_label("Find a model").press("Enter")
    page.locator(f".md-search-result__item a[href*='/models/{name}/index.html']").first.click()
    page.wait_for_url(f"**/models/{name}/index.html*")
    page.get_by_role("link", name="Check rank").click()
    page.wait_for_url(f"**/models/index.html#{name}")
    expect(page.locator("tr:target")).to_be_in_viewport()


@pytest.mark.parametrize("kind", ["models", "compare", "explore"])
def test_parts_that_need_a_server_say_so(page: Page, folder: Path, kind: str) -> None:
    """Where a page is made of modules, which browsers do not load from files, it says so and shows no control."""
    page.goto((folder / kind / "index.html").as_uri())
    expect(page.locator(".from-file").first).to_contain_text("This part of the page needs a server")
    controls = page.locator("atlas-rank, atlas-compare, atlas-explore").locator("form").filter(visible=True)
    expect(controls).to_have_count(0)
