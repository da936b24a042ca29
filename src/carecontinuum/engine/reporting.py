"""Recording facts: they are never refused for being off the map; what does not fit is listed."""

import attrs

from carecontinuum.continuum import Continuum
from carecontinuum.history import (
    Consequence,
    Discrepancy,
    Event,
    PatientRecord,
    consequences,
    discrepancies,
)

__all__ = ["Reported", "report"]


@attrs.frozen(order=False, kw_only=True)
class Reported:
    """What came of recording a fact.

    Attributes:
        record: The record with the event.
        discrepancies: What does not fit about the event itself.
        consequences: What it changes about events recorded before it.
    """

    record: PatientRecord = attrs.field(repr=False)
    discrepancies: tuple[Discrepancy, ...] = ()
    consequences: tuple[Consequence, ...] = ()


def report(record: PatientRecord, event: Event, *, continuum: Continuum) -> Reported:
    """Record a fact, a late entry, a correction or a retraction, and say what does not fit.

    A fact is never refused for being off the map; it is refused only where it cannot be part of
    this history at all.

    Raises:
        HistoryRefused: The event cannot be added.
    """
    after = record.append(event)
    return Reported(
        record=after,
        discrepancies=tuple(
            found for found in discrepancies(after, continuum) if found.event_id == event.id
        ),
        consequences=consequences(record, event, continuum),
    )
