"""The page that compares models, in a real browser: its address says all, and its numbers are those of the dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from generator.dataset import Dataset
from generator.pages import comparing, forms
from generator.pages.comparing import Compared
from generator.pages.formatting import integer, share_text
from generator.ranking import ranked as ranked_table
from generator.records import ModelRecord
from tests.built.conftest import watched

# As many as can be compared, and none has more tensors than the second.
LARGEST = (
    "vit_7b_patch16_dinov3",
    "mvitv2_huge_cls",
    "swinv2_cr_giant_384",
    "eva_giant_patch14_560",
    "convnextv2_huge",
    "maxvit_xlarge_tf_512",
)
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


def records(dataset: Dataset, *names: str) -> list[ModelRecord]:
    """The records of some models."""
    return [dataset.record(name) for name in names]


def test_opened_cold_is_as_clicked_together(page: Page, address: str) -> None:
    """Whoever opens the address sees what whoever made it by adding, moving and choosing a base sees."""
    compare = opened(page, address)
    add(page, "resnet18")
    add(page, "resnet34")
    add(page, "resnet 50 d")
    add(page, "convnext_tiny")
    expect(compare.locator(".compare-chosen > li")).to_have_count(4)
    page.get_by_role("button", name="Move convnext_tiny earlier").click()
    page.get_by_role("button", name="Base: resnet34").click()
    page.get_by_role("button", name="Remove resnet50d").click()
    ready(page)
    page.get_by_label("Tensors of").select_option("convnext_tiny")
    clicked = ready(page).evaluate(SHOWN)
    assert query_of(page) == "?m=resnet18,resnet34,convnext_tiny&base=resnet34&tensors=convnext_tiny,resnet18"
    assert opened(page, address, query_of(page)).evaluate(SHOWN) == clicked
    assert "convnext_tiny" in clicked


def test_everything_goes_by_keyboard(page: Page, address: str) -> None:
    """Each act has keys, leaves the focus where the next one can begin, and is told."""
    compare = opened(page, address)
    status, field = compare.get_by_role("status"), page.get_by_role("combobox", name="Add a model")
    field.focus()
    page.keyboard.type("resnet18")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == second.get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(status).to_have_text("resnet18 is added. 1 model now.")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("resnet34")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(status).to_have_text("resnet34 is added. 2 models now.")
    ready(page)

    page.get_by_role("button", name="Base: resnet34").press("Enter")
    expect(page.get_by_role("button", name="Base: resnet34")).to_be_focused()
    expect(page.get_by_role("button", name="Base: resnet34")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Move resnet34 earlier").press("Space")
    # It is the first now, and can go nowhere but back.
    expect(page.get_by_role("button", name="Move resnet34 earlier")).to_be_disabled()
    expect(page.get_by_role("button", name="Move resnet34 later")).to_be_focused()
    expect(status).to_have_text("resnet34 is number 1 of 2.")
    assert query_of(page) == "?m=resnet34,resnet18"
    page.get_by_role("button", name="Remove resnet34").press("Enter")
    expect(page.get_by_role("button", name="Remove resnet18")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    assert query_of(page) == ""
    expect(page.locator(".compare-examples")).to_be_visible()
    expect(compare.locator("section")).to_have_count(0)


def test_back_goes_to_the_comparison_before(page: Page, address: str) -> None:
    """Each act is a step of the browser's history, there and back, and a link within the page changes nothing."""
    compare = opened(page, address, "?m=resnet18,resnet34")
    before = compare.evaluate(SHOWN)
    page.get_by_role("button", name="Remove resnet34").click()
    ready(page)
    assert chosen(compare) == ["resnet18"]
    expect(compare.locator(".compare-notices")).to_have_text("Add one more model to compare.")
    page.go_back()
    expect(compare.locator(".compare-chosen > li")).to_have_count(2)
    assert ready(page).evaluate(SHOWN) == before
    page.go_forward()
    expect(compare.locator(".compare-chosen > li")).to_have_count(1)
    page.go_back()
    ready(page)
    table = compare.locator("#figures table").element_handle()
    compare.get_by_role("link", name="Tensor difference").click()
    expect(page.locator("#tensors")).to_be_in_viewport()
    assert table.evaluate("table => table.isConnected")


def test_a_name_that_is_none_has_the_nearest(page: Page, address: str) -> None:
    """A name that timm does not know is told with the nearest, and one of them takes its place."""
    compare = opened(page, address, "?m=resnet18,resnt34&base=resnt34")
    notices = compare.locator(".compare-notices")
    expect(notices).to_contain_text("No model is named resnt34. Nearest: ")
    expect(notices).to_contain_text("Add one more model to compare.")
    notices.get_by_role("button", name="Take resnet34 in its place").click()
    ready(page)
    assert query_of(page) == "?m=resnet18,resnet34&base=resnet34"
    expect(notices).to_be_empty()
    expect(compare.locator("#figures")).to_be_visible()


def test_a_renamed_model_has_its_new_name(page: Page, address: str, dataset: Dataset) -> None:
    """Each kind of name that timm has given up is told with the name that took its place."""
    old, new = next((old, new) for old, new in dataset.deprecated.items() if new and "." in new)
    compare = opened(page, address, f"?m={old},resnet18")
    expect(compare.locator(".compare-notices")).to_contain_text(f"{old} is a deprecated name of {new}. Take ")
    compare.get_by_role("button", name=f"Take {new.split('.')[0]} in its place").click()
    assert chosen(ready(page)) == [new.split(".")[0], "resnet18"]


def test_what_was_typed_and_is_no_name_is_told(page: Page, address: str) -> None:
    """What no model is named changes nothing but what is said."""
    compare = opened(page, address)
    page.get_by_role("combobox", name="Add a model").fill("zzzzzzzzzz")
    page.get_by_role("button", name="Add").click()
    expect(compare.get_by_role("status")).to_have_text("No model is named zzzzzzzzzz.")
    assert query_of(page) == ""


def test_six_at_most_and_each_once(page: Page, address: str) -> None:
    """A seventh model is refused in words, whether it is added or in the address; a name twice is there once."""
    seven = "resnet18,resnet18,resnet34,resnet50,resnet101,resnet152,resnet26,resnet26d"
    compare = opened(page, address, f"?m={seven}")
    names = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnet26"]
    assert chosen(compare) == names
    expect(compare.locator(".compare-notices")).to_have_text("At most 6 models are compared; left out: resnet26d.")
    add(page, "resnet50d")
    expect(compare.get_by_role("status")).to_have_text("At most 6 models are compared. Remove one first.")
    add(page, "resnet34")
    expect(compare.get_by_role("status")).to_have_text("resnet34 is there already.")
    assert chosen(compare) == names


@pytest.mark.parametrize("names", [("resnet18", "resnet34"), ("repvgg_b0", "vit_base_patch16_224", "efficientnet_b0")])
def test_figures_are_those_of_the_terminal(page: Page, address: str, dataset: Dataset, names: tuple[str, ...]) -> None:
    """Every line of the terminal is a row of the table, with the same label, figures, units and ratios."""
    compare = opened(page, address, f"?m={','.join(names)}")
    rows = compare.locator("#figures tbody tr").evaluate_all(
        """rows => rows.map(row => [...row.cells].map(cell => [...cell.childNodes].map(part => {
            // Of differences and ratios the terminal has the ratios.
            return part.nodeName === "SMALL" && cell.tagName === "TD"
                ? part.textContent.split("  ").filter(text => text.startsWith("×")).join("") : part.textContent;
        }).join(" ")).join(" "))"""
    )
    ranks = ranked_table(dataset.models).set_index("name")["rank"]
    compared = [Compared(record, int(ranks[record.name]), dataset.failures) for record in records(dataset, *names)]
    table, _, shared = comparing.render(compared).partition("\n\n")
    expected = [re.sub(r"[()\s]+", " ", line).strip() for line in table.splitlines()[1:]]
    assert [re.sub(r"\s+", " ", row).strip() for row in rows] == expected
    assert compare.locator("#shared li").all_text_contents() == shared.splitlines()


def test_form_shares_are_those_of_the_pages(page: Page, address: str, dataset: Dataset) -> None:
    """Shares of tensors and parameters by form are those that the models' own pages show."""
    names = ("resnet18", "vit_base_patch16_224")
    compare = opened(page, address, f"?m={','.join(names)}")
    for place, record in enumerate(records(dataset, *names)):
        shares = forms.form_shares(record)
        tensors, parameters = len(record.tensors), record.parameters
        expected = [
            text
            for share in shares
            for text in (
                f"{share_text(share.tensors, tensors)} %",
                f"{share_text(share.parameters, parameters)} %",
            )
        ]
        shown = compare.locator(f"#forms td:nth-of-type({place + 1}) b").all_text_contents()
        assert [text for text in shown if text != "0.00 %"] == [text for text in expected if text != "0.00 %"]


@pytest.mark.parametrize("pair", [("resnet18", "resnet34"), ("vit_base_patch16_224", "vit_base_patch16_384")])
def test_the_tensor_difference_is_that_of_the_records(
    page: Page, address: str, dataset: Dataset, pair: tuple[str, str]
) -> None:
    """Counts and rows are those that comparing names and shapes in Python gives, for each kind that is shown."""
    here, there = ({tensor.name: tensor.shape for tensor in record.tensors} for record in records(dataset, *pair))
    both = here.keys() & there.keys()
    expected = {
        "changed shape": {name for name in both if here[name] != there[name]},
        f"only in {pair[0]}": here.keys() - there.keys(),
        f"only in {pair[1]}": there.keys() - here.keys(),
        "equal": {name for name in both if here[name] == there[name]},
    }
    compare = opened(page, address, f"?m={','.join(pair)}")
    equal = compare.get_by_label("equal: ")
    assert not equal.is_checked()
    equal.check()
    ready(page)
    shown = compare.locator("#tensors tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    assert {kind: {row[0] for row in shown if row[3] == kind} for kind in expected} == expected
    for name, one, other, _ in shown:
        assert one == (str(here[name]) if name in here else "–")
        assert other == (str(there[name]) if name in there else "–")
    for kind, names in expected.items():
        words = f"{kind}: {integer(len(names))} tensor{'' if len(names) == 1 else 's'}"
        expect(compare.locator(".compare-kinds label", has_text=words)).to_have_count(1)
    equal.uncheck()
    expect(compare.locator("#tensors tbody tr")).to_have_count(
        sum(map(len, expected.values())) - len(expected["equal"])
    )


def test_modules_are_aligned_by_path(page: Page, address: str, dataset: Dataset) -> None:
    """Rows that differ are shown, open to what differs in them by keyboard, and equal ones come on request."""
    compare = opened(page, address, "?m=resnet18,resnet34")
    rows = compare.locator("#modules tbody tr")
    assert rows.locator("th").all_text_contents() == ["the model", "layer1", "layer2", "layer3", "layer4"]
    layer = compare.locator("#modules").get_by_role("button", name="layer1")
    layer.press("Enter")
    expect(layer).to_have_attribute("aria-expanded", "true")
    expect(layer).to_be_focused()
    (resnet34,) = records(dataset, "resnet34")
    block = sum(tensor.parameters for tensor in resnet34.tensors if tensor.name.startswith("layer1.2."))
    assert rows.nth(2).locator("td").all_text_contents() == ["–", f"{integer(block)}BasicBlock"]
    layer.press("Enter")
    expect(rows).to_have_count(5)
    compare.get_by_label("Show equal modules too").check()
    expect(rows.filter(has_text="conv1")).to_contain_text("equal")


def test_six_of_the_largest_open(page: Page, address: str, dataset: Dataset) -> None:
    """The largest models stand side by side, all tensors of two of them, and the reader chooses which two."""
    compare = opened(page, address, f"?m={','.join(LARGEST)}")
    assert compare.locator("#figures thead th").count() == 6
    one, other = records(dataset, *LARGEST[:2])
    both = {tensor.name for tensor in one.tensors} & {tensor.name for tensor in other.tensors}
    rows = compare.locator("#tensors tbody tr")
    assert rows.count() <= len(one.tensors) + len(other.tensors) - len(both)
    page.get_by_label("beside those of").select_option(LARGEST[4])
    assert query_of(page).endswith(f"&tensors={LARGEST[0]},{LARGEST[4]}")
    expect(page.get_by_label("beside those of")).to_have_value(LARGEST[4])
    ready(page)
    expect(compare.locator("#tensors .long-table th").nth(2)).to_have_text(LARGEST[4])
    too_wide = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent)"
    page.add_style_tag(content=".long-table tbody { content-visibility: visible !important; }")
    assert compare.locator("#tensors .long-table :is(th, td)").evaluate_all(too_wide) == []


def below(page: Page, heading: str) -> float:
    """How far below the header of the site a part of the comparison begins, in pixels."""
    distance = "heading => heading.getBoundingClientRect().top - document.querySelector('header').clientHeight"
    return float(page.locator(".compare-results h2").get_by_text(heading, exact=True).evaluate(distance))


def test_links_to_parts_show_their_headings(page: Page, address: str) -> None:
    """What the list of parts leads to stands below the header of the site, which covers the top of the screen."""
    opened(page, address, "?m=resnet50,resnet50d")
    # From the last to the first, so that what is above was not laid out before.
    for name in reversed(page.locator(".compare-results nav a").all_inner_texts()):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_timeout(500)
        assert 0 < below(page, name) < 100
    opened(page, address, "?m=resnet50,resnet50d#tensors")
    page.wait_for_timeout(500)
    assert 0 < below(page, "Tensor difference") < 100


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
    page.route("**/data/models/resnet34.json", answer)
    compare = opened(page, address, "?m=resnet18,resnet34")
    notices = compare.locator(".compare-notices")
    expect(notices).to_contain_text("What is known of resnet34 could not be loaded (HTTP 503).")
    notices.get_by_role("button", name="Try again").click()
    expect(compare.locator("#figures")).to_be_visible()
    expect(notices).to_be_empty()
    context.close()


def test_model_pages_lead_to_comparisons(page: Page, address: str) -> None:
    """The links of a model's page open a comparison with this model as its base."""
    page.goto(f"{address}models/resnet50/")
    page.get_by_role("link", name="the nearest in its family").click()
    compare = ready(page)
    expect(compare.locator("#figures")).to_be_visible()
    names = chosen(ready(page))
    assert names[0] == "resnet50"
    assert len(names) == 6
    expect(page.get_by_role("button", name="Base: resnet50", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(compare.locator(".compare-notices")).to_be_empty()


def test_the_examples_are_comparisons(page: Page, address: str) -> None:
    """Each comparison to begin with is of models that are there."""
    opened(page, address)
    links = page.locator(".compare-examples a[href*='?m=']").evaluate_all("all => all.map(link => link.search)")
    assert len(links) >= 3
    for link in links:
        compare = opened(page, address, link)
        expect(compare.locator("#figures")).to_be_visible()
        expect(compare.locator(".compare-notices")).to_be_empty()


def test_without_javascript_there_is_a_sentence(browser: Browser, address: str) -> None:
    """Readers without JavaScript are told of the command line, and are shown no control that does nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}compare/?m=resnet18,resnet34")
    expect(page.get_by_text("timm-atlas compare resnet18 resnet34")).to_be_visible()
    expect(page.locator("atlas-compare")).to_be_hidden()
    expect(page.get_by_role("heading", name="What is compared")).to_be_visible()
    context.close()


@pytest.mark.parametrize("query", ["", "?m=resnet18,resnet34", f"?m={','.join(LARGEST)}", "?m=resnt34,resnet18,a"])
def test_nothing_is_wider_than_a_phone(page: Page, address: str, query: str) -> None:
    """At 320 pixels the page does not scroll sideways; tables scroll within themselves."""
    page.set_viewport_size({"width": 320, "height": 700})
    opened(page, address, query)
    page.add_style_tag(content=".compare-results > section { content-visibility: visible !important; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?m=resnet18,resnet34,vit_base_patch16_224&base=resnet34", "?m=resnt34,a"])
def test_axe_finds_nothing(browser: Browser, address: str, query: str, scheme: str) -> None:
    """axe finds no violation, with the list of suggestions open, in either palette."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    opened(page, address, query)
    page.get_by_role("combobox", name="Add a model").fill("resnet")
    expect(page.get_by_role("option").first).to_be_visible()
    page.add_style_tag(content=".compare-results > section { content-visibility: visible !important; }")
    violations = Axe().run(page).response["violations"]
    context.close()
    assert {violation["id"]: violation["nodes"][0]["html"][:300] for violation in violations} == {}


def test_nothing_moves_while_a_comparison_comes_in(page: Page, address: str) -> None:
    """What a reader sees first stays where it is: nothing is shifted until all is there."""
    page.add_init_script(
        """globalThis.shifts = [];
        new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
            .observe({type: "layout-shift", buffered: true});"""
    )
    opened(page, address, "?m=resnet18,resnet34")
    assert sum(page.evaluate("shifts")) < 0.01
