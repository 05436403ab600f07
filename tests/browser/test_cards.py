"""The largest batch on a card of the reader's, in the finder, the plots and comparisons."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from generator.facts import cards
from generator.facts.estimates import SETTINGS, Setting
from generator.facts.fixtures import is_fixture
from generator.pages.formatting import UNKNOWN, integer
from tests import small
from tests.browsing import settled_rows, watched

INFER, TRAIN = SETTINGS[0], SETTINGS[3]
CARD = 8


def batches(setting: Setting, size: float) -> dict[str, int | None]:
    """The largest batch of each model that the finder shows, in the order of ranks."""
    records = {record.name: record for record in small.SMALL.records}
    names = [row.name for row in small.ROWS if not is_fixture(row.name)]
    return {name: cards.largest_batches(records[name], setting.kind, setting.optimizer, [size])[0] for name in names}


def usual() -> Setting:
    """The setting of which batches are without a choice."""
    (found,) = (setting for setting in SETTINGS if setting.key == cards.USUAL_SETTING)
    return found


def shown(page: Page) -> dict[str, str]:
    """The text of the column of largest batches, by model, of the rows that match."""
    place = page.get_by_role("columnheader", name="Largest batch").evaluate("head => head.cellIndex")
    found = page.locator("atlas-rank tbody tr").evaluate_all(
        "(rows, place) => rows.map((row) => [row.id, row.cells[place].textContent])", place
    )
    return {name: text for name, text in found if name in settled_rows(page)}


def test_the_finder_shows_what_fits_into_my_gpu(page: Page, address: str) -> None:
    """A memory and a run that are chosen ask for models of which an image fits, and fill the column; so does a link."""
    page.goto(f"{address}models/")
    page.get_by_text("Limits", exact=True).click()
    memory = page.get_by_label("memory", exact=True)
    memory.fill(f"{CARD}GiB")
    memory.press("Enter")
    page.locator("select[name=run]").select_option(INFER.key)
    fitting = {name: batch for name, batch in batches(INFER, CARD).items() if batch}
    expected = {name: integer(batch) for name, batch in fitting.items()}
    expect(page.get_by_role("columnheader", name="Largest batch")).to_be_visible()
    expect(page.locator("input[name='largest_batch.min']")).to_have_value("1")
    expect(memory).to_have_value(f"{CARD} GB")
    assert settled_rows(page) == list(fitting)
    assert shown(page) == expected
    assert page.url.endswith(f"?largest_batch=1..&gpu={CARD}GB&run={INFER.key}")
    page.reload()
    expect(page.locator(f"atlas-rank tbody tr[id='{next(iter(fitting))}']")).to_contain_text(
        next(iter(expected.values()))
    )
    assert shown(page) == expected
    page.go_back()
    expect(page.locator("select[name=run]")).to_have_value(cards.USUAL_SETTING)


def test_models_are_sorted_by_the_batch_of_the_card(page: Page, address: str) -> None:
    """The order is that of the batches on the card of the address, and unknown ones stand last where they are shown."""
    page.goto(f"{address}models/?gpu={CARD}GB&run={TRAIN.key}&largest_batch=2..&sort=-largest_batch")
    found = {name: batch for name, batch in batches(TRAIN, CARD).items() if batch and batch >= 2}
    expect(page.locator(".finder output")).to_contain_text(f"{integer(len(found))} of ")
    assert settled_rows(page) == sorted(found, key=lambda name: found[name] or 0, reverse=True)
    assert len(set(found.values())) > 1


def test_without_a_choice_it_is_the_usual_card(page: Page, address: str) -> None:
    """A limit alone is of the usual card and run, which the form shows; unknown is told, and is within no limit."""
    page.goto(f"{address}models/?columns=name,largest_batch")
    expected = batches(usual(), cards.USUAL_SIZE)
    expect(page.get_by_role("columnheader", name="Largest batch")).to_be_visible()
    assert shown(page) == {name: UNKNOWN if batch is None else integer(batch) for name, batch in expected.items()}
    assert None in expected.values()
    expect(page.get_by_label("memory", exact=True)).to_have_value(f"{cards.USUAL_SIZE} GB")


def test_a_memory_that_is_none_is_told(page: Page, address: str) -> None:
    """What is typed stays, with a word beside it, and limits nothing."""
    page.goto(f"{address}models/")
    page.get_by_text("Limits", exact=True).click()
    memory = page.get_by_label("memory", exact=True)
    memory.fill("much")
    memory.press("Enter")
    expect(page.get_by_text("Not understood: e.g. 24 GB")).to_be_visible()
    expect(memory).to_have_value("much")
    assert len(settled_rows(page)) == len(batches(INFER, CARD))
    memory.fill("24")
    expect(page.get_by_text("Not understood: e.g. 24 GB")).to_have_count(0)


def test_lines_that_do_not_come_are_told_and_asked_for_again(browser: Browser, address: str) -> None:
    """Without them the batches of a card are unknown, which a sentence says; the reader's next act tries again."""
    with watched(browser, (address,), lambda message: "ERR_FAILED" in message.text) as page:
        page.route("**/data/lines/*.json", lambda route: route.abort())
        page.goto(f"{address}models/?gpu={CARD}GB")
        expect(page.locator(".finder-empty")).to_contain_text(
            "The memory of the models could not be loaded: there was no answer from the network."
        )
        expect(page.locator(".finder output")).to_contain_text("0 of ")
        page.unroute("**/data/lines/*.json")
        page.get_by_label("Name", exact=True).fill(" ")
        fitting = [name for name, batch in batches(usual(), CARD).items() if batch]
        expect(page.locator(".finder output")).to_contain_text(f"{integer(len(fitting))} of ")
        expect(page.locator(".finder-empty")).to_have_text("")


def test_plots_take_the_card_of_a_link(page: Page, address: str) -> None:
    """The finder's link has its card and run, and the plot draws the models that fit."""
    page.goto(f"{address}models/?gpu={CARD}GB&run={INFER.key}&largest_batch=2..")
    fitting = [name for name, batch in batches(INFER, CARD).items() if batch and batch >= 2]
    expect(page.locator(".finder output")).to_contain_text(f"{integer(len(fitting))} of ")
    page.get_by_role("link", name="Plot them").click()
    expect(page.locator(".matches")).to_contain_text(f"{integer(len(fitting))} of ")


def test_a_comparison_has_a_card(page: Page, address: str) -> None:
    """Each run has the largest batch of each model on the card, which can be changed, and is in the address."""
    names = [name for name, batch in batches(TRAIN, CARD).items() if batch][:2]
    page.goto(f"{address}compare/?m={','.join(names)}#fits")
    section = page.locator("#fits")
    memory = section.get_by_label("Memory of the GPU")
    for size in (cards.USUAL_SIZE, CARD):
        if size != cards.USUAL_SIZE:
            memory.fill(str(size))
            memory.press("Enter")
        expect(memory).to_have_value(f"{size} GB")
        for setting in SETTINGS:
            found = batches(setting, size)
            row = section.get_by_role("row", name=setting.words, exact=False).filter(has_text=setting.words)
            texts = [UNKNOWN if found[name] is None else integer(found[name] or 0) for name in names]
            expect(row.first.locator("td b")).to_have_text(texts)
    assert page.url.split("#")[0].endswith(f"&gpu={CARD}GB")
    page.go_back()
    expect(memory).to_have_value(f"{cards.USUAL_SIZE} GB")
    memory.fill("much")
    memory.press("Enter")
    expect(section.get_by_role("alert")).to_have_text("Not understood: e.g. 24 GB")
