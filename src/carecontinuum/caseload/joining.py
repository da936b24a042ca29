"""Whether two records can be said to be one person's, or two's: seen before either is told."""

from typing import Any, TypeAlias

from carecontinuum.caseload.errors import CannotBeMerged, NothingRecorded
from carecontinuum.caseload.keeping import Step
from carecontinuum.history import PatientRecord, PatientsMerged, PatientsUnmerged

__all__ = ["Side", "check_joined"]

Side: TypeAlias = tuple[PatientRecord, Step[Any]]
"""A record as it stands, and the step that will say it there."""


def check_joined(
    one: Side, other: Side, kind: type[PatientsMerged | PatientsUnmerged], *, id: str
) -> None:
    """Make both steps without keeping them; one that was kept already is passed over.

    Raises:
        NothingRecorded: A record has nothing in it.
        CannotBeMerged: It is one record; they are not merged; or it would have no effect.
        HistoryRefused: One of them cannot take it.
    """
    records = (one[0], other[0])
    ids = tuple(record.patient_id for record in records)
    if ids[0] == ids[1]:
        raise CannotBeMerged(says="a patient is not another than themself")
    if not all(record.version for record in records):
        raise NothingRecorded
    merges = kind is PatientsMerged
    known = all(id in record.by_id for record in records)
    if not (merges or known or any(_are_merged(records, ids))):
        raise CannotBeMerged(says="these two are not merged")
    after = tuple(step(record)[0] for record, step in (one, other))
    if not known and any(merged is not merges for merged in _are_merged(after, ids)):
        says = "what was recorded of a later moment says otherwise; give a later `at`"
        raise CannotBeMerged(says=says)


def _are_merged(records: tuple[PatientRecord, ...], ids: tuple[str, ...]) -> tuple[bool, ...]:
    others = reversed(ids)
    return tuple(other in record.merged_with for record, other in zip(records, others, strict=True))
