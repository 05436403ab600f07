"""MkDocs as a process of its own: it exits as MkDocs does, and without a traceback where the system fails it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import DatasetError
from generator.site import command

DAMAGED = DatasetError(Path("manifest.json"), "it is damaged")


def test_mkdocs_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    """The arguments are those of MkDocs, and so are the output and the exit code."""
    with pytest.raises(SystemExit) as left:
        command.main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("mkdocs, version 1.")


def test_mkdocs_says_itself_what_it_refuses(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A wrong call ends with MkDocs' own message and code."""
    with pytest.raises(SystemExit) as left:
        command.main(["build", "--config-file", str(tmp_path / "none.yml")])
    assert left.value.code != 0
    assert "none.yml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device", "site/index.html"), "No space left on device: site/index.html"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("disk on fire"), "disk on fire"),
        (MemoryError(), "MemoryError"),
        (DAMAGED, str(DAMAGED)),
    ],
    ids=["a place", "no place", "no reason", "no memory", "ours"],
)
def test_a_system_that_fails_is_one_sentence(
    error: Exception, told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the system or of the dataset is told in a line, and the exit code is 1."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("mkdocs.__main__.cli", fail)
    with pytest.raises(SystemExit) as left:
        command.main(["build"])
    assert left.value.code == 1
    assert capsys.readouterr().err == f"mkdocs: {told}\n"


def test_a_defect_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that is neither the system's nor MkDocs' is a defect of a template or a hook: it has to be found."""

    def fail(*_: object, **__: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr("mkdocs.__main__.cli", fail)
    with pytest.raises(KeyError):
        command.main(["build"])
