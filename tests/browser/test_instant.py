"""What a reader has done outlives the exchange of pages without loading (navigation.instant), which is off in ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from benchmarks.site import QuietHandler, served
from tests.browser.conftest import with_pages
from tests.browsing import scripted, settled_rows

pytestmark = pytest.mark.sweep

FEATURES = "  features:\n"
WORD = "tinynet_5"


@pytest.fixture(scope="module")
def instant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that is built as the small one is, but for this feature and the address that it needs."""
    project = with_pages(tmp_path_factory.mktemp("instant") / "project")
    settings = project.root / "mkdocs.yml"
    text = settings.read_text()
    assert FEATURES in text
    settings.write_text(text.replace(FEATURES, f"{FEATURES}    - navigation.instant\n"))
    (project.root / "site").mkdir()
    with served(project.root / "site", QuietHandler) as address:
        subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"],
            cwd=project.root,
            env={**os.environ, "ATLAS_SITE_URL": address, "NO_MKDOCS_2_WARNING": "1"},
            check=True,
        )
        yield address


def path(page: Page) -> str:
    """Where a page is, with what it is asked for."""
    address = urlsplit(page.url)
    return f"{address.path}?{address.query}"


def awake(page: Page) -> None:
    """Bring the theme's script, and with it the exchange, which come with the first act.

    Links are exchanged once the theme knows the site's addresses; until then they are followed as anywhere.
    """
    with page.expect_response("**/sitemap.xml") as asked:
        page.mouse.move(300, 300)
    asked.value.finished()
    scripted(page)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def test_state_outlives_the_exchange_of_pages(page: Page, instant: str) -> None:
    """What was filtered, sorted, ticked and compared is there again after going on and coming back."""
    loaded: list[str] = []

    def on_request(request: Request) -> None:
        if request.is_navigation_request():
            loaded.append(request.url)

    page.on("request", on_request)
    page.goto(instant)
    awake(page)
    page.locator(".md-tabs").get_by_role("link", name="Models").click()
    page.get_by_label("Name", exact=True).fill(WORD)
    page.get_by_role("button", name="Parameters", exact=True).click()
    page.wait_for_url(f"**/models/?name={WORD}&sort=parameters")
    found = settled_rows(page)
    assert len(found) > 2
    assert all(WORD in name for name in found)
    for name in found[:2]:
        page.get_by_label(f"Compare {name}", exact=True).check()
    state = path(page)
    page.locator("atlas-rank").get_by_role("link", name="Compare", exact=True).click()
    page.wait_for_url("**/compare/?*")
    compared = path(page)
    expect(page.locator("#figures tbody tr").first).to_be_visible()
    page.locator(".compare-chosen").get_by_role("link", name=found[0], exact=True).click()
    page.wait_for_url(f"**/models/{found[0]}/")
    expect(page.get_by_label("Filter by name, shape or form")).to_be_attached()
    page.go_back()
    expect(page.locator("#figures tbody tr").first).to_be_visible()
    assert path(page) == compared
    expect(page.locator(".compare-chosen > li")).to_have_count(2)
    page.go_back()
    expect(page.locator("atlas-rank tbody input:checked")).to_have_count(2)
    assert path(page) == state
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Parameters")
    assert settled_rows(page) == found
    page.go_forward()
    expect(page.locator(".compare-chosen > li")).to_have_count(2)
    assert loaded == [instant], "all but the first page were exchanged"


def test_back_is_the_same_place(page: Page, instant: str) -> None:
    """Back from a model, the table is scrolled as it was, and the link that was followed has the focus."""
    page.goto(instant)
    awake(page)
    page.evaluate("window.isSame = true")
    page.locator(".md-tabs").get_by_role("link", name="Models").click()
    frame = page.locator("atlas-rank .long-table")
    for text in ("", "tinynet"):
        page.get_by_label("Name", exact=True).fill(text)
        page.wait_for_url(f"**/models/?name={text}" if text else "**/models/")
        # The boxes are there once the finder is.
        expect(page.locator("atlas-rank tbody input").first).to_be_attached()
        rows = settled_rows(page)
        name = rows[-3]
        link = page.locator(f"[id='{name}'] a").first
        # Scrolls to the link.
        link.focus()
        before = frame.evaluate("frame => frame.scrollTop")
        assert before > 0
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/models/{name}/")
        expect(page.get_by_label("Filter by name, shape or form")).to_be_attached()
        page.go_back()
        expect(link).to_be_focused()
        assert settled_rows(page) == rows
        assert frame.evaluate("frame => frame.scrollTop") == before
    assert page.evaluate("window.isSame") is True


def test_plots_come_and_go(page: Page, instant: str) -> None:
    """A page with drawings is exchanged like any other, draws when it is asked to, and is left again."""
    page.goto(f"{instant}models/")
    awake(page)
    page.evaluate("window.isSame = true")
    page.locator(".md-tabs").get_by_role("link", name="Explore").click()
    page.wait_for_url("**/explore/")
    expect(page.locator("atlas-explore:defined")).to_be_attached()
    page.get_by_label("Name has").fill(WORD)
    page.wait_for_url(f"**/explore/?name={WORD}")
    expect(page.locator("atlas-explore canvas").first).to_be_visible()
    asked = path(page)
    page.locator(".md-tabs").get_by_role("link", name="Models").click()
    expect(page.locator("atlas-rank")).to_be_attached()
    page.go_back()
    expect(page.locator("atlas-explore canvas").first).to_be_visible()
    assert path(page) == asked
    assert page.evaluate("window.isSame") is True
