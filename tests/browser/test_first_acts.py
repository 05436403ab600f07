"""A reader's first acts, before the scripts that answer them are there: none is lost, on a slow network either."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from generator.pages.formatting import integer
from tests import small
from tests.browsing import NARROW, WIDE, scripted

pytestmark = pytest.mark.sweep

MODEL = small.TYPICAL
THEME = "**/bundle.*.js"
FIELD = "[data-md-component=search-query]"
# Makes a promise that a script could not be loaded.
FAILURE = """void (window.failure = new Promise((told) => {
    addEventListener("error", () => told(), {capture: true, once: true});
}))"""
# A link of the results that leads to the model.
FOUND = f".md-search-result__item a[href*='/models/{MODEL}/']"


def held(page: Page, pattern: str) -> Callable[[], None]:
    """Hold back the answers to these requests; the function that is returned lets them come."""
    waiting: list[Route] = []
    page.route(pattern, lambda route: waiting.append(route))

    def release() -> None:
        for route in waiting:
            route.continue_()
        page.unroute(pattern)

    return release


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("key", ["/", "f", "s"])
def test_the_first_key_opens_the_search(page: Page, address: str, key: str, width: int) -> None:
    """The key is not part of the query; what is typed behind it is searched for, on a phone's screen too."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}models/{MODEL}/")
    page.keyboard.press(key)
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type(MODEL)
    expect(page.locator(FIELD)).to_have_value(MODEL)
    expect(page.locator(FOUND).first).to_be_visible()


@pytest.mark.parametrize("anchor", ["", "#modules"])
def test_the_search_opens_before_the_theme_is_there(page: Page, address: str, anchor: str) -> None:
    """However late the theme's script comes, the search is open, keeps what was typed, and finds it then."""
    release = held(page, THEME)
    page.goto(f"{address}models/{MODEL}/{anchor}")
    page.evaluate("window.isSame = true")
    page.keyboard.press("/")
    page.keyboard.type(f"{MODEL[:-1]}")
    # Enter would send the field's form, which has no page.
    page.keyboard.press("Enter")
    page.keyboard.type(MODEL[-1])
    expect(page.locator(FIELD)).to_have_value(MODEL)
    expect(page.locator("#__search")).to_be_checked()
    release()
    expect(page.locator(FOUND).first).to_be_visible()
    expect(page.locator(FIELD)).to_be_focused()
    assert page.evaluate("window.isSame") is True
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/models/{MODEL}/?h=*")


def test_the_search_closes_before_the_theme_is_there(page: Page, address: str) -> None:
    """Escape closes what the key has opened, and it stays closed when the theme's script comes."""
    release = held(page, THEME)
    page.goto(f"{address}models/{MODEL}/#modules")
    page.keyboard.press("s")
    expect(page.locator("#__search")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#__search")).not_to_be_checked()
    release()
    scripted(page)
    page.keyboard.press("Shift")
    expect(page.locator("#__search")).not_to_be_checked()
    page.keyboard.press("s")
    expect(page.locator("#__search")).to_be_checked()


def test_a_tap_on_the_sign_of_the_search_leads_into_its_field(page: Page, address: str) -> None:
    """On a phone the first tap opens the search, and what is typed next goes into it."""
    release = held(page, THEME)
    page.set_viewport_size({"width": NARROW, "height": 800})
    page.goto(f"{address}models/{MODEL}/")
    page.locator("header > nav > [for=__search]").click()
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type(MODEL)
    release()
    expect(page.locator(FOUND).first).to_be_visible()


def test_keys_in_fields_and_with_others_are_left_alone(page: Page, address: str) -> None:
    """Who types into a field of the page types letters, and the browser's own keys stay its own."""
    release = held(page, THEME)
    page.goto(address)
    field = page.get_by_label("Find a model")
    field.press("f")
    field.press("/")
    expect(field).to_have_value("f/")
    field.blur()
    page.keyboard.press("Control+Shift+s")
    page.keyboard.press("Alt+f")
    expect(page.locator("#__search")).not_to_be_checked()
    release()


def test_the_first_key_leads_to_the_next_page(page: Page, address: str) -> None:
    """The theme's keys for the pages beside this one work as a first act too."""
    page.goto(f"{address}guide/method/")
    following = page.locator("link[rel=next]").evaluate("link => link.href")
    page.keyboard.press("n")
    page.wait_for_url(following)
    page.keyboard.press("p")
    page.wait_for_url(f"{address}guide/method/")


@pytest.mark.sweep
def test_what_could_not_be_loaded_is_tried_again(browser: Browser, address: str) -> None:
    """After a failure of the theme's script or of a table's tools, the next act loads them."""
    context = browser.new_context()
    page = context.new_page()
    for pattern in (THEME, "**/js/model/page.js"):
        page.route(pattern, lambda route: route.fulfill(status=503))
    page.goto(f"{address}models/{MODEL}/")
    page.evaluate(FAILURE)
    page.keyboard.press("Shift")
    page.evaluate("window.failure")
    expect(page.locator("link.script")).to_have_count(1)
    page.unroute_all()
    page.keyboard.press("Shift")
    expect(page.get_by_label("Filter by name, shape or form")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(MODEL)
    expect(page.locator(FOUND).first).to_be_visible()
    context.close()


def test_what_is_typed_into_the_finder_before_its_script_is_kept(page: Page, address: str) -> None:
    """Beside what the address asks for, what was typed and ticked meanwhile holds, and stands in the address."""
    release = held(page, "**/js/rank/*.js")
    page.goto(f"{address}models/?sort=macs&macs=1..", wait_until="commit")
    name = page.get_by_label("Name", exact=True)
    name.fill("tinynet")
    name.press("Enter")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Parameter tensors").uncheck()
    release()
    page.wait_for_url("**name=tinynet**")
    expect(name).to_have_value("tinynet")
    shown = page.locator("atlas-rank tbody tr td:nth-child(2)").filter(visible=True)
    expect(shown.first).to_contain_text("tinynet")
    expect(page.locator(".finder output")).to_contain_text(f"of {integer(len(small.ROWS))} models")
    expect(page.get_by_label("Parameter tensors")).not_to_be_checked()
    expect(page.get_by_role("button", name="Parameter tensors")).to_have_count(0)
    assert re.search(r"[?&]macs=1\.\.(&|$)", page.url)
    assert "sort=macs" in page.url


def test_the_finder_is_there_for_who_was_there_before_its_script(page: Page, address: str) -> None:
    """Who has only gone into a field meanwhile, and done nothing since, has the boxes of the rows all the same."""
    release = held(page, "**/js/rank/*.js")
    page.goto(f"{address}models/", wait_until="commit")
    page.get_by_label("Name", exact=True).focus()
    release()
    expect(page.locator("atlas-rank tbody input").first).to_be_attached()


def test_what_is_typed_into_the_plots_before_their_script_is_kept(page: Page, address: str) -> None:
    """What was typed and chosen before the script is what is drawn first."""
    release = held(page, "**/js/explore/*.js")
    page.goto(f"{address}explore/", wait_until="commit")
    name = page.get_by_label("Name has")
    name.fill("tinynet_50")
    name.press("Enter")
    page.get_by_label("Colours and shapes by").select_option("licence")
    release()
    expect(page.locator(".legend")).to_contain_text("permissive")
    expect(name).to_have_value("tinynet_50")
    page.wait_for_url("**/explore/?name=tinynet_50&colour=licence")


def test_what_is_typed_into_the_comparison_before_its_script_is_kept(page: Page, address: str) -> None:
    """A name that was typed before the script has its suggestions when it comes, and the comparison stays."""
    release = held(page, "**/js/compare/*.js")
    page.goto(f"{address}compare/?m={small.SIBLINGS[0]}", wait_until="commit")
    field = page.get_by_label("Add a model")
    field.fill(small.SIBLINGS[1])
    field.press("Enter")
    release()
    expect(page.get_by_role("option").first).to_contain_text(small.SIBLINGS[1])
    field.press("Enter")
    page.wait_for_url(f"**/compare/?m={','.join(small.SIBLINGS)}")


def test_a_key_that_is_held_is_one_act(page: Page, address: str) -> None:
    """A button on which Enter is held acts once: a browser refuses a hundred entries of its history in a row."""
    page.goto(f"{address}models/")
    heading = page.get_by_role("button", name="MACs", exact=True)
    heading.focus()
    expect(page.locator("atlas-rank tbody input").first).to_be_attached()
    before = page.evaluate("history.length")
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(page.locator("th[aria-sort]")).to_have_text("MACs")
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    assert page.evaluate("history.length") == before + 1


def test_typing_changes_the_address_rarely(page: Page, address: str) -> None:
    """Many keys in a row are few changes of the address, on the rank page and in the plots."""
    count = """() => {
        window.changes = 0;
        for (const name of ["pushState", "replaceState"]) {
            const own = history[name].bind(history);
            history[name] = (...told) => {
                window.changes += 1;
                return own(...told);
            };
        }
    }"""
    for path, label in (("models/", "Name"), ("explore/", "Name has")):
        page.goto(address + path)
        page.evaluate(count)
        field = page.get_by_label(label, exact=True)
        field.focus()
        # All in one task, as a held key would be for a busy page.
        field.evaluate(
            """field => {
                for (let keys = 0; keys < 150; keys += 1) {
                    field.value += "t";
                    field.dispatchEvent(new Event("input", {bubbles: true}));
                }
            }"""
        )
        page.wait_for_url("**name=t**")
        assert page.evaluate("window.changes") <= 2, path
