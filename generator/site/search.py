"""What of a generated page the search finds: its name and its first paragraph.

Nobody searches for tensor names or the cells of a table, and a thousand sections called "Layer information" would only
stand between a reader and the model.
"""

from __future__ import annotations

import re

# The value is for Material, which takes the attribute away again only where it has one.
_EXCLUDE = 'data-search-exclude="true"'
_FIRST_PARAGRAPH = re.compile(r"</h1>\s*<p>.*?</p>\n?", re.DOTALL)
_SECTION = re.compile(r"<h2(?=[ >])")


def limit(html: str) -> str:
    """Mark everything after the first paragraph of a page's content as not to be indexed.

    A ``section``, since Material's indexer ends an exclusion at the first end tag of the same name.
    """
    lead = _FIRST_PARAGRAPH.search(html)
    if lead is None:
        return html
    sections = _SECTION.search(html, lead.end())
    stop = sections.start() if sections else len(html)
    rest = _SECTION.sub(f"<h2 {_EXCLUDE}", html[stop:])
    return f"{html[: lead.end()]}<section {_EXCLUDE}>\n{html[lead.end() : stop]}</section>\n{rest}"
