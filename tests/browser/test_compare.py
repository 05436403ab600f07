"""The page that compares models, in a real browser: its address says all, and its numbers are those of the dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from generator.pages import forms
from generator.pages.formatting import integer, share_text
from generator.terminal import comparison
from generator.terminal.comparison import Compared
from tests import small
from tests.browsing import LAID_OUT, NARROW, TOO_WIDE, WIDE, expect_to_fit, violations, watched

ONE, OTHER = small.SIBLINGS
PAIR = f"?m={ONE},{OTHER}"
# A name that is none, and the model that is nearest.
MISTYPED = OTHER.replace("n", "", 1)
ROWS = {row.name: row for row in small.ROWS}
# As many as can be compared: those with the most tensors, and that with the longest name.
LARGEST = [row.name for row in sorted(small.ROWS, key=lambda row: -row.parameter_tensors)][:5]
LARGEST.append(max(small.RECORD, key=len))
# All of the element that follows from the address: not what was typed, nor what was said of the last act.
SHOWN = """compare => {
    const copy = compare.cloneNode(true);
    for (const other of copy.querySelectorAll("form, [role=status]")) other.remove();
    // The theme's script marks what has the focus.
    for (const marked of copy.querySelectorAll("[data-focus-visible-added]")) {
        marked.removeAttribute("data-focus-visible-added");
        marked.classList.remove("focus-visible");
        if (!marked.className) marked.removeAttribute("class");
    }
    return copy.innerHTML;
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test on a request to a foreign origin, an exception in a script, or an error told.

    A name that is none is found out by asking for it, which the browser tells as an error.
    """

    def is_not_there(message: ConsoleMessage) -> bool:
        return "404" in message.text and "/data/models/" in message.location["url"]

    with watched(browser, ("http://127.0.0.1:",), is_not_there) as made:
        yield made


def ready(page: Page) -> Locator:
    """The element, once all of it is there."""
    compare = page.locator("atlas-compare")
    expect(compare).not_to_have_attribute("aria-busy", "true")
    expect(compare.locator("[aria-busy]")).to_have_count(0)
    return compare


def opened(page: Page, address: str, query: str = "") -> Locator:
    """The element at an address, once all of it is there."""
    page.goto(f"{address}compare/{query}")
    page.wait_for_function("Boolean(customElements.get('atlas-compare'))")
    return ready(page)


def query_of(page: Page) -> str:
    """The part of the address that says what is compared."""
    return page.evaluate("location.search")  # type: ignore[no-any-return]


def chosen(compare: Locator) -> list[str]:
    """The names of the models that are chosen, in their order."""
    return compare.locator(".compare-chosen > li").evaluate_all("all => all.map(item => item.dataset.name)")  # type: ignore[no-any-return]


def add(page: Page, text: str) -> None:
    """Type and press Enter, as soon as something is suggested."""
    field = page.get_by_role("combobox", name="Add a model")
    field.fill(text)
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Enter")


def test_opened_cold_is_as_clicked_together(page: Page, address: str) -> None:
    """Whoever opens the address sees what whoever made it by adding, moving and choosing a base sees."""
    compare = opened(page, address)
    for text in (ONE, OTHER, "TinyNet 50 d", small.STRANGER):
        add(page, text)
    expect(compare.locator(".compare-chosen > li")).to_have_count(4)
    page.get_by_role("button", name=f"Move {small.STRANGER} earlier").click()
    page.get_by_role("button", name=f"Base: {OTHER}").click()
    page.get_by_role("button", name="Remove tinynet_50d").click()
    ready(page)
    page.get_by_label("Tensors of").select_option(small.STRANGER)
    clicked = ready(page).evaluate(SHOWN)
    models = f"{ONE},{OTHER},{small.STRANGER}"
    assert query_of(page) == f"?m={models}&base={OTHER}&tensors={small.STRANGER},{ONE}"
    assert opened(page, address, query_of(page)).evaluate(SHOWN) == clicked
    assert small.STRANGER in clicked


def test_everything_goes_by_keyboard(page: Page, address: str) -> None:
    """Each act has keys, leaves the focus where the next one can begin, and is told."""
    compare = opened(page, address)
    status, field = compare.get_by_role("status"), page.get_by_role("combobox", name="Add a model")
    field.focus()
    page.keyboard.type(ONE)
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == second.get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(status).to_have_text(f"{ONE} is added. 1 model now.")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type(OTHER)
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(status).to_have_text(f"{OTHER} is added. 2 models now.")
    ready(page)

    page.get_by_role("button", name=f"Base: {OTHER}").press("Enter")
    expect(page.get_by_role("button", name=f"Base: {OTHER}")).to_be_focused()
    expect(page.get_by_role("button", name=f"Base: {OTHER}")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=f"Move {OTHER} earlier").press("Space")
    # It is the first now, and can go nowhere but back.
    expect(page.get_by_role("button", name=f"Move {OTHER} earlier")).to_be_disabled()
    expect(page.get_by_role("button", name=f"Move {OTHER} later")).to_be_focused()
    expect(status).to_have_text(f"{OTHER} is number 1 of 2.")
    assert query_of(page) == f"?m={OTHER},{ONE}"
    page.get_by_role("button", name=f"Remove {OTHER}").press("Enter")
    expect(page.get_by_role("button", name=f"Remove {ONE}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    assert query_of(page) == ""
    expect(page.locator(".compare-examples")).to_be_visible()
    expect(compare.locator("section")).to_have_count(0)


def test_back_goes_to_the_comparison_before(page: Page, address: str) -> None:
    """Each act is a step of the browser's history, there and back, and a link within the page changes nothing."""
    compare = opened(page, address, PAIR)
    before = compare.evaluate(SHOWN)
    page.get_by_role("button", name=f"Remove {OTHER}").click()
    ready(page)
    assert chosen(compare) == [ONE]
    expect(compare.locator(".compare-notices")).to_have_text("Add one more model to compare.")
    page.go_back()
    expect(compare.locator(".compare-chosen > li")).to_have_count(2)
    assert ready(page).evaluate(SHOWN) == before
    page.go_forward()
    expect(compare.locator(".compare-chosen > li")).to_have_count(1)
    page.go_back()
    expect(compare.locator(".compare-chosen > li")).to_have_count(2)
    ready(page)
    table = compare.locator("#figures table").element_handle()
    compare.get_by_role("link", name="Tensor difference").click()
    expect(page.locator("#tensors")).to_be_in_viewport()
    assert table.evaluate("table => table.isConnected")


def test_a_name_that_is_none_has_the_nearest(page: Page, address: str) -> None:
    """A name that timm does not know is told with the nearest, and one of them takes its place."""
    compare = opened(page, address, f"?m={ONE},{MISTYPED}&base={MISTYPED}")
    notices = compare.locator(".compare-notices")
    expect(notices).to_contain_text(f"No model is named {MISTYPED}. Nearest: ")
    expect(notices).to_contain_text("Add one more model to compare.")
    notices.get_by_role("button", name=f"Take {OTHER} in its place").click()
    ready(page)
    assert query_of(page) == f"{PAIR}&base={OTHER}"
    expect(notices).to_be_empty()
    expect(compare.locator("#figures")).to_be_visible()


def test_a_renamed_model_has_its_new_name(page: Page, address: str) -> None:
    """A name that timm has given up is told with the name that took its place, with its tag."""
    old, new = next((old, new) for old, new in small.DEPRECATED.items() if new and "." in new)
    compare = opened(page, address, f"?m={old},{ONE}")
    expect(compare.locator(".compare-notices")).to_contain_text(f"{old} is a deprecated name of {new}. Take ")
    compare.get_by_role("button", name=f"Take {new.split('.')[0]} in its place").click()
    assert chosen(ready(page)) == [new.split(".")[0], ONE]


def test_what_is_not_understood_in_an_address_is_told(page: Page, address: str) -> None:
    """Keys and values that are none are named with the nearest that exists, until the reader makes another address."""
    compare = opened(page, address, f"{PAIR}&base={MISTYPED}&tensor={ONE}")
    expect(compare.locator(".compare-notices > li")).to_have_text(
        [
            'The address has "tensor", which this page does not know. Nearest: tensors.',
            f'"{MISTYPED}" for "base" in the address is not known. Nearest: {OTHER}.',
        ]
    )
    compare.get_by_role("button", name=f"Base: {OTHER}").click()
    ready(page)
    expect(compare.locator(".compare-notices")).to_be_empty()


def test_names_are_taken_as_people_type_them(page: Page, address: str) -> None:
    """Weights, other separators and deprecated names add the model that they mean."""
    opened(page, address)
    expected = []
    for typed, name in (
        ("hf_hub:timm/tinynet_50.a1_in1k", "tinynet_50"),
        ("TinyNet-34", OTHER),
        ("tiny_vit_old", small.STRANGER),
    ):
        add(page, typed)
        expected.append(name)
        assert chosen(ready(page)) == expected


def test_what_was_typed_and_is_no_name_is_told(page: Page, address: str) -> None:
    """What no model is named changes nothing but what is said."""
    compare = opened(page, address)
    page.get_by_role("combobox", name="Add a model").fill("zzzzzzzzzz")
    page.get_by_role("button", name="Add").click()
    expect(compare.get_by_role("status")).to_have_text("No model is named zzzzzzzzzz.")
    assert query_of(page) == ""


def test_six_at_most_and_each_once(page: Page, address: str) -> None:
    """A seventh model is refused in words, whether it is added or in the address; a name twice is there once."""
    *six, seventh = small.SEVEN
    compare = opened(page, address, f"?m={','.join([six[0], *small.SEVEN])}")
    assert chosen(compare) == six
    expect(compare.locator(".compare-notices")).to_have_text(f"At most 6 models are compared; left out: {seventh}.")
    add(page, small.STRANGER)
    expect(compare.get_by_role("status")).to_have_text("At most 6 models are compared. Remove one first.")
    add(page, six[1])
    expect(compare.get_by_role("status")).to_have_text(f"{six[1]} is there already.")
    assert chosen(compare) == six


@pytest.mark.parametrize(
    "names",
    [
        small.SIBLINGS,
        (small.WITH_DEPLOY_FORM, small.STRANGER, small.DOUBTFUL),
        (small.WITHOUT_PARAMETERS, small.UNSIZED),
        (*small.TWINS, small.NEARLY_TWIN),
    ],
    ids=["alike", "different", "unknown", "twins"],
)
def test_figures_are_those_of_the_terminal(page: Page, address: str, names: tuple[str, ...]) -> None:
    """Every line of the terminal is a row of the table, with the same label, figures, units and ratios."""
    compare = opened(page, address, f"?m={','.join(names)}")
    rows = compare.locator("#figures tbody tr").evaluate_all(
        """rows => rows.map(row => [...row.cells].map(cell => [...cell.childNodes].map(part => {
            // Of differences and ratios the terminal has the ratios.
            return part.nodeName === "SMALL" && cell.tagName === "TD"
                ? part.textContent.split("  ").filter(text => text.startsWith("×")).join("") : part.textContent;
        }).join(" ")).join(" "))"""
    )
    compared = [Compared(small.RECORD[name], ROWS[name]) for name in names]
    table, _, shared = comparison.render(compared).partition("\n\n")
    expected = [re.sub(r"[()\s]+", " ", line).strip() for line in table.splitlines()[1:]]
    assert [re.sub(r"[()\s]+", " ", row).strip() for row in rows] == expected
    assert compare.locator("#shared li").all_text_contents() == shared.splitlines()


def test_form_shares_are_those_of_the_pages(page: Page, address: str) -> None:
    """Shares of tensors and parameters by form are those that the models' own pages show."""
    names = (ONE, small.STRANGER)
    compare = opened(page, address, f"?m={','.join(names)}")
    for place, record in enumerate(map(small.RECORD.__getitem__, names)):
        tensors, parameters = len(record.tensors), record.parameters
        expected = [
            text
            for share in forms.form_shares(record)
            for text in (
                f"{share_text(share.tensors, tensors)} %",
                f"{share_text(share.parameters, parameters)} %",
            )
        ]
        shown = compare.locator(f"#forms td:nth-of-type({place + 1}) b").all_text_contents()
        assert [text for text in shown if text != "0.00 %"] == [text for text in expected if text != "0.00 %"]


@pytest.mark.parametrize("pair", [small.SIBLINGS, small.SIZES], ids=["siblings", "sizes"])
def test_the_tensor_difference_is_that_of_the_records(page: Page, address: str, pair: tuple[str, str]) -> None:
    """Counts and rows are those that comparing names and shapes in Python gives, for each kind that is shown."""
    here, there = ({tensor.name: tensor.shape for tensor in small.RECORD[name].tensors} for name in pair)
    both = here.keys() & there.keys()
    expected = {
        "changed shape": {name for name in both if here[name] != there[name]},
        f"only in {pair[0]}": here.keys() - there.keys(),
        f"only in {pair[1]}": there.keys() - here.keys(),
        "equal": {name for name in both if here[name] == there[name]},
    }
    compare = opened(page, address, f"?m={','.join(pair)}")
    equal = compare.get_by_label("equal: ")
    expect(equal).not_to_be_checked()
    equal.check()
    ready(page)
    rows = compare.locator("#tensors tbody tr")
    expect(rows).to_have_count(sum(map(len, expected.values())))
    shown = rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent))")
    assert {kind: {row[0] for row in shown if row[3] == kind} for kind in expected} == expected
    for name, one, other, _ in shown:
        assert one == (str(here[name]) if name in here else "–")
        assert other == (str(there[name]) if name in there else "–")
    for kind, names in expected.items():
        words = f"{kind}: {integer(len(names))} tensor{'' if len(names) == 1 else 's'}"
        expect(compare.locator(".compare-kinds label", has_text=words)).to_have_count(1)
    equal.uncheck()
    expect(rows).to_have_count(sum(map(len, expected.values())) - len(expected["equal"]))


def test_modules_are_aligned_by_path(page: Page, address: str) -> None:
    """Rows that differ are shown, open to what differs in them by keyboard, and equal ones come on request."""
    compare = opened(page, address, PAIR)
    rows = compare.locator("#modules tbody tr")
    everywhere = ["the model", "stem", "stages", "fc"]
    expect(rows.locator("th")).to_have_text(everywhere)
    stages = compare.locator("#modules").get_by_role("button", name="stages")
    stages.press("Enter")
    expect(stages).to_have_attribute("aria-expanded", "true")
    expect(stages).to_be_focused()
    totals = [
        sum(tensor.parameters for tensor in small.RECORD[name].tensors if tensor.name.startswith("stages.3."))
        for name in small.SIBLINGS
    ]
    last = rows.filter(has=page.locator("[data-path='stages.3']"))
    expect(last.locator("td").nth(0)).to_contain_text(integer(totals[0]))
    expect(last.locator("td").nth(1)).to_contain_text(integer(totals[1]))
    stages.press("Enter")
    expect(rows).to_have_count(len(everywhere))


def test_equal_modules_come_on_request(page: Page, address: str) -> None:
    """Of a net at two sizes the modules are equal: they are shown, and said to be, when they are asked for."""
    compare = opened(page, address, f"?m={','.join(small.SIZES)}")
    rows = compare.locator("#modules tbody tr")
    expect(rows.filter(has_text="patch_embed")).to_have_count(0)
    compare.get_by_label("Show equal modules too").check()
    expect(rows.filter(has_text="patch_embed")).to_contain_text("equal")


@pytest.mark.sweep
def test_six_of_the_largest_open(page: Page, address: str) -> None:
    """The largest models stand side by side, all tensors of two of them, and the reader chooses which two."""
    compare = opened(page, address, f"?m={','.join(LARGEST)}")
    expect(compare.locator("#figures thead th")).to_have_count(len(LARGEST))
    page.get_by_label("beside those of").select_option(LARGEST[4])
    expect(page.get_by_label("beside those of")).to_have_value(LARGEST[4])
    assert query_of(page).endswith(f"&tensors={LARGEST[0]},{LARGEST[4]}")
    ready(page)
    expect(compare.locator("#tensors .long-table th").nth(2)).to_have_text(LARGEST[4])
    page.add_style_tag(content=LAID_OUT)
    assert compare.locator("#tensors .long-table :is(th, td)").evaluate_all(TOO_WIDE) == []


def expect_below_the_header(page: Page, heading: str) -> None:
    """Expect a part of the comparison to come to stand right below the header of the site."""
    page.wait_for_function(
        """heading => {
            const found = [...document.querySelectorAll(".compare-results h2")]
                .find(({textContent}) => textContent === heading);
            const below = found.getBoundingClientRect().top - document.querySelector("header").clientHeight;
            return 0 < below && below < 100;
        }""",
        arg=heading,
    )


def test_links_to_parts_show_their_headings(page: Page, address: str) -> None:
    """What the list of parts leads to stands below the header of the site, which covers the top of the screen."""
    opened(page, address, PAIR)
    # From the last to the first, so that what is above was not laid out before.
    for name in reversed(page.locator(".compare-results nav a").all_inner_texts()):
        page.get_by_role("link", name=name, exact=True).click()
        expect_below_the_header(page, name)
    opened(page, address, f"{PAIR}#tensors")
    expect_below_the_header(page, "Tensor difference")


@pytest.mark.sweep
def test_a_file_that_does_not_come_is_told_and_asked_for_again(browser: Browser, address: str) -> None:
    """Where a model could not be loaded, a sentence says so, and its button tries again."""
    refused: list[str] = []

    def answer(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=503)

    context = browser.new_context()
    page = context.new_page()
    page.route(f"**/data/models/{OTHER}.json", answer)
    compare = opened(page, address, PAIR)
    notices = compare.locator(".compare-notices")
    expect(notices).to_contain_text(f"What is known of {OTHER} could not be loaded (HTTP 503).")
    notices.get_by_role("button", name="Try again").click()
    expect(compare.locator("#figures")).to_be_visible()
    expect(notices).to_be_empty()
    context.close()


def test_model_pages_lead_to_comparisons(page: Page, address: str) -> None:
    """The links of a model's page open a comparison with this model as its base."""
    page.goto(f"{address}models/{small.TYPICAL}/")
    page.get_by_role("link", name="the nearest in its family").click()
    page.wait_for_url("**/compare/?*")
    compare = page.locator("atlas-compare")
    expect(compare.locator("#figures")).to_be_visible()
    names = chosen(ready(page))
    assert names[0] == small.TYPICAL
    assert len(names) == 6
    base = page.get_by_role("button", name=f"Base: {small.TYPICAL}", exact=True)
    expect(base).to_have_attribute("aria-pressed", "true")
    expect(compare.locator(".compare-notices")).to_be_empty()


def test_the_examples_are_comparisons(page: Page, address: str) -> None:
    """Each comparison to begin with is of models that are there."""
    opened(page, address)
    links = page.locator(".compare-examples a[href*='?m=']").evaluate_all("all => all.map(link => link.search)")
    assert links
    for link in links:
        compare = opened(page, address, link)
        expect(compare.locator("#figures")).to_be_visible()
        expect(compare.locator(".compare-notices")).to_be_empty()


def test_without_javascript_there_is_a_sentence(browser: Browser, address: str) -> None:
    """Readers without JavaScript are told of the command line, and are shown no control that does nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}compare/{PAIR}")
    expect(page.get_by_text(re.compile(r"timm-atlas compare \w+ \w+")).first).to_be_visible()
    expect(page.locator("atlas-compare")).to_be_hidden()
    expect(page.get_by_role("heading", name="What is compared")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "query",
    ["", PAIR, f"?m={','.join(LARGEST)}", f"?m={MISTYPED},{ONE},a"],
    ids=["none", "two", "six", "mistyped"],
)
def test_nothing_is_wider_than_a_phone(page: Page, address: str, query: str) -> None:
    """On a narrow screen the page does not scroll sideways; tables scroll within themselves."""
    page.set_viewport_size({"width": NARROW, "height": 700})
    opened(page, address, query)
    page.add_style_tag(content=LAID_OUT)
    expect_to_fit(page, NARROW)


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "query",
    ["", f"?m={ONE},{OTHER},{small.STRANGER}&base={OTHER}", f"?m={MISTYPED},a"],
    ids=["none", "three", "mistyped"],
)
def test_axe_finds_nothing(browser: Browser, address: str, query: str, scheme: Literal["light", "dark"]) -> None:
    """axe finds no violation, with the list of suggestions open, in either palette."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    opened(page, address, query)
    page.get_by_role("combobox", name="Add a model").fill("tinynet")
    expect(page.get_by_role("option").first).to_be_visible()
    page.add_style_tag(content=LAID_OUT)
    found = violations(page)
    context.close()
    assert found == []


def test_nothing_moves_while_a_comparison_comes_in(page: Page, address: str) -> None:
    """What a reader sees first stays where it is: nothing is shifted until all is there."""
    page.add_init_script(
        """globalThis.shifts = [];
        new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
            .observe({type: "layout-shift", buffered: true});"""
    )
    opened(page, address, PAIR)
    assert sum(page.evaluate("shifts")) < 0.01


@pytest.mark.sweep
@pytest.mark.parametrize("width", [WIDE, 768])
def test_nothing_covers_the_suggestions(page: Page, address: str, width: int) -> None:
    """Suggestions lie above the table below them, whose names and corner stick, and take the pointer."""
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, address, PAIR)
    page.get_by_role("combobox", name="Add a model").fill("tinynet")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    table, last = page.locator("#figures thead td").bounding_box(), options.last.bounding_box()
    assert table is not None
    assert last is not None
    assert last["y"] + last["height"] > table["y"], "the list reaches the table"
    covered = """options => options.filter((option) => {
        const {left, top, width, height} = option.getBoundingClientRect();
        return [0.02, 0.5, 0.98].some((share) => {
            const found = document.elementFromPoint(left + share * width, top + height / 2);
            return !option.contains(found);
        });
    }).map((option) => option.textContent)"""
    assert options.evaluate_all(covered) == []
