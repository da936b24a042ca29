"""`carecontinuum store export` and `import`: one patient's record out of a store, and into one."""

from pathlib import Path

import click
from rich.console import Console

from carecontinuum.cli.output import printable
from carecontinuum.cli.record_files import read_record, write_new
from carecontinuum.cli.stores import opened, shown
from carecontinuum.codec import dumps
from carecontinuum.history import Event, PatientRecord, RecordIsAView
from carecontinuum.stores import EventStore, NoSuchPatient, StreamChanged, StreamKey

__all__ = ["export_record", "import_record"]


def export_record(
    out: Console, where: str, patient_id: str, *, tenant: str, to: Path | None
) -> None:
    """Print a patient's record as JSON, or write it to a new file.

    Raises:
        NoSuchPatient: The store has no history of this patient.
        StoreUnavailable: The store cannot be read, or the file not written.
    """
    with opened(where) as store:
        record = _record_in(store, StreamKey(tenant, patient_id))
    content = f"{dumps(record)}\n".encode()
    if to is None:
        click.echo(content, nl=False)
    else:
        write_new(to, content)
        out.print(
            f"{printable(str(to))}: written, {record.version} events", markup=False, soft_wrap=True
        )


def _record_in(store: EventStore, key: StreamKey) -> PatientRecord:
    events = store.load(key)
    if not events:
        same_id = (one for one in store.streams() if one.patient_id == key.patient_id)
        raise NoSuchPatient(tenants=tuple(one.tenant for one in same_id))
    return PatientRecord.of(key.patient_id, events)


def import_record(out: Console, where: str, file: Path, *, tenant: str) -> None:
    """Append the events of a record in a file to the store, and say how many were new.

    Events that are there are passed over. What the file has besides is taken where the store has
    nothing that the file has not.

    Raises:
        FileUnreadable: The file cannot be read, or is a store.
        CodecInvalid: The file is no record.
        RecordIsAView: It is one as of some moment, and may lack a revocation that came after.
        EventConflict: An event is there with other content.
        StoreUnavailable: The store cannot be written.
    """
    record = read_record(file)
    if record.is_view:
        raise RecordIsAView
    key = StreamKey(tenant, record.patient_id)
    with opened(where) as store:
        there = store.load(key)
        new = _appended(store, key, record.events, there=there) - len(there)
    says = f"{shown(where)}: {new} of {record.version} events were new"
    out.print(says, markup=False, soft_wrap=True)


def _appended(
    store: EventStore, key: StreamKey, events: tuple[Event, ...], *, there: tuple[Event, ...]
) -> int:
    """Append events behind those that are there, and give the version after."""
    seen = len(there) if there == events[: len(there)] else 0
    try:
        return store.append(key, events, expected_version=seen)
    except StreamChanged as changed:
        code = changed.code
    says = "the store has other events of this patient than the file; nothing was written"
    raise click.ClickException(f"{code}: {says}")
