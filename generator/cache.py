"""What was read from timm before, so that it need not be read again: the catalog, and the inspection of each model.

A row is found by exactly what it follows from, its model's name and the `fingerprint`, and has a checksum over all of
itself, which is verified when it is read. A cache that cannot be used costs time and nothing else: it is told, and the
run goes on without it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from generator import digests
from generator.fingerprint import Fingerprint
from generator.records import (
    ELEMENT_BYTES,
    Catalog,
    CatalogEntry,
    Compute,
    Deploy,
    Family,
    Inspection,
    Level,
    Module,
    Paper,
    ParameterTensor,
    Pyramid,
    Weights,
)

Rows = list[tuple[Any, ...]]

# Seconds to wait for another run that is writing.
PATIENCE = 30.0
# Seconds between two writes: what a run that is killed may lose.
INTERVAL = 1.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
  name TEXT, fingerprint TEXT, versions TEXT, date TEXT, sha256 TEXT, payload BLOB, PRIMARY KEY (name, fingerprint)
);
CREATE TABLE IF NOT EXISTS catalogs (fingerprint TEXT PRIMARY KEY, sha256 TEXT, payload BLOB);
"""
# The codes of SQLite that say that a file is no database, a damaged one, or one with other tables than ours.
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


class Cached(NamedTuple):
    """An inspection, and when it was made: UTC, ISO 8601."""

    inspection: Inspection
    date: str


class _Row(NamedTuple):
    name: str
    fingerprint: str
    versions: str
    date: str
    sha256: str
    payload: bytes

    @property
    def is_whole(self) -> bool:
        """Whether the row is as it was written; damage can change the type of a value as well."""
        try:
            return self.sha256 == checksum(*self[:4], payload=self.payload)
        except TypeError:
            return False


_COLUMNS = ", ".join(_Row._fields)


class Cache:
    """The cache file, for one run and one fingerprint: a context that writes what is left when it ends.

    ``checksums`` has the checksum of each model's row under this fingerprint, by name. With ``fresh`` nothing that
    earlier runs left is given out. ``tell`` is called with a sentence where the cache is damaged or cannot be used.
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
        self._unwritten: list[_Row] = []
        self._written = time.monotonic()

    def __enter__(self) -> Cache:
        self._connect()
        if not self._fresh:
            # As text, whatever damage made of it: `inspections` finds out.
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
        """The catalog under this fingerprint; ``None`` where it is not known."""
        if self._fresh:
            return None
        for sha256, payload in self._ask(
            "SELECT sha256, payload FROM catalogs WHERE fingerprint = ?", self.fingerprint.whole
        ):
            try:
                if sha256 != checksum(self.fingerprint.whole, payload=payload):
                    raise ValueError("its checksum is wrong")
                return _catalog(payload)
            except (ValueError, TypeError, KeyError):
                self._tell(f"Damaged in {self.path}: timm's catalog; it is read again.")
        return None

    def store_catalog(self, catalog: Catalog) -> None:
        """Keep the catalog under this fingerprint."""
        payload = _to_json(asdict(catalog))
        key = self.fingerprint.whole
        self._ask("INSERT OR REPLACE INTO catalogs VALUES (?, ?, ?)", key, checksum(key, payload=payload), payload)

    def inspections(self, names: Iterable[str]) -> dict[str, Cached]:
        """What is known of these models under this fingerprint, verified; damaged rows are told and forgotten."""
        self._write()
        query = f"SELECT {_COLUMNS} FROM records WHERE name = ? AND fingerprint = ?"
        found: dict[str, Cached] = {}
        damaged: list[str] = []
        for name in names:
            if name not in self.checksums:
                continue
            for row in map(_Row._make, self._ask(query, name, self.fingerprint.whole)):
                try:
                    if not row.is_whole:
                        raise ValueError("its checksum is wrong")
                    found[name] = Cached(_inspection(row.payload), row.date)
                    self.checksums[name] = row.sha256
                except (ValueError, TypeError, KeyError):
                    damaged.append(name)
                    del self.checksums[name]
        if damaged:
            few = ", ".join(damaged[:3]) + (", ..." if len(damaged) > 3 else "")
            self._tell(f"Damaged in {self.path}: {len(damaged)} of its records ({few}); they are inspected again.")
        return found

    def store(self, name: str, inspection: Inspection, date: str) -> str:
        """Keep an inspection that was made at ``date``.

        Returns:
            The date that the record has from now on: an earlier one where the same was found under the same versions
            of timm and torch before.
        """
        payload = encode(inspection)
        date = min([date, *self._earlier_dates(name, payload)])
        key = (name, self.fingerprint.whole, self.fingerprint.versions, date)
        row = _Row(*key, checksum(*key, payload=payload), payload)
        self._unwritten.append(row)
        if time.monotonic() - self._written >= INTERVAL:
            self._write()
        if self._connection is not None:
            self.checksums[name] = row.sha256
        return date

    def forget(self, name: str) -> None:
        """Keep nothing of this model under this fingerprint: it was inspected again, and failed."""
        self.checksums.pop(name, None)
        self._ask("DELETE FROM records WHERE name = ? AND fingerprint = ?", name, self.fingerprint.whole)

    def drop_others(self) -> None:
        """Forget what is kept under other fingerprints, so that the file does not grow without bound."""
        self._write()
        for table in ("records", "catalogs"):
            self._ask(f"DELETE FROM {table} WHERE fingerprint != ?", self.fingerprint.whole)

    def _earlier_dates(self, name: str, payload: bytes) -> list[str]:
        query = f"SELECT {_COLUMNS} FROM records WHERE name = ? AND versions = ? AND payload = ?"
        rows = map(_Row._make, self._ask(query, name, self.fingerprint.versions, payload))
        return [row.date for row in rows if row.is_whole]

    def _write(self) -> None:
        rows, self._unwritten = self._unwritten, []
        self._written = time.monotonic()
        if rows:
            self._attempt(lambda database: _insert(database, rows))

    def _ask(self, statement: str, *values: str | bytes) -> Rows:
        return self._attempt(lambda database: database.execute(statement, values).fetchall())

    def _attempt(self, act: Callable[[sqlite3.Connection], Rows]) -> Rows:
        """The rows that ``act`` gives; none where the cache fails it, which is told, and mended if it can be."""
        if self._connection is None:
            return []
        try:
            return act(self._connection)
        except sqlite3.Error as error:
            self._give_up(error)
            return []

    def _connect(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Without a level Python opens no transactions of its own: each statement is one, but for those of _insert.
            self._connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
            # Damaged text is no fault of its own: the checksum tells.
            self._connection.text_factory = lambda content: content.decode(errors="replace")
            if self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                self._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def _give_up(self, error: sqlite3.Error | OSError) -> None:
        """Go on without what is in the file: with a new one if it was damaged, with none if it cannot be used."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.checksums.clear()
        # Once only: what damages a new file at once will damage the next.
        if not _is_damage(error) or self._begun_anew:
            self._tell(f"The cache {self.path} cannot be used ({error}); this run does without it.")
            return
        self._begun_anew = True
        self._tell(f"The cache {self.path} is damaged ({error}); a new one is begun.")
        try:
            for path in (self.path, self.path.with_name(f"{self.path.name}-journal")):
                path.unlink(missing_ok=True)
        except OSError as cause:
            self._give_up(cause)
        else:
            self._connect()


def checksum(*key: str, payload: bytes) -> str:
    """The checksum of a row: over its other columns and its payload."""
    return digests.of_values(*key, digests.of_bytes(payload))


def encode(inspection: Inspection) -> bytes:
    """An inspection as JSON."""
    # Not asdict, which takes half a million tensors apart.
    content = {name: getattr(inspection, name) for name in inspection.__slots__}
    content["pyramid"] = {name: getattr(inspection.pyramid, name) for name in Pyramid.__slots__}
    for name in ("compute", "deploy"):
        content[name] = None if content[name] is None else asdict(content[name])
    return _to_json(content)


def _inspection(payload: bytes) -> Inspection:
    """The inspection that `encode` made this of; ValueError, TypeError or KeyError where it is not of that form."""
    content = json.loads(payload)
    inspection = Inspection(
        **{
            **content,
            "tensors": tuple(ParameterTensor(name, tuple(shape), *rest) for name, shape, *rest in content["tensors"]),
            "modules": tuple(Module(*module) for module in content["modules"]),
            "compute": None if content["compute"] is None else _compute(content["compute"]),
            "deploy": None if content["deploy"] is None else Deploy(**content["deploy"]),
            "pyramid": Pyramid(
                **{**content["pyramid"], "levels": tuple(Level(*level) for level in content["pyramid"]["levels"])}
            ),
        }
    )
    unknown = {tensor.dtype for tensor in inspection.tensors} - ELEMENT_BYTES.keys()
    if unknown:
        raise ValueError(f"the size of dtype {min(unknown)} is not known")
    return inspection


def _compute(content: dict[str, Any]) -> Compute:
    lists = {name: tuple(content[name]) for name in ("input_size", "unlisted_operators")}
    return Compute(**{**content, **lists})


def _catalog(payload: bytes) -> Catalog:
    """The catalog that was stored as this; ValueError, TypeError or KeyError where it is not of that form."""
    content = json.loads(payload)
    return Catalog(
        **{
            **content,
            "entries": tuple(map(_entry, content["entries"])),
            "families": tuple(
                Family(**{**family, "papers": tuple(Paper(**paper) for paper in family["papers"])})
                for family in content["families"]
            ),
        }
    )


def _entry(content: dict[str, Any]) -> CatalogEntry:
    size = content["input_size"]
    return CatalogEntry(
        **{
            **content,
            "weights": tuple(map(_weights, content["weights"])),
            "input_size": None if size is None else tuple(size),
        }
    )


def _weights(content: list[Any]) -> Weights:
    """Weights from their values in JSON, which knows lists where we have tuples."""
    return Weights._make(tuple(value) if isinstance(value, list) else value for value in content)


def _to_json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _insert(connection: sqlite3.Connection, rows: list[_Row]) -> Rows:
    """Write rows all at once: a database is synchronised with the disk for each transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT OR REPLACE INTO records ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    return []


def _is_damage(error: Exception) -> bool:
    # The lowest byte is the kind; the others tell more of it.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE
