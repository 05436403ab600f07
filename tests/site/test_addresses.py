"""The site's own address: put in where the build knows it, and left to the browser where it does not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from generator.pages.markdown import SITE
from generator.site import addresses
from tests.conftest import ROOT

# What stands for the address of the root until a script has found it.
ROOT_SIGN = "atlas-root:/"
BLOCK = f"<pre><code>Words\n{SITE}/models/tiny/\n</code></pre>"
PAGE = f"<h1>Tiny</h1>\n<pre><code>x</code></pre>\n{BLOCK}\n{BLOCK}"


@pytest.fixture
def own(project: Path) -> MkDocsConfig:
    """The configuration of a project with our templates."""
    (project / "mkdocs.yml").write_text(
        f"site_name: tiny\ntheme: {{name: material, custom_dir: {ROOT / 'overrides'}}}\nplugins: []\n"
    )
    return load_config(str(project / "mkdocs.yml"))


@pytest.mark.parametrize("address", ["https://example.org/a&b/", "https://example.org/a&b"])
def test_a_known_address_is_in_the_text(own: MkDocsConfig, address: str) -> None:
    """Where the build knows the address, text to copy has it, as HTML, and asks nobody for it."""
    own.site_url = address
    html = addresses.filled(PAGE, own)
    assert html == PAGE.replace(SITE, "https://example.org/a&amp;b")


def test_an_unknown_address_is_asked_for_once(own: MkDocsConfig) -> None:
    """Without an address there is no placeholder: an element for the script, and one sentence for who has none."""
    own.site_url = ""
    html = addresses.filled(PAGE, own)
    assert SITE not in html
    assert html.count("<atlas-address></atlas-address>/models/tiny/") == 2
    before, sentence, after = re.split(r'(<p class="without-address">.*?</p>)', html)
    assert "Put the address of this site" in sentence
    assert before.endswith("<pre><code>x</code></pre>\n")
    assert after.startswith("\n<pre><code>Words")


def test_a_page_that_names_no_address_stays(own: MkDocsConfig) -> None:
    """What has no place for an address is left as it is, with an address and without."""
    for own.site_url in ("", "https://example.org/"):
        assert addresses.filled("<pre><code>x</code></pre>", own) == "<pre><code>x</code></pre>"


def test_the_lost_page_knows_no_folder(own: MkDocsConfig) -> None:
    """Without an address, the page for unknown addresses asks nothing of the host's root: it looks for its site."""
    links = ['<link href="{}assets/x.css">', '<a href="{}.">Home</a>', '<script>open("{}")</script>']
    others = '<svg><path d="M1"/></svg><a href="//example.org/">'
    own.site_url = ""
    found = addresses.found("".join(link.format("/") for link in links) + others, own)
    (line,) = (line for line in found.splitlines() if "const page = " in line)
    page = json.loads(line.partition(" = ")[2].rstrip(";"))
    assert page == "".join(link.format(ROOT_SIGN) for link in links) + others
    assert found.count(f'"{ROOT_SIGN}"') == 1
    # In the script's text a tag would end the script.
    assert found.count("<script>") == found.count("</script>") == 1
    assert not re.search(r'(?:href|src)="/', found)


def test_with_an_address_the_lost_page_is_the_themes(own: MkDocsConfig) -> None:
    """Where the build knows the address, MkDocs has put it into every link of the page."""
    own.site_url = "https://example.org/atlas/"
    assert addresses.found('<link href="/atlas/assets/x.css">', own) == '<link href="/atlas/assets/x.css">'
