"""Recording facts: they are never refused for being off the map; what does not fit is listed."""

from collections.abc import Iterator

import attrs

from carecontinuum.continuum import Continuum
from carecontinuum.decisions import Verdict
from carecontinuum.engine.operations import change_for
from carecontinuum.history import (
    Basis,
    Body,
    Consequence,
    Corrected,
    Decided,
    Discrepancy,
    Event,
    PatientRecord,
    PatientsMerged,
    PatientsUnmerged,
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
    for code, says in (*_of_amendment(before, after, event), *_of_decision(after, event)):
        yield Discrepancy(event_id=event.id, episode_id=event.episode_id, code=code, says=says)
    if isinstance(body, Corrected):
        yield from _of_care(after, body.event_id, body.body)
    else:
        yield from _of_care(after, event.id, body)
        yield from (one for one in discrepancies(after, continuum) if one.event_id == event.id)


def _of_amendment(
    before: PatientRecord, after: PatientRecord, event: Event
) -> Iterator[tuple[str, str]]:
    body = event.body
    if not isinstance(body, (Corrected, Retracted)) or after.version == before.version:
        return
    target = before.by_id[body.event_id]
    if after.believed == before.believed:
        yield "no-effect", f"`{target.id}` is not believed any more, so that this changes nothing"
    if isinstance(body, Retracted) and isinstance(target.body, (PatientsMerged, PatientsUnmerged)):
        yield "in-one-record", "the other patient's record says so still; `unmerge` says it in both"
    if isinstance(body, Corrected) and body.body is not None:
        was, now = (getattr(one, "TYPE", "") for one in (target.body, body.body))
        if was != now:
            yield "another-kind", f"`{target.id}` was told as {was}, and is {now} now"


def _of_decision(record: PatientRecord, event: Event) -> Iterator[tuple[str, str]]:
    """Hold a move against the decision that it rests on, which is read for it."""
    there = record.by_id.get(event.decision_id or "")
    if there is None or not isinstance(there.body, Decided) or event.basis not in _GROUNDS:
        return
    decision = there.body.decision
    if (decision.verdict is Verdict.PERMIT) is not _GROUNDS[event.basis]:
        yield "not-as-decided", f"it is {event.basis.value}, and `{there.id}` says otherwise"
    elif event.body != change_for(decision.request):
        yield "not-as-decided", f"`{there.id}` was about another move"


_GROUNDS = {Basis.DECIDED: True, Basis.OVERRIDDEN: False}
"""Whether the decision that is named permits the move."""


def _of_care(record: PatientRecord, event_id: str, said: Body | None) -> Iterator[Discrepancy]:
    if type(said) in RECORD_BODIES:
        yield from (one for one in care_discrepancies(record) if one.event_id == event_id)
