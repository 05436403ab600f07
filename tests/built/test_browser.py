"""The built site in a real browser."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.site import BROWSER_ARGUMENTS, QuietHandler, served
from generator.dataset import Dataset
from tests.built.conftest import WIDE

NARROW = 320
# What axe finds in what Material makes in the browser, which our pages cannot mend: rule, element and reason.
THEME_FAULTS = {
    ("landmark-unique", "md-code__nav"): "each code block's copy button sits in a navigation landmark without a name",
}


def search_results(page: Page, query: str) -> Locator:
    """The links of the results for a query typed into the search field of the header.

    Material reads the field when a key is released, and once, a millisecond after it takes the focus: text that is
    put in without a key may come too late for that. So a key that changes nothing is pressed after it.
    """
    field = page.locator("[data-md-component=search-query]")
    field.fill(query)
    field.press("End")
    return page.locator(".md-search-result__item > a.md-search-result__link")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("resnet50", "resnet50"),
        ("resnet50t", "resnet50t"),
        ("vit_base_patch16_224", "vit_base_patch16_224"),
        ("vit base patch16 224", "vit_base_patch16_224"),
        ("convnext_tiny", "convnext_tiny"),
        ("efficientnet_b0", "efficientnet_b0"),
        ("mobilenetv2_120d", "mobilenetv2_120d"),
        ("mobilenetv2 120d", "mobilenetv2_120d"),
    ],
)
def test_search_puts_the_named_model_first(page: Page, address: str, query: str, name: str) -> None:
    """A model's own name, with or without its underscores, finds it before all whose name is longer."""
    page.goto(address)
    expect(search_results(page, query).first).to_have_attribute("href", re.compile(f"/models/{name}/"))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("mobilenetv2_120", "mobilenetv2_120d"),
        ("120d", "mobilenetv2_120d"),
        ("convnext_base", "convnext_base"),
        ("deit_base_patch16_224", "deit_base_patch16_224"),
        ("vit_small_patch16_224", "vit_small_patch16_224"),
    ],
)
def test_search_finds_the_model(page: Page, address: str, query: str, name: str) -> None:
    """The search finds a model by its name and by parts of it, among the first five."""
    page.goto(address)
    results = search_results(page, query)
    expect(results.first).to_be_attached()
    links = [link.get_attribute("href") or "" for link in results.all()[:5]]
    assert any(f"/models/{name}/" in link for link in links), links


def test_home_searches_first(page: Page, address: str) -> None:
    """The search field of the home page opens the search with what was typed."""
    page.goto(address)
    page.get_by_label("Find a model").fill("mobilenetv2 120d")
    page.get_by_label("Find a model").press("Enter")
    result = page.locator(".md-search-result__item a[href*='/models/mobilenetv2_120d/']").first
    result.wait_for(state="visible")


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
    """ "Check rank" scrolls to the model's row and marks it."""
    page.goto(f"{address}models/mobilenetv2_120d/")
    page.get_by_role("link", name="Check rank").click()
    page.wait_for_url("**/models/#mobilenetv2_120d")
    row = page.locator("tr:target")
    assert row.locator("td").nth(1).inner_text() == "mobilenetv2_120d"
    page.wait_for_function(
        "() => { const top = document.querySelector('tr:target').getBoundingClientRect().top;"
        " return top > 60 && top < innerHeight; }"
    )


def test_the_line_of_code_is_copied(page: Page, address: str) -> None:
    """The button beside the create_model line puts just that line into the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}models/mobilenetv2_120d/")
    # The button comes with the theme's script, which comes with the reader's first act.
    page.mouse.move(100, 100)
    page.get_by_title("Copy to clipboard").first.click()
    page.get_by_text("Copied to clipboard").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == 'model = timm.create_model("mobilenetv2_120d", pretrained=True)'


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
        page.wait_for_function("window.document$ && new Promise((drawn) => requestAnimationFrame(() => drawn(true)))")
        # What the layer table gets has its room, and its headings stay as they were.
        expect(page.locator("atlas-layers:empty")).to_have_count(0)
        after = set(page.evaluate(places))
        assert [place for place in before if place not in after] == [], kind


def test_module_tree_opens_by_keyboard(page: Page, address: str) -> None:
    """A module opens with the Enter key, and what is in it becomes visible."""
    page.goto(f"{address}models/mobilenetv2_120d/")
    closed = page.locator(".module-tree details details").first
    closed.locator("> summary").press("Enter")
    assert closed.locator("> ul > li").first.is_visible()


def test_no_page_scrolls_sideways(page: Page, address: str, kinds: list[str], ranked: pd.DataFrame) -> None:
    """Nothing is wider than a narrow screen, on any kind of page; wide tables scroll within themselves."""
    page.set_viewport_size({"width": NARROW, "height": 700})
    longest_name = max(ranked["name"], key=len)
    for kind in (*kinds, f"models/{longest_name}/"):
        if kind != "404.html":
            page.goto(address + kind)
            page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, kind


def test_every_focus_is_seen(page: Page, address: str, kinds: list[str]) -> None:
    """What the keyboard reaches shows that it is reached, by a line around it; the search shows its dialog."""
    for kind in kinds:
        page.goto(address + kind)
        for _ in range(20):
            page.keyboard.press("Tab")
            unseen = page.evaluate(
                """() => {
                    const {activeElement: element} = document, style = getComputedStyle(element);
                    const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                    return isSeen || element.matches("body, .md-search *") ? "" : element.outerHTML.slice(0, 200);
                }"""
            )
            assert unseen == "", kind


def test_reduced_motion_is_honoured(page: Page, address: str) -> None:
    """Who wants less motion gets none: nothing on a page takes time to change or scrolls by itself."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}models/mobilenetv2_120d/")
    slow = """[...document.querySelectorAll("*")].filter((element) => {
        const {transitionDuration, animationDuration, scrollBehavior} = getComputedStyle(element);
        const longest = Math.max(...`${transitionDuration},${animationDuration}`.split(",").map(parseFloat));
        return longest > 0.001 || scrollBehavior === "smooth";
    }).length"""
    assert page.evaluate(slow) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(slow) > 0


def test_printing_gives_a_clean_page(page: Page, address: str, kinds: list[str]) -> None:
    """On paper there is what the page says, black on white in either palette, and nothing to click but headings."""
    for scheme in ("light", "dark"):
        page.emulate_media(media="print", color_scheme="dark" if scheme == "dark" else "light")
        for kind in kinds:
            page.goto(address + kind)
            shown = page.locator(
                ".md-header, .md-tabs, .md-sidebar, .md-path, .md-search, .md-top, .md-footer nav, .headerlink, "
                ".md-content form, .md-content button:not(th button)"
            )
            assert [element.get_attribute("class") for element in shown.all() if element.is_visible()] == [], kind
            colours = page.locator("body").evaluate(
                "body => [getComputedStyle(body).backgroundColor, getComputedStyle(body.querySelector('h1')).color]"
            )
            assert colours[0] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), kind
            assert re.match(r"rgba?\(0, 0, 0", colours[1]), (kind, colours)


def test_an_unknown_address_suggests_models(browser: Browser, site: Path) -> None:
    """Where a host gives the page for unknown addresses, it names the models that are nearest, and leads to them."""

    class Host(QuietHandler):
        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            body = (site / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    page = browser.new_page()
    with served(site, Host) as root:
        page.goto(f"{root}models/resnet55/")
        page.get_by_role("link", name="resnet50", exact=True).click()
        page.wait_for_url(f"{root}models/resnet50/")
    page.close()


def test_every_kind_of_page_is_quiet(page: Page, address: str, kinds: list[str]) -> None:
    """No kind of page asks a foreign origin for anything or writes an error to the console."""
    for kind in kinds:
        page.goto(address + kind)
        page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, kinds: list[str], scheme: str, width: int) -> None:
    """axe finds no violation that is ours on any kind of page, in either palette, on wide screens and narrow ones."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    # The palettes differ in colours alone.
    options = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
    found = {}
    for kind in kinds:
        page.goto(address + kind)
        violations = Axe().run(page, options=options).response["violations"]
        for violation in violations:
            for node in violation["nodes"]:
                if not any(rule == violation["id"] and element in node["html"] for rule, element in THEME_FAULTS):
                    found[kind, violation["id"]] = node["html"][:200]
    context.close()
    assert found == {}


@pytest.fixture(scope="session")
def long_pages(kinds: list[str], ranked: pd.DataFrame) -> list[str]:
    """The pages with long tables: the rank page, the longest model page and that with the longest name, a family."""
    longest = ranked.sort_values("parameter_tensors", kind="stable")["name"].iloc[-1]
    named = max(ranked["name"], key=len)
    family = ranked["family"].value_counts().index[0]
    return ["models/", f"models/{longest}/", f"models/{named}/", f"families/{family}/", "families/"]


def test_long_tables_fit_their_columns(page: Page, address: str, long_pages: list[str]) -> None:
    """No cell of a long table is wider than the width that its column was given."""
    for long_page in long_pages:
        page.goto(address + long_page)
        page.add_style_tag(content=".long-table tbody { content-visibility: visible !important; }")
        cells = page.locator(".long-table :is(th, td)")
        assert cells.count() > 100
        too_wide = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"
        assert cells.evaluate_all(too_wide) == [], long_page


def test_long_tables_lay_out_what_is_in_sight(page: Page, address: str, long_pages: list[str]) -> None:
    """Rows far below are not laid out, and the page is as high as if they were: nothing moves when they are."""
    for long_page in long_pages:
        page.goto(address + long_page)
        last = page.locator(".long-table tbody").last
        # The table of the rank page scrolls within itself.
        height = "document.documentElement.scrollHeight + document.querySelector('.long-table').scrollHeight"
        before = page.evaluate(height)
        if long_page in ("models/", long_pages[1]):
            assert not last.locator("td").first.evaluate("cell => cell.checkVisibility({contentVisibilityAuto: true})")
        page.add_style_tag(content=".long-table tbody { content-visibility: visible !important; }")
        assert abs(page.evaluate(height) - before) <= 2, long_page


def test_text_in_a_long_table_is_found(page: Page, address: str, ranked: pd.DataFrame) -> None:
    """The browser's own search finds a name in a row that is not laid out yet, and shows it."""
    name = ranked["name"].iloc[-1]
    # A fragment of text goes the way of the browser's search, which window.find() does not.
    page.goto(f"{address}models/#:~:text={name}")
    found = page.locator(f"tr[id='{name}']")
    expect(found).to_be_in_viewport()


def test_long_tables_are_tables_to_a_screen_reader(browser: Browser, address: str, dataset: Dataset) -> None:
    """All rows are rows and all cells are cells to a screen reader, in sight or not."""
    # What is out of sight joins the accessibility tree when something reads that tree, as a screen reader does.
    arguments = [*BROWSER_ARGUMENTS, "--force-renderer-accessibility"]
    reading = browser.browser_type.launch(executable_path=os.environ["ATLAS_BROWSER"], args=arguments)
    page = reading.new_page()
    page.goto(f"{address}models/")
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]

    def count(role: str) -> int:
        return len(session.send("Accessibility.queryAXTree", {"nodeId": root, "role": role})["nodes"])

    rows = len(dataset.models) + 1
    columns = count("columnheader")
    assert columns >= 6
    assert (count("table"), count("row"), count("cell")) == (1, rows, (rows - 1) * columns)
    reading.close()


def test_long_tables_are_printed_whole(page: Page, address: str, long_pages: list[str]) -> None:
    """On paper every row is laid out, and the headings have their words though they are buttons."""
    page.emulate_media(media="print")
    for long_page in long_pages:
        page.goto(address + long_page)
        page.keyboard.press("Shift")
        page.wait_for_load_state("networkidle")
        assert "" not in page.locator(".long-table th").all_inner_texts(), long_page
        hidden = "cells => cells.filter(cell => !cell.checkVisibility({contentVisibilityAuto: true})).length"
        assert page.locator(".long-table td").evaluate_all(hidden) == 0


def test_long_tables_scroll_by_keyboard(page: Page, address: str) -> None:
    """On a narrow screen the table's region takes the focus and scrolls sideways with the arrow keys."""
    page.set_viewport_size({"width": NARROW, "height": 700})
    page.goto(f"{address}models/")
    region = page.get_by_role("region", name="Models by parameter memory")
    region.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.long-table').scrollLeft > 0")


def test_rank_page_without_javascript(browser: Browser, address: str, dataset: Dataset) -> None:
    """All rows are in the page when JavaScript is off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}models/")
    assert page.locator("article table tbody tr").count() == len(dataset.models)
    context.close()
