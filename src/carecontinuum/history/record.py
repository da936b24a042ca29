"""A patient's history: one append-only stream of events, read on two clocks."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import get_args

import attrs

from carecontinuum.continuum import DEATH
from carecontinuum.datatypes import utc
from carecontinuum.decisions import Decision
from carecontinuum.history.bodies import (
    Amendment,
    Body,
    Corrected,
    Decided,
    PatientsMerged,
    PatientsUnmerged,
    Retracted,
)
from carecontinuum.history.care import CareRecords
from carecontinuum.history.disclosed import DISCLOSURE_LOG
from carecontinuum.history.episode import EpisodeOfCare
from carecontinuum.history.errors import (
    AnotherPatientsEvent,
    EventConflict,
    NoSuchEpisode,
    NoSuchEvent,
    NotAmendable,
    RecordedBackwards,
    RecordIsAView,
)
from carecontinuum.history.events import Event
from carecontinuum.history.folding import apply, fold
from carecontinuum.history.record_bodies import RECORD_BODIES

__all__ = ["PatientRecord", "believed"]

_NOT_FOLDED = RECORD_BODIES | DISCLOSURE_LOG | {Decided}
"""What may name an episode and does not change it."""


def believed(events: Iterable[Event], *, occurred: datetime | None = None) -> tuple[Event, ...]:
    """Give the events that are believed, corrected, in the order they occurred.

    A retraction takes an event away, and so does nothing once it is itself retracted; of several
    corrections the latest that gives a part gives it. Ties keep the order of recording.

    Args:
        events: Events in the order they were recorded.
        occurred: Leave out what occurred after this aware moment.
    """
    stream = tuple(events)
    amendments = [
        (event, event.body) for event in stream if isinstance(event.body, (Corrected, Retracted))
    ]
    kept = _amended(stream, amendments) if amendments else stream
    if occurred is not None:
        horizon = utc(occurred, "occurred")
        kept = [event for event in kept if event.occurred_at.instant <= horizon]
    return tuple(sorted(kept, key=_OCCURRED))


_AMENDMENTS = frozenset(get_args(Amendment))
_OCCURRED = attrgetter("occurred_at.instant")


def _amended(events: Sequence[Event], amendments: Sequence[tuple[Event, Amendment]]) -> list[Event]:
    gone: set[str] = set()
    corrections: dict[str, list[tuple[Event, Corrected]]] = {}
    for event, body in reversed(amendments):
        if event.id in gone:
            continue
        if isinstance(body, Retracted):
            gone.add(body.event_id)
        else:
            corrections.setdefault(body.event_id, []).append((event, body))
    return [
        _corrected(event, corrections.get(event.id, ()))
        for event in events
        if event.id not in gone and type(event.body) not in _AMENDMENTS
    ]


def _corrected(event: Event, corrections: Sequence[tuple[Event, Corrected]]) -> Event:
    """Apply corrections, latest first; what is believed now is known since the latest of them."""
    if not corrections:
        return event
    bodies = [said.body for _, said in corrections if said.body is not None]
    times = [said.occurred_at for _, said in corrections if said.occurred_at is not None]
    return attrs.evolve(
        event,
        recorded_at=corrections[0][0].recorded_at,
        occurred_at=times[0] if times else event.occurred_at,
        body=bodies[0] if bodies else event.body,
    )


@attrs.frozen(order=False, kw_only=True)
class PatientRecord:
    """Everything recorded about a patient; adding to it gives a new record.

    Attributes:
        patient_id: An opaque id of the patient; never shown in a repr.
        events: The events, in the order they were recorded.
        horizon: For a view, the moment after which nothing that occurred is believed, in UTC.
        known: For a view, the moment after which nothing that was recorded is in it, in UTC. It
            does not count for equality: what was known then is the record as it was then.
    """

    patient_id: str = attrs.field(repr=False)
    events: tuple[Event, ...] = attrs.field(default=(), repr=False)
    horizon: datetime | None = None
    known: datetime | None = attrs.field(default=None, eq=False)

    @classmethod
    def of(cls, patient_id: str, events: Iterable[Event] = ()) -> "PatientRecord":
        """Take a patient's events, checking each as `append` does.

        Raises:
            HistoryRefused: An event cannot stand where it stands; see `append`.
        """
        return cls(patient_id=patient_id).append(*events)

    @property
    def version(self) -> int:
        """How many events it holds."""
        return len(self.events)

    @property
    def is_view(self) -> bool:
        """Whether it is the record as of some moment, which may leave out what came after."""
        return self.horizon is not None or self.known is not None

    @cached_property
    def by_id(self) -> MappingProxyType[str, Event]:
        """Each event as recorded, by its id."""
        return MappingProxyType({event.id: event for event in self.events})

    @cached_property
    def believed(self) -> tuple[Event, ...]:
        """The events that are believed, amendments applied, in the order they occurred."""
        return believed(self.events, occurred=self.horizon)

    @cached_property
    def episodes(self) -> Mapping[str, EpisodeOfCare]:
        """Each episode of care by its id, in the order they began."""
        return MappingProxyType({id: fold(id, events) for id, events in self.streams.items()})

    @cached_property
    def streams(self) -> Mapping[str, tuple[Event, ...]]:
        """The believed events of each episode, by its id."""
        found: dict[str, list[Event]] = {}
        for event in self.believed:
            if event.episode_id is not None and type(event.body) not in _NOT_FOLDED:
                found.setdefault(event.episode_id, []).append(event)
        return MappingProxyType({id: tuple(events) for id, events in found.items()})

    @cached_property
    def care(self) -> CareRecords:
        """The records of the patient's care: assessments, plans, attendance and the rest."""
        return CareRecords(tuple(e for e in self.believed if type(e.body) in RECORD_BODIES))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions that are recorded, refusals included, in the order they were made.

        Of a view, those up to its horizon. None is ever amended. Where a store gave the events,
        they are decoded here.
        """
        until = self.horizon
        return tuple(
            event.body.decision
            for event in self.events
            if isinstance(event.body, Decided)
            and (until is None or event.occurred_at.instant <= until)
        )

    @cached_property
    def merged_with(self) -> tuple[str, ...]:
        """The ids of other patients who turned out to be this one."""
        found: dict[str, None] = {}
        for event in self.believed:
            match event.body:
                case PatientsMerged(patient_id=other):
                    found[other] = None
                case PatientsUnmerged(patient_id=other):
                    found.pop(other, None)
                case _:
                    pass
        return tuple(found)

    @property
    def death(self) -> EpisodeOfCare | None:
        """The episode that ended with the person's death; `None` while none did."""
        for episode in self.episodes.values():
            if episode.discharge is not None and episode.discharge.kind == DEATH:
                return episode
        return None

    def episode(self, episode_id: str) -> EpisodeOfCare:
        """Give an episode of care.

        Raises:
            NoSuchEpisode: The patient has none of that id.
        """
        found = self.episodes.get(episode_id)
        if found is None:
            raise NoSuchEpisode(episode_id=episode_id, episodes=tuple(self.episodes))
        return found

    def as_of(
        self, *, occurred: datetime | None = None, known: datetime | None = None
    ) -> "PatientRecord":
        """Give the record as it was known at one moment, of what had happened by another.

        What was recorded by `known` is taken, its amendments applied; then what occurred after
        `occurred` is left out. Both bounds are inclusive; `None` sets none.

        Raises:
            NaiveDatetime: A bound has no zone.
        """
        horizon = _earliest(self.horizon, occurred, "occurred")
        cut = _earliest(self.known, known, "known")
        events = self.events
        if cut is not None:
            events = events[: bisect_right(events, cut, key=_RECORDED)]
        return PatientRecord(patient_id=self.patient_id, events=events, horizon=horizon, known=cut)

    def append(self, *events: Event) -> "PatientRecord":
        """Give the record with more events; either all are added or none.

        An event that is there already, with the same content, is passed over.

        Raises:
            AnotherPatientsEvent: It is about somebody else.
            EventConflict: Its id is there already with other content.
            RecordedBackwards: It was recorded before the last one.
            NoSuchEvent: It amends an event that is not there.
            NotAmendable: It amends an event in a way that has no meaning.
            RecordIsAView: The record is a view as of some moment.
        """
        if self.is_view:
            raise RecordIsAView
        known = self.by_id.copy()
        added: list[Event] = []
        last = self.events[-1].recorded_at if self.events else None
        for event in events:
            if self._is_there(event, known):
                continue
            if last is not None and event.recorded_at < last:
                raise RecordedBackwards(event_id=event.id)
            if isinstance(event.body, (Corrected, Retracted)):
                _check_amendment(event, event.body, known)
            last = event.recorded_at
            known[event.id] = event
            added.append(event)
        return self._with(tuple(added), known) if added else self

    def _is_there(self, event: Event, known: Mapping[str, Event]) -> bool:
        if event.patient_id != self.patient_id:
            raise AnotherPatientsEvent(event_id=event.id)
        there = known.get(event.id)
        if there is not None and there != event:
            raise EventConflict(event_id=event.id)
        return there is not None

    def _with(self, added: tuple[Event, ...], by_id: dict[str, Event]) -> "PatientRecord":
        record = PatientRecord(patient_id=self.patient_id, events=self.events + added)
        object.__setattr__(record, "by_id", MappingProxyType(by_id))
        if len(added) <= _FEW:
            _carry_over(self, record, added)
        return record


_FEW = 4
_RECORDED = attrgetter("recorded_at")


def _earliest(first: datetime | None, second: datetime | None, field: str) -> datetime | None:
    """Give the earlier of two moments, in UTC; `None` sets no bound."""
    return min((utc(at, field) for at in (first, second) if at is not None), default=None)


def _carry_over(old: PatientRecord, new: PatientRecord, added: tuple[Event, ...]) -> None:
    """Spare the new record a fold where every added event comes after all that are believed."""
    last = old.believed[-1].occurred_at.instant if old.believed else None
    episodes = dict(old.episodes)
    streams = dict(old.streams)
    for event in added:
        at = event.occurred_at.instant
        if type(event.body) in _AMENDMENTS or (last is not None and at < last):
            return
        last = at
        if event.episode_id is not None and type(event.body) not in _NOT_FOLDED:
            id = event.episode_id
            episodes[id] = apply(episodes.get(id) or EpisodeOfCare(id=id), event)
            streams[id] = (*streams.get(id, ()), event)
    object.__setattr__(new, "believed", (*old.believed, *added))
    object.__setattr__(new, "episodes", MappingProxyType(episodes))
    object.__setattr__(new, "streams", MappingProxyType(streams))


_NEVER_AMENDED = DISCLOSURE_LOG | {Decided}


def _check_amendment(event: Event, body: Amendment, known: Mapping[str, Event]) -> None:
    target = known.get(body.event_id)
    if target is None:
        raise NoSuchEvent(event_id=event.id, target=body.event_id)
    corrects = isinstance(body, Corrected)
    amends_amendment = type(target.body) in _AMENDMENTS
    elsewhere = event.episode_id != target.episode_id
    changes_patient = corrects and isinstance(target.body, (PatientsMerged, PatientsUnmerged))
    changes_kind = isinstance(body, Corrected) and _changes_kind(body, target.body)
    if (
        type(target.body) in _NEVER_AMENDED
        or (corrects and amends_amendment)
        or elsewhere
        or changes_patient
        or changes_kind
    ):
        raise NotAmendable(event_id=event.id, target=body.event_id)


def _changes_kind(correction: Corrected, target: Body) -> bool:
    """Tell whether a record would become one of another kind, or a fact about an episode."""
    kinds = {type(correction.body), type(target)}
    return correction.body is not None and len(kinds) > 1 and not kinds.isdisjoint(RECORD_BODIES)
