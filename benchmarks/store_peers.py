"""The same events kept by hand and by `eventsourcing`: what stores are compared with.

By hand means what a sensible store of one's own does: one transaction reads the version that the
stream is at and inserts, with the columns and the unique indexes that our stores have. What ours
do beyond it (a chain, an event told twice, a feed without gaps) is left out.
"""

import json
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from sqlalchemy import make_url

from carecontinuum.codec import dumps
from carecontinuum.history import Event, Moved, PatientRecord
from carecontinuum.stores import EventStore, StreamKey

__all__ = [
    "ByHand",
    "Keeper",
    "Ours",
    "PeerInPostgresql",
    "PeerInSqlite",
    "PostgresqlByHand",
    "SqliteByHand",
]

HASH = "0" * 64
"""As long as the hash that our stores keep with each event."""
MakeText = Callable[[Event], str]
Row = tuple[str, str, int, int | None, str, str, str]
COLUMNS = """
  tenant TEXT NOT NULL,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  previous INTEGER,
  event_id TEXT NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (tenant, stream, version),
  UNIQUE (tenant, stream, event_id)
"""
LAST = "SELECT version FROM {} WHERE tenant = {p} AND stream = {p} ORDER BY version DESC LIMIT 1"
ADD = (
    "INSERT INTO {} (tenant, stream, version, previous, event_id, body, hash)"
    " VALUES ({p}, {p}, {p}, {p}, {p}, {p}, {p})"
)
BODIES = "SELECT body FROM {} WHERE tenant = {p} AND stream = {p} ORDER BY version"


class Keeper(ABC):
    """Keeps streams of one patient's moves, one stream after another."""

    @abstractmethod
    def begin(self) -> None:
        """Begin another stream."""

    @abstractmethod
    def keep(self, events: Sequence[Event]) -> None:
        """Append to the stream that was begun last; they are kept when it returns."""

    @abstractmethod
    def level(self) -> str | None:
        """Load that stream, fold it, and give the level that it ends at."""

    @abstractmethod
    def close(self) -> None:
        """Leave nothing open."""


class Ours(Keeper):
    """A store of ours."""

    def __init__(self, store: EventStore) -> None:
        self.store = store
        self.streams = 0
        self.begin()

    def begin(self) -> None:
        """Take another tenant's patient."""
        self.streams += 1
        self.key, self.version = StreamKey(f"t-{self.streams}", "p-1"), 0

    def keep(self, events: Sequence[Event]) -> None:
        """Append."""
        self.version = self.store.append(self.key, events, expected_version=self.version)

    def level(self) -> str | None:
        """Load the events and fold the patient's record."""
        record = PatientRecord.of("p-1", self.store.load(self.key))
        return record.episodes["episode-1"].level

    def close(self) -> None:
        """Close the store, if it can be."""
        for close in filter(None, [getattr(self.store, "close", None)]):
            close()


class ByHand(Keeper):
    """A store of one's own.

    Attributes:
        text: Makes a text of an event; unless it is said otherwise, by the codec that ours use.
    """

    def __init__(self, text: MakeText = dumps) -> None:
        self.text = text
        self.streams = 0
        self.begin()

    def begin(self) -> None:
        """Take another tenant's patient."""
        self.streams += 1
        self.tenant, self.version = f"t-{self.streams}", 0

    def keep(self, events: Sequence[Event]) -> None:
        """Append, if the version is the one that is expected."""
        self.version = self.write([(event.id, self.text(event)) for event in events])

    @abstractmethod
    def write(self, events: Iterable[tuple[str, str]]) -> int:
        """Write ids and texts in one transaction, and give the version after."""

    @abstractmethod
    def bodies(self) -> Iterable[tuple[str]]:
        """Read the stream's texts."""

    def level(self) -> str | None:
        """Decode each text, and fold the one thing that is asked."""
        level: str | None = None
        for (text,) in self.bodies():
            body = json.loads(text)["body"]
            if body["type"] == "moved":
                level = body["level"]
        return level

    def rows(self, found: tuple[int] | None, events: Iterable[tuple[str, str]]) -> list[Row]:
        """Give the rows to insert behind the version that was found."""
        last = 0 if found is None else found[0]
        assert last == self.version
        return [
            (self.tenant, "p-1", number, number - 1 or None, event_id, text, HASH)
            for number, (event_id, text) in enumerate(events, last + 1)
        ]


class SqliteByHand(ByHand):
    """A store of one's own on `sqlite3`, which waits for the disk."""

    def __init__(self, path: Path, text: MakeText = dumps) -> None:
        super().__init__(text)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute(
            f"CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, {COLUMNS})"
        )
        self.last, self.add, self.all = (
            statement.format("events", p="?") for statement in (LAST, ADD, BODIES)
        )

    def write(self, events: Iterable[tuple[str, str]]) -> int:
        """Begin, read the version, insert, commit."""
        self.connection.execute("BEGIN IMMEDIATE")
        found = self.connection.execute(self.last, (self.tenant, "p-1")).fetchone()
        rows = self.rows(found, events)
        self.connection.executemany(self.add, rows)
        self.connection.execute("COMMIT")
        return rows[-1][2]

    def bodies(self) -> Iterable[tuple[str]]:
        """Read the stream's texts."""
        return self.connection.execute(self.all, (self.tenant, "p-1")).fetchall()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


class PostgresqlByHand(ByHand):
    """A store of one's own on psycopg 3, which prepares what is asked often by itself."""

    def __init__(self, url: str, text: MakeText = dumps) -> None:
        super().__init__(text)
        self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self.connection.execute(
            'CREATE TABLE by_hand ("position" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,'
            f"{COLUMNS})".encode()
        )
        self.last, self.add, self.all = (
            statement.format("by_hand", p="%s").encode() for statement in (LAST, ADD, BODIES)
        )

    def write(self, events: Iterable[tuple[str, str]]) -> int:
        """Begin, read the version, insert, commit; several rows go in a pipeline."""
        with self.connection.transaction(), self.connection.cursor() as cursor:
            found = cursor.execute(self.last, (self.tenant, "p-1")).fetchone()
            rows = self.rows(found, events)
            if len(rows) == 1:
                cursor.execute(self.add, rows[0])
            else:
                cursor.executemany(self.add, rows)
        return rows[-1][2]

    def bodies(self) -> Iterable[tuple[str]]:
        """Read the stream's texts."""
        return self.connection.execute(self.all, (self.tenant, "p-1")).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class Care(Aggregate):
    """An episode in the other library: its events have what ours have."""

    level: str | None = None

    @event("Moved")
    def move(  # what is not used here is kept with the event
        self,
        level: str,
        at: datetime,  # noqa: ARG002
        recorded_at: datetime,  # noqa: ARG002
        by: str,  # noqa: ARG002
        note: str,  # noqa: ARG002
    ) -> None:
        """Move to a level."""
        self.level = level


class Peer(Keeper):
    """The application layer of `eventsourcing`, with an aggregate that stays in memory."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.application: Application[UUID] = Application(environment)
        self.begin()

    def begin(self) -> None:
        """Make an aggregate; it is saved with what comes first."""
        self.care = Care()

    def keep(self, events: Sequence[Event]) -> None:
        """Trigger the like events, and save."""
        for one in events:
            assert isinstance(one.body, Moved)
            at = one.recorded_at  # these events are recorded when they occur
            self.care.move(one.body.level, at, at, one.by.id, one.note)
        self.application.save(self.care)

    def level(self) -> str | None:
        """Get the aggregate from the repository."""
        found: Care = self.application.repository.get(self.care.id)
        return found.level

    def close(self) -> None:
        """Close the application."""
        self.application.close()


class PeerInSqlite(Peer):
    """`eventsourcing` in SQLite, whose connections wait for the disk too."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": os.fspath(path)}
        )


class PeerInPostgresql(Peer):
    """`eventsourcing` in PostgreSQL."""

    def __init__(self, url: str) -> None:
        place = make_url(url)
        super().__init__(
            {
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": place.database or "",
                "POSTGRES_HOST": str(place.query["host"]),
                "POSTGRES_PORT": str(place.port or 5432),
                "POSTGRES_USER": place.username or "",
                "POSTGRES_PASSWORD": place.password or "none",
            }
        )
