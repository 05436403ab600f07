"""Real runs beside their estimates: what is compared, the bands that follow, and the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.facts import estimates
from generator.facts.batches import Line
from generator.facts.estimates import Band
from generator.facts.inspections import Compute, Memory, Passes
from tests.examples import record, tensor
from validation import causes, memory, peaks, plot
from validation.causes import Cause
from validation.memory import Run
from validation.peaks import RAN, Peak

PASS = Memory(512, (Line(0, 488),), (Line(0, 488),))
NET = record("net", tensor("weight", 10), compute=Compute((3, 8, 8), 1, 1, (), 488, 0, 0, 0, None, Passes(PASS, PASS)))
OF_ALL = ("a card", "2.0", "1.0")


def peak(measured: int | None, batch: int = 1, model: str = "net", outcome: str = RAN) -> Peak:
    """A run of inference in fp32."""
    return Peak(model, estimates.INFERENCE, None, batch, measured, outcome, *OF_ALL)


def run(ratio: float, batch: int = 1) -> Run:
    """A run that took so many times its estimate."""
    return Run("net", "tinynet", estimates.INFERENCE, batch, 1000, int(1000 * ratio))


def test_rows_survive_the_disk(tmp_path: Path) -> None:
    """Rows are read as they were written, in an order of their own; without a file there are none."""
    path = tmp_path / "rows.parquet"
    assert peaks.read(path) == []
    rows = [peak(20, 8), peak(None, outcome="did not fit in 1 GiB"), peak(10, model="a_net")]
    peaks.write(path, rows)
    assert peaks.read(path) == [rows[2], rows[1], rows[0]]
    assert [found.name for found in tmp_path.iterdir()] == ["rows.parquet"]


def test_the_rows_of_the_project_are_of_real_runs() -> None:
    """Each row names its card and versions, and has a peak or a reason. The file stays small."""
    rows = peaks.read(peaks.FILE)
    assert len({(row.model, row.kind, row.batch) for row in rows}) == len(rows) > 0
    assert {row.kind for row in rows} == set(estimates.KINDS)
    assert all((row.peak_bytes is not None) == (row.outcome == RAN) for row in rows)
    assert all(row.device and row.torch_version and row.timm_version for row in rows)
    assert peaks.FILE.stat().st_size < 200_000


def test_what_did_not_run_is_not_compared() -> None:
    """A run without a peak, and one of a model that the dataset has not, is left out."""
    rows = [peak(1100), peak(2200, 32), peak(None, 8, outcome="did not fit in 1 GiB"), peak(5, model="another")]
    assert memory.compared(rows, {"net": NET}) == [
        Run("net", NET.entry.family, estimates.INFERENCE, 1, 1000, 1100),
        Run("net", NET.entry.family, estimates.INFERENCE, 32, 512 + 32 * 488, 2200),
    ]


def test_a_run_that_failed_for_its_size_is_tried_again_with_more() -> None:
    """The first round does what is new; the second what did not fit, and nothing else."""
    small, failed = peak(None, outcome=f"{peaks.TOO_LARGE}1 GiB"), peak(None, outcome="ValueError: no")
    assert [peaks._is_open(row, again=False) for row in (None, small, failed, peak(1))] == [True, False, False, False]
    assert [peaks._is_open(row, again=True) for row in (None, small, failed, peak(1))] == [False, True, False, False]


def test_a_band_leaves_out_one_in_two_hundred() -> None:
    """The furthest run at each end is left out of 200, and none of fewer; bands are rounded outwards."""
    few = [run(0.9 + place / 1000) for place in range(200)]
    assert memory.bands(few[:199]) == {(estimates.INFERENCE, 1): Band(0.9, 1.1)}
    assert memory.bands([*few, run(5.0)]) == {(estimates.INFERENCE, 1): Band(0.9, 1.1)}
    assert memory.share([run(0.95), run(1.3)], Band(0.9, 1.1)) == 0.5


def test_the_report_names_what_is_far() -> None:
    """The page has a row for each kind and batch, the picture, and the furthest run of each family beyond a tenth."""
    text = memory.report([run(1.0), run(1.2), run(0.5, 32), run(1.05, 32)], {"a card"})
    assert "50.0 % took 0.9 to 1.1 times their estimate" in text
    assert "4 runs of 1 models" in text
    assert "2 runs took less than 0.9 or more than 1.1 times their estimate." in text
    assert "2 of the runs are not explained." in text
    assert (
        "- **tinynet**, 2 runs. net, inference in fp32, batch 32: **0.50** times its estimate; not explained." in text
    )
    assert text.count("<svg") == 1


def test_the_picture_has_a_row_for_each_band() -> None:
    """The median of each is marked, and what is beyond the axis stands at its end."""
    drawn = plot.svg({("kind", 1): [0.1, 1.0, 9.0], ("kind", 8): [1.0]})
    assert drawn.count("<rect") == 2
    assert "kind, batch 8" in drawn
    assert "\n" not in drawn


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["no_such_model"], "Not in the dataset: no_such_model.\n"),
        (["--rows", "nowhere.parquet"], "There are no runs in nowhere.parquet of models of the dataset.\n"),
        (["--measure"], "There is no CUDA device to measure on.\n"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A model without a record, no rows, no card: the exit code is 1, and nothing is written."""
    import torch

    from generator.store import dataset
    from tests import small

    dataset.write(small.SMALL, tmp_path / "dataset")
    monkeypatch.setattr(memory, "ROOT", tmp_path)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert memory.main([*arguments, "--write", str(tmp_path / "page.md")]) == 1
    assert capsys.readouterr() == ("", told)
    assert not (tmp_path / "page.md").exists()


SHAPES = ((1, 3, 8, 8), (4, 3, 3, 3))
WORKSPACE = Cause("net", estimates.INFERENCE, 1, "_convolution", SHAPES, 3 << 20, 0, 9 << 20, 6 << 20)


def test_causes_survive_the_disk(tmp_path: Path) -> None:
    """Causes are read as they were written, by their run; without a file there are none."""
    path = tmp_path / "causes.json"
    assert causes.read(path) == {}
    causes.write(path, [WORKSPACE, WORKSPACE._replace(batch=8)])
    assert causes.read(path) == {
        ("net", estimates.INFERENCE, 1): WORKSPACE,
        ("net", estimates.INFERENCE, 8): WORKSPACE._replace(batch=8),
    }
    assert [found.name for found in tmp_path.iterdir()] == ["causes.json"]


def test_a_cause_names_the_operator_and_its_bytes() -> None:
    """Where the workspace makes the difference it is told with that of the rules; else it is that tensors differ."""
    told = "`convolution` of 1×3×8×8 and 4×3×3×3 takes a workspace of 3 MiB, 0 by the rules"
    assert causes.text(WORKSPACE) == told
    assert causes.text(WORKSPACE._replace(shapes=())).startswith("`convolution` takes")
    for alike in (WORKSPACE._replace(ruled=3 << 20), WORKSPACE._replace(by_rules=9 << 20)):
        assert causes.text(alike).startswith("at `convolution` of 1×3×8×8 and 4×3×3×3, tensors live")


def test_the_causes_of_the_project_are_of_its_runs() -> None:
    """Each cause is of a run that has a row, and names its operator."""
    ran = {(row.model, row.kind, row.batch) for row in peaks.read(peaks.FILE) if row.outcome == RAN}
    assert set(causes.read()) <= ran
    assert all(cause.operator and cause.peak > 0 for cause in causes.read().values())


def test_an_explained_run_has_its_cause_in_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """A family shows the furthest of its explained runs, though another is further."""
    monkeypatch.setattr(causes, "read", lambda: {("net", estimates.INFERENCE, 1): WORKSPACE})
    text = memory.report([run(1.2), run(0.5, 32)], {"a card"})
    assert "1 of the runs are not explained." in text
    assert "net, inference in fp32, batch 1: **1.20** times its estimate; `convolution` of 1×3×8×8" in text
