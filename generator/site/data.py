"""The data files inside MkDocs: known to it from the beginning, and made by a process beside it."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from generator import dataset as datasets
from generator import export
from generator.errors import AtlasError

FOLDER = "data"


class DataFile(File):
    """A file that MkDocs resolves and checks links to, but that somebody else writes: mostly `Exporter`."""

    generated_by = "timm-atlas"

    def __init__(self, path: str, config: MkDocsConfig) -> None:
        super().__init__(path, None, config.site_dir, config.use_directory_urls)

    def copy_file(self, dirty: bool = False) -> None:
        """There is nothing to copy."""


class Exporter:
    """Writes the data files into the site while MkDocs renders the pages: two processors are better than one."""

    def __init__(self) -> None:
        self._process: ProcessPoolExecutor | None = None
        self._written: Future[None] | None = None

    def start(self, dataset: Path, config: MkDocsConfig) -> list[File]:
        """Begin to write, and return the files that there will be.

        Raises:
            DatasetError: there is no dataset, or its manifest does not fit.
        """
        if self._process is not None:  # of a build that failed, in MkDocs' server
            self._process.shutdown()
        names = datasets.names(dataset)
        # Spawned, since MkDocs' server runs threads, which a fork would not survive.
        self._process = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
        self._written = self._process.submit(write, dataset, Path(config.site_dir) / FOLDER)
        return [DataFile(f"{FOLDER}/{path}", config) for path in export.paths(names)]

    def finish(self) -> None:
        """Wait until all is written.

        Raises:
            PluginError: it could not be written; MkDocs ends the build with this sentence.
        """
        assert self._process and self._written
        try:
            self._written.result()
        except (AtlasError, OSError, BrokenProcessPool) as error:
            raise PluginError(f"The data files could not be written: {error}") from error
        finally:
            self._process.shutdown()


def write(dataset: Path, folder: Path) -> None:
    """Read the dataset and write its data files: what the process beside MkDocs does."""
    export.write(datasets.read(dataset), folder)
