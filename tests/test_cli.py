"""The command line: exit codes, sentences without a traceback, and what goes to which stream."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator import __version__
from generator.build import mkdocs
from generator.cli import main, parser
from generator.errors import MeasurementError, ResolutionError
from generator.facts import cards, estimates
from generator.facts.figures import IN_FILES
from generator.facts.inspections import Failure, Stage
from generator.facts.records import Dataset
from generator.facts.registry import CatalogEntry
from generator.publishing import data_files
from generator.store import dataset
from tests import examples
from tests.conftest import tree
from tests.doubles import TinyTimm
from tests.examples import TINY_CONV, TINY_VIT, resized

Capture = pytest.CaptureFixture[str]

TEXTS = dict(data_files.texts(examples.FULL, examples.ROWS))

COMMANDS = ["build", "inspect", "pages", "zip", "show", "compare", "rank", "fit"]
LOOKING_UP = [["show", "tiny_conv"], ["compare", "tiny_conv", "tiny_vit"], ["rank"], ["fit", "--memory", "8GB"]]


def sentence(capsys: Capture) -> str:
    """The one line on standard error, with nothing on standard output."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("timm-atlas: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.removeprefix("timm-atlas: ").rstrip("\n")


def generated_pages(root: Path) -> int:
    """The number of pages that stand in the folders of generated pages."""
    return sum(len([*(root / "docs" / folder).rglob("*.md")]) for folder in ("models", "families", "generated"))


def command_parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command, by name."""
    (action,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(action.choices)


def test_the_commands_are_those_of_the_interface() -> None:
    """There are the agreed commands and no others."""
    assert list(command_parsers()) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches(command: str, capsys: Capture) -> None:
    """The help of a command says what it does, explains every option, and has an example of a call."""
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    out = capsys.readouterr().out
    assert left.value.code == 0
    assert f"Example: timm-atlas {command}" in " ".join(out.split())
    assert all(action.help for action in command_parsers()[command]._actions)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_in_the_help_can_be_called(command: str) -> None:
    """The example of a command is a call that its parser takes."""
    epilog = command_parsers()[command].epilog
    assert epilog is not None
    words = epilog.removeprefix("Example: timm-atlas ").replace("'", "").split()
    assert words[0] == command
    parser().parse_args(words)


def test_the_help_of_all_explains_the_exit_codes(capsys: Capture) -> None:
    """The help names every command and what the exit codes mean."""
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert all(command in out for command in COMMANDS)
    assert "Exit codes: 0 done; 1 done, but a model failed" in out


def test_the_version_is_told_by_the_module() -> None:
    """``python -m generator --version`` is ``timm-atlas --version``."""
    finished = subprocess.run(
        [sys.executable, "-m", "generator", "--version"], capture_output=True, text=True, check=True
    )
    assert finished.stdout == f"timm-atlas {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["show"],
        ["show", "a", "b"],
        ["inspect", "--processes", "0"],
        ["inspect", "--processes", "x"],
        ["inspect", "--timeout", "soon"],
        ["inspect", "--timeout", "0"],
        ["inspect", "--timeout", "-1"],
        ["inspect", "--timeout", "nan"],
        ["pages", "extra"],
        ["show", "tiny_conv", "--resolution", "0"],
        ["show", "tiny_conv", "--resolution", "4097"],
        ["show", "tiny_conv", "--resolution", "384x"],
        ["show", "tiny_conv", "--resolution", "3x384x384"],
        ["compare", "tiny_conv", "tiny_vit", "--resolution", "²"],
        ["fit", "--memory", "8GB", "--resolution", "384x0"],
    ],
    ids=" ".join,
)
def test_a_call_that_makes_no_sense_exits_with_2(arguments: list[str], tmp_path: Path, capsys: Capture) -> None:
    """Wrong arguments are reported with the usage; nothing is done."""
    root = ["--root", str(tmp_path)] if arguments and arguments[0] in COMMANDS else []
    with pytest.raises(SystemExit) as left:
        main([*arguments, *root])
    assert left.value.code == 2
    assert "usage: timm-atlas" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["build"], ["inspect"], ["pages"], *LOOKING_UP], ids=" ".join)
def test_a_root_without_a_project_is_told(command: list[str], tmp_path: Path, capsys: Capture) -> None:
    """A folder that is no project is named, with exit code 2 and nothing written."""
    assert main([*command, "--root", str(tmp_path)]) == 2
    assert sentence(capsys) == f"{tmp_path} holds no mkdocs.yml; name a checkout of timm-atlas with --root."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["inspect", "build"])
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("mobilenetv2_12d", ["No model in timm ", "'mobilenetv2_12d'", "Nearest: ", "mobilenetv2_120d"]),
        ("renset*", ["No model in timm ", "matches 'renset*'", "Nearest: ", "resnet"]),
        ("convnext_tiny_in22ft1k", ["is a deprecated name of convnext_tiny.fb_in22k_ft_in1k; ask for convnext_tiny."]),
    ],
)
def test_an_unknown_model_is_told(project: Path, capsys: Capture, command: str, asked: str, told: list[str]) -> None:
    """A name that matches nothing in timm exits with 2, names the nearest, and nothing is written."""
    before = tree(project)
    assert main([command, "test_vit", asked, "--root", str(project), "--processes", "1"]) == 2
    text = sentence(capsys)
    assert all(part in text for part in told)
    assert tree(project) == before


def test_the_deprecated_name_above_is_timm_s() -> None:
    """The alias that the tests ask for is one that timm still knows."""
    from timm.models import get_deprecated_models

    assert get_deprecated_models()["convnext_tiny_in22ft1k"] == "convnext_tiny.fb_in22k_ft_in1k"


@pytest.mark.parametrize("command", ["show", "rank"])
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("tiny_con", "No model in the dataset (5 models, timm 1.0.31) is named 'tiny_con'. Nearest: tiny_conv"),
        ("tiny_gone", "tiny_gone was removed from timm without a replacement."),
        (
            "tiny_conv.no_tag",
            "No model in the dataset (5 models, timm 1.0.31) is named 'tiny_conv.no_tag'. Nearest: tiny_conv",
        ),
        ("xyz*", "No model in the dataset (5 models, timm 1.0.31) "),
    ],
)
def test_a_model_that_the_dataset_lacks_is_told(
    project: Path, capsys: Capture, command: str, asked: str, told: str
) -> None:
    """A model that the dataset lacks exits with 2, and the sentence says where it was looked for."""
    assert main([command, asked, "--root", str(project)]) == 2
    assert sentence(capsys).startswith(told)


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ("tiny_conv.r160_in1k", ""),
        ("timm/tiny_conv", ""),
        ("hf_hub:timm/tiny_conv.r160_in1k", ""),
        ("Tiny-Conv", "Tiny-Conv is taken as tiny_conv."),
        ("tiny conv", "tiny conv is taken as tiny_conv."),
        ("tiny_old", "tiny_old is a deprecated name of tiny_conv.r160_in1k."),
    ],
)
def test_models_are_found_as_people_name_them(project: Path, capsys: Capture, asked: str, note: str) -> None:
    """A model is found by its own name, by timm's forms of it and by people's; a note names it where these differ."""
    root = ["--root", str(project)]
    for command in (["show"], ["compare", "tiny_vit"], ["rank"]):
        assert main([*command, "tiny_conv", *root]) == 0
        expected = capsys.readouterr().out
        assert main([*command, asked, *root]) == 0
        out, err = capsys.readouterr()
        assert out == expected
        assert err == (f"timm-atlas: {note}\n" if note else "")


def test_two_names_of_one_model_are_no_comparison(project: Path, capsys: Capture) -> None:
    """A model is named twice too where its names differ."""
    assert main(["compare", "tiny_conv", "timm/tiny_conv.r160_in1k", "--root", str(project)]) == 2
    assert sentence(capsys) == "Name 2 to 6 different models to compare; tiny_conv was named twice."


def test_a_subset_says_what_it_covers(project: Path, capsys: Capture) -> None:
    """Where a subset leaves out the model, the sentence says that the dataset is a subset."""
    dataset.write(examples.SUBSET, project / "dataset")
    assert main(["show", "tiny_conv", "--root", str(project)]) == 2
    assert "the dataset (2 models matching tiny_t*, tiny_v?t, timm 1.0.31)" in sentence(capsys)


@pytest.mark.parametrize("pattern", ["tiny_*", "tiny_conv*", "tiny_[ce]*"])
def test_show_takes_a_name_and_no_pattern(project: Path, capsys: Capture, pattern: str) -> None:
    """A pattern where one model is asked for is refused in a sentence, though it matches."""
    assert main(["show", pattern, "--root", str(project)]) == 2
    assert f"is named '{pattern}'" in sentence(capsys)


def test_rank_says_that_nothing_matches(project: Path, capsys: Capture) -> None:
    """Where patterns are expected, the sentence says that a pattern matches nothing."""
    assert main(["rank", "xyz*", "--root", str(project)]) == 2
    assert "matches 'xyz*'" in sentence(capsys)


@pytest.mark.parametrize("command", [["pages"], ["pages", "--check"], *LOOKING_UP], ids=" ".join)
def test_a_missing_dataset_is_told(bare_project: Path, capsys: Capture, command: list[str]) -> None:
    """Without a dataset the sentence names the file and the command that makes it, and nothing is written."""
    before = tree(bare_project)
    assert main([*command, "--root", str(bare_project)]) == 1
    text = sentence(capsys)
    assert text.startswith(f"{bare_project / 'dataset' / 'manifest.json'}: there is no dataset yet.")
    assert "`timm-atlas inspect`" in text
    assert tree(bare_project) == before


@pytest.mark.parametrize("command", [["pages"], ["pages", "--check"], *LOOKING_UP], ids=" ".join)
@pytest.mark.parametrize("name", ["manifest.json", "records.jsonl"])
def test_a_damaged_dataset_is_told(project: Path, capsys: Capture, command: list[str], name: str) -> None:
    """A truncated file is named with what is wrong and the command that mends it, and nothing is written."""
    path = project / "dataset" / name
    path.write_bytes(path.read_bytes()[:-20])
    before = tree(project)
    assert main([*command, "--root", str(project)]) == 1
    text = sentence(capsys)
    assert text.startswith(f"{path}: it is damaged")
    assert "`timm-atlas inspect`" in text
    assert tree(project) == before


def test_pages_are_written(project: Path, capsys: Capture) -> None:
    """The pages of a dataset are written, and the counts of new, changed and removed ones are printed."""
    assert main(["pages", "--root", str(project)]) == 0
    assert capsys.readouterr().err == f"Pages: {generated_pages(project)} new, 0 changed, 0 removed.\n"
    names = {path.name for path in (project / "docs" / "models").iterdir()}
    assert names == {"README.md", *(f"{record.name}.md" for record in examples.RECORDS)}
    dataset.write(examples.SUBSET, project / "dataset")
    assert main(["pages", "--root", str(project)]) == 0
    assert capsys.readouterr().err == "Pages: 0 new, 12 changed, 3 removed.\n"
    assert (project / "docs" / "index.md").read_text() == "# Home\n"


def test_checked_pages_are_up_to_date(project: Path, capsys: Capture) -> None:
    """A check of pages that were just written holds, writes nothing and says how many there are."""
    main(["pages", "--root", str(project)])
    before = tree(project)
    capsys.readouterr()
    assert main(["pages", "--check", "--root", str(project)]) == 0
    assert capsys.readouterr().err == f"All {generated_pages(project)} pages are up to date.\n"
    assert tree(project) == before


def test_a_check_names_what_differs(project: Path, capsys: Capture) -> None:
    """A check that fails exits with 1, names each page, shows one difference and the command that mends it."""
    main(["pages", "--root", str(project)])
    models = project / "docs" / "models"
    path = models / "tiny_conv.md"
    path.write_text(path.read_text().replace("(8, 3, 3, 3)", "(9, 3, 3, 3)"))
    (models / "tiny_vit.md").unlink()
    shutil.copy(path, models / "tiny_past.md")
    before = tree(project)
    capsys.readouterr()
    assert main(["pages", "--check", "--root", str(project)]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[:3] == [
        "missing: docs/models/tiny_vit.md",
        "outdated: docs/models/tiny_conv.md",
        "stale: docs/models/tiny_past.md",
    ]
    assert "-| conv_stem.weight | (9, 3, 3, 3) | (9, 3, 3, 3) | 216 | Tensor rank 4 |" in lines
    assert "+| conv_stem.weight | (8, 3, 3, 3) | (8, 3, 3, 3) | 216 | Tensor rank 4 |" in lines
    assert err == "timm-atlas: the pages are not those of the dataset. Run `timm-atlas pages` to write them.\n"
    assert tree(project) == before


def test_the_mending_command_mends(project: Path) -> None:
    """After the command that a failed check names, the check holds."""
    assert main(["pages", "--check", "--root", str(project)]) == 1
    assert main(["pages", "--root", str(project)]) == 0
    assert main(["pages", "--check", "--root", str(project)]) == 0


@pytest.mark.parametrize("command", [["pages"], ["pages", "--check"]], ids=" ".join)
def test_a_hand_written_file_in_the_way_is_told(project: Path, capsys: Capture, command: list[str]) -> None:
    """A hand-written file in the way is named with exit code 1, and nothing is written."""
    path = project / "docs" / "models" / "tiny_conv.md"
    path.parent.mkdir()
    path.write_text("# My notes on tiny_conv\n")
    before = tree(project)
    assert main([*command, "--root", str(project)]) == 1
    assert str(path) in sentence(capsys)
    assert tree(project) == before


def test_a_folder_that_cannot_be_written_is_told(
    project: Path, capsys: Capture, read_only: Callable[[Path], None]
) -> None:
    """Where docs/models cannot be written, the sentence says so, and the pages stand."""
    main(["pages", "--root", str(project)])
    dataset.write(examples.SUBSET, project / "dataset")
    read_only(project / "docs" / "models")
    before = tree(project)
    capsys.readouterr()
    assert main(["pages", "--root", str(project)]) == 1
    assert sentence(capsys).startswith(f"Cannot write {project / 'docs' / 'models'}: ")
    assert tree(project) == before


def test_a_full_disk_is_told(small_disk: Path, capsys: Capture) -> None:
    """Where the disk is full, the sentence says so, and what stood still stands."""
    (small_disk / "mkdocs.yml").write_text("site_name: tiny\n")
    dataset.write(examples.FULL, small_disk / "dataset")
    filler = small_disk / "filler"
    filler.write_bytes(bytes(os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize - 8192))
    before = tree(small_disk)
    assert main(["pages", "--root", str(small_disk)]) == 1
    assert "No space left on device" in sentence(capsys)
    assert tree(small_disk) == before


def test_show_prints_the_facts(project: Path, capsys: Capture) -> None:
    """The facts about a model are printed a line each, with their units, and nothing on standard error."""
    assert main(["show", "tiny_conv", "--root", str(project)]) == 0
    out, err = capsys.readouterr()
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert err == ""
    assert lines[0] == "tiny_conv"
    assert lines[-1] == "timm 1.0.31, torch 2.15.0, data of 2026-01-02"
    for expected in (
        "Family tiny",
        "Rank 1 of 5 by parameter memory",
        "Parameters 394",
        "Parameter memory 1.539 KiB",
        "Parameter tensors 6",
        "Backbone parameters 304",
        "Head parameters 90",
        "Buffers 17 elements",
        "Buffer memory 0.070 KiB",
        "Input size 3 × 32 × 32 pixels",
        "Weights 2 tags",
        "r160_in1k cc-by-nc-4.0, non-commercial; 10 classes",
        "untrained not named, unknown; 0 classes",
        "Same checkpoints tiny_twin",
    ):
        assert expected in lines


def test_show_prints_unknown_facts(project: Path, capsys: Capture) -> None:
    """A fact that is not known is said to be unknown, without a unit, and never 0."""
    assert main(["show", "tiny_mixed", "--root", str(project)]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "Head parameters unknown" in lines
    assert "Backbone parameters unknown" in lines
    assert "Weights none" in lines
    assert "Input size unknown" in lines


@pytest.mark.parametrize("record", examples.RECORDS, ids=lambda record: record.name)
def test_show_as_json_is_the_model_s_document(project: Path, capsys: Capture, record: Any) -> None:
    """With --json the facts are those of the data file of the site, in valid JSON and alone on standard output."""
    assert main(["show", record.name, "--json", "--root", str(project)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == json.loads(TEXTS[f"models/{record.name}.json"])


def test_memory_is_shown_at_the_batch_that_is_asked_for(project: Path, capsys: Capture) -> None:
    """show and compare estimate memory at that batch alone: 4,096 bytes that stand, and 77,824 of each image."""
    root = ["--batch", "20", "--root", str(project)]
    assert main(["show", "tiny_conv", *root]) == 0
    found = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "Memory, batch 20 at 3 × 32 × 32 pixels" in found
    assert "batch 20 1.488 MiB" in found
    assert main(["compare", "tiny_conv", "tiny_vit", *root]) == 0
    found = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "At the input size, batch 20" in found
    assert "batch 20 1.488 MiB 249.250 KiB ×0.16" in found
    assert main(["show", "tiny_conv", "--json", *root]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert main(["compare", "tiny_conv", "tiny_vit", "--json", *root]) == 0
    compared = json.loads(capsys.readouterr().out)["models"]
    assert shown["estimates"] == compared[0]["estimates"]
    assert {estimate["batch"] for model in compared for estimate in model["estimates"]} == {20}
    assert shown["estimates"][0]["bytes"] == 4_096 + 20 * 77_824
    assert compared[1]["estimates"][0]["bytes"] == 8_192 + 20 * (3 * 32 * 32 + 4 * 4) * 4


def test_a_batch_and_a_size_are_asked_for_together(
    project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The estimates at the size are of the passes there, and those at the default size stay beside them in JSON."""

    def measure_at(_: object, entries: list[CatalogEntry], size: tuple[int, int], **__: object) -> list[object]:
        return [resized(TINY_CONV, *size, passes=examples.passes(2_000, 1_000, 1, 1)) for _ in entries]

    monkeypatch.setattr("generator.build.workers.pool", nullcontext)
    monkeypatch.setattr("generator.build.workers.measure_at", measure_at)
    asked = ["--resolution", "8x16", "--batch", "20", "--json", "--root", str(project)]
    assert main(["show", "tiny_conv", *asked]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert main(["compare", "tiny_conv", "tiny_vit", *asked]) == 0
    for model in (shown, json.loads(capsys.readouterr().out)["models"][0]):
        assert model["estimates"][0]["bytes"] == 4_096 + 20 * 77_824
        assert model["at_resolution"]["estimates"][0]["bytes"] == 2_000 + 20 * 1_000
        assert {estimate["batch"] for estimate in model["at_resolution"]["estimates"]} == {20}


@pytest.mark.parametrize("command", [["show", "a"], ["compare", "a", "b"], ["fit", "--memory", "8GB"]], ids=" ".join)
@pytest.mark.parametrize(
    "batch", ["0", "-1", "1.5", "many", "", "²", str(10**30), "9" * 5_000], ids=lambda text: text[:9]
)
def test_a_batch_that_is_none_is_refused(capsys: Capture, command: list[str], batch: str) -> None:
    """One sentence says what is expected."""
    with pytest.raises(SystemExit, match="2"):
        main([*command, "--batch", batch])
    told = capsys.readouterr().err
    assert told.endswith(f"argument --batch: {batch!r} is not a whole number of images from 1 to 1,000,000\n")


def test_compare_prints_models_side_by_side(project: Path, capsys: Capture) -> None:
    """Figures stand in columns in the order of the call, with ratios to the first, and common properties below."""
    assert main(["compare", "tiny_vit", "tiny_conv", "tiny_twin", "--root", str(project)]) == 0
    out, err = capsys.readouterr()
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert err == ""
    assert lines[0] == "tiny_vit tiny_conv tiny_twin"
    assert "Parameters 203 394 ×1.94 394 ×1.94" in lines
    assert "tiny_conv and tiny_twin take each other's checkpoints." in lines
    assert lines[-1] == "timm 1.0.31, torch 2.15.0, data of 2026-01-02"


def test_compare_as_json_has_rows_and_groups(project: Path, capsys: Capture) -> None:
    """With --json the rows are those of models.json, in the order of the call, with groups and provenance."""
    assert main(["compare", "tiny_vit", "tiny_conv", "tiny_twin", "--json", "--root", str(project)]) == 0
    document = json.loads(capsys.readouterr().out)
    rows = {row["name"]: row for row in json.loads(TEXTS["models.json"])}
    assert document.pop("models") == [rows[name] for name in ("tiny_vit", "tiny_conv", "tiny_twin")]
    assert document.pop("provenance")["timm_version"] == "1.0.31"
    same = [["tiny_conv", "tiny_twin"]]
    assert document == {"same_checkpoint": same, "same_signature": same, "same_pyramid": same}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], "0 were named."),
        (["tiny_conv"], "1 was named."),
        (list("abcdefg"), "7 were named."),
        (["tiny_conv", "tiny_conv"], "tiny_conv was named twice."),
    ],
    ids=["none", "one", "seven", "twice"],
)
def test_a_comparison_of_too_few_or_too_many_is_told(
    project: Path, capsys: Capture, names: list[str], told: str
) -> None:
    """A comparison that cannot be made exits with 2 and one sentence that says how many models it takes."""
    assert main(["compare", *names, "--root", str(project)]) == 2
    assert sentence(capsys) == f"Name 2 to 6 different models to compare; {told}"


def test_an_unknown_model_in_a_comparison_is_told(project: Path, capsys: Capture) -> None:
    """One unknown name among known ones exits with 2 and names the nearest, as show does."""
    assert main(["compare", "tiny_vit", "tiny_con", "--root", str(project)]) == 2
    assert "is named 'tiny_con'. Nearest: tiny_conv" in sentence(capsys)


def test_compare_fits_the_terminal(project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a narrow terminal the models stand in blocks; output that goes elsewhere has one table."""
    call = ["compare", "tiny_vit", "tiny_conv", "tiny_twin", "--root", str(project)]
    assert main(call) == 0
    assert capsys.readouterr().out.count("\n\n") == 1
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "90")
    assert main(call) == 0
    assert capsys.readouterr().out.count("\n\n") > 1


def test_rank_prints_the_table(project: Path, capsys: Capture) -> None:
    """The rank table has a line for each model, largest first, in columns, and says where it comes from."""
    assert main(["rank", "--root", str(project)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ")[0] == "Rank"
    assert [line.split()[:3] for line in lines[1:-1]] == [
        ["1", "tiny_conv", "tiny"],
        ["1", "tiny_twin", "tinynet"],
        ["3", "tiny_vit", "tiny"],
        ["4", "tiny_mixed", "tiny"],
        ["5", "tiny_empty", "tiny"],
    ]
    assert {line[: lines[0].index("Licences")][-2:] for line in lines[:-1]} == {"  "}
    assert lines[-1] == "timm 1.0.31, torch 2.15.0, data of 2026-01-02"


def test_rank_of_some_keeps_the_ranks_of_all(project: Path, capsys: Capture) -> None:
    """With patterns the table has those models alone, with their ranks among all."""
    assert main(["rank", "tiny_vit", "tiny_e*", "--json", "--root", str(project)]) == 0
    table = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["rank"]) for row in table] == [("tiny_vit", 3), ("tiny_empty", 5)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], ["tiny_conv"]),
        (["*"], ["tiny_conv"]),
        (["--fixtures"], ["tiny_conv", "test_tiny"]),
        (["test_*"], ["test_tiny"]),
        (["test-tiny"], ["test_tiny"]),
        (["*_tiny"], ["test_tiny"]),
    ],
    ids=lambda asked: " ".join(asked),
)
def test_rank_has_fixtures_for_who_asks(
    bare_project: Path, capsys: Capture, asked: list[str], expected: list[str]
) -> None:
    """Test fixtures are the smallest of all, and are printed only where they are meant; what is left out is told."""
    fixture = examples.record("test_tiny", examples.tensor("weight", 1))
    dataset.write(replace(examples.FULL, records=(examples.RECORDS[0], fixture)), bare_project / "dataset")
    assert main(["rank", *asked, "--json", "--root", str(bare_project)]) == 0
    printed = capsys.readouterr()
    assert [row["name"] for row in json.loads(printed.out)] == expected
    told = "timm-atlas: 1 test fixture of timm left out; --fixtures prints them.\n"
    assert (told in printed.err) is ("test_tiny" not in expected)


def test_rank_as_json_has_the_declared_columns(project: Path, capsys: Capture) -> None:
    """With --json the rows have the columns of models.json, and are those."""
    assert main(["rank", "--json", "--root", str(project)]) == 0
    table = json.loads(capsys.readouterr().out)
    assert all(list(row) == [figure.name for figure in IN_FILES] for row in table)
    assert table == json.loads(TEXTS["models.json"])


def test_real_models_are_inspected(bare_project: Path, capsys: Capture) -> None:
    """An inspection of a real subset writes a dataset that pages, show and rank take; timm is not asked again."""
    root = ["--root", str(bare_project)]
    assert main(["inspect", "test_vit*", "--processes", "2", *root]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].endswith("5 models inspected, 0 failed.")
    stored = dataset.read(bare_project / "dataset")
    assert stored.provenance.patterns == ("test_vit*",)
    assert len(stored.records) == 5
    assert main(["pages", *root]) == 0
    assert main(["show", "test_vit", *root]) == 0
    assert main(["rank", *root]) == 0
    script = """
import sys
from generator.cli import main
assert main(["inspect", "test_vit*", *sys.argv[1:]]) == 0
assert main(["inspect", "test_vit", *sys.argv[1:]]) == 0
sys.exit(", ".join({"torch", "timm", "torchvision"} & set(sys.modules)) or 0)
"""
    again = subprocess.run([sys.executable, "-c", script, *root], capture_output=True, text=True, check=True)
    assert again.stderr.splitlines() == [
        "The dataset is up to date: dataset/ (5 models)",
        "1 of 1 models were inspected before under the same versions",
        f"timm {stored.provenance.timm_version}: 1 model inspected, 0 failed.",
    ]


@pytest.mark.sweep
def test_real_models_are_measured_at_another_size(bare_project: Path, capsys: Capture) -> None:
    """At another resolution every figure is of the model there; a fixed size is refused, and nothing is written."""
    root = ["--root", str(bare_project)]
    names = ["test_vit", "resnet18", "efficientformer_l1"]
    assert main(["inspect", *names, "--processes", "2", *root]) == 0
    before = tree(bare_project)
    capsys.readouterr()
    assert main(["show", "resnet18", "--resolution", "448", *root]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "At 448 × 448 pixels created as by default" in lines
    assert "Forward pass, batch 1 at 3 × 448 × 448 pixels" in lines
    assert "MACs 7.255 GMACs" in lines
    assert not any("3 × 224" in line for line in lines)
    assert lines[-1].startswith("Every figure is of the model at this size, measured now with timm ")
    assert main(["show", "resnet18", "--resolution", "448", "--json", *root]) == 0
    shown = json.loads(capsys.readouterr().out)
    at = shown["at_resolution"]
    assert at["input_size"] == [3, 448, 448]
    assert at["macs"] - 512_000 == 4 * (shown["macs"] - 512_000)
    assert {"estimates", "timm_version", "img_size", "parameters", "checkpoint_bytes"} <= set(at)
    assert main(["compare", "test_vit", "resnet18", "--resolution", "160x320", "--json", *root]) == 0
    compared = json.loads(capsys.readouterr().out)["models"]
    assert [model["at_resolution"]["input_size"] for model in compared] == [[3, 160, 320]] * 2
    assert [model["at_resolution"]["img_size"] for model in compared] == [[160, 320], None]
    # The table of positions grows with the input.
    assert compared[0]["at_resolution"]["parameters"] > compared[0]["parameters"]
    assert main(["compare", "test_vit", "resnet18", "--resolution", "160x320", *root]) == 0
    assert "At 160 × 320 pixels" in capsys.readouterr().out
    assert main(["show", "efficientformer_l1", "--resolution", "384", *root]) == 2
    told = sentence(capsys)
    assert told.startswith("efficientformer_l1 does not run at 384 x 384 (")
    assert told.endswith("; its default is 224 x 224.")
    fits = ["fit", "--memory", "24GiB", "--train", "--resolution", "384", "resnet18", "efficientformer_l1"]
    assert main([*fits, "--json", *root]) == 1
    document = json.loads(capsys.readouterr().out)
    (fitting,), (refused,) = document["models"], document["refused"]
    assert (fitting["name"], refused["name"]) == ("resnet18", "efficientformer_l1")
    assert refused["reason"] in told
    assert main([*fits[:4], "resnet18", "--json", *root]) == 0
    # The images are larger, so fewer fit.
    assert 0 < fitting["largest_batch"] < json.loads(capsys.readouterr().out)[0]["largest_batch"]
    assert tree(bare_project) == before


def test_a_model_that_does_not_run_is_a_column(project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that refuses a size ends no comparison: its reason is told in its place, and the exit code is 1."""

    def measure_at(_: object, entries: list[CatalogEntry], size: tuple[int, int], **__: object) -> list[object]:
        return [
            ResolutionError(entry.name, size, entry.input_size, "ValueError: too small")
            if entry.name == "tiny_vit"
            else MeasurementError(entry.name, "no answer within 120 seconds")
            if entry.name == "tiny_twin"
            else resized(TINY_CONV, *size)
            for entry in entries
        ]

    monkeypatch.setattr("generator.build.workers.pool", nullcontext)
    monkeypatch.setattr("generator.build.workers.measure_at", measure_at)
    command = ["compare", "tiny_vit", "tiny_conv", "tiny_twin", "--resolution", "8x16", "--root", str(project)]
    assert main(command) == 1
    out = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert (
        "At 8 × 16 pixels does not run: ValueError: too small created as by default "
        "does not run: no answer within 120 seconds" in out
    )
    assert "Parameters – 394 –" in out
    assert main([*command, "--json"]) == 1
    vit, conv, twin = (model["at_resolution"] for model in json.loads(capsys.readouterr().out)["models"])
    assert (vit["size"], vit["reason"], twin["reason"]) == (
        [8, 16],
        "ValueError: too small",
        "no answer within 120 seconds",
    )
    assert conv["input_size"] == [3, 8, 16]
    assert main(["show", "tiny_twin", "--resolution", "8", "--root", str(project)]) == 1
    assert sentence(capsys) == "tiny_twin could not be measured: no answer within 120 seconds."


def test_a_failed_model_exits_with_1(bare_project: Path, capsys: Capture, tiny_timm: TinyTimm) -> None:
    """Where a model failed, the dataset is written all the same, both are counted, and the exit code is 1."""
    failure = Failure("tiny_vit", Stage.CREATE, "ValueError: no")
    tiny_timm.outcomes["tiny_vit"] = failure
    assert main(["inspect", "--root", str(bare_project)]) == 1
    assert capsys.readouterr().err == "timm 1.0.31: 4 models inspected, 1 failed.\n"
    assert dataset.read(bare_project / "dataset").failures == (failure,)


def test_no_failure_exits_with_0(bare_project: Path, tiny_timm: TinyTimm) -> None:
    """Where every model was inspected, the exit code is 0."""
    assert main(["inspect", "--root", str(bare_project)]) == 0


def test_a_build_says_where_the_site_is(
    bare_project: Path, capsys: Capture, tiny_timm: TinyTimm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build inspects, writes the pages and builds the site, and exits with 1 where a model failed."""
    tiny_timm.outcomes["tiny_vit"] = Failure("tiny_vit", Stage.CREATE, "ValueError: no")
    built: list[Path] = []

    def build(root: Path, *, date: str) -> str:
        built.append(root)
        return ""

    monkeypatch.setattr(mkdocs, "build", build)
    assert main(["build", "--root", str(bare_project)]) == 1
    assert built == [bare_project]
    assert capsys.readouterr().err.splitlines() == [
        "timm 1.0.31: 4 models inspected, 1 failed.",
        f"Pages: {generated_pages(bare_project)} new, 0 changed, 0 removed.",
        f"The site is in {bare_project / 'site'}.",
    ]


def test_a_site_that_mkdocs_refuses_is_told(
    bare_project: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm
) -> None:
    """Where MkDocs refuses the pages, the last line says so, without a traceback, and the old site stands."""
    (bare_project / "mkdocs.yml").write_text("site_name: tiny\nplugins: []\ntheme: mkdocs\nnav: [nowhere.md]\n")
    (bare_project / "site").mkdir()
    (bare_project / "site" / "old.html").write_text("old")
    assert main(["build", "--root", str(bare_project)]) == 1
    err = capfd.readouterr().err
    assert err.splitlines()[-1].startswith("timm-atlas: MkDocs did not build the site")
    assert "Traceback" not in err
    assert tree(bare_project / "site") == {"old.html": b"old"}


def test_an_interrupt_is_told(
    bare_project: Path, capsys: Capture, tiny_timm: TinyTimm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupted run says that nothing is half-written, and the exit code is the shell's for an interrupt."""

    def interrupted(*_: object, **__: object) -> Dataset:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.build.survey.survey", interrupted)
    assert main(["inspect", "--root", str(bare_project)]) == 130
    assert sentence(capsys) == "interrupted; nothing is left half-written."


@pytest.mark.parametrize("command", [["show", "tiny_conv"], ["rank", "--json"]], ids=" ".join)
def test_a_reader_that_stops_is_no_error(project: Path, command: list[str]) -> None:
    """Where the reader of the output has seen enough, as ``head`` has, the program ends well and in silence."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        finished = subprocess.run(
            [sys.executable, "-m", "generator", *command, "--root", str(project)],
            stdout=out,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
            text=True,
            check=False,
        )
    assert (finished.returncode, finished.stderr) == (0, "")


def test_a_project_is_found_from_anywhere(
    project: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative --root is taken from the working directory, wherever that is."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert main(["rank", "--root", "../project"]) == 0
    assert "tiny_conv" in capsys.readouterr().out
    assert list(elsewhere.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
@pytest.mark.parametrize("command", [["rank"], ["show", "tiny_conv", "--json"]], ids=" ".join)
def test_output_that_cannot_be_written_is_told(project: Path, command: list[str]) -> None:
    """Where standard output is full, one sentence says so, and the exit code is 1."""
    with open("/dev/full", "w") as full:
        finished = subprocess.run(
            [sys.executable, "-m", "generator", *command, "--root", str(project)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (finished.returncode, finished.stderr) == (1, "timm-atlas: No space left on device\n")


@pytest.mark.sweep
def test_a_dataset_stays_when_its_pages_cannot_be_written(project: Path, capsys: Capture) -> None:
    """A build that finds a hand-written page in its way replaces neither pages nor dataset."""
    (project / "docs" / "models").mkdir(exist_ok=True)
    (project / "docs" / "models" / "test_vit.md").write_text("# Mine")
    before = tree(project)
    assert main(["build", "test_vit", "--root", str(project), "--processes", "1"]) == 1
    assert "docs/models/test_vit.md" in capsys.readouterr().err
    assert tree(project) == before


def test_a_difference_that_is_no_text_is_shown(project: Path, capsys: Capture) -> None:
    """A generated page with bytes that are no text is outdated like any other."""
    assert main(["pages", "--root", str(project)]) == 0
    path = project / "docs" / "models" / "tiny_conv.md"
    path.write_bytes(path.read_bytes() + b"\xff")
    assert main(["pages", "--check", "--root", str(project)]) == 1
    assert "outdated: docs/models/tiny_conv.md" in capsys.readouterr().out


def test_fit_prints_what_fits(project: Path, capsys: Capture) -> None:
    """Each model that fits has its largest batch, in the order of ranks, below a sentence with what was asked for."""
    assert main(["fit", "--memory", "8GB", "--train", "--batch", "100", "--root", str(project)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("2 models of 5 fit on a GPU of 8 GB: training in bf16, mixed precision, AdamW, batch 10")
    assert [line.split()[1] for line in lines[1:-1]] == ["Model", "tiny_conv", "tiny_vit"]
    for line, record in zip(lines[2:], (TINY_CONV, TINY_VIT), strict=False):
        most = cards.largest_batches(record, estimates.TRAINING_MIXED, "AdamW", [8])[0]
        assert line.endswith(f"{most:,}")


@pytest.mark.parametrize(
    ("asked", "kind", "optimizer"),
    [
        ([], estimates.INFERENCE_BF16, None),
        (["--infer", "--precision", "fp32"], estimates.INFERENCE, None),
        (["--train"], estimates.TRAINING_MIXED, "AdamW"),
        (["--train", "--precision", "fp32", "--optimizer", "sgd"], estimates.TRAINING, "SGD with momentum"),
    ],
    ids=["usual", "fp32", "mixed", "training in fp32"],
)
def test_fit_as_json(project: Path, capsys: Capture, asked: list[str], kind: str, optimizer: str | None) -> None:
    """With --json there is an object for each model that fits: the kind of run, and the largest batch."""
    assert main(["fit", "--memory", "1.5 GiB", "tiny_v*", "--json", *asked, "--root", str(project)]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["name"], found["rank"], found["kind"], found["optimizer"]) == ("tiny_vit", 3, kind, optimizer)
    assert found["largest_batch"] == cards.largest_batches(TINY_VIT, kind, optimizer, [1.5])[0]


@pytest.fixture
def measured_sizes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The sizes that are asked for; models have ten million bytes an image there, and some do not run."""
    asked: list[tuple[int, int]] = []

    def measure_at(_: object, entries: list[CatalogEntry], size: tuple[int, int], **__: object) -> list[object]:
        asked.append(size)
        passes = examples.passes(2_000, 10**7, 10**8, 10**8)
        at = {
            # It has the most bytes here, and not at its default size.
            "tiny_vit": resized(replace(TINY_VIT, inspection=TINY_CONV.inspection), *size, passes=passes),
            "tiny_conv": resized(replace(TINY_CONV, inspection=TINY_VIT.inspection), *size, img_size=8, passes=passes),
            "tiny_twin": MeasurementError("tiny_twin", "no answer within 120 seconds"),
        }
        return [
            at.get(entry.name, ResolutionError(entry.name, size, entry.input_size, "ValueError: no"))
            for entry in entries
        ]

    monkeypatch.setattr("generator.build.workers.pool", nullcontext)
    monkeypatch.setattr("generator.build.workers.measure_at", measure_at)
    return asked


def test_fit_measures_at_another_size(
    project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, measured_sizes: list[tuple[int, int]]
) -> None:
    """Models are in the order of their sizes there, without ranks; the others are counted and named, and it exits 1."""
    monkeypatch.setattr(estimates, "BANDS", dict.fromkeys(estimates.BANDS, estimates.Band(1.0, 1.0)))
    command = ["fit", "--memory", "8GB", "--train", "--batch", "20", "--resolution", "8x16", "--root", str(project)]
    assert main(command) == 1
    out, err = capsys.readouterr()
    summary, headings, first, second, source = out.splitlines()
    assert summary.startswith("2 models of 5 fit on a GPU of 8 GB: training in bf16, mixed precision, AdamW, batch 20 ")
    assert summary.endswith(" or more, at 8 × 16 pixels. Estimated, with room for what real runs took.")
    assert headings.split()[0] == "Model"
    # 8 x 10^9 bytes, less 0.92 x 10^9 for CUDA, hold not quite 71 times 10^8, and what stands.
    assert [(line.split()[0], line.split()[-1]) for line in (first, second)] == [
        ("tiny_vit", "70"),
        ("tiny_conv", "70"),
    ]
    assert source.startswith("Every figure is of the model at this size, measured now with timm ")
    assert err == (
        "timm-atlas: 3 of 5 models do not run at 8 × 16 pixels: tiny_twin, tiny_mixed, tiny_empty; "
        "--json gives the reasons.\n"
    )
    assert measured_sizes == [(8, 16)]
    assert main([*command, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["size"] == [8, 16]
    assert [(model["name"], model["img_size"], model["largest_batch"]) for model in document["models"]] == [
        ("tiny_vit", None, 70),
        ("tiny_conv", 8, 70),
    ]
    assert document["refused"] == [
        {"name": "tiny_twin", "reason": "no answer within 120 seconds"},
        {"name": "tiny_mixed", "reason": "ValueError: no"},
        {"name": "tiny_empty", "reason": "ValueError: no"},
    ]
    assert set(document) == {"size", "models", "refused", "timm_version"}


def test_fit_at_a_size_at_which_all_run_exits_with_0(
    project: Path, capsys: Capture, measured_sizes: list[tuple[int, int]]
) -> None:
    """Only the models that the patterns match are measured, and where each runs, nothing is told on standard error."""
    command = ["fit", "--memory", "8GB", "--resolution", "8", "tiny_vit", "tiny_c*", "--root", str(project)]
    assert main(command) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("2 models of 2 fit on a GPU of 8 GB: inference in bf16, batch 1 or more, at 8 × 8 ")
    assert printed.err == ""
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["refused"] == []
    assert main([*command[:5], "tiny_twin", *command[7:]]) == 1
    assert capsys.readouterr().err == (
        "timm-atlas: 1 of 1 model does not run at 8 × 8 pixels: tiny_twin; --json gives the reasons.\n"
    )
    assert measured_sizes == [(8, 8)] * 3


def test_fit_says_how_many_models_it_measures(
    bare_project: Path, capsys: Capture, measured_sizes: list[tuple[int, int]]
) -> None:
    """More models than a comparison has are counted first, and of those that do not run the first three are named."""
    records = [replace(TINY_VIT, entry=replace(TINY_VIT.entry, name=f"net_{letter}")) for letter in "abcdefg"]
    dataset.write(replace(examples.FULL, records=tuple(records)), bare_project / "dataset")
    assert main(["fit", "--memory", "8GB", "--resolution", "8", "--root", str(bare_project)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "timm-atlas: measuring 7 models at 8 × 8 pixels.",
        "timm-atlas: 7 of 7 models do not run at 8 × 8 pixels: net_a, net_b, net_c and 4 more; "
        "--json gives the reasons.",
    ]
    assert measured_sizes == [(8, 8)]


def test_fit_of_no_model_measures_none(
    bare_project: Path, capsys: Capture, measured_sizes: list[tuple[int, int]]
) -> None:
    """A dataset without models needs no process, and is no failure."""
    dataset.write(examples.FAILED, bare_project / "dataset")
    assert main(["fit", "--memory", "8GB", "--resolution", "8", "--root", str(bare_project)]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("0 models of 0 fit on a GPU")
    assert (printed.err, measured_sizes) == ("", [])


def test_fit_may_find_none(project: Path, capsys: Capture) -> None:
    """Where nothing fits, or is known to, a sentence says so, and the exit code is 0."""
    assert main(["fit", "--memory", "0.001MiB", "--root", str(project)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("0 models of 5 fit on a GPU")
    assert "Largest batch" not in printed
    assert main(["fit", "--memory", "0.001MiB", "--json", "--root", str(project)]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize("memory", ["", "x", "-1", "0", "1e", "GiB", "24TB", "nan", "1.2.3GiB"])
def test_a_memory_that_is_none_is_refused(capsys: Capture, memory: str) -> None:
    """One sentence says what is expected."""
    with pytest.raises(SystemExit, match="2"):
        main(["fit", "--memory", memory])
    assert capsys.readouterr().err.endswith(f"argument --memory: {memory!r} is no memory of a GPU such as 24GiB\n")
