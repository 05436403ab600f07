"""The site's own address in its pages: in text to copy, and in the page for unknown addresses.

A build may not know where its site will be. Then the browser fills the address in, from its own location.
"""

from __future__ import annotations

import html as markup
import json
import re

from mkdocs.config.defaults import MkDocsConfig

from generator.pages.markdown import SITE

# The page for unknown addresses, which a host shows at any depth.
LOST = "404.html"
_LOST_TEMPLATE = "partials/lost.html"

# An element that overrides/partials/javascripts/address.html fills in. It is empty: without JavaScript, paths from the
# root of the site are left.
_ELEMENT = "<atlas-address></atlas-address>"
_BLOCK = re.compile(r"<pre>(?:(?!</pre>).)*?" + SITE, re.DOTALL)
_SENTENCE = (
    '<p class="without-address">Put the address of this site before each <code>/models/</code> and '
    "<code>/data/</code>: the site was built without it, and only a script of the page can fill it in.</p>\n"
)

# With no address, MkDocs takes the root of the host for that of the site: all links of this page begin with a slash.
# A slash at the end of a tag is none of them.
_ROOTED = re.compile(r'"/(?![/>])')
_ROOT = "atlas-root:/"


def filled(html: str, config: MkDocsConfig) -> str:
    """Put the site's address into the text of a page. Without an address, the browser does, or a sentence asks to."""
    if config.site_url:
        return html.replace(SITE, markup.escape(config.site_url.rstrip("/")))
    if SITE not in html:
        return html
    return _BLOCK.sub(lambda match: _SENTENCE + match[0], html, count=1).replace(SITE, _ELEMENT)


def found(html: str, config: MkDocsConfig) -> str:
    """Make the page for unknown addresses find its own site, where the build does not know its address.

    The page that is returned asks the host in which folder above it the site is, and becomes ``html`` with the
    addresses of that folder.
    """
    # A plain theme has none of our templates.
    if config.site_url or config.theme.custom_dir is None:
        return html
    template = config.theme.get_env().get_template(_LOST_TEMPLATE)
    page = json.dumps(_ROOTED.sub(f'"{_ROOT}', html)).replace("<", "\\u003c")
    return template.render(config=config, page=page, root=json.dumps(_ROOT))
