"""What every kind of page holds in a real browser: palettes, focus, motion, paper, narrow screens, screen readers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.site import served
from tests import small
from tests.browsing import (
    NARROW,
    THEME_FAULTS,
    WIDE,
    expect_to_fit,
    host_of,
    own_violations,
    scripted,
    unseen_focus,
    violations,
)


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_palette_follows_and_is_chosen(browser: Browser, address: str, system: Literal["light", "dark"]) -> None:
    """Pages have the system's palette until a reader takes light or dark, by keyboard too; the choice is kept."""
    context = browser.new_context(color_scheme=system)
    page = context.new_page()
    page.goto(address)
    scheme, own = page.locator("body"), {"light": "default", "dark": "slate"}
    expect(scheme).to_have_attribute("data-md-color-scheme", own[system])
    for name, expected in (("Switch to light mode", "default"), ("Switch to dark mode", "slate")):
        page.get_by_role("button", name=name).press("Enter")
        expect(scheme).to_have_attribute("data-md-color-scheme", expected)
    page.goto(f"{address}models/")
    expect(scheme).to_have_attribute("data-md-color-scheme", "slate")
    page.get_by_role("button", name="Switch to automatic mode").click()
    expect(scheme).to_have_attribute("data-md-color-scheme", own[system])
    page.emulate_media(color_scheme="dark" if system == "light" else "light")
    expect(scheme).not_to_have_attribute("data-md-color-scheme", own[system])
    context.close()


def test_the_palette_is_there_before_the_page_is_drawn(browser: Browser, address: str) -> None:
    """A dark page is dark without the theme's script: it never shows light first."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.route("**/bundle.*.js", lambda route: route.abort())
    page.goto(address)
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    context.close()


def test_check_rank_leads_to_the_own_row(page: Page, address: str) -> None:
    """ "Check rank" scrolls to the model's row and marks it, below what stays at the top of the screen."""
    page.goto(f"{address}models/{small.TYPICAL}/")
    page.get_by_role("link", name="Check rank").click()
    page.wait_for_url(f"**/models/#{small.TYPICAL}")
    row = page.locator("tr:target")
    expect(row.locator("td").nth(1)).to_have_text(small.TYPICAL)
    page.wait_for_function(
        "() => { const top = document.querySelector('tr:target').getBoundingClientRect().top;"
        " return top > 60 && top < innerHeight; }"
    )


def test_the_line_of_code_is_copied(page: Page, address: str) -> None:
    """The button beside the create_model line puts just that line into the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}models/{small.TYPICAL}/")
    # The button comes with the theme's script, which comes with the reader's first act.
    page.mouse.move(100, 100)
    page.get_by_title("Copy to clipboard").first.click()
    expect(page.get_by_text("Copied to clipboard")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == f'model = timm.create_model("{small.TYPICAL}", pretrained=True)'


@pytest.mark.sweep
def test_nothing_moves_when_the_script_comes(page: Page, address: str, kinds: list[str]) -> None:
    """The theme's script waits for the reader's first act, and then leaves everything where it is."""
    # What the explore page draws anew has its place kept, and that is looked at.
    drawn = ".explore :is(.plot, .members, .histogram) *"
    places = f"""[...document.querySelectorAll(".md-content *:not({drawn})")].map((element) => {{
        const {{x, y, width, height}} = element.getBoundingClientRect();
        return [element.className.toString(), x, y, width, height].join(" ");
    }})"""
    script = page.locator("script[src*=bundle]")
    for kind in kinds:
        page.goto(address + kind)
        expect(script).to_have_count(0)
        before = page.evaluate(places)
        page.keyboard.press("Shift")
        expect(script).to_have_count(1)
        scripted(page)
        # What the layer table gets has its room, and its headings stay as they were.
        expect(page.locator("atlas-layers:empty")).to_have_count(0)
        after = set(page.evaluate(places))
        assert [place for place in before if place not in after] == [], kind


def test_module_tree_opens_by_keyboard(page: Page, address: str) -> None:
    """A module opens with the Enter key, and what is in it becomes visible."""
    page.goto(f"{address}models/{small.TYPICAL}/")
    closed = page.locator(".module-tree details details").first
    expect(closed.locator("> ul > li").first).to_be_hidden()
    closed.locator("> summary").press("Enter")
    expect(closed.locator("> ul > li").first).to_be_visible()


@pytest.mark.sweep
def test_no_page_scrolls_sideways(page: Page, address: str, kinds: list[str]) -> None:
    """Nothing is wider than a narrow screen, on any kind of page; wide tables scroll within themselves."""
    page.set_viewport_size({"width": NARROW, "height": 700})
    longest_name = max(small.RECORD, key=len)
    for kind in (*kinds, f"models/{longest_name}/"):
        if kind != "404.html":
            page.goto(address + kind)
            page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
            expect_to_fit(page, NARROW, kind)


@pytest.mark.sweep
def test_every_focus_is_seen(page: Page, address: str, kinds: list[str]) -> None:
    """What the keyboard reaches shows that it is reached, by a line around it; the search shows its dialog."""
    for kind in kinds:
        page.goto(address + kind)
        assert unseen_focus(page) == [], kind


def test_reduced_motion_is_honoured(page: Page, address: str) -> None:
    """Who wants less motion gets none: nothing on a page takes time to change or scrolls by itself."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}models/{small.TYPICAL}/")
    slow = """[...document.querySelectorAll("*")].filter((element) => {
        const {transitionDuration, animationDuration, scrollBehavior} = getComputedStyle(element);
        const longest = Math.max(...`${transitionDuration},${animationDuration}`.split(",").map(parseFloat));
        return longest > 0.001 || scrollBehavior === "smooth";
    }).length"""
    assert page.evaluate(slow) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(slow) > 0


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_printing_gives_a_clean_page(
    page: Page, address: str, kinds: list[str], scheme: Literal["light", "dark"]
) -> None:
    """On paper there is what the page says, black on white in either palette, and nothing to click but headings."""
    page.emulate_media(media="print", color_scheme=scheme)
    for kind in kinds:
        page.goto(address + kind)
        shown = page.locator(
            ".md-header, .md-tabs, .md-sidebar, .md-path, .md-search, .md-top, .md-footer nav, .headerlink, "
            ".md-content form, .md-content button:not(th button)"
        ).filter(visible=True)
        expect(shown, kind).to_have_count(0)
        colours = page.locator("body").evaluate(
            "body => [getComputedStyle(body).backgroundColor, getComputedStyle(body.querySelector('h1')).color]"
        )
        assert colours[0] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), kind
        assert re.match(r"rgba?\(0, 0, 0", colours[1]), (kind, colours)


def test_an_unknown_address_suggests_models(browser: Browser, site: Path) -> None:
    """Where a host gives the page for unknown addresses, it names the models that are nearest, and leads to them."""
    meant = small.SIBLINGS[0]
    page = browser.new_page()
    with served(site, host_of(site)) as root:
        page.goto(f"{root}models/{meant.replace('n', 'm', 1)}/")
        page.get_by_role("link", name=meant, exact=True).click()
        page.wait_for_url(f"{root}models/{meant}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text(meant)
    page.close()


@pytest.mark.sweep
def test_every_kind_of_page_is_quiet(page: Page, address: str, kinds: list[str]) -> None:
    """No kind of page asks a foreign origin for anything, or for the charts that no reader has asked for, and none
    writes an error to the console."""
    charts: list[str] = []
    page.context.on("request", lambda request: charts.append(request.url) if "/charts/" in request.url else None)
    tabs = [page.context.new_page() for _ in kinds]
    for tab, kind in zip(tabs, kinds, strict=True):
        tab.goto(address + kind)
        if kind != "explore/":
            tab.keyboard.press("Shift")
    # All at once, since each is watched for half a second in which nothing is asked for.
    for tab in tabs:
        tab.wait_for_load_state("networkidle")
    assert charts == []


# Halves, so that two processes share the work.
@pytest.mark.sweep
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing(browser: Browser, address: str, kinds: list[str], width: int, half: int) -> None:
    """axe finds no violation that is ours on any kind of page, in either palette, on wide screens and narrow ones."""
    # Without motion colours are what they are at once, where the palette changes.
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    found: list[tuple[str, ...]] = []
    for kind in kinds[half::2]:
        page.emulate_media(color_scheme="light")
        page.goto(address + kind)
        found += [(kind, *fault) for fault in own_violations(page)]
        # The palettes differ in colours alone.
        page.emulate_media(color_scheme="dark")
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        found += [(kind, "dark", *fault) for fault in own_violations(page, ["color-contrast"])]
    context.close()
    assert found == []


@pytest.mark.sweep
def test_every_fault_of_the_theme_is_still_there(page: Page, address: str) -> None:
    """An exception that no page needs any more has to go."""
    page.goto(f"{address}models/{small.TYPICAL}/")
    page.keyboard.press("Shift")
    expect(page.get_by_title("Copy to clipboard").first).to_be_attached()
    found = violations(page)
    assert [
        fault for fault in THEME_FAULTS if not any(fault[0] == rule and fault[1] in html for rule, html in found)
    ] == []
