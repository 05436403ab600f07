"""The dates of a build: the true ones, or the one that the environment sets."""

from __future__ import annotations

import re

import pytest

from generator.build import dates
from generator.errors import SourceDateError
from tests.examples import DATE


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that sets no date."""
    monkeypatch.delenv(dates.VARIABLE, raising=False)


def test_the_present_time_has_the_form_of_all_dates() -> None:
    """The time is UTC, to the second."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", dates.now())


@pytest.mark.parametrize("value", [None, ""])
def test_without_the_variable_dates_are_true(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    """A variable that is not set, or empty, changes no date."""
    if value is not None:
        monkeypatch.setenv(dates.VARIABLE, value)
    assert dates.fixed() is None
    assert dates.told(DATE) == DATE


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("0", "1970-01-01T00:00:00Z"),
        ("1700000000", "2023-11-14T22:13:20Z"),
        ("0001700000000", "2023-11-14T22:13:20Z"),
        ("4294967295", "2106-02-07T06:28:15Z"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_the_variable_sets_every_date(monkeypatch: pytest.MonkeyPatch, value: str, date: str, zone: str) -> None:
    """The variable is the date of everything, in whatever zone the machine is."""
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv(dates.VARIABLE, value)
    assert (dates.fixed(), dates.told(DATE)) == (date, date)


@pytest.mark.parametrize(
    "value", ["-1", "1.5", "1e9", "today", " 1", "1_000", "٣", "0x10", "4294967296", "9" * 5000, "2026-01-01"]
)
def test_what_is_no_date_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Anything but a number of seconds is refused, in a sentence that names the variable and what it has to be."""
    monkeypatch.setenv(dates.VARIABLE, value)
    for ask in (dates.fixed, lambda: dates.told(DATE)):
        with pytest.raises(SourceDateError) as caught:
            ask()
        assert str(caught.value).startswith(f"SOURCE_DATE_EPOCH is {value[:20]!r}; it has to be a whole number")
        assert caught.value.exit_code == 2
