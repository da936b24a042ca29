"""Recording facts: they are never refused for being off the map; what does not fit is listed."""

from collections.abc import Iterator

import attrs

from carecontinuum.continuum import Continuum
from carecontinuum.history import (
    Body,
    Consequence,
    Corrected,
    Discrepancy,
    Event,
    PatientRecord,
    Retracted,
    care_discrepancies,
    consequences,
    discrepancies,
)
from carecontinuum.history.record_bodies import RECORD_BODIES

__all__ = ["Reported", "report"]


@attrs.frozen(order=False, kw_only=True)
class Reported:
    """What came of recording a fact.

    Attributes:
        record: The record with the event.
        discrepancies: What does not fit about the event itself, and about a record of care that it
            corrects.
        consequences: What it changes about events recorded before it.
    """

    record: PatientRecord = attrs.field(repr=False)
    discrepancies: tuple[Discrepancy, ...] = ()
    consequences: tuple[Consequence, ...] = ()


def report(record: PatientRecord, event: Event, *, continuum: Continuum) -> Reported:
    """Record a fact, a late entry, a correction or a retraction, and say what does not fit.

    A fact is never refused for being off the map; it is refused only where it cannot be part of
    this history at all. Of a record of care, what does not fit among the others is told too.

    Raises:
        HistoryRefused: The event cannot be added.
    """
    after = record.append(event)
    return Reported(
        record=after,
        discrepancies=tuple(_discrepancies(record, after, event, continuum)),
        consequences=consequences(record, event, continuum),
    )


def _discrepancies(
    before: PatientRecord, after: PatientRecord, event: Event, continuum: Continuum
) -> Iterator[Discrepancy]:
    body = event.body
    if isinstance(body, (Corrected, Retracted)) and _changes_nothing(before, after):
        says = f"`{body.event_id}` is not believed any more, so that this changes nothing"
        yield Discrepancy(
            event_id=event.id, episode_id=event.episode_id, code="no-effect", says=says
        )
    if isinstance(body, Corrected):
        yield from _of_care(after, body.event_id, body.body)
    else:
        yield from _of_care(after, event.id, body)
        yield from (one for one in discrepancies(after, continuum) if one.event_id == event.id)


def _of_care(record: PatientRecord, event_id: str, said: Body | None) -> Iterator[Discrepancy]:
    if type(said) in RECORD_BODIES:
        yield from (one for one in care_discrepancies(record) if one.event_id == event_id)


def _changes_nothing(before: PatientRecord, after: PatientRecord) -> bool:
    return after.version > before.version and after.believed == before.believed
