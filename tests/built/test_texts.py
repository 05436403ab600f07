"""The pages of plain text in a real browser; tests/browser tries the longest of them and every other kind of page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import NARROW, WIDE, own_violations, texts_of, unseen_focus


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing_in_texts(browser: Browser, address: str, kinds: list[str], width: int) -> None:
    """axe finds no violation that is ours on any page of text, on wide screens and narrow ones."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    found = []
    for kind in texts_of(kinds):
        page.goto(address + kind)
        found += [(kind, *fault) for fault in own_violations(page)]
    context.close()
    assert found == []


def test_every_focus_is_seen_in_texts(page: Page, address: str, kinds: list[str]) -> None:
    """What the keyboard reaches on a page of text shows that it is reached."""
    for kind in texts_of(kinds):
        page.goto(address + kind)
        assert unseen_focus(page) == [], kind
