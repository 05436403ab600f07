"""The data files in a MkDocs build: declared to MkDocs at the start, and written by a second process."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from generator.errors import AtlasError
from generator.publishing import data_files
from generator.store import dataset as datasets

FOLDER = "data"


class DataFile(File):
    """A file that MkDocs knows, so that it checks links to it, but does not write. In most cases `Exporter` does."""

    generated_by = "timm-atlas"

    def __init__(self, path: str, config: MkDocsConfig) -> None:
        super().__init__(path, None, config.site_dir, config.use_directory_urls)

    def copy_file(self, dirty: bool = False) -> None:
        """Do nothing: there is no source to copy."""


class Exporter:
    """Writes the data files into the site in a second process, while MkDocs renders the pages."""

    def __init__(self) -> None:
        self._process: ProcessPoolExecutor | None = None
        self._written: Future[None] | None = None

    def start(self, dataset: Path, config: MkDocsConfig) -> list[File]:
        """Start to write, and return the files that will be written.

        Raises:
            DatasetError: there is no dataset, or its manifest cannot be read.
        """
        if self._process is not None:  # from an earlier build of MkDocs' server, which failed
            self._process.shutdown()
        names = datasets.names(dataset)
        # Spawned, because MkDocs' server runs threads, and forking a process with threads is not safe.
        self._process = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
        self._written = self._process.submit(write, dataset, Path(config.site_dir) / FOLDER)
        return [DataFile(f"{FOLDER}/{path}", config) for path in data_files.paths(names)]

    def finish(self) -> None:
        """Wait until all files are written.

        Raises:
            PluginError: a file could not be written. MkDocs ends the build with the error's sentence.
        """
        assert self._process and self._written
        try:
            self._written.result()
        # UnicodeError: Parquet files cannot be written below a folder whose name is no UTF-8.
        except (AtlasError, OSError, BrokenProcessPool, UnicodeError) as error:
            raise PluginError(f"The data files could not be written: {error}") from error
        finally:
            self._process.shutdown()


def write(dataset: Path, folder: Path) -> None:
    """Read the dataset and write its data files: the work of the second process."""
    data_files.write(datasets.read(dataset), folder)
