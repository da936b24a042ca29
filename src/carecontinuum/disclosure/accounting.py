"""Who was told what of a patient, and who was not."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from carecontinuum.datatypes import utc
from carecontinuum.history import (
    Disclosed,
    DisclosureLog,
    NotDisclosed,
    PatientRecord,
    Recorded,
)

__all__ = ["accounting_of_disclosures", "disclosure_log"]


def accounting_of_disclosures(
    record: PatientRecord,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    merged: Iterable[PatientRecord] = (),
) -> tuple[Recorded[Disclosed], ...]:
    """Give who was told what, in the order it was told.

    A use within the program is no disclosure and is not among them; neither is what was refused.

    Args:
        record: The patient's record.
        since: Leave out what was told before this aware moment; `None` leaves nothing out.
        until: Leave out what was told after this aware moment; `None` leaves nothing out.
        merged: The records of the patients merged with this one, of whom was told as well.

    Raises:
        NaiveDatetime: A bound has no zone.
    """
    return tuple(
        Recorded(entry.value, entry.event)
        for entry in disclosure_log(record, since=since, until=until, merged=merged)
        if isinstance(entry.value, Disclosed) and not entry.value.is_within_the_program
    )


def disclosure_log(
    record: PatientRecord,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    merged: Iterable[PatientRecord] = (),
) -> tuple[Recorded[DisclosureLog], ...]:
    """Give every entry of the log: disclosures, uses within the program, and refusals.

    The arguments, and what is raised, are as for `accounting_of_disclosures`.
    """
    first = None if since is None else utc(since, "since")
    last = _earlier(None if until is None else utc(until, "until"), record.horizon)
    entries = (entry for one in (record, *merged) for entry in _entries(one))
    return tuple(
        entry
        for entry in sorted(entries, key=lambda entry: entry.at.instant)
        if (first is None or entry.at.instant >= first)
        and (last is None or entry.at.instant <= last)
    )


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    return min((at for at in (first, second) if at is not None), default=None)


def _entries(record: PatientRecord) -> Iterator[Recorded[DisclosureLog]]:
    for event in record.events:
        if isinstance(event.body, (Disclosed, NotDisclosed)):
            yield Recorded(event.body, event)
