"""Time from a key to its response in a real browser, on a processor four times slower than this one."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.site import BROWSER_ARGUMENTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

SLOWER = 4
TYPED = [*"resnet", *["Backspace"] * 6]
# Milliseconds. The rest between keys is long enough for all work that a key starts.
_REST = 400
_LOADED = 2000

# The browser's Event Timing: from the key to the next drawing, rounded to 8 ms; less than 16 ms is not reported.
_OBSERVE = """() => {
    window.took = [];
    new PerformanceObserver((list) => {
        for (const {name, duration} of list.getEntries()) if (name === "keydown") took.push(duration);
    }).observe({type: "event", durationThreshold: 16});
}"""


def answered(browser: str, address: str, runs: int) -> tuple[list[float], list[float]]:
    """Measure the milliseconds to the response to each key of ``TYPED``, in the budget finder and in a bare text field.

    Args:
        browser: path of Chromium
        address: of the built site
        runs: how often the keys are typed in each of the two, in turn; each figure is the median
    """
    from playwright.sync_api import sync_playwright

    def finder(page: Page) -> None:
        page.goto(f"{address}models/")
        # The finder is loaded by the reader's first action, which is not part of a key.
        page.get_by_label("Name", exact=True).focus()

    def field(page: Page) -> None:
        page.set_content("<label>Name <input autofocus></label>")

    found: dict[Callable[[Page], None], list[list[float]]] = {finder: [], field: []}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=BROWSER_ARGUMENTS)
        for _ in range(runs):
            for opened, times in found.items():
                page = chromium.new_page(viewport={"width": 1280, "height": 900})
                opened(page)
                page.wait_for_timeout(_LOADED)
                times.append(_typed(page))
                page.close()
        chromium.close()
    both = [[statistics.median(key) for key in zip(*times, strict=True)] for times in found.values()]
    return both[0], both[1]


def _typed(page: Page) -> list[float]:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(_OBSERVE)
    took = []
    for key in TYPED:
        page.keyboard.press(key)
        page.wait_for_timeout(_REST)
        # A key that the browser does not report took less than 16 ms.
        took.append(max([16, *page.evaluate("took.splice(0)")]))
    return took
