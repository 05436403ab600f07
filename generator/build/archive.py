"""Pack the site into ``timm-atlas.zip``, which can be unpacked and opened from a disk, without a server.

A page from a disk differs from a page from a server in four ways:

1. An address that ends in a slash shows a folder, not its page.
2. Scripts cannot fetch anything, not even the search index.
3. No worker runs, and Material searches in a worker.
4. JavaScript modules are not loaded.

The archive changes the site so that the first three do not matter. Parts of pages that need modules say so instead.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from generator.build import dates
from generator.errors import NoSiteError
from generator.store.digests import files_below
from generator.store.files import Replacement

NAME = "timm-atlas.zip"
# All files are in one folder, so that they stay together when unpacked.
FOLDER = "timm-atlas"
# Files that only a server or a search engine uses.
_LEFT_OUT = frozenset({"404.html", "sitemap.xml", "sitemap.xml.gz"})

# The first moment that a zip file can hold.
_EARLIEST = (1980, 1, 1, 0, 0, 0)

_INDEX = "search/search_index.json"
_BUNDLE = re.compile(r"assets/javascripts/bundle\.\w+\.min\.js")
_STYLES = "assets/atlas.css"

# An address within the site, before its query and anchor.
_ADDRESS = re.compile(r'(?<= )((?:xlink:)?href|action)="(?![a-zA-Z][\w+.-]*:|//|#|\?)([^"#?]*)')
# The site's own worker of the search loads modules and data; from a disk, Material's runs alone.
_WORKER_ADDRESS = re.compile(r"assets/js/search/worker\.js\?theme=\.\./\.\./(javascripts/workers/)")
_MODULE = re.compile(r'<script type="module"[^>]*></script>')
_SENTENCE = (
    '<p class="from-file">This part of the page needs a server, since browsers load no scripts of its kind from files. '
    "In the folder of this site, <code>python3 -m http.server</code> is one.</p>"
)
# Controls that need a script which is not loaded are hidden.
_STYLE = "\n:not(:defined) :is(button, form, input, select, textarea) {\n  display: none !important;\n}\n"
# A replacement for ``Worker``, which Material uses for the search: a frame that runs the worker's script.
_WORKER = """\
window.Worker = class extends EventTarget {
  constructor(address) {
    super();
    const frame = document.createElement("iframe");
    frame.hidden = true;
    document.body.append(frame);
    const inner = frame.contentWindow;
    inner.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", {data}));
    const script = inner.document.createElement("script");
    script.src = address;
    this.loaded = new Promise((resolve) => script.addEventListener("load", () => resolve(inner)));
    inner.document.head.append(script);
  }
  async postMessage(data) {
    (await this.loaded).dispatchEvent(new MessageEvent("message", {data}));
  }
};
"""


def write(root: Path, date: str) -> Path:
    """Write the archive of a project's site, beside the site. An archive with the same content is not written again.

    ``date`` is the date of the data, ISO 8601. Every file in the archive has it, or the one that the environment sets,
    so that the same site gives the same archive. A zip file cannot have a date before 1980.

    Raises:
        NoSiteError: there is no site.
        UnwritableError: the archive could not be written; an old archive is unchanged.
    """
    packed = pack(root / "site", dates.told(date))
    target = Path(os.path.realpath(root / NAME))
    if not target.is_file() or target.read_bytes() != packed:
        with Replacement(target.parent) as replacement:
            replacement.put(target.name, packed)
            replacement.carry_out()
    return root / NAME


def pack(site: Path, date: str) -> bytes:
    """Make the archive of a site, in memory.

    Raises:
        NoSiteError: there is no site.
    """
    if not (site / "index.html").is_file():
        raise NoSiteError(site)
    moment = max(datetime.fromisoformat(date).timetuple()[:6], _EARLIEST)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(files_below(site)):
            name = path.relative_to(site).as_posix()
            if name in _LEFT_OUT:
                continue
            for packed, content in _offline(name, path.read_bytes()):
                entry = zipfile.ZipInfo(f"{FOLDER}/{packed}", moment)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                entry.create_system = 3  # Unix, so that the archive is the same on every system
                archive.writestr(entry, content, compresslevel=6)
    return buffer.getvalue()


def _offline(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """The files in the archive that replace a file of the site: their names and contents."""
    change: Callable[[str], str] | None = None
    if name.endswith(".html"):
        change = page
    elif name == _INDEX:
        # From a disk only scripts can be loaded. Material loads this script instead of the JSON file.
        return [(name.removesuffix("on"), search_index(content.decode()).encode())]
    elif _BUNDLE.fullmatch(name):
        change = _WORKER.__add__
    elif name == _STYLES:
        change = _with_style
    return [(name, change(content.decode()).encode() if change else content)]


def page(html: str) -> str:
    """Change a page: its links lead to files, and it says which part needs a server."""
    html = _ADDRESS.sub(lambda match: f'{match[1]}="{_file(match[2])}', html)
    html = _WORKER_ADDRESS.sub(r"assets/\1", html)
    return _MODULE.sub("", _MODULE.sub(_SENTENCE, html, count=1))


def search_index(index: str) -> str:
    """The search index as a script, which Material loads if there is no server."""
    documents = json.loads(index)
    for document in documents["docs"]:
        path, mark, anchor = document["location"].partition("#")
        document["location"] = (_file(path) or "index.html") + mark + anchor
    return f"var __index = {json.dumps(documents, separators=(',', ':'))}"


def _with_style(styles: str) -> str:
    return styles + _STYLE


def _file(path: str) -> str:
    """The address of a page's file, for the relative address of a page. Any other address is returned as it is."""
    is_folder = path.endswith("/") or path.rpartition("/")[2] in (".", "..")
    return f"{path.rstrip('/')}/index.html" if is_folder else path
