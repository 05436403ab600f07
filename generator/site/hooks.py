"""MkDocs' hooks: named in mkdocs.yml, one function an event."""

from __future__ import annotations

import gc
import importlib.metadata
import os
import re
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from generator.site import llms, tables
from generator.site.data import DataFile, Exporter
from generator.site.frames import FrameTemplate
from generator.site.generated import GeneratedPage, adopt
from generator.site.twins import Twins

# The distributions whose JavaScript, styles and icons the site carries.
_CARRIED = ("mkdocs-material", "mkdocs", "bokeh")
# The charts of the explore page alone, below assets/charts/: the library, and the interface for who writes scripts.
_CHARTS = ("bokeh.min.js", "bokeh-api.min.js")

_GENERATED = ("models/", "families/")
_exporter = Exporter()
_twins = Twins()
# What one event of a build leaves to a later one.
_in_nav: list[Page] = []
_CODE = re.compile(r"(<pre>(?:<span></span>)?<code)")
# Which HTML knows without being told; there are many signs on many pages.
_NAMESPACE = '<svg xmlns="http://www.w3.org/2000/svg"'
_SEARCH_DIALOG = 'data-md-component="search" role="dialog"'


def on_startup(command: str, dirty: bool) -> None:
    """Leave the collector off for a build, which ends: all pages live until then, and it finds nothing among them."""
    if command == "build":
        gc.disable()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Link to the repository that the environment names."""
    repository = os.environ.get("ATLAS_REPOSITORY_URL")
    if repository:
        # Not Material's repo_url, which asks a foreign host for stars and forks at view time.
        config.extra["social"] = [{"icon": "fontawesome/brands/git-alt", "link": repository, "name": "Source code"}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adopt the generated pages; add the data files, so that pages can link to them and MkDocs checks the links."""
    for file in files.documentation_pages():
        if file.src_uri.startswith(_GENERATED):
            adopt(file, config)
    for file in _exporter.start(dataset_folder(config), config):
        files.append(file)
    library = importlib.metadata.distribution("bokeh")
    for name in _CHARTS:
        source = library.locate_file(f"bokeh/server/static/js/{name}")
        files.append(File.generated(config, f"assets/charts/{name}", abs_src_path=str(source)))
    files.append(File.generated(config, "assets/licenses.txt", content=_licenses()))
    files.append(DataFile(llms.NAME, config))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Note the pages that are in the navigation: not before they are read is it known what is on them."""
    _in_nav[:] = nav.pages
    return nav


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Leave out the blank lines that templates leave behind, and make the frame of a kind of page once."""
    env.trim_blocks = env.lstrip_blocks = True
    env.template_class = FrameTemplate
    return env


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Write the page's twin, and frame the tables of pages that people wrote; a generated page has done so."""
    _twins.write(page, config, files)
    return html if isinstance(page, GeneratedPage) else tables.fold(html)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the rest of a generated page into its template."""
    return _mended(page.complete(output) if isinstance(page, GeneratedPage) else output)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """The page for unknown addresses is a template of its own."""
    return _mended(output_content)


def on_post_build(config: MkDocsConfig) -> None:
    """The site is whole once its data files are, and once programs are told what is where."""
    _exporter.finish()
    llms.write(config, _in_nav)


def dataset_folder(config: MkDocsConfig) -> Path:
    """Where the dataset is: beside mkdocs.yml."""
    return Path(config.config_file_path).parent / "dataset"


def _mended(html: str) -> str:
    """Give the search dialog the name that screen readers need, and lines of code the focus that scrolling them needs.

    Material leaves out the first, and sees to the second only once its script runs. Signs lose what is idle in them.
    """
    html = html.replace(_NAMESPACE, "<svg").replace(_SEARCH_DIALOG, f'{_SEARCH_DIALOG} aria-label="Search"')
    return _CODE.sub(r'\1 tabindex="0"', html)


def _licenses() -> str:
    """The licences of all that is carried: of the distributions, and of the icons that come with them."""
    texts = []
    for name in _CARRIED:
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files or ():
            if file.stem.upper() == "LICENSE" and file.suffix != ".svg":
                texts.append(f"{name} {distribution.version}: {file}\n\n{file.read_text().strip()}\n")
    return "\n\n".join(texts)
