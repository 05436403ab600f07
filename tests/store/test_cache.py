"""The cache: what it gives back is what was kept under the same circumstances, whatever happened to its file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import UnwritableError
from generator.facts.registry import Catalog
from generator.store import cache as caches
from generator.store import digests
from generator.store.cache import Cache, Cached, checksum
from generator.store.codec import encode
from generator.store.fingerprint import Fingerprint
from generator.store.stamps import Stamp
from tests.conftest import ROOT
from tests.doubles import NOTHING
from tests.examples import CATALOG, DATE, EARLIER, TINY_CONV, TINY_VIT

FINGERPRINT = Fingerprint("whole", "versions")
LATER = "2026-01-03T00:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the cache is, with the catalog and two models in it."""
    return filled(tmp_path / ".cache" / "records.sqlite")


def filled(place: Path) -> Path:
    """Make a cache with the catalog and two models in it."""
    with Cache(place, FINGERPRINT, tell=pytest.fail) as cache:
        cache.store_catalog(CATALOG)
        for record in (TINY_CONV, TINY_VIT):
            cache.store(record.name, record.inspection, DATE)
    return place


def given_out(
    path: Path, fingerprint: Fingerprint = FINGERPRINT, fresh: bool = False
) -> tuple[dict[str, Cached], list[str]]:
    """What a run is given for the two models, and what it is told."""
    told: list[str] = []
    with Cache(path, fingerprint, fresh=fresh, tell=told.append) as cache:
        found = cache.inspections(["tiny_conv", "tiny_mixed", "tiny_vit"])
        assert "tiny_vit" in found or "tiny_vit" not in cache.checksums
    return found, told


def change(path: Path, statement: str, *values: object) -> None:
    """Change the database behind the cache's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement, values).rowcount


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a cache with the catalog and two models in it."""
    return filled(tmp_path_factory.mktemp("whole") / "records.sqlite").read_bytes()


BOTH = {"tiny_conv": Cached(TINY_CONV.inspection, DATE), "tiny_vit": Cached(TINY_VIT.inspection, DATE)}


def test_what_was_kept_is_given_out(path: Path) -> None:
    """A later run is given every inspection with its date, and the catalog, and is told nothing."""
    assert given_out(path) == (BOTH, [])
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        assert cache.catalog() == CATALOG


def test_the_catalog_survives(catalog: Catalog, tmp_path: Path) -> None:
    """All that timm says comes back as it was."""
    with Cache(tmp_path / "records.sqlite", FINGERPRINT, tell=pytest.fail) as cache:
        cache.store_catalog(catalog)
        assert repr(cache.catalog()) == repr(catalog)


def test_another_fingerprint_is_given_nothing(path: Path) -> None:
    """Under another fingerprint there is neither catalog nor inspection, and what is kept stays."""
    other = Fingerprint("other", "versions")
    assert given_out(path, other) == ({}, [])
    with Cache(path, other, tell=pytest.fail) as cache:
        assert cache.catalog() is None
    assert given_out(path) == (BOTH, [])


def test_a_fresh_run_is_given_nothing(path: Path) -> None:
    """A run that asks for fresh results is given none of the old, and its own take their place."""
    assert given_out(path, fresh=True) == ({}, [])
    with Cache(path, FINGERPRINT, fresh=True, tell=pytest.fail) as cache:
        assert cache.catalog() is None
        cache.store("tiny_conv", NOTHING, LATER)
    assert given_out(path)[0]["tiny_conv"] == Cached(NOTHING, LATER)


@pytest.mark.parametrize("fingerprint", [FINGERPRINT, Fingerprint("other code", "versions")], ids=["same", "code"])
def test_what_is_found_again_keeps_its_date(path: Path, fingerprint: Fingerprint) -> None:
    """The same result under the same versions has the earlier date, even where our code changed."""
    with Cache(path, fingerprint, fresh=True, tell=pytest.fail) as cache:
        assert cache.store("tiny_conv", TINY_CONV.inspection, LATER) == DATE
    assert given_out(path, fingerprint)[0]["tiny_conv"].date == DATE


def test_what_differs_has_a_new_date(path: Path) -> None:
    """Another result, another model or other versions of timm and torch: the date is the new one."""
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        assert cache.store("tiny_conv", NOTHING, LATER) == LATER
        assert cache.store("tiny_twin", TINY_CONV.inspection, LATER) == LATER
    with Cache(path, Fingerprint("newer", "newer"), tell=pytest.fail) as cache:
        assert cache.store("tiny_vit", TINY_VIT.inspection, LATER) == LATER


@pytest.mark.parametrize("date", [EARLIER, b"\xff", None])
def test_a_damaged_date_is_not_taken_over(path: Path, date: object) -> None:
    """The date of a row whose checksum is wrong counts for nothing."""
    change(path, "UPDATE records SET date = ?", date)
    with Cache(path, FINGERPRINT, fresh=True, tell=pytest.fail) as cache:
        assert cache.store("tiny_conv", TINY_CONV.inspection, LATER) == LATER


def test_a_clock_that_was_wrong_does_not_stay(path: Path) -> None:
    """Of two dates of the same result the earlier counts."""
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        assert cache.store("tiny_conv", TINY_CONV.inspection, EARLIER) == EARLIER


def test_what_failed_is_forgotten(path: Path) -> None:
    """A model can be forgotten under this fingerprint, whether it was known or not; the others stay."""
    with Cache(path, FINGERPRINT, fresh=True, tell=pytest.fail) as cache:
        cache.forget("tiny_vit")
        cache.forget("tiny_mixed")
    assert given_out(path) == ({"tiny_conv": BOTH["tiny_conv"]}, [])


def test_checksums_follow_what_is_kept(path: Path) -> None:
    """Each model's checksum is known without its payload being read, and moves with the record."""
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        before = dict(cache.checksums)
        assert set(before) == {"tiny_conv", "tiny_vit"}
        cache.store("tiny_conv", NOTHING, LATER)
        after = dict(cache.checksums)
    assert before["tiny_vit"] == after["tiny_vit"]
    assert before["tiny_conv"] != after["tiny_conv"]
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        assert cache.checksums == after


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", encode(TINY_CONV.inspection)),
        ("payload", b""),
        ("payload", b"\xff"),
        ("payload", encode(TINY_VIT.inspection).decode()),
        ("payload", None),
        ("sha256", "0" * 64),
        ("sha256", None),
        ("sha256", b"\xff"),
        ("date", LATER),
        ("date", b"\xff"),
        ("date", 7),
        ("versions", "others"),
    ],
)
def test_a_damaged_record_is_dropped(path: Path, column: str, value: object) -> None:
    """A row of which anything changed is told in one line and not given out; the others are."""
    change(path, f"UPDATE records SET {column} = ? WHERE name = 'tiny_vit'", value)
    found, told = given_out(path)
    assert found == {"tiny_conv": BOTH["tiny_conv"]}
    assert told == [f"Damaged in {path}: 1 of its records (tiny_vit); they are inspected again."]


@pytest.mark.parametrize(
    "payload",
    [
        b"null",
        b"{}",
        b"[1]",
        encode(NOTHING).replace(b'"modules"', b'"stranger"'),
        encode(TINY_VIT.inspection).replace(b"float32", b"float31"),
    ],
)
def test_a_record_of_another_form_is_dropped(path: Path, payload: bytes) -> None:
    """A row whose checksum is right and whose form is not is dropped like a damaged one."""
    key = ("tiny_vit", *FINGERPRINT, DATE)
    change(
        path,
        "UPDATE records SET payload = ?, sha256 = ? WHERE name = 'tiny_vit'",
        payload,
        checksum(*key, payload=payload),
    )
    found, told = given_out(path)
    assert (set(found), len(told)) == ({"tiny_conv"}, 1)


def test_many_damaged_records_are_one_line(tmp_path: Path) -> None:
    """However many rows are damaged, there is one line, with the first few names."""
    path = tmp_path / "records.sqlite"
    names = [f"tiny_{number}" for number in range(9)]
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        for name in names:
            cache.store(name, NOTHING, DATE)
    change(path, "UPDATE records SET date = 'never'")
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        assert cache.inspections(names) == {}
    assert len(told) == 1
    assert "9 of its records (tiny_0, tiny_1, tiny_2, ...)" in told[0]


@pytest.mark.parametrize(("column", "value"), [("payload", b"{}"), ("sha256", "0"), ("payload", None)])
def test_a_damaged_catalog_is_read_again(path: Path, column: str, value: object) -> None:
    """A catalog of which anything changed is told and not given out."""
    change(path, f"UPDATE catalogs SET {column} = ?", value)
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        assert cache.catalog() is None
    assert told == [f"Damaged in {path}: timm's catalog; it is read again."]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"no database " * 100, id="no database"),
        pytest.param(lambda content: content[:16] + bytes(len(content) - 16), id="zeros"),
        pytest.param(lambda content: content[:5000], id="truncated"),
        pytest.param(lambda content: content[:4096] + b"\xa5" * (len(content) - 4096), id="overwritten"),
    ],
)
def test_a_damaged_file_is_begun_anew(path: Path, damage: Callable[[bytes], bytes]) -> None:
    """A file that is no database any more is told and replaced; the run keeps its results in the new one."""
    path.write_bytes(damage(path.read_bytes()))
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        assert cache.inspections(["tiny_conv", "tiny_vit"]) == {}
        assert cache.catalog() is None
        assert cache.store("tiny_conv", TINY_CONV.inspection, LATER) == LATER
    assert len(told) == 1
    assert told[0].startswith(f"The cache {path} is damaged (")
    assert given_out(path) == ({"tiny_conv": Cached(TINY_CONV.inspection, LATER)}, [])


def test_a_byte_anywhere_is_noticed(path: Path) -> None:
    """Whichever byte of the file changes, what is given out is what was kept, or nothing."""
    content = path.read_bytes()
    for position in range(0, len(content), 97):
        path.write_bytes(content[:position] + bytes([content[position] ^ 0x55]) + content[position + 1 :])
        told: list[str] = []
        with Cache(path, FINGERPRINT, tell=told.append) as cache:
            found = cache.inspections(["tiny_conv", "tiny_vit"])
            assert cache.catalog() in (None, CATALOG)
            assert digests.of_values(list(cache.checksums.values()))
            cache.store("tiny_conv", TINY_CONV.inspection, LATER)
        assert found.items() <= BOTH.items(), position


def begun_anew(path: Path) -> str:
    """The one sentence that a run is told whose cache is begun anew. It keeps its results, which the next run has."""
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        assert cache.inspections(["tiny_conv", "tiny_vit"]) == {}
        assert cache.catalog() is None
        cache.store_catalog(CATALOG)
        for record in (TINY_CONV, TINY_VIT):
            assert cache.store(record.name, record.inspection, DATE) == DATE
        cache.drop_others()
    (sentence,) = told
    assert sentence.isprintable()
    assert sentence.endswith("; a new one is begun.")
    assert given_out(path) == (BOTH, [])
    return sentence


def in_the_schema(old: str, new: bytes) -> Callable[[bytes], bytes]:
    """A damage of the text of the schema, which SQLite keeps as it was written."""
    return lambda content: content.replace(old.encode(), new, 1)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(in_the_schema("TABLE records", b"TABLE rec\xffrds"), id="no text in a name"),
        pytest.param(in_the_schema("CREATE TABLE", b"CREA\xff\xfe TABLE"), id="no text in a word"),
        pytest.param(in_the_schema("CREATE TABLE", b"CREATE\nT\x1b[31"), id="control characters"),
        pytest.param(in_the_schema("name TEXT", b"name \xc3\x28XT"), id="no text in a column"),
        pytest.param(in_the_schema("date TEXT", b"dote TEXT"), id="another column"),
        pytest.param(in_the_schema("name TEXT", b"name INT "), id="another type"),
    ],
)
def test_a_damaged_schema_is_begun_anew(path: Path, damage: Callable[[bytes], bytes]) -> None:
    """A schema that is no text, or no schema, is told in one plain line and replaced."""
    content = path.read_bytes()
    assert damage(content) != content
    path.write_bytes(damage(content))
    if b"name INT " in damage(content):
        # What is in the rows decides, not what the schema says of them.
        assert given_out(path) == (BOTH, [])
    else:
        assert begun_anew(path).startswith(f"The cache {path} is damaged (")


@pytest.mark.parametrize("number", [0, caches.FORMAT + 1, -1])
def test_another_format_is_begun_anew(path: Path, number: int) -> None:
    """A file of another format, older or newer, is told and replaced, though its tables have the same names."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {number}")
    assert begun_anew(path) == (
        f"The cache {path} is of another version (its format is {number}, that of this version is {caches.FORMAT}); "
        "a new one is begun."
    )


@pytest.mark.sweep
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_stops_a_run(path: Path, whole: bytes, data: st.DataObject) -> None:
    """Whatever bytes are changed, cut out or put in: a run is told what is damaged, and ends with all that it found."""
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.sampled_from([0, 1, 2, 4, 100, 4096]))
        content[start : start + cut] = data.draw(st.binary(max_size=8) | st.binary(min_size=cut, max_size=cut))
    path.write_bytes(content)
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        found = cache.inspections(["tiny_conv", "tiny_vit"])
        assert cache.catalog() in (None, CATALOG)
        assert digests.of_values(list(cache.checksums.values()))
        cache.store_catalog(CATALOG)
        for record in (TINY_CONV, TINY_VIT):
            assert cache.store(record.name, record.inspection, DATE) == DATE
        cache.forget("tiny_mixed")
        cache.drop_others()
    assert found.items() <= BOTH.items()
    assert all(sentence.isprintable() for sentence in told)
    assert len(told) <= 3


@pytest.mark.parametrize("statement", ["DROP TABLE catalogs", "ALTER TABLE records DROP COLUMN versions"])
def test_other_tables_are_begun_anew(path: Path, statement: str) -> None:
    """A database with other tables than ours, of another version perhaps, is told and replaced."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        cache.store_catalog(CATALOG)
        cache.inspections(["tiny_conv"])
        cache.store("tiny_conv", NOTHING, LATER)
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        cache.store_catalog(CATALOG)
        cache.store("tiny_conv", NOTHING, LATER)
    assert len(told) == 1
    assert "a new one is begun" in told[0]


def test_a_cache_that_cannot_be_written_is_done_without(path: Path, read_only: Callable[[Path], None]) -> None:
    """On a read-only disk what is kept is given out, and the first write that fails is told, once."""
    read_only(path.parent)
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        assert cache.inspections(["tiny_conv", "tiny_vit"]) == BOTH
        for name in ("a", "b"):
            assert cache.store(name, NOTHING, LATER) == LATER
        cache.drop_others()
        assert cache.checksums == {}
    assert len(told) == 1
    assert told[0].startswith(f"The cache {path} cannot be used (")


@pytest.mark.parametrize("stranger", ["file", "folder", "full folder"])
def test_a_stranger_in_its_place_is_left(tmp_path: Path, stranger: str) -> None:
    """A file in the place of the folder, or a folder in that of the file, is told and stays; the run goes on."""
    path = tmp_path / ".cache" / "records.sqlite"
    if stranger == "file":
        path.parent.write_text("mine")
    else:
        path.mkdir(parents=True)
    if stranger == "full folder":
        (path / "mine").write_text("mine")
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        assert cache.inspections(["tiny_conv"]) == {}
        assert cache.store("tiny_conv", NOTHING, DATE) == DATE
        assert cache.checksums == {}
    assert len(told) == 1
    assert "this run does without it" in told[0]
    assert path.is_dir() or path.parent.read_text() == "mine"


def test_a_full_disk_is_done_without(small_disk: Path) -> None:
    """Where the disk is full, that is told, and the run goes on."""
    told: list[str] = []
    with Cache(small_disk / "records.sqlite", FINGERPRINT, tell=told.append) as cache:
        (small_disk / "filler").write_bytes(bytes(os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize))
        large = replace(NOTHING, tensors=TINY_VIT.inspection.tensors * 1000)
        assert cache.store("large", large, DATE) == DATE
    assert len(told) == 1
    assert "cannot be used (database or disk is full); this run does without it." in told[0]


def test_a_cache_that_another_run_holds_is_done_without(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run waits for another that writes; where that takes too long, it goes on without the cache."""
    monkeypatch.setattr(caches, "PATIENCE", 0.2)
    told: list[str] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with Cache(path, FINGERPRINT, tell=told.append) as cache:
            assert cache.inspections(["tiny_conv"]) == {}
        holder.execute("ROLLBACK")
    assert told == [f"The cache {path} cannot be used (database is locked); this run does without it."]
    assert given_out(path) == (BOTH, [])


WRITE = """
import sys
from pathlib import Path
from generator.store.cache import Cache
from generator.store.fingerprint import Fingerprint
from tests.doubles import NOTHING
with Cache(Path(sys.argv[1]), Fingerprint("whole", "versions"), tell=sys.exit) as cache:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(50):
        cache.store(f"{sys.argv[2]}_{number}", NOTHING, "2026-01-02T03:04:05Z")
        cache._write()
    print("done", flush=True)
    sys.stdin.readline()
"""


def writer(path: Path, name: str) -> subprocess.Popen[str]:
    """A process that has opened the cache, and writes to it once it is sent a line."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITE, str(path), name],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_runs_beside_each_other_all_write(tmp_path: Path) -> None:
    """Runs that make and write the same cache at the same time all have their records in it."""
    path = tmp_path / "records.sqlite"
    processes = [writer(path, name) for name in ("one", "two", "three")]
    for process in processes:
        assert process.communicate("\n\n", timeout=60)[0] == "ready\ndone\n"
        assert process.returncode == 0
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        assert set(cache.checksums) == {f"{name}_{number}" for name in ("one", "two", "three") for number in range(50)}


def test_a_killed_run_leaves_what_it_wrote(path: Path) -> None:
    """What a run has written before it is killed is there for the next."""
    with writer(path, "killed") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert [process.stdout.readline() for _ in range(2)] == ["ready\n", "done\n"]
        process.kill()
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        assert len(cache.checksums) == 52
    assert given_out(path) == (BOTH, [])


def test_records_are_written_on_the_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record is written soon after it came in, not at the end of the run."""
    now = time.monotonic()
    monkeypatch.setattr("generator.store.cache.time.monotonic", lambda: now)
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        cache.store("first", NOTHING, DATE)
        now += caches.INTERVAL
        cache.store("second", NOTHING, DATE)
        with Cache(path, FINGERPRINT, tell=pytest.fail) as other:
            assert {"first", "second"} <= set(other.checksums)


def test_what_other_versions_left_is_dropped(path: Path) -> None:
    """Rows of other fingerprints can be dropped, catalogs included; those of this one stay."""
    other = Fingerprint("new", "new")
    with Cache(path, other, tell=pytest.fail) as cache:
        cache.store_catalog(CATALOG)
        cache.store("tiny_conv", NOTHING, LATER)
        cache.drop_others()
    assert given_out(path) == ({}, [])
    assert given_out(path, other) == ({"tiny_conv": Cached(NOTHING, LATER)}, [])
    with Cache(path, FINGERPRINT, tell=pytest.fail) as cache:
        assert cache.catalog() is None


@pytest.mark.parametrize("name", ["records.sqlite-journal", "records.sqlite-wal", "records.sqlite-shm"])
@pytest.mark.parametrize("stranger", ["folder", "text", "bytes"])
def test_strangers_beside_it_do_not_stop_a_run(path: Path, name: str, stranger: str) -> None:
    """Whatever has the name of a file that SQLite keeps beside its own, the run goes on and is told once at most."""
    if stranger == "folder":
        path.with_name(name).mkdir()
    else:
        path.with_name(name).write_bytes(b"mine" if stranger == "text" else b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" * 200)
    told: list[str] = []
    with Cache(path, FINGERPRINT, tell=told.append) as cache:
        assert cache.inspections(["tiny_conv", "tiny_vit"]).items() <= BOTH.items()
        assert cache.store("tiny_conv", TINY_CONV.inspection, DATE) == DATE
    assert len(told) <= 1


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A path for a cache. Until the test ends, this process has no more rights there than permissions give it."""
    if os.geteuid() != 0:
        yield tmp_path / ".cache" / "records.sqlite"
        return
    # The folders of pytest are closed to others.
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        try:
            yield Path(folder, ".cache", "records.sqlite")
        finally:
            os.seteuid(0)


def test_a_folder_without_permissions_is_done_without(place: Path) -> None:
    """Where the folder must not be entered, that is told once, and neither cache nor stamps stop the run."""
    filled(place)
    stamp = Stamp(place.parent / "site.json")
    stamp.leave("from this", "made this")
    place.parent.chmod(0)
    try:
        told: list[str] = []
        with Cache(place, FINGERPRINT, tell=told.append) as cache:
            assert cache.inspections(["tiny_conv"]) == {}
            assert cache.store("tiny_conv", TINY_CONV.inspection, DATE) == DATE
        assert told == [f"The cache {place} cannot be used (unable to open database file); this run does without it."]
        assert not stamp.holds("from this", lambda: "made this")
        with pytest.raises(UnwritableError, match="Permission denied"):
            stamp.leave("from that", "made that")
    finally:
        place.parent.chmod(0o755)
    assert given_out(place) == (BOTH, [])
    assert stamp.holds("from this", lambda: "made this")


def test_a_file_that_may_grow_no_more_is_done_without(path: Path) -> None:
    """Where the system lets no file grow, that is told, and the run goes on."""
    resource = pytest.importorskip("resource")
    script = """
import resource, signal, sys
from dataclasses import replace
from pathlib import Path
from generator.store.cache import Cache
from generator.store.fingerprint import Fingerprint
from tests.doubles import NOTHING
from tests.examples import TINY_VIT
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
with Cache(Path(sys.argv[1]), Fingerprint("whole", "versions"), tell=print) as cache:
    large = replace(NOTHING, tensors=TINY_VIT.inspection.tensors * 1000)
    assert cache.store("large", large, "2026-01-02T03:04:05Z") == "2026-01-02T03:04:05Z"
print("done")
"""
    assert resource
    finished = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    told, done = finished.stdout.splitlines()
    assert told.startswith(f"The cache {path} cannot be used (")
    assert done == "done"
    assert given_out(path) == (BOTH, [])
