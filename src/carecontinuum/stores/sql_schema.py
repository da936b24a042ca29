"""The tables of a SQL store, and how a database of an earlier format comes to the latest."""

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    inspect,
    literal_column,
    select,
    text,
    update,
)

from carecontinuum.stores.errors import DatabaseUnsupported, NotAStore, StoreNewer, StoreNotMigrated
from carecontinuum.stores.sql_driver import begin

__all__ = [
    "FORMAT",
    "MIGRATIONS",
    "PLACES",
    "check_format",
    "events",
    "is_behind",
    "metadata",
    "migrate",
    "store",
]

PLACES = 20
"""How many bits of a position count the events of one transaction; those above tell which it is."""

metadata: MetaData = MetaData()
"""The tables of the latest format, for an application whose own migrations look at its database."""

_NAME = Text().with_variant(Text(collation="C"), "postgresql")
"""A text in the order of its code points."""
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")

events: Table = Table(
    "carecontinuum_events",
    metadata,
    Column("position", _NUMBER, primary_key=True),
    Column("tenant", _NAME, nullable=False),
    Column("stream", _NAME, nullable=False),
    Column("version", Integer, nullable=False),
    Column("previous", Integer),
    Column("event_id", _NAME, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("version >= 1"),
    CheckConstraint("(previous IS NULL) = (version = 1)"),
    CheckConstraint("previous IS NULL OR previous = version - 1"),
    UniqueConstraint("tenant", "stream", "version"),
    UniqueConstraint("tenant", "stream", "event_id"),
    sqlite_autoincrement=True,
)
store: Table = Table(
    "carecontinuum_store",
    metadata,
    Column("format", Integer, nullable=False),
    Column("shift", BigInteger, nullable=False),
)
"""One row: the format, and what is added to the numbers of this server's transactions."""

_BOTH = """
  tenant {name} NOT NULL,
  stream {name} NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  previous INTEGER
    CHECK ((previous IS NULL) = (version = 1)) CHECK (previous IS NULL OR previous = version - 1),
  event_id {name} NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (tenant, stream, version),
  UNIQUE (tenant, stream, event_id),
  FOREIGN KEY (tenant, stream, previous) REFERENCES carecontinuum_events (tenant, stream, version)
"""
_STORE = (
    "CREATE TABLE carecontinuum_store (format INTEGER NOT NULL, shift BIGINT NOT NULL)",
    "INSERT INTO carecontinuum_store (format, shift) VALUES (0, 0)",
)
_POSTGRESQL_1 = (
    *_STORE,
    'CREATE TABLE carecontinuum_events ("position" BIGINT PRIMARY KEY,'
    + _BOTH.format(name='TEXT COLLATE "C"')
    + ")",
    """CREATE FUNCTION carecontinuum_events_stay() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'events stay' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON carecontinuum_events
    FOR EACH STATEMENT EXECUTE FUNCTION carecontinuum_events_stay()""",
)
_SQLITE_1 = (
    *_STORE,
    "CREATE TABLE carecontinuum_events (position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,"
    + _BOTH.format(name="TEXT")
    + ")",
    """CREATE TRIGGER carecontinuum_events_stay BEFORE UPDATE ON carecontinuum_events
    BEGIN SELECT raise(ABORT, 'events stay'); END""",
    """CREATE TRIGGER carecontinuum_events_last BEFORE DELETE ON carecontinuum_events
    BEGIN SELECT raise(ABORT, 'events stay'); END""",
)
_POSTGRESQL_2 = (
    """ALTER TABLE carecontinuum_events
    DROP CONSTRAINT carecontinuum_events_tenant_stream_previous_fkey""",
    """CREATE FUNCTION carecontinuum_events_follow() RETURNS trigger LANGUAGE plpgsql AS
    $$ DECLARE part record;
    BEGIN
      FOR part IN SELECT tenant, stream, min(version) - 1 AS before, max(version) - count(*) AS room
        FROM added GROUP BY tenant, stream
      LOOP
        IF part.before > 0 THEN
          PERFORM FROM carecontinuum_events
            WHERE tenant = part.tenant AND stream = part.stream AND version = part.before;
        END IF;
        IF part.before <> part.room OR (part.before > 0 AND NOT FOUND) THEN
          RAISE EXCEPTION 'events follow each other' USING ERRCODE = 'foreign_key_violation';
        END IF;
      END LOOP;
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER events_follow AFTER INSERT ON carecontinuum_events
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION carecontinuum_events_follow()""",
)
"""Versions have no gaps: asked once a statement; a foreign key asks of each row, and locks one."""
_POSTGRESQL_3 = (
    """CREATE OR REPLACE FUNCTION carecontinuum_events_follow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      IF EXISTS (
        SELECT FROM (
          SELECT tenant, stream, previous, lag((tenant, stream, version)) OVER () AS before
          FROM added
        ) AS event
        WHERE previous IS NOT NULL AND (tenant, stream, previous) IS DISTINCT FROM before
          AND previous IS DISTINCT FROM (
            SELECT version FROM carecontinuum_events AS kept
            WHERE kept.tenant = event.tenant AND kept.stream = event.stream
              AND kept.version <= event.previous
            ORDER BY version DESC LIMIT 1
          )
      ) THEN
        RAISE EXCEPTION 'events follow each other' USING ERRCODE = 'foreign_key_violation';
      END IF;
      RETURN NULL;
    END $$""",
)
"""The same in one query: only an event that does not follow the one added before it is looked up.

The `ORDER BY` makes the server use the index of versions, also while it has no statistics.
"""
MIGRATIONS: Sequence[Mapping[str, Sequence[str]]] = (
    {"postgresql": _POSTGRESQL_1, "sqlite": _SQLITE_1},
    {"postgresql": _POSTGRESQL_2, "sqlite": ()},
    {"postgresql": _POSTGRESQL_3, "sqlite": ()},
)
"""What each format adds to the one before, by dialect."""
FORMAT = len(MIGRATIONS)

_LOCK = 0x63637374
_OLDEST = (13,)
"""The first PostgreSQL with numbers of transactions that never come again."""


def migrate(connection: Connection) -> None:
    """Make the tables, or bring them to the latest format, in the connection's transaction.

    An application that migrates its database itself calls this from a migration of its own, with
    Alembic as `migrate(op.get_bind())`. Of several that do it at once, one does; what is done
    already is passed over. After a dump was restored into another server this is needed once.

    Raises:
        StoreNewer: A later version of the library made the tables.
        DatabaseUnsupported: It is a PostgreSQL before 13.
    """
    dialect = connection.dialect.name
    if dialect == "postgresql":
        version = connection.dialect.server_version_info or ()
        if version < _OLDEST:
            raise DatabaseUnsupported(found="PostgreSQL before 13")
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    begin(connection)
    found = _format(connection)
    for scripts in MIGRATIONS[found:]:
        for statement in scripts[dialect]:
            connection.exec_driver_sql(statement)
    if found < FORMAT:
        connection.execute(update(store).values(format=FORMAT))
    if dialect == "postgresql":
        _count_from_here(connection)


def _format(connection: Connection) -> int:
    """Give the format of the tables; 0 if there are none."""
    if not inspect(connection).has_table(store.name):
        return 0
    rows = connection.execute(select(store.c.format)).scalars().all()
    if len(rows) != 1:
        raise NotAStore(says=f"`{store.name}` has {len(rows)} rows where it was given one")
    found = int(rows[0])
    if found > FORMAT:
        raise StoreNewer(found=found, known=FORMAT)
    return found


def check_format(connection: Connection) -> None:
    """See that the tables are there, and of the latest format.

    Raises:
        StoreNotMigrated: They are not there, or of an earlier one.
        StoreNewer: They are of a later one.
    """
    found = _format(connection)
    if not found:
        raise StoreNotMigrated(says="the database has no tables of this library yet")
    if found < FORMAT:
        raise StoreNotMigrated(says=f"the tables have format {found}, needed is {FORMAT}")


def is_behind(connection: Connection) -> bool:
    """Tell whether the server's transactions have lower numbers than those that wrote the events.

    It is so after a dump was restored into another server.
    """
    return bool(connection.execute(_IS_BEHIND).scalar_one())


_IS_BEHIND = text(
    'SELECT coalesce(max("position"), 0) >> :places'
    " >= (SELECT shift FROM carecontinuum_store)"
    " + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
    " coalesce(pg_current_xact_id_if_assigned()::text::bigint + 1, 0))"
    " FROM carecontinuum_events"
).bindparams(places=PLACES)


def _count_from_here(connection: Connection) -> None:
    """Give the transactions to come higher numbers than those that wrote the events."""
    if is_behind(connection):
        last = select(
            func.max(events.c.position).op(">>")(literal_column(str(PLACES))) + 1
        ).scalar_subquery()
        connection.execute(update(store).values(shift=last))
