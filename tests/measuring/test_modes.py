"""The mode of a model while something runs."""

from __future__ import annotations

import warnings

import pytest
from torch import nn

from generator.measuring.modes import in_mode


@pytest.mark.parametrize("training", [True, False])
def test_each_module_gets_its_own_mode_back(*, training: bool) -> None:
    """All modules are in the mode that is asked for, and as they were afterwards, also after an error."""
    model = nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1))
    model.train()
    model[1].eval()
    before = [module.training for module in model.modules()]
    with pytest.raises(ValueError, match="no"), in_mode(model, training=training):
        assert {module.training for module in model.modules()} == {training}
        raise ValueError("no")
    assert [module.training for module in model.modules()] == before


def test_warnings_are_not_shown(recwarn: pytest.WarningsRecorder) -> None:
    """What a model warns of while it runs is not for users of this project."""
    with in_mode(nn.Identity(), training=False):
        warnings.warn("old", stacklevel=1)
    assert not recwarn.list
