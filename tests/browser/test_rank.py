"""The budget finder in a real browser: what it shows is what a plain query of the data gives."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.facts.columns import Figure, Kind
from generator.facts.figures import BY_NAME, IN_TABLE
from generator.facts.names import nearest
from generator.pages import finder, rank
from generator.pages.formatting import integer, memory
from tests import small
from tests.browsing import LAID_OUT, NARROW, TOO_WIDE, WIDE, settled_rows
from tests.index_reading import models_of

Model = Mapping[str, Any]

# The models of the family with the longest name, with others whose name has the word.
WORD = "tinynet"
BUDGETS = 30


@pytest.fixture(scope="module")
def every(site: Path) -> list[Model]:
    """All models of the index by the names of its figures, in the order of ranks."""
    index = json.loads((site / "data" / "index.json").read_text())
    return models_of(index)


@pytest.fixture(scope="module")
def models(every: list[Model]) -> list[Model]:
    """The models that the finder shows unless test fixtures are asked for."""
    return [model for model in every if not model["fixture"]]


def names_of(models: list[Model]) -> list[str]:
    return [model["name"] for model in models]


def ready(page: Page, address: str, query: str = "") -> None:
    """Open the rank page and wait until the finder is there, which a query brings, and a reader's first act."""
    page.goto(f"{address}models/{query}")
    if not query:
        page.get_by_role("button", name="Parameters", exact=True).dispatch_event("pointerover")
    expect(page.locator("atlas-rank tbody input, .finder-empty p").first).to_be_attached()


def parameters(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))


def count(matches: int) -> str:
    """How many models match, as the finder says it."""
    return f"{integer(matches)} of {integer(len(small.ROWS))} models"


def key(model: Model, column: str) -> Any:
    """What a row is sorted by; ``None`` for what is not known or not there."""
    value = model[column]
    if column == "input_size" and value is not None:
        return value[1] * value[2]
    if column == "tags":
        return len(value)
    if column == "license_classes":
        return ", ".join(value) or None
    return value


@pytest.mark.parametrize("figure", IN_TABLE, ids=lambda figure: figure.name)
def test_every_column_sorts_both_ways(page: Page, address: str, models: list[Model], figure: Figure) -> None:
    """Each order is that of a stable sort, with what is not known last."""
    known = [model for model in models if key(model, figure.name) is not None]
    rest = [model for model in models if key(model, figure.name) is None]
    for sign, is_descending in (("", False), ("-", True)):
        ready(page, address, f"?sort={sign}{figure.name}")
        ordered = sorted(known, key=lambda model: key(model, figure.name), reverse=is_descending)
        assert settled_rows(page) == names_of([*ordered, *rest])
        head = page.locator("th[aria-sort]")
        expect(head).to_have_count(1)
        expect(head).to_have_attribute("aria-sort", "descending" if is_descending else "ascending")
        expect(head).to_have_text(figure.label)


def test_headings_sort_by_keyboard(page: Page, address: str, models: list[Model]) -> None:
    """A heading is a button: Enter sorts by its column, Enter again turns the order around, and Back undoes it."""
    by_macs = sorted((model for model in models if model["macs"] is not None), key=lambda model: model["macs"])
    page.goto(f"{address}models/")
    heading = page.get_by_role("button", name="MACs", exact=True)
    heading.focus()
    heading.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("MACs")
    assert settled_rows(page)[0] == by_macs[0]["name"]
    heading.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("MACs")
    assert settled_rows(page)[0] == by_macs[-1]["name"]
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("MACs")
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Rank")
    assert settled_rows(page) == names_of(models)


class Budget(NamedTuple):
    """What can be asked for; limits by the name of a figure, both inclusive."""

    limits: dict[str, tuple[int | None, int | None]]
    words: dict[str, str]
    weights: str
    strides: list[int]
    licenses: list[str]

    def holds(self, model: Model) -> bool:
        """Whether a model is within it, by brute force."""
        for name, (low, high) in self.limits.items():
            values = model[name][1:] if name == "input_size" and model[name] else [model[name]]
            if any(value is None or (low is not None and value < low) for value in values):
                return False
            if any(high is not None and value > high for value in values):
                return False
        for name in ("name", "family"):
            if not all(word in model[name].lower() for word in self.words[name].lower().split()):
                return False
        words = self.words["tag"].split()
        tags = [
            license_class
            for tag, license_class in zip(model["tags"], model["tag_license_classes"], strict=True)
            if all(word in tag for word in words)
        ]
        if (words and not tags) or (self.licenses and not set(self.licenses) & set(tags)):
            return False
        if self.weights and bool(model["tags"]) != (self.weights == "yes"):
            return False
        return all(stride in (model["feature_strides"] or []) for stride in self.strides)


def budget(chance: random.Random, models: list[Model]) -> Budget:
    """Limits by chance, about figures that models have, so that some match and some do not."""
    some = chance.choice(models)
    limits = {}
    known = [figure for figure in finder.LIMITED if some[figure.name]]
    for figure in chance.sample(known, min(len(known), chance.randint(1, 3))):
        value = max(some[figure.name][1:]) if figure.kind is Kind.SIZE else some[figure.name]
        factor = chance.choice([0.5, 1, 1, 2])
        low = int(value * factor / 4) if chance.random() < 0.4 else None
        high = int(value * factor) if chance.random() < 0.8 else None
        if low is not None or high is not None:
            limits[figure.name] = (low, high)
    return Budget(
        limits,
        {
            "name": chance.choice(["vit", "NET", "tinynet 1", "base 224"]) if chance.random() < 0.3 else "",
            "family": some["family"][:6] if chance.random() < 0.15 else "",
            "tag": chance.choice(["in1k", "in22k", "ft in21k"]) if chance.random() < 0.2 else "",
        },
        chance.choice(["yes", "no"]) if chance.random() < 0.3 else "",
        chance.choice([[8], [4, 8, 16, 32], [16]]) if chance.random() < 0.3 else [],
        chance.choice([["permissive"], ["custom terms", "non-commercial"], ["unknown"], ["copyleft"]])
        if chance.random() < 0.3
        else [],
    )


def fill(page: Page, asked: Budget) -> None:
    """Put a budget into the form, all at once, as its fields tell of it."""
    values = {**asked.words, "weights": asked.weights}
    for name, sides in asked.limits.items():
        unit = {Kind.BYTES: " bytes", Kind.MACS: " MACs"}.get(BY_NAME[name].kind, "")
        for side, value in zip(("min", "max"), sides, strict=True):
            if value is not None:
                values[f"{name}.{side}"] = f"{value}{unit}"
    page.evaluate(
        """([values, ticked]) => {
            const form = document.querySelector(".finder");
            for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
            for (const [name, chosen] of Object.entries(ticked)) {
                for (const box of form.querySelectorAll(`input[name="${name}"]`)) {
                    box.checked = chosen.includes(box.value);
                }
            }
            form.elements.name.dispatchEvent(new Event("change", {bubbles: true}));
        }""",
        [values, {"strides": list(map(str, asked.strides)), "license": asked.licenses}],
    )


@pytest.mark.sweep
def test_budgets_give_what_a_plain_query_gives(page: Page, address: str, models: list[Model]) -> None:
    """Budgets by chance show exactly the models that a loop over the data finds, and so do their addresses."""
    chance = random.Random(20)
    sizes = []
    ready(page, address)
    other = page.context.new_page()
    for number in range(BUDGETS):
        asked = budget(chance, models)
        expected = [model["name"] for model in models if asked.holds(model)]
        sizes.append(len(expected))
        page.get_by_role("button", name="Clear all").dispatch_event("click")
        fill(page, asked)
        expect(page.locator(".finder output")).to_have_text(count(len(expected)))
        assert settled_rows(page) == expected, asked
        expect(page.locator(".finder-empty p")).to_have_count(0 if expected else 1)
        # Each address is opened by a page that knows nothing of it, one in five here: loading takes its time.
        if number % 5 == 0 and parameters(page):
            other.goto(page.url)
            expect(other.locator(".finder output")).to_have_text(count(len(expected)))
            assert settled_rows(other) == expected, page.url
    assert any(sizes)
    assert not all(sizes)


def test_what_is_typed_is_understood_and_told(page: Page, address: str, models: list[Model]) -> None:
    """Numbers are typed as people say them, the field shows what was understood, and a fault limits nothing."""
    ready(page, address)
    page.get_by_text("Limits", exact=True).click()
    field = page.get_by_role("group", name="Parameter memory").get_by_label("at most")
    field.fill("90")
    field.press("Enter")
    field.blur()
    expect(field).to_have_value("90 MiB")
    assert parameters(page) == {"parameter_bytes": "..90MiB"}
    assert settled_rows(page) == [model["name"] for model in models if model["parameter_bytes"] <= 90 * 2**20]
    macs = page.get_by_role("group", name="MACs").get_by_label("at most")
    macs.fill("4.5 GFLOPs")
    macs.blur()
    expect(page.get_by_role("alert")).to_contain_text("Not understood")
    expect(macs).to_have_attribute("aria-invalid", "true")
    assert parameters(page) == {"parameter_bytes": "..90MiB"}
    macs.fill("4.5 GMACs")
    macs.blur()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert parameters(page) == {"parameter_bytes": "..90MiB", "macs": "..4.5G"}


def test_a_bad_limit_is_told_at_once_and_stays(page: Page, address: str, models: list[Model]) -> None:
    """A text that can be no limit is told while it is typed, by its field, and stays whatever is done elsewhere."""
    ready(page, address)
    page.get_by_text("Limits", exact=True).click()
    limit = page.get_by_role("group", name="Parameters", exact=True).get_by_label("at most")
    limit.press_sequentially("25 mill")
    expect(limit).not_to_have_attribute("aria-invalid", "true")
    limit.press_sequentially("ipede")
    expect(limit).to_have_attribute("aria-invalid", "true")
    expect(limit).to_have_accessible_description("Not understood: e.g. 25M")
    expect(limit).to_have_accessible_name("at most")
    other = page.get_by_role("group", name="MACs").get_by_label("at least")
    other.fill("4.5 gigs")
    other.blur()
    expect(page.get_by_role("alert")).to_have_count(2)
    page.get_by_label("Name", exact=True).fill(WORD)
    page.get_by_role("button", name="Parameters", exact=True).click()
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Parameter tensors").uncheck()
    expect(limit).to_have_value("25 millipede")
    expect(other).to_have_value("4.5 gigs")
    assert settled_rows(page) == names_of(
        sorted((m for m in models if WORD in m["name"]), key=lambda m: m["parameters"])
    )
    other.fill("4.5 G")
    expect(page.get_by_role("alert")).to_have_count(1)
    page.get_by_role("button", name="Clear all").click()
    expect(limit).to_have_value("")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("typed", ["2e6", "2 million", "2 M", "2,000,000", "2 000 000", "0.002 billion"])
def test_a_number_is_understood_in_each_way_of_writing_it(
    page: Page, address: str, models: list[Model], typed: str
) -> None:
    """However people write two million, the models up to it are shown, and the field says what was understood."""
    ready(page, address)
    page.get_by_text("Limits", exact=True).click()
    limit = page.get_by_role("group", name="Parameters", exact=True).get_by_label("at most")
    limit.fill(typed)
    limit.press("Enter")
    expect(limit).to_have_value("2M")
    assert settled_rows(page) == [model["name"] for model in models if model["parameters"] <= 2_000_000]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "?parameters_max=6000000",
            'The address has "parameters_max", which this page does not know. Nearest: parameters',
        ),
        (
            "?parameters=..5Q",
            '"..5Q" for "parameters" in the address is not understood. A limit is written as in "..25M".',
        ),
        ("?weights=maybe", '"maybe" for "weights" in the address is not known. It can be yes or no.'),
        ("?sort=mac", '"mac" for "sort" in the address is not known. Nearest: macs'),
        ("?columns=name,famly", '"famly" for "columns" in the address is not known. Nearest: family.'),
        ("?m=tinynet_51", '"tinynet_51" for "m" in the address is not known. Nearest: tinynet_50'),
    ],
)
def test_what_is_not_understood_in_an_address_is_told(
    page: Page, address: str, models: list[Model], query: str, told: str
) -> None:
    """The page names what it ignores and the nearest that exists, until the reader makes another address."""
    ready(page, address, query)
    notes = page.locator(".finder-empty")
    expect(notes).to_contain_text(told)
    assert settled_rows(page) == names_of(models)
    page.get_by_role("combobox", name="Weights").select_option("yes")
    expect(notes).to_be_empty()
    assert parameters(page)["weights"] == "yes"


NAMED = "tinynet_50"


@pytest.mark.parametrize(
    ("typed", "found", "said"),
    [
        (f"{NAMED}.a1_in1k", [NAMED], f"{NAMED}.a1_in1k names weights of {NAMED}."),
        (f"hf_hub:timm/{NAMED}.a1_in1k", [NAMED], f"hf_hub:timm/{NAMED}.a1_in1k names weights of {NAMED}."),
        ("tinynet50_old", [NAMED], "tinynet50_old is a deprecated name of tinynet_50.a1_in1k."),
        ("TinyNet50-old", [NAMED], "tinynet50_old is a deprecated name of tinynet_50.a1_in1k."),
        ("tiny_gone", [], "tiny_gone was removed from timm without a replacement."),
        ("qqqqqqqq", [], 'Nothing is named "qqqqqqqq".'),
    ],
)
def test_a_name_is_taken_for_the_model_that_it_means(
    page: Page, address: str, typed: str, found: list[str], said: str
) -> None:
    """What is no part of any name may still mean one model; the page shows it and says why."""
    ready(page, address)
    page.get_by_label("Name", exact=True).fill(typed)
    expect(page.locator(".finder-empty p").first).to_have_text(said)
    assert settled_rows(page) == found


@pytest.mark.parametrize(
    "typed", ["tinynet-50", "timm/tinynet_50", "TinyNet50", "tinynett 50", "a2_in1k", "vit tiny base"]
)
def test_a_name_that_is_none_shows_the_nearest(page: Page, address: str, models: list[Model], typed: str) -> None:
    """The nearest models are shown in the order of the shared rule, unless another is asked for, and plotted alike."""
    ready(page, address, f"?name={typed.replace(' ', '+')}")
    parts = typed.lower().split()
    direct = [name for name in names_of(models) if all(part in name for part in parts)]
    if direct:
        assert settled_rows(page) == direct
        expect(page.locator(".finder-empty")).to_be_empty()
        return
    tags = {model["name"]: model["tags"] for model in models}
    near = nearest(typed, tags, len(tags))
    said = f'Nothing is named "{typed}". Nearest: {", ".join(near[:3])}.'
    expect(page.locator(".finder-empty p")).to_have_text(said)
    rows = settled_rows(page)
    assert rows == near[: len(rows)] != []
    expect(page.locator("th[aria-sort]")).to_have_count(0)
    page.get_by_role("button", name="Rank", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Rank")
    assert settled_rows(page) == [name for name in names_of(models) if name in rows]
    assert parameters(page)["sort"] == "rank"
    page.get_by_role("link", name="Plot them").click()
    page.wait_for_url("**/explore/?*")
    expect(page.locator(".matches")).to_contain_text(f'Nothing is named "{typed}".')
    expect(page.locator(".matches")).to_contain_text(f"{len(rows)} of {integer(len(models))} models match the filter.")


@pytest.mark.sweep
def test_without_the_names_that_changed_the_page_says_so(browser: Browser, address: str) -> None:
    """Where what a name means cannot be looked up, the page says so, and the next key tries again."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/data/renamed.json", lambda route: route.fulfill(status=503))
    ready(page, address)
    field = page.get_by_label("Name", exact=True)
    field.fill("tinynett")
    expect(page.locator(".finder-empty")).to_contain_text("could not be loaded (HTTP 503)")
    page.unroute("**/data/renamed.json")
    field.press_sequentially("_")
    expect(page.locator(".finder-empty")).to_have_text(re.compile('^Nothing is named "tinynett_". Nearest: tinynet'))
    context.close()


def test_typing_is_one_step_back(page: Page, address: str, models: list[Model]) -> None:
    """Rows follow each key; what was typed in one go is one entry of the history; Back and Forward go along it."""
    ready(page, address)
    field = page.get_by_label("Name", exact=True)
    field.press_sequentially("vit large")
    expected = [name for name in names_of(models) if "vit" in name and "large" in name]
    assert settled_rows(page) == expected
    page.wait_for_url("**/models/?name=vit+large")
    field.blur()
    page.get_by_role("combobox", name="Weights").select_option("yes")
    page.wait_for_url("**/models/?name=vit+large&weights=yes")
    page.go_back()
    expect(page.get_by_role("combobox", name="Weights")).to_have_value("")
    assert settled_rows(page) == expected
    page.go_back()
    expect(field).to_have_value("")
    assert settled_rows(page) == names_of(models)
    assert page.url == f"{address}models/"
    page.go_forward()
    expect(field).to_have_value("vit large")
    assert settled_rows(page) == expected


@pytest.mark.parametrize("preset", finder.presets(), ids=lambda preset: preset.name)
def test_a_preset_fills_the_form(page: Page, address: str, models: list[Model], preset: finder.Preset) -> None:
    """A preset's limits are seen in the fields and in the address, it is marked, and models fit it."""
    ready(page, address)
    page.get_by_role("link", name=preset.name, exact=True).click()
    expect(page.get_by_role("link", name=preset.name, exact=True)).to_have_attribute("aria-current", "true")
    assert parameters(page) == dict(preset.limits)
    for column, limit in preset.limits.items():
        if column != "weights":
            field = page.locator(f"input[name='{column}.{'max' if limit.startswith('..') else 'min'}']")
            expect(field).to_be_visible()
            assert field.input_value().replace(" ", "") == limit.strip(".")
    assert 0 < len(settled_rows(page)) < len(models)


@pytest.fixture(scope="module")
def fewest(models: list[Model]) -> Model:
    """The model with the fewest activations that are known."""
    found = min((model for model in models if model["activations"] is not None), key=lambda model: model["activations"])
    # So that they can be missed by less than half of themselves, and by far.
    assert 2_000 < found["activations"] < 1_000_000
    assert found["activations"] % 1_000
    return found


def test_an_empty_result_says_what_binds(page: Page, address: str, models: list[Model], fewest: Model) -> None:
    """The sentence names each limit that binds, by how much it has to give way, and a model; its link loosens it."""
    least = fewest["activations"]
    thousands = least // 1_000
    ready(page, address, f"?activations=..{thousands}k")
    expect(page.locator(".finder output")).to_have_text(count(0))
    empty = page.locator(".finder-empty")
    expect(empty).to_contain_text("No model matches. One limit binds:")
    more = f"{100 * (least - 1_000 * thousands) / (1_000 * thousands):.1f} %"
    expect(empty).to_contain_text(f"Activations at most {thousands}k: loosen by {more} to {integer(least)}.")
    expect(empty).to_contain_text(fewest["name"])
    empty.get_by_role("link", name="Loosen").click()
    expect(page.locator(".finder-empty > *")).to_have_count(0)
    assert settled_rows(page) == [model["name"] for model in models if model["activations"] == least]
    assert parameters(page)["activations"].startswith("..")
    assert page.evaluate("document.activeElement.tagName") == "OUTPUT"


def test_much_is_told_in_times(page: Page, address: str, fewest: Model) -> None:
    """A limit that is far from everything is told by how many times it has to be what it is."""
    least = fewest["activations"]
    ready(page, address, "?activations=..1k")
    expect(page.locator(".finder-empty")).to_contain_text(
        f"Activations at most 1k: loosen to {least / 1000:.1f} times as much, {integer(least)}."
    )


def test_families_are_suggested(page: Page, address: str, models: list[Model]) -> None:
    """The field for families suggests each of them once."""
    ready(page, address)
    options = page.locator("#finder-families option").evaluate_all("all => all.map((option) => option.value)")
    assert options == sorted({model["family"] for model in models})
    field = page.get_by_role("combobox", name="Family", exact=True)
    assert field.evaluate("field => field.list.options.length") == len(options)


def test_columns_are_chosen(page: Page, address: str, every: list[Model]) -> None:
    """A column is hidden and shown by its box; those that come on request have the figures of the data."""
    ready(page, address)
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Parameter tensors").uncheck()
    page.get_by_label("Training memory, mixed").check()
    expect(page.get_by_role("button", name="Parameter tensors")).to_have_count(0)
    assert "training_bytes_mixed" in parameters(page)["columns"]
    last = page.locator("atlas-rank tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].at(-1).textContent)"
    )
    assert last == [memory(model["training_bytes_mixed"]) for model in every]
    page.add_style_tag(content=LAID_OUT)
    assert page.locator(".long-table td").evaluate_all(TOO_WIDE) == []
    page.reload()
    expect(page.get_by_role("button", name="Training memory, mixed")).to_be_visible()
    expect(page.get_by_role("button", name="Parameter tensors")).to_have_count(0)


@pytest.mark.sweep
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_without_the_column_of_ranks_there_are_boxes(page: Page, address: str, width: int) -> None:
    """Models are ticked whatever columns are shown; a box covers no name, and names are shown unasked."""
    page.set_viewport_size({"width": width, "height": 900})
    for columns in ("name,macs", "macs", ""):
        ready(page, address, f"?columns={columns}")
        first = page.locator("atlas-rank tbody tr").first
        expect(page.get_by_role("button", name="Rank", exact=True)).to_have_count(0)
        box, link = first.locator("input").bounding_box(), first.get_by_role("link").first.bounding_box()
        assert box
        assert link
        assert box["x"] + box["width"] <= link["x"]
        first.locator("input").check()
        assert parameters(page)["m"] == settled_rows(page)[0]
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Rank", exact=True).check()
    expect(page.locator("atlas-rank tbody tr").first.locator("td").first.locator("input")).to_be_checked()
    page.get_by_label("Rank", exact=True).uncheck()
    expect(page.locator("atlas-rank tbody tr").first.locator("td").nth(1).locator("input")).to_be_checked()


@pytest.mark.parametrize("query", ["", f"?name={WORD}&sort=-macs", "?parameters=..1G&columns=name,macs,activations"])
def test_back_from_a_model_is_the_same_place(page: Page, address: str, query: str) -> None:
    """The table is scrolled as it was, and the link that was followed has the focus; a new visit begins at the top."""
    ready(page, address, query)
    frame = page.locator("atlas-rank .long-table")
    scrolled = "frame => [Math.round(frame.scrollTop), Math.round(scrollY)]"
    rows = settled_rows(page)
    name = rows[-3]
    link = page.locator(f"[id='{name}'] a").first
    # Scrolls to the link, in the page and in the table.
    link.focus()
    before = frame.evaluate(scrolled)
    assert before[0] > 0
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/models/{name}/")
    page.go_back()
    expect(link).to_be_focused()
    assert settled_rows(page) == rows
    assert frame.evaluate(scrolled) == before
    page.goto(address)
    ready(page, address, query)
    assert settled_rows(page) == rows
    assert frame.evaluate(scrolled) == [0, 0]


def test_the_head_and_the_names_stay(page: Page, address: str) -> None:
    """However the table is scrolled, its head is at its top, and ranks and names are at its left."""
    page.goto(f"{address}models/")
    page.evaluate("document.querySelector('.long-table').scrollTo(300, 1500)")
    offsets = page.evaluate(
        """() => {
            const frame = document.querySelector(".long-table").getBoundingClientRect();
            const row = [...document.querySelectorAll("atlas-rank tbody tr")].find(
                (row) => row.getBoundingClientRect().top > frame.top + 100);
            const [rank, name] = row.cells;
            return [
                document.querySelector("atlas-rank thead").getBoundingClientRect().top - frame.top,
                rank.getBoundingClientRect().left - frame.left,
                name.getBoundingClientRect().left - rank.getBoundingClientRect().right,
            ];
        }"""
    )
    assert all(abs(offset) <= 2 for offset in offsets), offsets


def test_ticked_models_are_compared(page: Page, address: str) -> None:
    """Two to six ticked models lead to their comparison, in the order of ticking; a seventh is refused, and told."""
    ready(page, address)
    boxes = page.locator("atlas-rank tbody input")
    names = settled_rows(page)[:7]
    compare = page.locator("atlas-rank").get_by_role("link", name="Compare", exact=True)
    for place in (1, 0):
        expect(compare).to_be_hidden()
        boxes.nth(place).check()
    expect(compare).to_be_visible()
    assert compare.evaluate("link => link.href") == f"{address}compare/?m={names[1]},{names[0]}"
    assert parameters(page)["m"] == f"{names[1]},{names[0]}"
    for place in range(2, 6):
        boxes.nth(place).check()
    boxes.nth(6).click()
    expect(page.locator(".finder-compared")).to_contain_text("6 models are the most")
    expect(boxes.nth(6)).not_to_be_checked()
    page.reload()
    expect(page.locator("atlas-rank tbody input:checked")).to_have_count(6)
    page.get_by_role("button", name="Untick all").click()
    expect(page.locator("atlas-rank tbody input:checked")).to_have_count(0)


def test_what_matches_is_plotted(page: Page, address: str, models: list[Model]) -> None:
    """The link to the plots takes the limits along: the same models are there."""
    ready(page, address, f"?name={WORD}&macs=..5G&sort=-macs")
    matches = len(settled_rows(page))
    assert 0 < matches < len(models)
    page.get_by_role("link", name="Plot them").click()
    page.wait_for_url("**/explore/?*")
    assert parameters(page) == {"name": WORD, "macs": "..5G"}
    expect(page.locator("atlas-explore")).to_contain_text(
        f"{matches} of {integer(len(models))} models match the filter."
    )


def test_the_csv_has_the_filtered_rows(page: Page, address: str, models: list[Model]) -> None:
    """What is saved are the rows that match, in their order, with the exact figures of the data."""
    ready(page, address, f"?name={WORD}&parameters=..2M&sort=-macs")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    saved = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert [row["name"] for row in saved] == settled_rows(page)
    assert 1 < len(saved) < len(models)
    assert list(saved[0]) == [figure.name for figure in IN_TABLE]
    by_name = {model["name"]: model for model in models}
    for row in saved:
        for column, text in row.items():
            value = by_name[row["name"]][column]
            plain = ";".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
            assert text == plain, (row["name"], column)


def test_the_keyboard_is_enough(page: Page, address: str) -> None:
    """From the form's first field, Tab reaches every control above the table, and the table's boxes."""
    page.goto(f"{address}models/")
    page.get_by_label("Name", exact=True).focus()
    expect(page.locator("atlas-rank tbody input").first).to_be_attached()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(() => { const at = document.activeElement;"
                " return at.name || at.getAttribute('role') || at.textContent.trim(); })()"
            )
        )
    expected = ["family", "tag", "weights", *(preset.name for preset in finder.presets()), "Limits", "Columns"]
    expected += ["clear", "csv", "region", *["sort"] * len(rank.SHOWN), "m"]
    assert [name for name in reached if name in expected][: len(expected)] == expected
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_table_is_as_high_as_what_is_left(page: Page, address: str) -> None:
    """Each group is as high as its rows that match, laid out or not; in the end none is kept from the layout."""
    heights = """
        [...document.querySelectorAll("atlas-rank .long-table tbody")].map((group) => Math.round(group.offsetHeight))
    """
    rows = heights.replace("group.offsetHeight", "[...group.rows].reduce((sum, row) => sum + row.offsetHeight, 0)")
    ready(page, address)
    settled_rows(page)
    before = page.evaluate(heights)
    frame = page.locator("atlas-rank .long-table")
    field = page.get_by_label("Name", exact=True)
    for text in (WORD, "vit_base", ""):
        frame.evaluate("frame => { frame.scrollTop = 9000; }")
        field.fill(text)
        assert frame.evaluate("frame => frame.scrollTop") == 0
        settled_rows(page)
        expect(page.locator("atlas-rank .is-later")).to_have_count(0)
        given = page.evaluate(heights)
        laid_out = page.add_style_tag(content=LAID_OUT)
        assert page.evaluate(rows) == given
        laid_out.evaluate("style => style.remove()")
    assert given == before


def test_a_row_of_the_address_is_in_sight(page: Page, address: str, models: list[Model]) -> None:
    """The row that an address names is scrolled to, wherever the order has moved it, far down too."""
    name = models[0]["name"]
    page.goto(f"{address}models/?sort=parameters#{name}")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Parameters")
    expect(page.locator(f'[id="{name}"]')).to_be_in_viewport()


def test_without_javascript_there_is_the_table_alone(browser: Browser, address: str) -> None:
    """With JavaScript off the whole table is there, and no form that would do nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}models/?name={WORD}")
    expect(page.locator("article table tbody tr")).to_have_count(len(small.ROWS))
    expect(page.locator(".finder")).to_be_hidden()
    context.close()


def test_a_failed_load_is_told_and_tried_again(browser: Browser, address: str) -> None:
    """Where the data cannot be loaded the page says so, and the next act tries again."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/data/index.json", lambda route: route.fulfill(status=503))
    page.goto(f"{address}models/?name={WORD}")
    expect(page.locator(".finder output")).to_contain_text("could not be loaded (HTTP 503)")
    page.unroute("**/data/index.json")
    page.get_by_label("Name", exact=True).focus()
    expect(page.locator(".finder output")).to_contain_text(f"of {integer(len(small.ROWS))} models")
    context.close()


def test_nothing_is_loaded_before_it_is_needed(page: Page, address: str) -> None:
    """A reader who only reads loads neither the data nor the finder."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(f"{address}models/")
    page.wait_for_load_state("networkidle")
    assert "/assets/js/rank/page.js" in asked
    assert not {"/data/index.json", "/assets/js/rank/finder.js"} & set(asked)


def test_changes_overtake_each_other(page: Page, address: str, models: list[Model]) -> None:
    """A change that comes while the table still follows an older one wins, in order and in what matches."""
    ready(page, address)
    page.evaluate(
        """() => {
            const field = document.querySelector(".finder input[name=name]");
            const type = (text) => {
                field.value = text;
                field.dispatchEvent(new Event("input", {bubbles: true}));
            };
            const sort = (column) => document.querySelector(`atlas-rank th button[value=${column}]`).click();
            type("rep"), sort("macs"), type("vit"), sort("name"), type(""), sort("name"), type("net");
        }"""
    )
    matching = [name for name in names_of(models) if "net" in name]
    expect(page.locator(".finder output")).to_have_text(count(len(matching)))
    assert settled_rows(page) == sorted(matching, reverse=True)
