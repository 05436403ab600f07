"""The hooks that mkdocs.yml names: one function for each event of MkDocs."""

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

from generator.pages import columns
from generator.site import addresses, llms, search_worker, tables
from generator.site.data import DataFile, Exporter
from generator.site.generated import GeneratedPage, adopt
from generator.site.page_templates import KindTemplate
from generator.site.twins import Twins

# The distributions whose JavaScript, styles and icons are part of the site.
_CARRIED = ("mkdocs-material", "mkdocs", "bokeh")
# Bokeh's library and its API for scripts, in assets/charts/, for the charts of the explore page.
_CHARTS = ("bokeh.min.js", "bokeh-api.min.js")

_GENERATED = ("models/", "families/")
_GLOSSARY = "guide/glossary.md"
_exporter = Exporter()
_twins = Twins()
# The pages in the navigation, noted by one event for a later one.
_in_nav: list[Page] = []
_CODE = re.compile(r"(<pre>(?:<span></span>)?<code)")
# HTML does not need the namespace, and there are many icons on many pages.
_NAMESPACE = '<svg xmlns="http://www.w3.org/2000/svg"'
_SEARCH_DIALOG = 'data-md-component="search" role="dialog"'


def on_startup(command: str, dirty: bool) -> None:
    """Disable garbage collection for a build: all pages live until its end, so there is no garbage to find."""
    if command == "build":
        gc.disable()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add a link to the repository that the environment variable names."""
    repository = os.environ.get("ATLAS_REPOSITORY_URL")
    if repository:
        # Material's repo_url is not used: its script asks another host for stars and forks when a page is viewed.
        config.extra["social"] = [{"icon": "fontawesome/brands/git-alt", "link": repository, "name": "Source code"}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adopt the generated pages, mend the search, and add the data files, so that MkDocs can check links to them."""
    search_worker.mend(files, config)
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
    """Note the pages in the navigation. `llms` needs them later, when their content is known."""
    _in_nav[:] = nav.pages
    return nav


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Remove the blank lines that templates leave, and render the template once for each kind of page."""
    env.trim_blocks = env.lstrip_blocks = True
    env.template_class = KindTemplate
    return env


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Add the figures' entries to the glossary."""
    return columns.with_figures(markdown) if page.file.src_uri == _GLOSSARY else markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Write the page's twin, and fold the tables of a hand-written page. A generated page has folded its own."""
    _twins.write(page, config, files)
    return html if isinstance(page, GeneratedPage) else tables.fold(html)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the whole content of a generated page into its rendered template."""
    return _mended(page.complete(output) if isinstance(page, GeneratedPage) else output)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Mend the page for unknown addresses, which MkDocs renders as a template of its own."""
    html = _mended(output_content)
    return addresses.found(html, config) if template_name == addresses.LOST else html


def on_post_build(config: MkDocsConfig) -> None:
    """Complete the site: wait for its data files, and write ``llms.txt``."""
    _exporter.finish()
    llms.write(config, _in_nav)


def dataset_folder(config: MkDocsConfig) -> Path:
    """The path of the dataset, beside mkdocs.yml."""
    return Path(config.config_file_path).parent / "dataset"


def _mended(html: str) -> str:
    """Mend Material's HTML, and make it smaller.

    The search dialog gets a name for screen readers. Blocks of code get the focus, so that they can be scrolled by
    keyboard; Material does this only when its script runs. Icons lose their namespace.
    """
    html = html.replace(_NAMESPACE, "<svg").replace(_SEARCH_DIALOG, f'{_SEARCH_DIALOG} aria-label="Search"')
    return _CODE.sub(r'\1 tabindex="0"', html)


def _licenses() -> str:
    """The licences of the distributions that are part of the site, and of their icons."""
    texts = []
    for name in _CARRIED:
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files or ():
            if file.stem.upper() == "LICENSE" and file.suffix != ".svg":
                texts.append(f"{name} {distribution.version}: {file}\n\n{file.read_text().strip()}\n")
    return "\n\n".join(texts)
