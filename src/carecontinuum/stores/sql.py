"""A store in a SQL database: PostgreSQL through psycopg 3, or SQLite, by way of SQLAlchemy.

It needs the extra: `pip install "carecontinuum[sql]"`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from datetime import datetime
from functools import partial
from threading import Event as Flag
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from carecontinuum.arguments import an_instance
from carecontinuum.codec import dumps
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import Event, RecordedBackwards
from carecontinuum.stores import sql_rows, sql_schema
from carecontinuum.stores.appending import to_append
from carecontinuum.stores.asking import a_page, a_stream, a_version
from carecontinuum.stores.chain import Fault, Head, StreamKey, chained
from carecontinuum.stores.checking import (
    StoredKey,
    against_heads,
    key_faults,
    row_faults,
    whole_key,
)
from carecontinuum.stores.errors import TransactionOvertaken
from carecontinuum.stores.forks import forget_in_child
from carecontinuum.stores.port import FeedItem
from carecontinuum.stores.reading import feed_items, stream_events
from carecontinuum.stores.sql_driver import (
    EngineOfFile,
    asked,
    asked_of_driver,
    begin,
    checked,
    engine_for,
    explained,
)
from carecontinuum.stores.sql_schema import metadata, migrate

__all__ = ["SqlStore", "metadata", "migrate"]

T = TypeVar("T")
_Seen: TypeAlias = tuple[sql_rows.End, datetime | None]
"""Where a stream ends, and when its last event was recorded."""
_REMEMBERED = 10_000
"""Of how many streams it is remembered where they end."""


class SqlStore:
    """An event store in a SQL database.

    Several threads may use it, and several processes and machines the same database. The tables
    must be there: see `migrate`. On SQLite its threads take turns. A process may fork while it has
    a store that was made from a URL: parent and child each have connections of their own. With an
    application's own engine, or a connection taken from `engine`, fork before it is made.

    Attributes:
        engine: What connections are taken from. What listens to it is told of every statement only
            if it is an application's own: in PostgreSQL, to append one event and to load a stream
            go past SQLAlchemy otherwise.
    """

    def __init__(self, where: str | URL | Engine) -> None:
        """Name the database; nothing is asked of it yet.

        Args:
            where: Its URL, or an application's own engine, which hides parameters.

        Raises:
            DatabaseUnsupported: It is neither PostgreSQL through psycopg 3 nor SQLite.
            EngineShowsParameters: The engine would write what is stored into logs or errors.
        """
        self.engine: Engine = checked(where if isinstance(where, Engine) else engine_for(where))
        self._is_ours = not isinstance(where, Engine)
        self._asked = asked_of_driver if self._is_ours else asked
        self._is_postgresql = self.engine.dialect.name == "postgresql"
        is_file = self._is_ours and not self._is_postgresql
        self._file = EngineOfFile(self.engine) if is_file else None
        if self._file is not None:
            self._file.close_with(self)
        elif self._is_ours:
            forget_in_child(self.engine)
        self._level = "AUTOCOMMIT" if self._is_postgresql else "SERIALIZABLE"
        self._joined: Connection | None = None
        self._is_checked = Flag()
        self._ends: dict[StreamKey, _Seen] = {}

    def within(self, connection: Connection) -> Self:
        """Give the same store inside an application's own transaction.

        What is appended there is kept when the application commits, and gone when it rolls back. A
        refusal leaves the transaction as it was. The feed shows nothing before it is committed.

        Args:
            connection: In a transaction, or about to begin one; used by one thread at a time.

        Raises:
            DatabaseUnsupported: It is neither PostgreSQL through psycopg 3 nor SQLite.
            EngineShowsParameters: Its engine would write what is stored into logs or errors.
        """
        checked(an_instance("connection", connection, Connection, "a `Connection`").engine)
        store = copy(self)
        store._joined = connection  # noqa: SLF001  its own kind
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, if they are its own; what is asked next opens others."""
        if self._is_ours and self._joined is None:
            with self._turn():
                self.engine.dispose()

    def migrate(self) -> None:
        """Make the tables, or bring them to the latest format; two may do so at once.

        Raises:
            StoreNewer: A later version of the library made them.
            StoreUnavailable: They cannot be made now.
        """
        try:
            if self._joined is not None:
                return migrate(self._joined)
            with self._turn(), self.engine.connect() as connection:
                migrate(connection)
                return connection.commit()
        except (SQLAlchemyError, UnicodeDecodeError) as error:
            problem = explained(error, joined=self._joined is not None)
        raise problem

    @property
    def _is_alone(self) -> bool:
        """Whether each statement is a transaction of its own."""
        return self._is_postgresql and self._joined is None

    # ------------------------------------------------------------------------------------ running

    def _run(self, work: Callable[[Connection], T], *, writes: bool = False) -> T:
        """Do work; what SQLAlchemy raises becomes an error of ours, and is let go."""
        try:
            if self._joined is not None:
                return self._checked(self._joined, work, writes=writes)
            with self._turn(), self.engine.connect() as connection:
                return self._committed(connection, work, writes=writes)
        except (SQLAlchemyError, UnicodeDecodeError) as error:
            problem = explained(error, joined=self._joined is not None, writes=writes)
        raise problem

    def _committed(
        self, connection: Connection, work: Callable[[Connection], T], *, writes: bool
    ) -> T:
        try:
            connection.execution_options(isolation_level=self._level)
            found = self._checked(connection, work, writes=writes)
            connection.commit()
        except (SQLAlchemyError, UnicodeDecodeError, CareContinuumError):
            raise
        except BaseException:
            # A signal's handler raised while the driver waited: what it waits for, nobody knows.
            connection.invalidate()
            raise
        return found

    def _turn(self) -> AbstractContextManager[object]:
        """Give what holds off a fork while a file is open."""
        return nullcontext() if self._file is None else self._file.lock

    def _checked(
        self, connection: Connection, work: Callable[[Connection], T], *, writes: bool
    ) -> T:
        if not self._is_checked.is_set():
            sql_schema.check_format(connection)
            self._is_checked.set()
        if writes:
            begin(connection)
        return work(connection)

    # ------------------------------------------------------------------------------------ writing

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Append events, all of them or none, and give the stream's version after.

        Raises:
            StreamChanged: The stream is at another version.
            EventConflict: An event's id is there with other content.
            StoreUnavailable: It cannot be written now; nothing was.
            OutcomeUnknown: The connection was lost, or the disk of SQLite failed; append the same
                again, which is harmless.
            TransactionOvertaken: The application's transaction began too early.
        """
        a_stream(key)
        a_version(expected_version)
        given = [(event, dumps(event)) for event in events]
        alone = self._is_alone
        end = self._ends.get(key) if alone else None
        add = partial(sql_rows.add_alone, asked=self._asked) if alone else sql_rows.add

        def attempt(connection: Connection, *, first: bool) -> _Seen:
            seen = end if first and end and end[0][0] == expected_version else None
            with nullcontext() if alone else connection.begin_nested():
                return _append(
                    connection, key, given, expected_version, first=first, seen=seen, add=add
                )

        def work(connection: Connection) -> _Seen:
            try:
                return attempt(connection, first=True)
            except (IntegrityError, TransactionOvertaken, RecordedBackwards):
                pass  # what was taken for new may be there already
            return attempt(connection, first=False)

        if not given:
            return self.version(key)
        written = self._run(work, writes=True)
        if alone:
            self._remember(key, written)
        return written[0][0]

    def _remember(self, key: StreamKey, end: _Seen) -> None:
        """Keep where a stream ends, so that what follows need not ask: no event ever changes.

        The database refuses what follows another end, and then it is asked.
        """
        if len(self._ends) >= _REMEMBERED:
            self._ends.clear()
        self._ends[key] = end

    # ------------------------------------------------------------------------------------ reading

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Give a stream's events in the order of their versions.

        Raises:
            StoreUnavailable: It cannot be read now.
            CodecInvalid: A row is not as it was written. A decision is read when it is first asked
                for, and raises this then.
        """
        a_stream(key)
        bodies = sql_rows.bodies
        if self._is_alone:
            bodies = partial(sql_rows.bodies_alone, asked=self._asked)
        return stream_events(key, self._run(lambda connection: bodies(connection, key)))

    def version(self, key: StreamKey) -> int:
        """Give how many events a stream has."""
        a_stream(key)
        return self._run(lambda connection: sql_rows.last_of(connection, key)[0])

    def streams(self) -> Iterator[StreamKey]:
        """Give every stream, ordered, some at a time."""
        yield from map(whole_key, self._stored_keys())

    def _stored_keys(self) -> Iterator[StoredKey]:
        last = None
        while page := self._run(partial(sql_rows.keys_after, last=last)):
            yield from page
            last = page[-1]

    def feed(self, *, after: int = 0, limit: int = 1000) -> tuple[FeedItem, ...]:
        """Give the events of all streams in the order they were kept, after a cursor.

        In PostgreSQL an event is on it once every transaction that began to write before is over.
        """
        after, limit = a_page(after, limit)
        rows = self._run(lambda connection: sql_rows.feed_rows(connection, after, limit))
        return feed_items(rows)

    # ----------------------------------------------------------------------------------- checking

    def heads(self) -> Iterator[Head]:
        """Give where each stream ends, to be kept elsewhere."""
        for key in self.streams():
            version, hash = self._run(partial(sql_rows.last_of, key=key))
            yield Head(key=key, version=version, hash=hash)

    def verify(self, heads: Iterable[Head] = ()) -> Iterator[Fault]:
        """Check every stream against its chain, and against heads that were kept elsewhere."""
        for stored in self._stored_keys():
            wrong = list(key_faults(stored))
            yield from wrong or self._row_faults(whole_key(stored))
        yield from against_heads(
            heads, lambda key, version: self._run(lambda c: sql_rows.hash_at(c, key, version))
        )

    def _row_faults(self, key: StreamKey) -> Iterator[Fault]:
        rows, last_place = self._run(partial(sql_rows.rows_of, key=key))
        return row_faults(key, rows, last_place=last_place)


def _append(
    connection: Connection,
    key: StreamKey,
    given: list[tuple[Event, str]],
    expected_version: int,
    *,
    first: bool,
    seen: _Seen | None,
    add: Callable[[Connection, StreamKey, list[sql_rows.NewRow], sql_rows.End], None],
) -> _Seen:
    """Append to a stream what is new, and give where it ends.

    The first time, events that follow the version that was seen are taken to be new: the database
    refuses those that are not, and the second time they are looked for. The same holds for an end
    of the stream that was seen before.
    """
    end, recorded = seen or sql_rows.end_of(connection, key)
    version, before = end
    known: dict[str, str] = {}
    if not first or version != expected_version:
        known = sql_rows.stored_texts(connection, key, [event.id for event, _ in given])
    new = to_append(
        given,
        known.get,
        key=key,
        expected_version=expected_version,
        found_version=version,
        recorded=recorded,
    )
    rows: list[sql_rows.NewRow] = []
    for number, (event, text) in enumerate(new, version + 1):
        before = chained(key, number, text, before)
        rows.append((event.id, text, before))
    if rows:
        add(connection, key, rows, end)
    return (version + len(rows), before), new[-1][0].recorded_at if new else recorded
