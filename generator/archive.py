"""The site as one file that works from a disk: ``timm-atlas.zip``, to be unpacked and opened without a server.

A browser that opens a file differs from one that asks a server in four ways, and the archive makes up for the first
three: an address that ends in a slash shows a folder and not its page; nothing can be fetched, the search index
neither; and no worker runs, by which Material searches. But modules of JavaScript are not loaded at all, so parts of
pages that are made of them say so.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from generator.digests import files_below
from generator.errors import NoSiteError
from generator.files import Replacement

NAME = "timm-atlas.zip"
# Everything is in one folder, so that unpacking it makes no mess.
FOLDER = "timm-atlas"
# What only a server or a search engine has a use for.
_LEFT_OUT = frozenset({"404.html", "sitemap.xml", "sitemap.xml.gz"})

_INDEX = "search/search_index.json"
_BUNDLE = re.compile(r"assets/javascripts/bundle\.\w+\.min\.js")
_STYLES = "assets/atlas.css"

# An address within the site, before its query and anchor.
_ADDRESS = re.compile(r'(?<= )((?:xlink:)?href|action)="(?![a-zA-Z][\w+.-]*:|//|#|\?)([^"#?]*)')
_MODULE = re.compile(r'<script type="module"[^>]*></script>')
_SENTENCE = (
    '<p class="from-file">This part of the page needs a server, since browsers load no scripts of its kind from files. '
    "In the folder of this site, <code>python3 -m http.server</code> is one.</p>"
)
# What a script would have brought to life is not shown without it.
_STYLE = "\n:not(:defined) :is(button, form, input, select, textarea) {\n  display: none;\n}\n"
# Material gives its search worker a place of its own; from a file, that is a frame with the worker's script.
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
    """Make the archive of a project's site, beside it; one that is the same already stays as it is.

    ``date`` is that of the data, ISO 8601, and that of every file in the archive: the same site makes the same archive.

    Raises:
        NoSiteError: there is no site.
        UnwritableError: what stood before still stands.
    """
    packed = pack(root / "site", date)
    target = root / NAME
    if not target.is_file() or target.read_bytes() != packed:
        with Replacement(root) as replacement:
            replacement.put(NAME, packed)
            replacement.carry_out()
    return target


def pack(site: Path, date: str) -> bytes:
    """The archive of a site.

    Raises:
        NoSiteError: there is no site.
    """
    if not (site / "index.html").is_file():
        raise NoSiteError(site)
    moment = datetime.fromisoformat(date)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(files_below(site)):
            name = path.relative_to(site).as_posix()
            if name in _LEFT_OUT:
                continue
            for packed, content in _offline(name, path.read_bytes()):
                entry = zipfile.ZipInfo(f"{FOLDER}/{packed}", moment.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                entry.create_system = 3  # Unix, wherever it is made.
                archive.writestr(entry, content, compresslevel=6)
    return buffer.getvalue()


def _offline(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """What stands in the archive for a file of the site, under which names."""
    change: Callable[[str], str] | None = None
    if name.endswith(".html"):
        change = page
    elif name == _INDEX:
        # Only a script can be had from a file; Material looks for this one.
        return [(name.removesuffix("on"), search_index(content.decode()).encode())]
    elif _BUNDLE.fullmatch(name):
        change = _WORKER.__add__
    elif name == _STYLES:
        change = _with_style
    return [(name, change(content.decode()).encode() if change else content)]


def page(html: str) -> str:
    """A page whose links lead to files, and which says what of it does not work from one."""
    html = _ADDRESS.sub(lambda match: f'{match[1]}="{_file(match[2])}', html)
    return _MODULE.sub("", _MODULE.sub(_SENTENCE, html, count=1))


def search_index(index: str) -> str:
    """The search index as the script that Material asks for where there is no server."""
    documents = json.loads(index)
    for document in documents["docs"]:
        path, mark, anchor = document["location"].partition("#")
        document["location"] = (_file(path) or "index.html") + mark + anchor
    return f"var __index = {json.dumps(documents, separators=(',', ':'))}"


def _with_style(styles: str) -> str:
    return styles + _STYLE


def _file(path: str) -> str:
    """A relative address of a page as that of its file; any other as it is."""
    is_folder = path.endswith("/") or path.rpartition("/")[2] in (".", "..")
    return f"{path.rstrip('/')}/index.html" if is_folder else path
