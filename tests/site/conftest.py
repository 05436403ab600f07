"""What the tests inside MkDocs share."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from generator.site import hooks


@pytest.fixture
def config(project: Path) -> MkDocsConfig:
    """The configuration of a project with the tiny dataset, a plain theme and our hooks."""
    (project / "mkdocs.yml").write_text(f"site_name: tiny\ntheme: mkdocs\nplugins: []\nhooks: [{hooks.__file__}]\n")
    return load_config(str(project / "mkdocs.yml"))
