"""The search's worker: found among the theme's files, and mended around what it is. A browser tries what it does."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

THEME = Path(str(importlib.metadata.distribution("mkdocs-material").locate_file("material/templates")))
FOLDER = "assets/javascripts/workers"


def test_the_theme_s_worker_is_mended(config: MkDocsConfig) -> None:
    """The file keeps its name and all of its content, with our lines around it; other files are left alone."""
    (path,) = (THEME / FOLDER).glob("search.*.min.js")
    name, other = (f"{FOLDER}/{file}" for file in (path.name, f"{path.name}.map"))
    given = [File(file, str(THEME), config.site_dir, use_directory_urls=True) for file in (name, other)]
    # Asked as MkDocs asks.
    files = config.plugins.on_files(Files(given), config=config)
    assert files is not None
    mended = files.get_file_from_path(name)
    assert mended is not None
    before, theirs, after = mended.content_string.partition(path.read_text())
    assert theirs
    assert before.startswith('addEventListener("message"')
    # The theme's last line is a comment.
    assert after.startswith("\nlunr.TokenSet.prototype.toString = ")
    assert files.get_file_from_path(other) is given[1]
