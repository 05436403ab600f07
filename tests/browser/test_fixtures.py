"""The models that timm has for its own tests: in the tables as served, and elsewhere for who asks for them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from generator.pages.formatting import integer
from tests import small
from tests.browsing import settled_rows

pytestmark = pytest.mark.sweep

FIXTURE = small.FIXTURE
ALL = [row.name for row in small.ROWS]
OTHERS = [name for name in ALL if name != FIXTURE]
BOX = "with test fixtures"
DRAWN = ".plot .bk-Figure"


def awake(page: Page, address: str, query: str = "") -> None:
    """Open the rank page and wait for the finder."""
    page.goto(f"{address}models/{query}")
    page.get_by_label("Name", exact=True).focus()
    expect(page.locator(".finder output")).to_contain_text(f"of {integer(len(ALL))} models")
    expect(page.locator("atlas-rank tbody input, .finder-empty p").first).to_be_attached()


def test_the_table_as_served_has_every_model(page: Page, address: str) -> None:
    """Nobody has asked for anything yet: all models are there, and are counted."""
    page.goto(f"{address}models/")
    assert settled_rows(page) == ALL
    expect(page.locator(".finder output")).to_have_text(f"{integer(len(ALL))} of {integer(len(ALL))} models")


def test_the_finder_shows_fixtures_on_request(page: Page, address: str) -> None:
    """The smallest of all is a model of use, until the box is ticked; the address keeps that."""
    awake(page, address, "?name=tinynet&sort=parameters")
    assert FIXTURE not in settled_rows(page)
    page.get_by_label(BOX).check()
    page.wait_for_url("**fixtures=yes**")
    assert settled_rows(page)[0] == FIXTURE
    page.reload()
    expect(page.get_by_label(BOX)).to_be_checked()
    assert settled_rows(page)[0] == FIXTURE
    page.get_by_label(BOX).uncheck()
    assert FIXTURE not in settled_rows(page)
    awake(page, address)
    assert settled_rows(page) == OTHERS


def test_presets_and_limits_leave_fixtures_out(page: Page, address: str) -> None:
    """What fits a phone or is below a limit is no test fixture, though that is smaller than all."""
    awake(page, address)
    page.get_by_role("link", name="phone", exact=True).click()
    found = settled_rows(page)
    assert found
    assert FIXTURE not in found
    least = min(row.parameters for row in small.ROWS if row.name in OTHERS and row.parameters)
    assert small.RECORD[FIXTURE].parameters < least - 1
    awake(page, address, f"?parameters=1..{least - 1}")
    expect(page.locator(".finder-empty")).to_contain_text("binds")
    expect(page.locator(".finder-empty")).not_to_contain_text(FIXTURE)


def test_who_types_a_fixtures_name_is_led_to_it(page: Page, address: str) -> None:
    """A name that only a test fixture has says so, and a link takes the fixtures in."""
    awake(page, address)
    page.get_by_label("Name", exact=True).fill(FIXTURE)
    expect(page.locator(".finder-empty")).to_contain_text("Test fixtures are left out: take them in.")
    page.locator(".finder-empty li", has_text="Test fixtures").get_by_role("link", name="Loosen").click()
    expect(page.get_by_label(BOX)).to_be_checked()
    assert settled_rows(page) == [FIXTURE]


def test_check_rank_leads_to_the_row_of_a_fixture(page: Page, address: str) -> None:
    """Its page says what the model is, and the link to its row leads to a row that stays when the finder comes."""
    page.goto(f"{address}models/{FIXTURE}/")
    expect(page.locator("article")).to_contain_text("timm has this model for its own tests")
    page.get_by_role("link", name="Check rank").click()
    page.wait_for_url(f"**/models/#{FIXTURE}")
    page.get_by_label("Name", exact=True).focus()
    expect(page.locator("atlas-rank tbody input").first).to_be_attached()
    expect(page.get_by_label(BOX)).to_be_checked()
    assert settled_rows(page) == ALL
    expect(page.locator("tr:target")).to_have_attribute("id", FIXTURE)


def test_plots_leave_fixtures_out_and_say_so(page: Page, address: str) -> None:
    """The page counts the models without fixtures, names how many are left out, and takes them in by its link."""
    page.goto(f"{address}explore/")
    page.keyboard.press("Shift")
    expect(page.locator(DRAWN)).to_have_count(1)
    matches = page.locator(".matches")
    expect(matches).to_contain_text(f"All {integer(len(OTHERS))} models.")
    expect(matches).to_contain_text("1 test fixture of timm left out.")
    page.locator(".points summary").click()
    expect(page.locator(".points tbody")).not_to_contain_text(FIXTURE)
    page.get_by_role("link", name="Take them in").click()
    page.wait_for_url("**fixtures=yes**")
    assert parse_qs(urlsplit(page.url).query) == {"fixtures": ["yes"]}
    expect(matches).to_contain_text(f"All {integer(len(ALL))} models.")
    page.locator(".points summary").click()
    expect(page.locator(".points tbody")).to_contain_text(FIXTURE)


def test_no_other_page_calls_a_fixture_the_smallest(page: Page, address: str) -> None:
    """The home page, the families and neighbours name models of use; the table of the family has all its members."""
    for path in ("", "families/", f"models/{small.SIBLINGS[0]}/", "models/tinynet_6s/"):
        page.goto(address + path)
        # The rank page beside which a model stands has every model.
        around = page.locator("#neighbours ~ .table").first
        text = page.locator("article").inner_text()
        if path.startswith("models/"):
            text = text.replace(around.inner_text(), "")
        assert FIXTURE not in text, path
    page.goto(f"{address}families/tinynet/")
    expect(page.locator(".facts")).not_to_contain_text(FIXTURE)
    expect(page.locator(".scatter")).not_to_contain_text(FIXTURE)
    expect(page.locator("#members ~ .table")).to_contain_text(FIXTURE)
