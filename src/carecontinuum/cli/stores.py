"""`carecontinuum store`: checking, copying and restoring what histories are kept in."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from carecontinuum.canonical import Json
from carecontinuum.cli.output import print_json, table
from carecontinuum.library.errors import FileUnreadable
from carecontinuum.library.files import read_text
from carecontinuum.stores import (
    Fault,
    Head,
    NotAStore,
    SqliteStore,
    StoreUnavailable,
    StreamKey,
)

if TYPE_CHECKING:
    from carecontinuum.stores.sql import SqlStore

__all__ = [
    "back_up",
    "heads_of",
    "heads_to_json",
    "migrate_store",
    "opened",
    "restore",
    "shown",
    "verify_store",
]

_MOST = 512 * 1024 * 1024
"""The longest file of heads that is read, in bytes."""


def verify_store(out: Console, where: str, heads: Path | None, *, as_json: bool) -> bool:
    """Check a store, print what is wrong, and tell whether nothing is."""
    kept = () if heads is None else _heads_in(heads)
    with opened(where) as store:
        found = list(store.verify(kept))
        streams = sum(1 for _ in store.streams())
    if as_json:
        print_json(out, {"streams": streams, "faults": [_plain(fault) for fault in found]})
    elif not found:
        against = f", and against {len(kept)} heads" if kept else ""
        out.print(f"{shown(where)}: {streams} streams verified{against}", markup=False)
    else:
        title = escape(f"{shown(where)}: {len(found)} faults")
        listing = table(title, "tenant", "patient", "version", "code", "what is wrong")
        for fault in found:
            key = fault.key
            place = (escape(key.tenant), escape(key.patient_id), str(fault.version))
            listing.add_row(*place, fault.code, escape(fault.says))
        out.print(listing)
    return not found


def back_up(out: Console, path: Path, to: Path) -> None:
    """Copy a store as it is at one moment, and verify the copy."""
    with SqliteStore(_existing(path)) as store:
        store.backup(to)
    with SqliteStore(to) as copy:
        faults = list(copy.verify())
    says = "verified" if not faults else f"{len(faults)} faults, as the store has"
    out.print(f"{to}: written, {says}", markup=False)


def restore(out: Console, backup: Path, to: Path) -> bool:
    """Write a backup that verifies to a new file; tell whether it was written."""
    with SqliteStore(_existing(backup)) as store:
        faults = list(store.verify())
        if faults:
            out.print(f"{backup}: {len(faults)} faults; nothing was written", markup=False)
            return False
        store.backup(to)
    out.print(f"{to}: restored", markup=False)
    return True


def migrate_store(out: Console, where: str) -> None:
    """Make a store's tables, or bring them to the latest format."""
    if _is_url(where):
        with _sql(where) as store:
            store.migrate()
    else:
        SqliteStore(_existing(Path(where))).close()
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


def _heads_in(file: Path) -> tuple[Head, ...]:
    return heads_of(read_text(file, unreadable=FileUnreadable, most=_MOST))


def heads_of(text: str) -> tuple[Head, ...]:
    """Read heads as they were printed.

    Raises:
        StoreUnavailable: The text is something else.
    """
    import json

    try:
        return tuple(
            Head(
                key=StreamKey(item["tenant"], item["patient_id"]),
                version=int(item["version"]),
                hash=str(item["hash"]),
            )
            for item in json.loads(text)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise StoreUnavailable(says="the file of heads is not one that `store heads` printed")


def _is_url(where: str) -> bool:
    return "://" in where


def shown(where: str) -> str:
    """Give a file's path; of a database's URL, which may hold a password, only that it is one."""
    return "the database" if _is_url(where) else where


def _sql(url: str) -> "SqlStore":
    """Give the store of a database, which needs an extra.

    Raises:
        StoreUnavailable: The extra is not installed.
    """
    try:
        from carecontinuum.stores.sql import SqlStore
    except ModuleNotFoundError:
        pass
    else:
        return SqlStore(url)
    raise StoreUnavailable(says='a database needs `pip install "carecontinuum[sql]"`')


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
        says = "it is no file" if path.exists() else "there is no such file"
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
