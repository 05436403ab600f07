"""The pages for contributors: the paths, commands and wings that they name exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_architecture import FLOORS
from tests.test_cli import COMMANDS

PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "contributing").glob("*.md"))]
# The folders of the repository: a word in code that begins with one of them is a path.
FOLDERS = (
    "benchmarks",
    "docs",
    "generator",
    "maintenance",
    "overrides",
    "requirements",
    "scripts",
    "tests",
    "validation",
)
# The folders of the programs that scripts run.
RUN_BY_SCRIPTS = ("benchmarks", "maintenance", "validation")
# The folders that a build makes, and a fresh checkout lacks.
MADE = ("docs/models", "docs/families", "docs/generated")
# The wings that pages name without the package, and the scripts without their folder.
SHORT = ("build", "explore", "facts", "measuring", "pages", "publishing", "shared", "store")


def codes(page: Path) -> list[str]:
    """Everything that a page marks as code: words between backticks, and the lines of its code blocks."""
    text = page.read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
    return [*inline, *(line.partition("#")[0].strip() for block in blocks for line in block.splitlines())]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_are_there(page: Path) -> None:
    """Each path that a page names is in the repository, or made by a build."""
    for code in codes(page):
        for word in code.split():
            path = word.removeprefix("./").rstrip("/")
            top, _, rest = path.partition("/")
            if top in FOLDERS and rest and not path.startswith(MADE):
                assert (ROOT / path).exists(), word
            elif top in SHORT and rest.endswith((".py", ".js")):
                found = [ROOT / "generator" / path, ROOT / "docs" / "assets" / "js" / path]
                assert any(file.is_file() for file in found), word


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_there(page: Path) -> None:
    """Each command of ours that a page names is one, with the option that it is named with."""
    for code in codes(page):
        command = code.removeprefix(".venv/bin/").split()
        if command[:1] == ["timm-atlas"] and len(command) > 1 and not command[1].startswith("-"):
            assert command[1] in COMMANDS, code
        if code.startswith("./scripts/"):
            text = (ROOT / command[0]).read_text()
            for folder in RUN_BY_SCRIPTS:
                if f"-m {folder}" in text:
                    text += "".join(path.read_text() for path in (ROOT / folder).glob("*.py"))
            assert all(word in text for word in command[1:] if word.startswith("--")), code


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    """Each link of a page leads to a file, and to a heading of it where it names one."""
    for target in re.findall(r"\]\(([^)#:]*)(?:#[\w-]+)?\)", page.read_text()):
        assert not target or (page.parent / target).is_file(), target


def test_the_floors_are_those_of_the_house() -> None:
    """The table of wings has the floors that imports are held to, in their order."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    rows = re.findall(r"^\| (\d) \| ([^|]+) \|", text, re.MULTILINE)
    found: list[set[str]] = [set() for _ in FLOORS]
    for floor, wings in rows:
        found[min(int(floor), len(FLOORS)) - 1] |= {wing.rstrip("/") for wing in re.findall(r"`([^`]+)`", wings)}
    # The command line and the module that starts it share a line of the table.
    expected = [set(wings) - {""} for wings in FLOORS]
    expected[-2:] = [expected[-2] | expected[-1]]
    assert found[: len(expected)] == expected


def test_the_first_page_is_short() -> None:
    """A newcomer reads the page in a few minutes."""
    assert len((ROOT / "CONTRIBUTING.md").read_text().splitlines()) <= 120


@pytest.mark.parametrize("arguments", [["--quik"], ["--quick", "more"]], ids=" ".join)
def test_a_wrong_option_is_told(arguments: list[str]) -> None:
    """`./scripts/test` with an option that it does not know says how it is called, and does nothing."""
    finished = subprocess.run(
        [ROOT / "scripts" / "test", *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert finished.stderr.endswith("Usage: ./scripts/test [--quick]\n")
