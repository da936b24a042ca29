"""The envelope of everything recorded: what, about whom, when true, when known, on what ground."""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum
from typing import Any, get_args

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Actor, Identifier, Site, When, actor, moment, utc
from carecontinuum.decisions import CONFIDENTIALITIES, ProgramRef
from carecontinuum.errors import listed
from carecontinuum.history.bodies import (
    LEAVE_KINDS,
    Admitted,
    Body,
    Change,
    Corrected,
    Decided,
    LeaveStarted,
    MoveProposed,
    PatientsMerged,
    PatientsUnmerged,
    Retracted,
)
from carecontinuum.history.disclosed import DISCLOSURE_LOG, NotDisclosed
from carecontinuum.history.errors import EventInvalid
from carecontinuum.history.proposals import PRIORITIES
from carecontinuum.history.record_bodies import RECORD_BODIES
from carecontinuum.history.reviewed import DISCREPANCY_REASONS, PlacementReviewed

__all__ = ["Basis", "Event", "EventSource"]


class Basis(Enum):
    """On what ground an event is believed."""

    DECIDED = "decided"
    OVERRIDDEN = "overridden"
    REPORTED = "reported"
    INFERRED = "inferred"


# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_DECIDED, _OVERRIDDEN = Basis.DECIDED, Basis.OVERRIDDEN


@attrs.frozen(order=False, kw_only=True)
class EventSource:
    """The outside system an event came from.

    Attributes:
        system: The system.
        message_id: Its own id of the message or resource.
    """

    system: str
    message_id: str | None = attrs.field(default=None, repr=False)


_AFTER = "it is later than when it was recorded, which a caseload takes from its clock"


def _recorded(value: datetime) -> datetime:
    return utc(value, "recorded_at")


def _occurred(value: datetime | When) -> When:
    return value if type(value) is When else moment(value, "occurred_at")


@attrs.frozen(order=False, kw_only=True, weakref_slot=False)
class Event:
    """Something recorded about a patient; it is never edited.

    Attributes:
        id: Unique in the patient's history; the same id with the same content is the same event.
        patient_id: An opaque id of the patient; never shown in a repr.
        episode_id: The episode it concerns; `None` for what concerns the patient alone.
        occurred_at: When it was true: an aware datetime or a `When`.
        recorded_at: When it became known here, an aware datetime; kept in UTC.
        by: Who says so: an `Actor`, or an id.
        body: What it says.
        basis: On what ground.
        program: The program version in force, if any.
        decision_id: The id of the `Decided` event behind it.
        site: Where; `None` leaves the place as it was.
        identifiers: Outside identifiers of the episode.
        source: The outside system it came from.
        reason_code: A coded reason.
        note: Free text; never shown in a repr.

    Raises:
        EventInvalid: With every problem found.
        NaiveDatetime: A time has no zone.
    """

    id: str
    patient_id: str = attrs.field(repr=False)
    episode_id: str | None = None
    occurred_at: When = attrs.field(converter=_occurred)
    recorded_at: datetime = attrs.field(converter=_recorded)
    by: Actor = attrs.field(converter=actor)
    body: Body
    basis: Basis = Basis.REPORTED
    program: ProgramRef | None = None
    decision_id: str | None = None
    site: Site | None = None
    identifiers: tuple[Identifier, ...] = ()
    source: EventSource | None = None
    reason_code: str | None = None
    note: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        if problems := _problems(self):
            raise EventInvalid(subject=f"event `{self.id}`", problems=problems)


def _problems(event: Event) -> list[Problem]:
    """Give what is wrong; no generator, which takes twice as long: every event is asked."""
    found: list[Problem] = []
    if not event.id:
        found.append(Problem("id", "empty", "`id` is empty; give it a text"))
    if not event.patient_id:
        found.append(Problem("patient_id", "empty", "`patient_id` is empty; give it a text"))
    if event.occurred_at.instant > event.recorded_at:
        says = _AFTER
        found.append(Problem("occurred_at", "after-recorded", says))
    if event.basis is _DECIDED or event.basis is _OVERRIDDEN:
        found.extend(_ground_problems(event))
    if event.episode_id == "":
        found.append(Problem("episode_id", "empty", "`episode_id` is empty; give it a text"))
    elif event.episode_id is None and not isinstance(event.body, _ABOUT_THE_PATIENT):
        says = "it concerns an episode and names none"
        found.append(Problem("episode_id", "no-episode", says))
    kind = type(event.body)
    if kind not in _BODIES:
        found.append(Problem("body", "unknown-body", "it is nothing that an event can say"))
    elif kind in _CHECKED:
        found.extend(_body_problems(event))
    return found


def _body_problems(event: Event) -> Iterator[Problem]:
    kind = type(event.body)
    if kind in _OF_EVENT:
        yield from _OF_EVENT[kind](event, event.body)
    else:
        yield from _OF_CHANGE[kind]("body", event.body)


_BODIES = frozenset(get_args(Body))
_CORRECTIONS = RECORD_BODIES | frozenset(get_args(Change))
_ABOUT_THE_PATIENT: tuple[type, ...] = (
    *RECORD_BODIES,
    *DISCLOSURE_LOG,
    PatientsMerged,
    PatientsUnmerged,
    Retracted,
    Corrected,
)


def _ground_problems(event: Event) -> Iterator[Problem]:
    if event.decision_id is None:
        yield Problem("decision_id", "no-decision", f"`{event.basis.value}` names a decision")
    if event.basis is _OVERRIDDEN and not str(event.reason_code or "").strip():
        yield Problem("reason_code", "no-reason", "an override states a coded reason")


def _decision_problems(event: Event, body: Decided) -> Iterator[Problem]:
    if body.patient_id != event.patient_id:
        yield Problem("body.decision", "another-patient", "it is about another patient")


def _merge_problems(event: Event, body: PatientsMerged) -> Iterator[Problem]:
    if body.patient_id == event.patient_id:
        yield Problem("body.patient_id", "same-patient", "it is the patient whose event this is")


def _refusal_problems(_: Event, body: NotDisclosed) -> Iterator[Problem]:
    if not body.reasons:
        yield Problem("body.reasons", "no-reason", "say why it was not told")


def _leave_problems(path: str, body: LeaveStarted) -> Iterator[Problem]:
    if body.kind is not None and body.kind not in LEAVE_KINDS:
        yield Problem(f"{path}.kind", "unknown-leave", f"accepted are {listed(LEAVE_KINDS)}")


def _admission_problems(path: str, body: Admitted) -> Iterator[Problem]:
    if body.level is not None and body.candidates:
        says = "the level is known, so there are no candidates for it"
        yield Problem(f"{path}.candidates", "level-known", says)
    if body.confidentiality not in CONFIDENTIALITIES:
        says = f"accepted are {listed(CONFIDENTIALITIES)}"
        yield Problem(f"{path}.confidentiality", "unknown-confidentiality", says)


def _proposal_problems(path: str, body: MoveProposed) -> Iterator[Problem]:
    if body.priority not in PRIORITIES:
        yield Problem(f"{path}.priority", "unknown-priority", f"accepted are {listed(PRIORITIES)}")


def _review_problems(path: str, body: PlacementReviewed) -> Iterator[Problem]:
    reason = body.discrepancy_reason
    if not body.levels or (body.settled and len(body.levels) > 1):
        says = "name the levels left possible: one where the review settled on it"
        yield Problem(f"{path}.levels", "levels-left", says)
    if body.differs and reason is None:
        accepted = listed(DISCREPANCY_REASONS)
        says = f"the level selected is none of those recommended; say why: {accepted}"
        yield Problem(f"{path}.discrepancy_reason", "no-reason", says)
    if reason is not None and reason not in DISCREPANCY_REASONS:
        says = f"accepted are {listed(DISCREPANCY_REASONS)}"
        yield Problem(f"{path}.discrepancy_reason", "unknown-reason", says)
    if reason is not None and not body.differs:
        says = "the level selected is one of those recommended, or none was selected"
        yield Problem(f"{path}.discrepancy_reason", "no-discrepancy", says)


def _correction_problems(event: Event, body: Corrected) -> Iterator[Problem]:
    if body.occurred_at is None and body.body is None:
        yield Problem("body", "corrects-nothing", "give `occurred_at`, `body` or both")
    if body.occurred_at is not None and body.occurred_at.instant > event.recorded_at:
        yield Problem("body.occurred_at", "after-recorded", _AFTER)
    if body.body is not None and type(body.body) not in _CORRECTIONS:
        yield Problem("body.body", "unknown-body", "it is no fact and no record")
    elif type(body.body) in _OF_CHANGE:
        yield from _OF_CHANGE[type(body.body)]("body.body", body.body)


_OF_EVENT: dict[type, Callable[[Event, Any], Iterator[Problem]]] = {
    Corrected: _correction_problems,
    Decided: _decision_problems,
    PatientsMerged: _merge_problems,
    NotDisclosed: _refusal_problems,
}
"""What is asked of a body together with its event."""
_OF_CHANGE: dict[type, Callable[[str, Any], Iterator[Problem]]] = {
    Admitted: _admission_problems,
    LeaveStarted: _leave_problems,
    MoveProposed: _proposal_problems,
    PlacementReviewed: _review_problems,
}
"""What is asked of a change itself, be it told or corrected."""
_CHECKED = frozenset({*_OF_EVENT, *_OF_CHANGE})
