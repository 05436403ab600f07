"""A site that was built without its address, below a path of a host: what it says of itself, and what is lost there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from benchmarks.site import QuietHandler, served
from generator.facts.figures import BY_NAME
from generator.pages.citing import badge_path
from generator.pages.markdown import SITE
from tests import small
from tests.browsing import host_of, search_results, watched

pytestmark = pytest.mark.sweep

MODEL = small.TYPICAL
MISTYPED = small.SIBLINGS[0].replace("n", "m", 1)
FOLDERS = ["", "atlas/", "of/somebody/models/"]


@pytest.fixture(scope="module", params=FOLDERS, ids=["root", "folder", "deep folder"])
def root(request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site on a host that has it in a folder, and gives its page for unknown addresses."""
    files = tmp_path_factory.mktemp("host") / "files"
    place = files / request.param
    if place == files:
        files.symlink_to(site)
    else:
        place.parent.mkdir(parents=True)
        place.symlink_to(site)
    with served(files, host_of(site)) as address:
        yield f"{address}{request.param}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test on what the browser tells as an error, but that something is not there."""

    def is_not_there(message: ConsoleMessage) -> bool:
        return "404" in message.text

    with watched(browser, ("http://127.0.0.1:",), is_not_there) as made:
        yield made


def test_citations_and_badges_have_the_true_address(page: Page, root: str) -> None:
    """Text to copy names the address at which it is read, on the screen and as the buttons copy it."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{root}models/{MODEL}/")
    cited, badges = page.locator("#cite ~ pre").nth(0), page.locator("#cite ~ pre").nth(1)
    expect(cited).to_contain_text(f"\n{root}models/{MODEL}/\n")
    endpoint = f"https://img.shields.io/endpoint?url={root}data/{badge_path(MODEL, BY_NAME['macs'])}"
    expect(badges).to_contain_text(f"[![MACs]({endpoint})]({root}models/{MODEL}/)")
    expect(page.locator(".without-address")).to_be_hidden()
    assert SITE not in page.content()
    page.keyboard.press("Shift")
    for block, start in ((cited, MODEL), (badges, "[![Parameters](https://")):
        block.get_by_title("Copy to clipboard").click()
        expect(page.get_by_text("Copied to clipboard")).to_be_visible()
        page.wait_for_function(
            "start => navigator.clipboard.readText().then((text) => text.startsWith(start))", arg=start
        )
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == block.locator("code").inner_text().strip()
        assert f"{root}models/{MODEL}/" in copied
    page.context.clear_permissions()


def test_a_badge_is_where_it_is_said_to_be(page: Page, root: str) -> None:
    """The address that a badge names has the badge's figure."""
    page.goto(f"{root}models/{MODEL}/")
    text = page.locator("#cite ~ pre").nth(1).inner_text()
    for line in text.strip().splitlines():
        endpoint = line.partition("?url=")[2].partition(")")[0]
        assert page.request.get(endpoint).json()["schemaVersion"] == 1


def test_without_javascript_a_sentence_asks_for_the_address(browser: Browser, root: str) -> None:
    """Who has no script reads paths from the root of the site, and what to put before them; no placeholder."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{root}models/{MODEL}/")
    expect(page.locator(".without-address")).to_be_visible()
    expect(page.locator("#cite ~ pre").first).to_contain_text(f"\n/models/{MODEL}/\n")
    assert SITE not in page.content()
    context.close()


@pytest.mark.parametrize(
    "lost", [MISTYPED, f"models/{MISTYPED}/", f"models/{MISTYPED}", f"a/b/c/{MISTYPED}/index.html"]
)
def test_the_page_for_unknown_addresses_finds_its_site(page: Page, root: str, lost: str) -> None:
    """At any depth the page has its styles and scripts, names the nearest models, leads to them, and searches."""
    meant = small.SIBLINGS[0]
    page.goto(root + lost)
    suggestion = page.get_by_role("link", name=meant, exact=True)
    expect(suggestion).to_be_visible()
    expect(page.locator(".md-header")).to_have_css("position", "sticky")
    expect(page.locator(".md-tabs").get_by_role("link", name="Compare")).to_have_attribute("href", f"{root}compare/")
    page.keyboard.press("Shift")
    expect(search_results(page, meant).first).to_have_attribute("href", re.compile(rf"{root}models/{meant}/\?h="))
    page.keyboard.press("Escape")
    suggestion.click()
    page.wait_for_url(f"{root}models/{meant}/")


def test_the_page_for_unknown_addresses_has_an_address_too(page: Page, root: str) -> None:
    """Opened by its own address, it is the same page."""
    page.goto(f"{root}404.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    expect(page.locator(".md-header")).to_have_css("position", "sticky")
    page.get_by_role("link", name="the list of all models").click()
    page.wait_for_url(f"{root}models/")


def test_a_host_without_the_site_is_left_alone(browser: Browser, site: Path, tmp_path: Path) -> None:
    """Where no folder above has the site, or every address answers with a page, what the page says can be read."""

    class Host(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802
            body = (site / "404.html").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    page = browser.new_page()
    with served(tmp_path, Host) as address:
        page.goto(f"{address}a/b/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("main")).to_contain_text("A model's page is named after the model")
    page.close()
