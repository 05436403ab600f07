"""The cache of earlier results: timm's catalog, and the inspection of each model.

The key of a row is all that its content depends on: the model's name and the `fingerprint`. Each row has a checksum
over its whole content, which is verified when the row is read. If the cache cannot be used, the user is told so and the
run goes on without it; it only takes longer.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from generator.facts.inspections import Inspection
from generator.facts.registry import Catalog
from generator.facts.shapes import ELEMENT_BYTES
from generator.store import codec, digests
from generator.store.files import make_folder
from generator.store.fingerprint import Fingerprint

Answers = list[tuple[Any, ...]]

# Seconds to wait for another run that is writing.
PATIENCE = 30.0
# Seconds between two writes: the most work that a killed run can lose.
INTERVAL = 1.0

# The format of the file: raised when the tables change, or the meaning of their columns.
FORMAT = 1

_SCHEMA = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE IF NOT EXISTS records (
  name TEXT, fingerprint TEXT, versions TEXT, date TEXT, sha256 TEXT, payload BLOB, PRIMARY KEY (name, fingerprint)
);
CREATE TABLE IF NOT EXISTS catalogs (fingerprint TEXT PRIMARY KEY, sha256 TEXT, payload BLOB);
"""
# What sqlite3 raises. It also raises `UnicodeError` and other errors of values for the damaged text of a schema.
_ERRORS = (sqlite3.Error, sqlite3.Warning, OSError, ValueError, TypeError, OverflowError, MemoryError)
# SQLite's error codes that say nothing about the file: another run holds it, the disk is full, a permission is missing.
_SURROUNDINGS = frozenset(
    getattr(sqlite3, f"SQLITE_{name}")
    for name in [
        "BUSY",
        "LOCKED",
        "NOMEM",
        "READONLY",
        "IOERR",
        "FULL",
        "CANTOPEN",
        "PROTOCOL",
        "PERM",
        "AUTH",
        "NOLFS",
    ]
)


class Cached(NamedTuple):
    """An inspection, and when it was made: UTC, ISO 8601."""

    inspection: Inspection
    date: str


class _FormatError(ValueError):
    """The file has another format."""


class _Kept(NamedTuple):
    name: str
    fingerprint: str
    versions: str
    date: str
    sha256: str
    payload: bytes

    @property
    def is_whole(self) -> bool:
        """Whether the row is as it was written. Damage can change the type of a value too, hence the `TypeError`."""
        try:
            return self.sha256 == checksum(*self[:4], payload=self.payload)
        except TypeError:
            return False


_COLUMNS = ", ".join(_Kept._fields)


class Cache:
    """The cache file, for one run and one fingerprint: a context manager that writes the remaining rows at its end.

    ``checksums`` has the checksum of each model's row under this fingerprint, by name. With ``fresh``, nothing from
    earlier runs is returned. ``tell`` is called with a sentence if the cache is damaged or cannot be used.
    """

    def __init__(
        self, path: Path, fingerprint: Fingerprint, *, fresh: bool = False, tell: Callable[[str], None]
    ) -> None:
        self.path = path
        self.fingerprint = fingerprint
        self.checksums: dict[str, str] = {}
        self._fresh = fresh
        self._tell = tell
        self._connection: sqlite3.Connection | None = None
        self._begun_anew = False
        self._unwritten: list[_Kept] = []
        self._written = time.monotonic()

    def __enter__(self) -> Cache:
        self._connect()
        if not self._fresh:
            # Cast to text, because damage may have changed the type. `inspections` finds the damage.
            query = "SELECT name, coalesce(CAST(sha256 AS TEXT), '') FROM records WHERE fingerprint = ?"
            self.checksums.update(self._ask(query, self.fingerprint.whole))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write()
        if self._connection is not None:
            self._connection.close()

    def catalog(self) -> Catalog | None:
        """The catalog under this fingerprint; ``None`` if the cache has none."""
        if self._fresh:
            return None
        for sha256, payload in self._ask(
            "SELECT sha256, payload FROM catalogs WHERE fingerprint = ?", self.fingerprint.whole
        ):
            try:
                if sha256 != checksum(self.fingerprint.whole, payload=payload):
                    raise ValueError("its checksum is wrong")
                return codec.decode(Catalog, payload)
            # TypeError: damage can change the type of a value too.
            except (TypeError, ValueError):
                self._tell(f"Damaged in {self.path}: timm's catalog; it is read again.")
        return None

    def store_catalog(self, catalog: Catalog) -> None:
        """Write the catalog under this fingerprint."""
        payload = codec.encode(catalog)
        key = self.fingerprint.whole
        self._ask("INSERT OR REPLACE INTO catalogs VALUES (?, ?, ?)", key, checksum(key, payload=payload), payload)

    def inspections(self, names: Iterable[str]) -> dict[str, Cached]:
        """The inspections of these models under this fingerprint, verified. Damaged ones are reported and left out."""
        self._write()
        query = f"SELECT {_COLUMNS} FROM records WHERE name = ? AND fingerprint = ?"
        found: dict[str, Cached] = {}
        damaged: list[str] = []
        for name in names:
            if name not in self.checksums:
                continue
            for row in map(_Kept._make, self._ask(query, name, self.fingerprint.whole)):
                try:
                    if not row.is_whole:
                        raise ValueError("its checksum is wrong")
                    found[name] = Cached(_inspection(row.payload), row.date)
                    self.checksums[name] = row.sha256
                except ValueError:
                    damaged.append(name)
                    del self.checksums[name]
        if damaged:
            few = ", ".join(damaged[:3]) + (", ..." if len(damaged) > 3 else "")
            self._tell(f"Damaged in {self.path}: {len(damaged)} of its records ({few}); they are inspected again.")
        return found

    def store(self, name: str, inspection: Inspection, date: str) -> str:
        """Write an inspection that was made at ``date``.

        Returns:
            The date of the record: the earliest at which an equal inspection was made with the same versions of timm
            and torch.
        """
        payload = codec.encode(inspection)
        date = min([date, *self._earlier_dates(name, payload)])
        key = (name, self.fingerprint.whole, self.fingerprint.versions, date)
        row = _Kept(*key, checksum(*key, payload=payload), payload)
        self._unwritten.append(row)
        if time.monotonic() - self._written >= INTERVAL:
            self._write()
        if self._connection is not None:
            self.checksums[name] = row.sha256
        return date

    def forget(self, name: str) -> None:
        """Delete a model's row under this fingerprint, because the model was inspected again and failed."""
        self.checksums.pop(name, None)
        self._ask("DELETE FROM records WHERE name = ? AND fingerprint = ?", name, self.fingerprint.whole)

    def drop_others(self) -> None:
        """Delete all rows of other fingerprints, so that the file does not grow without bound."""
        self._write()
        for table in ("records", "catalogs"):
            self._ask(f"DELETE FROM {table} WHERE fingerprint != ?", self.fingerprint.whole)

    def _earlier_dates(self, name: str, payload: bytes) -> list[str]:
        query = f"SELECT {_COLUMNS} FROM records WHERE name = ? AND versions = ? AND payload = ?"
        rows = map(_Kept._make, self._ask(query, name, self.fingerprint.versions, payload))
        return [row.date for row in rows if row.is_whole]

    def _write(self) -> None:
        rows, self._unwritten = self._unwritten, []
        self._written = time.monotonic()
        if rows:
            self._attempt(lambda database: _insert(database, rows))

    def _ask(self, statement: str, *values: str | bytes) -> Answers:
        return self._attempt(lambda database: database.execute(statement, values).fetchall())

    def _attempt(self, act: Callable[[sqlite3.Connection], Answers]) -> Answers:
        """The rows that ``act`` returns; none if SQLite raises an error, which is reported and repaired if possible."""
        if self._connection is None:
            return []
        try:
            return act(self._connection)
        except _ERRORS as error:
            self._give_up(error)
            return []

    def _connect(self) -> None:
        try:
            make_folder(self.path.parent)
            # With isolation_level=None Python opens no transactions itself: each statement is one transaction, except
            # in _insert.
            self._connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
            # Damaged text must not raise here; the checksum finds it.
            self._connection.text_factory = lambda content: content.decode(errors="replace")
            if self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                self._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            (format_of_file,) = self._connection.execute("PRAGMA user_version").fetchone()
            if format_of_file != FORMAT:
                raise _FormatError(f"its format is {format_of_file}, that of this version is {FORMAT}")
        except _ERRORS as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on without the content of the file: with a new file if it is damaged, else without a cache."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.checksums.clear()
        # A new file is begun only once: if that one is damaged too, so will be the next.
        if not _is_damage(error) or self._begun_anew:
            self._tell(f"The cache {self.path} cannot be used ({_reason(error)}); this run does without it.")
            return
        self._begun_anew = True
        kind = "of another version" if isinstance(error, _FormatError) else "damaged"
        self._tell(f"The cache {self.path} is {kind} ({_reason(error)}); a new one is begun.")
        try:
            # SQLite has its other files beside the file itself, also where the path is a link.
            path = Path(os.path.realpath(self.path))
            for suffix in ("", "-journal", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        except OSError as cause:
            self._give_up(cause)
        else:
            self._connect()


def checksum(*key: str, payload: bytes) -> str:
    """The checksum of a row, over its key columns and its payload."""
    return digests.of_values(*key, digests.of_bytes(payload))


def _inspection(payload: bytes) -> Inspection:
    """Decode an inspection.

    Raises:
        ValueError: the payload is not an inspection, or has a dtype of unknown size.
    """
    inspection = codec.decode(Inspection, payload)
    unknown = {tensor.dtype for tensor in inspection.tensors} - ELEMENT_BYTES.keys()
    if unknown:
        raise ValueError(f"the size of dtype {min(unknown)} is not known")
    return inspection


def _insert(connection: sqlite3.Connection, rows: list[_Kept]) -> Answers:
    """Write rows in one transaction, because SQLite synchronises with the disk for each transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT OR REPLACE INTO records ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    return []


def _reason(error: Exception) -> str:
    """The message of an error in one line. It can hold any characters, taken from a damaged file."""
    message = " ".join(str(error).split())[:200] or type(error).__name__
    return "".join(character if character.isprintable() else "?" for character in message)


def _is_damage(error: Exception) -> bool:
    if isinstance(error, (OSError, MemoryError)):
        return False
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    # The lowest byte is the primary error code; the other bytes have details. A file that is too short is damaged.
    return code == sqlite3.SQLITE_IOERR_SHORT_READ or code & 0xFF not in _SURROUNDINGS
