"""What a SQL store asks of its tables, in PostgreSQL and in SQLite."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Text,
    bindparam,
    cast,
    insert,
    literal,
    literal_column,
    select,
    text,
    tuple_,
)

from carecontinuum.stores.chain import GENESIS, StreamKey
from carecontinuum.stores.checking import Row, StoredKey, is_unicode
from carecontinuum.stores.errors import StoreNotMigrated, TransactionOvertaken
from carecontinuum.stores.reading import recorded_in
from carecontinuum.stores.sql_driver import Answer, lenient
from carecontinuum.stores.sql_schema import PLACES, events, is_behind, store

__all__ = [
    "Asked",
    "End",
    "NewRow",
    "add",
    "add_alone",
    "bodies",
    "bodies_alone",
    "end_of",
    "feed_rows",
    "hash_at",
    "keys_after",
    "last_of",
    "rows_of",
    "stored_texts",
]

End: TypeAlias = tuple[int, str]
"""The version and the hash of a stream's last event."""
NewRow: TypeAlias = tuple[str, str, str]
"""An event's id, its text and its hash."""
Asked: TypeAlias = Callable[[Connection, str, Mapping[str, object]], Answer]
"""Runs a statement that is written for PostgreSQL's driver."""
_PAGE = 500
"""How many streams are read at a time."""
_MINE = (events.c.tenant == bindparam("tenant"), events.c.stream == bindparam("stream"))
_LAST = (
    select(events.c.version, events.c.hash)
    .where(*_MINE)
    .order_by(events.c.version.desc())
    .limit(literal_column("1", Integer))
)
_END = _LAST.add_columns(events.c.body)
_BODIES = select(events.c.body).where(*_MINE).order_by(events.c.version)
_BODIES_ALONE = """SELECT body FROM carecontinuum_events
 WHERE tenant = %(tenant)s AND stream = %(stream)s ORDER BY version"""
_TEXTS = select(events.c.event_id, events.c.body).where(
    *_MINE, events.c.event_id.in_(bindparam("ids", expanding=True))
)
_ROWS = (
    select(
        events.c.version,
        events.c.body,
        events.c.hash,
        events.c.event_id,
        events.c.position,
        events.c.previous,
    )
    .where(*_MINE)
    .order_by(events.c.version)
)
_LAST_PLACE = text(
    "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'carecontinuum_events'"
)
_HASH = select(events.c.hash).where(*_MINE, events.c.version == bindparam("version"))
_KEY = (events.c.tenant, events.c.stream)
_KEYS = select(*_KEY).distinct().order_by(*_KEY).limit(_PAGE)
"""Whatever version each stream begins with: the first event may have been taken out."""
_FEED = (
    select(events.c.position, events.c.tenant, events.c.stream, events.c.version, events.c.body)
    .where(events.c.position > bindparam("after"))
    .order_by(events.c.position)
    .limit(bindparam("limit", type_=Integer))
)
_SETTLED: ColumnElement[int] = (
    select(store.c.shift).scalar_subquery()
    + literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger)
).op("<<")(literal_column(str(PLACES)))
"""All that will ever be kept below this position can be seen."""
_SETTLED_FEED = _FEED.where(events.c.position < _SETTLED)

_ADD = text(f"""INSERT INTO carecontinuum_events
 ("position", tenant, stream, version, previous, event_id, body, hash)
WITH here AS MATERIALIZED (
  SELECT (SELECT shift FROM carecontinuum_store) AS shift,
    pg_current_xact_id()::text::bigint AS mine
), base AS MATERIALIZED (
  SELECT (shift + mine) << {PLACES} AS base, (shift + mine + 1) << {PLACES} AS beyond,
    shift + greatest(mine + 1, pg_snapshot_xmax(pg_current_snapshot())::text::bigint) AS next
  FROM here
), place AS MATERIALIZED (
  SELECT beyond, next, coalesce(
    (SELECT max("position") + 1 FROM carecontinuum_events
     WHERE "position" >= base AND "position" < beyond), base) AS first
  FROM base
)
SELECT first + n - 1, :tenant, :stream, :version + n, nullif(:version + n - 1, 0), id, body, hash
FROM place, unnest(
  CAST(:ids AS text[]), string_to_array(:bodies, chr(10)), string_to_array(:hashes, chr(10))
) WITH ORDINALITY AS new(id, body, hash, n)
WHERE first + :count <= beyond AND first > CASE WHEN :version = 0 THEN -1 ELSE (
    SELECT "position" FROM carecontinuum_events
    WHERE tenant = :tenant AND stream = :stream AND version = :version AND hash = :before
  ) END
  AND coalesce((SELECT max("position") FROM carecontinuum_events), 0) >> {PLACES} < next
""")  # noqa: S608  a number of ours
"""Positions begin with the number of the transaction, so that the feed can tell what is settled.

Nothing is kept where the stream does not end as it was seen to, or ends at a higher position. Texts
and hashes come in one, a line each, since the driver takes long to make an array; neither has line
breaks, which ids may have.
"""

_ADD_ALONE = f"""INSERT INTO carecontinuum_events
 ("position", tenant, stream, version, previous, event_id, body, hash)
SELECT place, %(tenant)s, %(stream)s, %(version)s + 1, nullif(%(version)s, 0),
  %(id)s, %(body)s, %(hash)s
FROM (
  SELECT (shift + pg_current_xact_id()::text::bigint) << {PLACES} AS place FROM carecontinuum_store
) AS here
WHERE place > coalesce((SELECT max("position") FROM carecontinuum_events), -1)
  AND %(before)s = coalesce((
    SELECT hash FROM carecontinuum_events
    WHERE tenant = %(tenant)s AND stream = %(stream)s ORDER BY version DESC LIMIT 1
  ), '{GENESIS}')
"""  # noqa: S608  numbers and a text of ours
"""The same for one event that is a transaction of its own, in half of the time.

It has the first place of its transaction. A statement sees what was committed before it began, and
the transaction takes its number after that: all that is seen stands at lower positions, unless the
database was restored into another server. The `ORDER BY` makes the server use the index of
versions, also while it has no statistics. Written for the driver: `text` takes longer.
"""


def _of(key: StreamKey) -> dict[str, str]:
    return {"tenant": key.tenant, "stream": key.patient_id}


def last_of(connection: Connection, key: StreamKey) -> End:
    """Give the version and the hash of a stream's last event; 0 for none."""
    row = connection.execute(_LAST, _of(key)).one_or_none()
    return (0, GENESIS) if row is None else (row[0], row[1])


def end_of(connection: Connection, key: StreamKey) -> tuple[End, datetime | None]:
    """Give a stream's end, and when its last event was recorded, as far as that can be told."""
    row = connection.execute(_END, _of(key)).one_or_none()
    return ((0, GENESIS), None) if row is None else ((row[0], row[1]), recorded_in(row[2]))


def bodies(connection: Connection, key: StreamKey) -> Sequence[str]:
    """Give the texts of a stream's events, in order."""
    return connection.execute(_BODIES, _of(key)).scalars().all()


def bodies_alone(connection: Connection, key: StreamKey, asked: Asked) -> list[str]:
    """Give the same in PostgreSQL, where each statement is a transaction."""
    return [body for (body,) in asked(connection, _BODIES_ALONE, _of(key)).fetchall()]


def stored_texts(connection: Connection, key: StreamKey, ids: Sequence[str]) -> dict[str, str]:
    """Give the texts that a stream has under some ids, by id."""
    found: dict[str, str] = {}
    for begin in range(0, len(ids), _PAGE):
        page = connection.execute(_TEXTS, _of(key) | {"ids": ids[begin : begin + _PAGE]})
        found |= {row[0]: row[1] for row in page}
    return found


def rows_of(connection: Connection, key: StreamKey) -> tuple[list[Row], int | None]:
    """Give all of a stream's rows, in order, and in SQLite the last place given on the feed."""
    with lenient(connection):
        rows: list[Row] = [
            (row[0], row[1], row[2], row[3], row[4], row[5])
            for row in connection.execute(_ROWS, _of(key))
        ]
    is_sqlite = connection.dialect.name == "sqlite"
    return rows, connection.execute(_LAST_PLACE).scalar_one() if is_sqlite else None


def hash_at(connection: Connection, key: StreamKey, version: int) -> str | None:
    """Give the hash at a version of a stream; `None` if it has no such version."""
    return connection.execute(_HASH, _of(key) | {"version": version}).scalar_one_or_none()


def keys_after(connection: Connection, last: StoredKey | None) -> list[StoredKey]:
    """Give some keys behind one, as they are stored."""
    statement = _KEYS
    if last is not None:
        statement = _KEYS.where(tuple_(*_KEY) > tuple_(*map(_given, last)))
    with lenient(connection):
        return [(tenant, name) for tenant, name in connection.execute(statement)]


def _given(part: object) -> ColumnElement[object]:
    """Give a part of a key to a statement: of a text that is no Unicode its bytes."""
    if isinstance(part, str) and not is_unicode(part):
        return cast(literal(part.encode(errors="surrogateescape")), Text)
    return literal(part)


def feed_rows(
    connection: Connection, after: int, limit: int
) -> list[tuple[int, str, str, int, str]]:
    """Give a page of the feed: position, tenant, stream, version and text of each event.

    Raises:
        StoreNotMigrated: The database was restored into another server.
    """
    statement = _FEED
    if connection.dialect.name == "postgresql":
        _refuse_behind(connection)
        statement = _SETTLED_FEED
    return [
        (row[0], row[1], row[2], row[3], row[4])
        for row in connection.execute(statement, {"after": after, "limit": limit})
    ]


def add(connection: Connection, key: StreamKey, rows: Sequence[NewRow], behind: End) -> None:
    """Keep rows behind the end of a stream: all of them, or none.

    Raises:
        TransactionOvertaken: The stream does not end there, or another wrote to it after this
            transaction had begun.
        StoreNotMigrated: The database was restored into another server.
    """
    version, before = behind
    if connection.dialect.name == "sqlite":
        connection.execute(insert(events), _for_sqlite(key, rows, version))
        return
    ids, texts, hashes = (list(column) for column in zip(*rows, strict=True))
    given = {"ids": ids, "bodies": "\n".join(texts), "hashes": "\n".join(hashes)}
    more = {"count": len(rows), "version": version, "before": before}
    if connection.execute(_ADD, _of(key) | given | more).rowcount != len(rows):
        _refuse_behind(connection)
        raise TransactionOvertaken


def add_alone(
    connection: Connection,
    key: StreamKey,
    rows: Sequence[NewRow],
    behind: End,
    *,
    asked: Asked,
) -> None:
    """Keep rows as `add` does, in PostgreSQL and where each statement is a transaction.

    Args:
        connection: Where to.
        key: The stream.
        rows: What to keep.
        behind: The end of the stream.
        asked: Runs a statement.

    Raises:
        TransactionOvertaken: The stream does not end there.
        StoreNotMigrated: The database was restored into another server.
    """
    if len(rows) != 1:
        add(connection, key, rows, behind)
        return
    ((event_id, body, hash),) = rows
    version, before = behind
    given = {"id": event_id, "body": body, "hash": hash, "version": version, "before": before}
    if not asked(connection, _ADD_ALONE, given | _of(key)).rowcount:
        _refuse_behind(connection)
        raise TransactionOvertaken


def _for_sqlite(key: StreamKey, rows: Sequence[NewRow], version: int) -> list[dict[str, object]]:
    return [
        {
            **_of(key),
            "version": number,
            "previous": number - 1 or None,
            "event_id": event_id,
            "body": body,
            "hash": hash,
        }
        for number, (event_id, body, hash) in enumerate(rows, version + 1)
    ]


def _refuse_behind(connection: Connection) -> None:
    if is_behind(connection):
        raise StoreNotMigrated(says="the database was restored into another server")
