"""`carecontinuum store`: checking, copying and restoring what histories are kept in."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from carecontinuum.canonical import Json
from carecontinuum.cli.heads import heads_in
from carecontinuum.cli.output import print_json, printable, table
from carecontinuum.stores import (
    Fault,
    NotAStore,
    SqliteStore,
    StoreUnavailable,
)
from carecontinuum.stores.migrations import is_store

if TYPE_CHECKING:
    from carecontinuum.stores.sql import SqlStore

__all__ = [
    "back_up",
    "heads_to_json",
    "migrate_store",
    "opened",
    "restore",
    "shown",
    "verify_store",
]


def verify_store(out: Console, where: str, heads: Path | None, *, as_json: bool) -> bool:
    """Check a store, print what is wrong, and tell whether nothing is."""
    kept = () if heads is None else heads_in(heads)
    with opened(where) as store:
        found = list(store.verify(kept))
        streams = _count(store)
    if as_json:
        faults: list[Json] = [_plain(fault) for fault in found]
        print_json(out, {"streams": streams, "heads": len(kept), "faults": faults})
    elif not found:
        against = f", and against {len(kept)} heads" if kept else ""
        says = f"{streams} streams verified" if streams else "it has no stream to verify"
        out.print(f"{shown(where)}: {says}{against}", markup=False, soft_wrap=True)
    else:
        out.print(_table(f"{shown(where)}: {len(found)} faults", found))
    return not found


def _count(store: "SqliteStore | SqlStore") -> int | None:
    """Count the streams; `None` where a key is damaged, so that they cannot be listed."""
    try:
        return sum(1 for _ in store.streams())
    except NotAStore:
        return None


def _table(title: str, found: list[Fault]) -> Table:
    listing = table(
        escape(title), "tenant", "patient", "version", "code", "what is wrong", fold=_LONG
    )
    for fault in found:
        key = fault.key
        place = (escape(printable(key.tenant)), escape(printable(key.patient_id)))
        listing.add_row(*place, str(fault.version), fault.code, escape(fault.says))
    return listing


_LONG = "tenant|patient|what is wrong"


def back_up(out: Console, path: Path, to: Path) -> bool:
    """Copy a store as it is at one moment, verify the copy, and tell whether it is whole."""
    with SqliteStore(_existing(path)) as store:
        store.backup(to)
    with SqliteStore(to) as copy:
        faults = list(copy.verify())
    says = "verified" if not faults else f"{len(faults)} faults, as the store has"
    out.print(f"{printable(str(to))}: written, {says}", markup=False)
    return not faults


def restore(out: Console, backup: Path, to: Path) -> bool:
    """Write a backup that verifies to a new file; tell whether it was written."""
    with SqliteStore(_existing(backup)) as store:
        faults = list(store.verify())
        if faults:
            out.print(
                f"{printable(str(backup))}: {len(faults)} faults; nothing was written", markup=False
            )
            return False
        store.backup(to)
    out.print(f"{printable(str(to))}: restored", markup=False)
    return True


def migrate_store(out: Console, where: str) -> None:
    """Make a store's tables, or bring them to the latest format."""
    if _is_url(where):
        with _sql(where, make=True) as store:
            store.migrate()
    else:
        path = Path(where)
        SqliteStore(_existing(path) if path.exists() else path).close()
    out.print(f"{shown(where)}: has the latest format", markup=False)


def heads_to_json(out: Console, where: str) -> None:
    """Print where each stream ends, to be kept elsewhere."""
    with opened(where) as store:
        print_json(
            out,
            [
                {
                    "tenant": head.key.tenant,
                    "patient_id": head.key.patient_id,
                    "version": head.version,
                    "hash": head.hash,
                }
                for head in store.heads()
            ],
        )


def _is_url(where: str) -> bool:
    return "://" in where


def shown(where: str) -> str:
    """Give a file's path; of a database's URL, which may hold a password, only that it is one."""
    return "the database" if _is_url(where) else printable(where)


def _sql(url: str, *, make: bool = False) -> "SqlStore":
    """Give the store of a database, which needs an extra.

    Raises:
        StoreUnavailable: The extra is not installed, or there is no such file.
    """
    try:
        from carecontinuum.stores.sql import SqlStore
    except ModuleNotFoundError:
        pass
    else:
        store = SqlStore(url)
        _refuse_file(store.engine.url.database, store.engine.dialect.name, make=make)
        return store
    raise StoreUnavailable(says='a database needs `pip install "carecontinuum[sql]"`')


def _refuse_file(name: str | None, dialect: str, *, make: bool) -> None:
    """Refuse a file that a `SqliteStore` keeps, and one that would only be made by looking.

    Raises:
        StoreUnavailable: It is either.
    """
    if dialect != "sqlite" or not name or name.startswith("file:"):
        return
    if Path(name).exists():
        if is_store(name):
            says = "the file is a store by itself, no application's database"
            raise StoreUnavailable(says=f"{says}; name it without `sqlite:///`")
    elif not make:
        raise StoreUnavailable(says=f"there is no file `{printable(name)}`")


def opened(where: str) -> "SqliteStore | SqlStore":
    """Open what a path or a URL names."""
    return _sql(where) if _is_url(where) else SqliteStore(_existing(Path(where)))


def _existing(path: Path) -> Path:
    """Refuse a file that is not there, or is empty: opening a store would make one of it.

    Raises:
        StoreUnavailable: It is not there.
        NotAStore: It is empty.
    """
    if not path.is_file():
        name = printable(str(path))
        says = f"`{name}` is no file" if path.exists() else f"there is no file `{name}`"
        raise StoreUnavailable(says=says)
    if not path.stat().st_size:
        raise NotAStore(says="the file is empty")
    return path


def _plain(fault: Fault) -> Json:
    return {
        "tenant": fault.key.tenant,
        "patient_id": fault.key.patient_id,
        "version": fault.version,
        "code": fault.code,
        "says": fault.says,
    }
