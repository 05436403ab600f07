"""The data files inside MkDocs: announced at once, written beside the pages, and complete when the build is."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files

from generator.errors import DatasetError
from generator.publishing import data_files
from generator.site.data import Exporter
from tests import examples
from tests.conftest import tree


def test_the_data_files_join_the_site(config: MkDocsConfig) -> None:
    """Every data file is known to MkDocs before any page is read, so that links to it are checked."""
    files = config.plugins.on_files(Files([]), config=config)
    assert files is not None
    announced = {file.src_uri.removeprefix("data/") for file in files if file.src_uri.startswith("data/")}
    config.plugins.on_post_build(config=config)
    assert announced == set(data_files.paths(record.name for record in examples.RECORDS))
    assert announced == set(tree(Path(config.site_dir) / "data"))


def test_a_finished_build_has_its_data_files(config: MkDocsConfig) -> None:
    """What MkDocs leaves is whole: the export's files, to the byte."""
    build(config)
    written = tree(Path(config.site_dir) / "data")
    texts = dict(data_files.texts(examples.FULL, examples.ROWS))
    assert {name: written[name].decode() for name in texts} == texts
    assert len(json.loads(written["models.json"])) == len(examples.RECORDS)
    assert written["models.parquet"].startswith(b"PAR1")


def test_a_missing_dataset_stops_mkdocs(config: MkDocsConfig, project: Path) -> None:
    """Without a dataset, or with one of another form, there is no site, and the error says which command makes one."""
    (project / "dataset" / "manifest.json").write_text('{"form": "another"}')
    with pytest.raises(DatasetError, match=r"another version of timm-atlas made it\. Run `timm-atlas inspect`"):
        Exporter().start(project / "dataset", config)
    shutil.rmtree(project / "dataset")
    with pytest.raises(DatasetError, match="timm-atlas inspect"):
        Exporter().start(project / "dataset", config)


def test_a_damaged_dataset_ends_the_build(config: MkDocsConfig, project: Path) -> None:
    """What only the exporting process sees ends the build as well, with its sentence."""
    (project / "dataset" / "records.jsonl").write_bytes(b"no longer")
    exporter = Exporter()
    exporter.start(project / "dataset", config)
    with pytest.raises(PluginError, match=r"records\.jsonl: it is damaged"):
        exporter.finish()


def test_a_site_that_cannot_be_written_ends_the_build(config: MkDocsConfig, project: Path) -> None:
    """A disk that takes no file ends the build with one sentence."""
    (project / "in-the-way").write_text("a file")
    config.site_dir = str(project / "in-the-way")
    exporter = Exporter()
    exporter.start(project / "dataset", config)
    with pytest.raises(PluginError, match="could not be written"):
        exporter.finish()


def test_a_site_in_a_folder_without_a_readable_name_ends_the_build(config: MkDocsConfig, project: Path) -> None:
    """A folder whose name is no UTF-8, where Parquet files cannot be written, ends the build with one sentence."""
    config.site_dir = str(project / os.fsdecode(b"\xff"))
    exporter = Exporter()
    exporter.start(project / "dataset", config)
    with pytest.raises(PluginError, match="could not be written"):
        exporter.finish()
