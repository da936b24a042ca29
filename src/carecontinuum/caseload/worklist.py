"""What is due of all patients: a list to work through, made while it is read."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from carecontinuum.care import Deadlines, Due, due
from carecontinuum.datatypes import Calendar
from carecontinuum.history import PatientRecord

__all__ = ["PatientDue", "worklist"]


@attrs.frozen(order=False, kw_only=True)
class PatientDue:
    """What is due of one patient.

    Attributes:
        patient_id: The patient; never shown in a repr.
        due: What is due or overdue, the longest overdue first; never empty.
    """

    patient_id: str = attrs.field(repr=False)
    due: tuple[Due, ...]


def worklist(
    records: Iterable[PatientRecord],
    at: datetime,
    *,
    calendar: Calendar,
    deadlines: Deadlines | None = None,
) -> Iterator[PatientDue]:
    """Give each patient of whom something is due, one at a time.

    Args:
        records: The patients' records; they are gone through once.
        at: The moment, an aware datetime; what happened later is not looked at.
        calendar: Whose zone counts.
        deadlines: As for `carecontinuum.care.due`.

    Raises:
        NaiveDatetime: `at` has no zone.
    """
    for record in records:
        if found := due(record, at, calendar=calendar, deadlines=deadlines):
            yield PatientDue(patient_id=record.patient_id, due=found)
