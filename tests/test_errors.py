"""The sentences that a user is told."""

from __future__ import annotations

import errno
import pickle
from pathlib import Path

import pytest

from generator.errors import (
    AtlasError,
    CatalogError,
    ComparisonError,
    DatasetError,
    HandWrittenFileError,
    MeasurementError,
    NoSiteError,
    ProjectError,
    ResolutionError,
    ResultsError,
    SiteError,
    SourceDateError,
    TableError,
    UnknownModelError,
    UnwritableError,
    WorkersError,
)

NAMES: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("mobilenetv2_100", "mobilenetv2_110d", "mobilenetv2_120d", "mobilenetv3_large_100", "resnet18", "resnet50"), ()
)

ERRORS = [
    UnknownModelError("mobilenetv2_12d", NAMES),
    NoSiteError(Path("site")),
    CatalogError("ImportError: No module named 'timm'"),
    ComparisonError(["resnet18"], 2, 6),
    DatasetError(Path("dataset/records.jsonl"), "it is missing"),
    HandWrittenFileError([Path("docs/models/resnet18.md")]),
    MeasurementError("levit_128", "no answer within 120 seconds"),
    ProjectError(Path("/nowhere")),
    ResolutionError("levit_128", (384, 384), (3, 224, 224), "AssertionError: height (384) does not match 224"),
    ResultsError("--results", Path("lab.csv"), "which cannot be read (No such file or directory)"),
    SiteError("exit code 1"),
    SourceDateError("SOURCE_DATE_EPOCH", "today", 2**32),
    TableError(Path("lab.csv"), 3, "top1 is no number from 0 to 100: 'ninety'"),
    UnwritableError(Path("docs/models"), OSError(errno.ENOSPC, "No space left on device")),
    WorkersError("OSError: AF_UNIX path too long"),
]


def test_every_error_has_an_example() -> None:
    """The list above holds one of each kind, so that the tests below speak of all."""
    assert {type(error) for error in ERRORS} == set(AtlasError.__subclasses__())


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_one_line(error: AtlasError) -> None:
    """A user reads one line, which begins with a word and holds no Python."""
    text = str(error)
    assert text
    assert len(text.splitlines()) == 1
    assert "Error(" not in text


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_only_a_wrong_call_exits_with_2(error: AtlasError) -> None:
    """Exit code 2 is kept for mistakes of the caller."""
    wrong = (UnknownModelError, ProjectError, ResolutionError, ResultsError, ComparisonError, SourceDateError)
    assert error.exit_code == (2 if isinstance(error, wrong) else 1)


def test_an_unknown_model_names_the_nearest() -> None:
    """The sentence has the name asked for, the place where it was looked for, and the nearest names."""
    error = UnknownModelError("mobilenetv2_12d", NAMES, where="timm 1.0.31")
    assert str(error).startswith("No model in timm 1.0.31 is named 'mobilenetv2_12d'. Nearest: ")
    assert {"mobilenetv2_110d", "mobilenetv2_120d"} <= set(error.nearest)


def test_a_pattern_is_called_a_pattern() -> None:
    """A pattern matches, where a model is named."""
    assert str(UnknownModelError("renset*", NAMES)).startswith("No model in timm matches 'renset*'.")


def test_nothing_near_is_no_hint() -> None:
    """Where nothing is near, nothing is named."""
    assert str(UnknownModelError("xyzzy", NAMES)) == "No model in timm is named 'xyzzy'."
    assert str(UnknownModelError("", {})) == "No model in timm is named ''."


def test_a_deprecated_name_leads_to_its_model() -> None:
    """A deprecated name leads to its new name with a tag, and to the model of that name."""
    error = UnknownModelError("old_net", NAMES, deprecated={"old_net": "resnet18.fb_ssl"})
    assert str(error) == "old_net is a deprecated name of resnet18.fb_ssl; ask for resnet18."


def test_a_removed_name_is_said_to_be_removed() -> None:
    """The sentence says that timm removed a name without a replacement."""
    error = UnknownModelError("gone", NAMES, deprecated={"gone": None})
    assert str(error) == "gone was removed from timm without a replacement."
    error = UnknownModelError("timm/gone", NAMES, deprecated={"gone": None})
    assert str(error) == "timm/gone was removed from timm without a replacement."


def test_few_names_are_named() -> None:
    """At most three names are offered, and a tag leads to the model that has it."""
    assert len(UnknownModelError("mobilenet", NAMES).nearest) == 3
    error = UnknownModelError("a1_in1k", {**NAMES, "resnet50": ("a1_in1k",)})
    assert str(error) == "No model in timm is named 'a1_in1k'. Nearest: resnet50."


def test_an_exact_name_is_no_pattern() -> None:
    """Where one model is asked for by its name, a name with the marks of a pattern is a name all the same."""
    assert str(UnknownModelError("xyzzy*", NAMES, exact=True)) == "No model in timm is named 'xyzzy*'."


def test_a_dataset_error_names_file_problem_and_command() -> None:
    """The sentence names the file, the problem and the command that mends it."""
    error = DatasetError(Path("dataset/records.jsonl"), "it is missing")
    assert str(error) == "dataset/records.jsonl: it is missing. Run `timm-atlas inspect` to make the dataset anew."


def test_every_hand_written_file_is_named() -> None:
    """All files in the way are named, so that one run is enough to learn of them."""
    text = str(HandWrittenFileError([Path("docs/models/a.md"), Path("docs/models/b.md")]))
    assert "docs/models/a.md, docs/models/b.md" in text


def test_an_unwritable_place_says_why() -> None:
    """The sentence has the path and the system's reason; an error without one is said in its own words."""
    text = str(UnwritableError(Path("docs/models"), OSError(errno.ENOSPC, "No space left on device")))
    assert text == "Cannot write docs/models: No space left on device. What stood there before is unchanged."
    assert "disk on fire" in str(UnwritableError(Path("docs"), OSError("disk on fire")))


def test_an_error_of_the_catalog_crosses_processes() -> None:
    """timm is read in a worker, so that this error has to survive pickling."""
    error = pickle.loads(pickle.dumps(CatalogError("ImportError: No module named 'timm'")))
    assert isinstance(error, CatalogError)
    assert str(error) == "timm's registry could not be read: ImportError: No module named 'timm'"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], "0 were named."),
        (["a"], "1 was named."),
        (list("abcdefg"), "7 were named."),
        (["a", "b", "a"], "a was named twice."),
    ],
)
def test_a_comparison_says_what_it_takes(names: list[str], told: str) -> None:
    """The sentence names both bounds, and the fault of the call."""
    assert str(ComparisonError(names, 2, 6)) == f"Name 2 to 6 different models to compare; {told}"


def test_what_is_half_written_is_not_called_unchanged() -> None:
    """Only what stands as before is said to be unchanged."""
    cause = OSError(errno.EIO, "Input/output error")
    assert str(UnwritableError(Path("site"), cause)).endswith(" What stood there before is unchanged.")
    told = str(UnwritableError(Path("site"), cause, is_unchanged=False))
    assert "unchanged" not in told
    assert "half-written" in told
    assert not pickle.loads(pickle.dumps(UnwritableError(Path("site"), cause, is_unchanged=False))).is_unchanged


def test_workers_that_could_not_be_started_say_why() -> None:
    """The sentence has the reason in the system's words."""
    text = str(WorkersError("OSError: AF_UNIX path too long"))
    assert text == "The processes that inspect models could not be started: OSError: AF_UNIX path too long"
