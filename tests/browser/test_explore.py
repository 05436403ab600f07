"""The explore page in a real browser: what is drawn, where it leads, by keyboard, by address, and without a script."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.facts.figures import FIGURES, ModelRow
from generator.pages.formatting import integer
from generator.ranking.fronts import front
from tests import small
from tests.browsing import violations

# What a drawn chart of Bokeh is in.
DRAWN = ".plot .bk-Figure"
# The models that are shown unless test fixtures are asked for, and those of them that have a place on the axes of the
# page as it is served, in the order of ranks.
MODELS = [row for row in small.ROWS if row.name != small.FIXTURE]
PLACED = [row for row in MODELS if row.macs and row.parameters]
FAMILY = "tinynet"


def opened(page: Page, address: str, search: str = "") -> None:
    """Open the page and wait until its chart is drawn."""
    page.goto(f"{address}explore/{search}")
    page.keyboard.press("Shift")
    expect(page.locator(DRAWN)).to_have_count(1)


def expect_names(page: Page, part: str, rows: list[ModelRow]) -> None:
    """Expect a table of a part of the page to name these models."""
    expect(page.locator(f"{part} tbody td:first-child")).to_have_text([row.name for row in rows])


def test_the_points_are_the_dataset(page: Page, address: str) -> None:
    """Every model with both figures is a point, in the order of ranks, and those without are counted."""
    opened(page, address)
    without = len(MODELS) - len(PLACED)
    expect(page.locator(".matches")).to_contain_text(
        f"All {integer(len(MODELS))} models. {without} of them have no place on these axes."
    )
    page.locator(".points summary").click()
    expect_names(page, ".points", PLACED)
    expect(page.locator(".points tbody tr").first.locator("td").nth(2)).to_have_text(integer(PLACED[0].parameters))


def test_the_axes_are_the_declared_ones(page: Page, address: str) -> None:
    """Every list of figures offers those that declare an axis, before the script and after it."""
    expected = [figure.axis for figure in FIGURES if figure.axis]
    page.goto(f"{address}explore/")
    for _ in range(2):
        for name in ("x", "y", "figure"):
            assert page.locator(f"select[name={name}] option").all_text_contents() == expected
        page.keyboard.press("Shift")
        expect(page.locator(DRAWN)).to_have_count(1)


def test_the_front_is_that_of_the_dataset(page: Page, address: str) -> None:
    """The script finds the front that the page was made with, and that of another pair of figures."""
    expected = front(PLACED, more="parameters", fewer="macs")
    page.goto(f"{address}explore/")
    expect_names(page, ".members", expected)
    opened(page, address)
    expect(page.locator(".about-front")).to_contain_text(f"{len(expected)} models of those in the plot")
    expect_names(page, ".members", expected)
    page.get_by_label("Figure").first.select_option("activations")
    other = front(PLACED, more="parameters", fewer="activations")
    assert other != expected
    expect(page.locator(".about-front")).to_contain_text(f"{len(other)} model")
    expect_names(page, ".members", other)


def test_arrow_keys_reach_points_and_enter_opens_them(page: Page, address: str) -> None:
    """With the focus on the plot, arrow keys go by MACs, the point is told, and Enter leads to the model."""
    opened(page, address)
    page.locator(".plot").focus()
    page.keyboard.press("ArrowRight")
    by_macs = [row.name for row in sorted(PLACED, key=lambda row: row.macs or 0)]
    expect(page.locator(".point a")).to_have_text(by_macs[0])
    page.keyboard.press("ArrowRight")
    expect(page.locator(".point a")).to_have_text(by_macs[1])
    page.keyboard.press("End")
    expect(page.locator(".point a")).to_have_text(by_macs[-1])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/models/{by_macs[-1]}/")


def test_a_click_on_a_point_opens_its_model(page: Page, address: str) -> None:
    """Under the pointer a point tells its name, and a click leads to its model."""
    # Alone in the plot, it stands in its middle.
    name = small.TYPICAL
    opened(page, address, f"?name={name}&parameters=1..")
    expect(page.locator(".matches")).to_contain_text(f"1 of {integer(len(MODELS))} models")
    # The middle of the frame between the axes, whose labels take room at the left and below.
    across, down = page.evaluate(
        """() => {
            const view = [...Bokeh.index.roots][0], {left, top, width, height} = view.frame.bbox;
            const {x, y} = view.el.getBoundingClientRect();
            return [x + left + width / 2, y + top + height / 2];
        }"""
    )
    page.mouse.move(across, down)
    expect(page.locator(".bk-Tooltip").get_by_text(name)).to_be_visible()
    page.mouse.click(across, down)
    page.wait_for_url(f"**/models/{name}/")


def test_the_address_has_what_is_shown(page: Page, address: str) -> None:
    """What a reader chooses stands in the address, and the address shows it again; the filter is the rank page's."""
    opened(page, address)
    page.get_by_label("Name has").fill("tinynet_50")
    page.get_by_label("Figure").nth(1).select_option("parameter_bytes")
    page.get_by_label("Axis").nth(1).select_option("linear")
    page.get_by_label("Colours and shapes by").select_option("licence")
    page.get_by_role("checkbox", name="Pareto front").uncheck()
    expected = {"name": "tinynet_50", "y": "parameter_bytes", "y_scale": "linear", "colour": "licence", "front": "no"}
    page.wait_for_function("location.search.includes('front=no')")
    search = urlsplit(page.url).query
    assert parse_qs(search) == {key: [value] for key, value in expected.items()}
    expect(page.locator(".legend")).to_contain_text("permissive")
    rank = page.get_by_role("link", name="Open them in the rank page")
    expect(rank).to_have_attribute("href", "../models/?name=tinynet_50")
    opened(page, address, f"?{search}")
    expect(page.get_by_label("Name has")).to_have_value("tinynet_50")
    expect(page.get_by_label("Figure").nth(1)).to_have_value("parameter_bytes")
    expect(page.get_by_role("checkbox", name="Pareto front")).not_to_be_checked()
    expect(page.get_by_role("link", name="Without the filter")).to_have_attribute("href", re.compile("y_scale=linear"))


def test_the_filter_of_the_rank_page_holds(page: Page, address: str) -> None:
    """Limits that the rank page puts into its address leave the same models here."""
    opened(page, address, "?parameters=..1M&weights=yes")
    few = [row for row in MODELS if row.parameters <= 10**6 and row.tags]
    assert 0 < len(few) < len(PLACED)
    expect(page.locator(".matches")).to_contain_text(f"{len(few)} of {integer(len(MODELS))} models match the filter.")
    page.locator(".points summary").click()
    expect_names(page, ".points", few)


def test_the_histogram_counts_all_and_a_family(page: Page, address: str) -> None:
    """The steps of the histogram add up to all models, and to those of the chosen family."""
    opened(page, address)
    page.get_by_label("and of the family").select_option(FAMILY)
    page.get_by_label("Histogram of").select_option("macs")
    page.locator(".steps summary").click()
    rows = page.locator(".steps tbody tr")
    expect(page.locator(".steps th").nth(2)).to_have_text(f"Of {FAMILY}")
    expect(rows).to_have_count(30)
    cells = [row.split("\t") for row in rows.all_inner_texts()]
    assert sum(int(all_models.replace(",", "")) for _, all_models, _ in cells) == len(PLACED)
    assert sum(int(members) for _, _, members in cells) == sum(row.family == FAMILY for row in PLACED)
    expect(page.locator(".histogram .bk-Figure")).to_have_count(1)


def test_what_is_not_understood_in_an_address_is_told(page: Page, address: str) -> None:
    """Keys and values that are none are named with the nearest that exists, until the reader chooses something."""
    opened(page, address, f"?x=mac&clour=licence&parameters=..5Q&of={FAMILY}s")
    expect(page.locator(".address-fault")).to_have_text(
        [
            'The address has "clour", which this page does not know. Nearest: colour.',
            '"..5Q" for "parameters" in the address is not understood. A limit is written as in "..25M".',
            re.compile('^"mac" for "x" in the address is not known. Nearest: macs'),
            re.compile(f'^"{FAMILY}s" for "of" in the address is not known. Nearest: {FAMILY}'),
        ]
    )
    page.locator("select[name=y_scale]").select_option("linear")
    expect(page.locator(".address-fault")).to_have_count(0)


def test_back_from_a_model_is_the_same_place(page: Page, address: str) -> None:
    """The table of points is open as it was, as far down, and the link that was followed has the focus."""
    opened(page, address)
    page.locator(".points summary").click()
    link = page.locator(".points tbody a").nth(20)
    link.focus()
    before = page.evaluate("Math.round(scrollY)")
    assert before > 0
    name = link.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/models/{name}/")
    page.go_back()
    expect(link).to_be_focused()
    expect(link).to_have_text(name)
    assert page.evaluate("Math.round(scrollY)") == before
    page.goto(address)
    opened(page, address)
    expect(page.locator(".points[open]")).to_have_count(0)


def test_a_name_that_is_none_shows_the_nearest(page: Page, address: str) -> None:
    """Models that are near to a name are drawn, and the page says that none is named so."""
    opened(page, address, "?name=tinynet-50d")
    expect(page.locator(".matches")).to_contain_text('Nothing is named "tinynet-50d". Nearest: tinynet_50d.')
    expect(page.locator(".matches")).to_contain_text(
        f"1 of {integer(sum(not row.fixture for row in small.ROWS))} models"
    )


def test_nothing_to_draw_is_said(page: Page, address: str) -> None:
    """Where the filter leaves nothing, the page says so and stands."""
    page.goto(f"{address}explore/?name=no+such+model")
    expect(page.locator(".plot")).to_have_text("No model has a place on these axes.")
    expect(page.locator(".matches")).to_contain_text("0 of ")


def test_a_failed_load_is_told_and_tried_again(browser: Browser, address: str) -> None:
    """Where the data cannot be loaded the page says so, the picture stays, and the next act tries again."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/data/index.json", lambda route: route.fulfill(status=503))
    page.goto(f"{address}explore/")
    page.keyboard.press("Shift")
    expect(page.locator(".matches")).to_contain_text("could not be loaded (HTTP 503)")
    expect(page.locator(".plot svg")).to_be_visible()
    page.unroute("**/data/index.json")
    page.keyboard.press("Shift")
    expect(page.locator(DRAWN)).to_have_count(1)
    context.close()


@pytest.mark.sweep
def test_nothing_moves_when_the_chart_comes(page: Page, address: str) -> None:
    """The chart takes the room of the picture: headings and controls stay, on wide and on narrow screens."""
    places = """['.plot', '#front', '#distributions', '.histogram', 'form.controls'].map((part) => {
        const {y, height} = document.querySelector(part).getBoundingClientRect(); return [part, y, height].join(" ");
    })"""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}explore/")
        before = page.evaluate(places)
        page.keyboard.press("Shift")
        expect(page.locator(".histogram .bk-Figure")).to_have_count(1)
        assert page.evaluate(places) == before, width


@pytest.mark.sweep
def test_the_palette_changes_the_chart(page: Page, address: str) -> None:
    """When the reader changes the palette, the chart is drawn in its colours."""
    opened(page, address)
    axis = "[...Bokeh.index.roots].map(({model}) => model.below?.[0]).find(Boolean)"
    colour = f"JSON.stringify({axis}?.major_label_text_color ?? null)"
    expect(page.locator(".histogram .bk-Figure")).to_have_count(1)
    before = page.evaluate(colour)
    assert before != "null"
    page.get_by_role("button", name="Switch to light mode").click()
    page.get_by_role("button", name="Switch to dark mode").click()
    page.wait_for_function(f"before => ![before, 'null'].includes({colour})", arg=before)


def test_without_javascript_there_is_the_picture(browser: Browser, address: str) -> None:
    """When JavaScript is off there is the static picture, whose points and table lead to models, and no control."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}explore/")
    expect(page.locator(".plot svg")).to_be_visible()
    expect(page.locator("atlas-explore form").filter(visible=True)).to_have_count(0)
    best = front(PLACED, more="parameters", fewer="macs")
    links = [link.get_attribute("xlink:href") for link in page.locator(".plot svg a").all()]
    assert links == [f"../models/{row.name}/" for row in best]
    page.locator(".members a").first.click()
    page.wait_for_url(f"**/models/{best[0].name}/")
    context.close()


def test_the_library_is_asked_for_when_it_is_needed(page: Page, address: str) -> None:
    """The charting library is asked for once a reader does something, and not before."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/assets/charts/" in request.url else None)
    page.goto(f"{address}explore/")
    page.wait_for_load_state("networkidle")
    assert asked == []
    page.keyboard.press("Shift")
    expect(page.locator(DRAWN)).to_have_count(1)
    assert len(asked) == 2


@pytest.mark.sweep
def test_axe_finds_nothing_in_the_chart(page: Page, address: str) -> None:
    """axe finds nothing in the page with its chart drawn and its tables open."""
    opened(page, address)
    expect(page.locator(".histogram .bk-Figure")).to_have_count(1)
    page.evaluate("document.querySelectorAll('.explore details').forEach((details) => { details.open = true; })")
    expect(page.locator(".steps tbody tr").first).to_be_visible()
    assert violations(page) == []


def test_the_histogram_is_there_from_the_start(page: Page, browser: Browser, address: str) -> None:
    """Before any act there is a picture of the histogram, whose place the chart takes; without scripts it stays."""
    page.goto(f"{address}explore/")
    picture = page.locator(".histogram svg .bars")
    expect(picture).to_have_count(1)
    expect(page.locator(".histogram svg")).to_contain_text("Parameters")
    page.keyboard.press("Shift")
    expect(page.locator(".histogram .bk-Figure")).to_have_count(1)
    expect(picture).to_have_count(0)
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(f"{address}explore/")
    expect(still.locator(".histogram svg .bars")).to_be_visible()
    context.close()
