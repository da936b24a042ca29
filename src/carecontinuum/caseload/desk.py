"""What queries and commands share: the store, the programs, and which episode is meant."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from threading import RLock
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar, cast
from uuid import uuid4  # noqa: TID251  identity is an argument; this is its default

from carecontinuum.arguments import WrongArgument, a_text, an_instance, kind_of, unicode_text
from carecontinuum.caseload.errors import EpisodeNotNamed, NoProgram
from carecontinuum.continuum import Continuum, TransitionKind
from carecontinuum.datatypes import utc
from carecontinuum.decisions import Move, ProgramRef
from carecontinuum.decisions.move import A_MOVE
from carecontinuum.engine.deciding import as_of
from carecontinuum.history import Body, Corrected, Event, PatientRecord, Retracted
from carecontinuum.history.record_bodies import RECORD_BODIES
from carecontinuum.programs import Program
from carecontinuum.stores import EventStore, StreamKey

__all__ = ["Desk", "Listener", "Stated", "Turns", "before"]

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])

Stated: TypeAlias = Mapping[Any, Any]
"""Facts that whoever asks vouches for: a fact or its id, and its value."""
Listener: TypeAlias = Callable[[StreamKey, Event, PatientRecord], object]
"""Told of each event after it is kept, with the record it is part of."""

_PATIENT = "the patient's id, a text that says something"

_BEGINS = frozenset({TransitionKind.REFER, TransitionKind.WAITLIST, TransitionKind.ADMIT})


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the one place where a clock is read, unless one is given


def _new_id() -> str:
    return str(uuid4())


class Turns:
    """Threads of one process take turns with a patient, and wait for no other.

    They would lose races against each other otherwise, and decide in vain.
    """

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._process, self._locks = _locks()

    def of(self, key: StreamKey) -> AbstractContextManager[object]:
        """Give the turn of a patient; a child made by `fork` has turns of its own."""
        if self._process != os.getpid():
            self._process, self._locks = _locks()  # a thread that held one is gone
        return self._locks[hash(key) % len(self._locks)]


def _locks() -> tuple[int, tuple[AbstractContextManager[object], ...]]:
    return os.getpid(), tuple(RLock() for _ in range(64))


class Desk:
    """The store, the programs and the clock that a caseload works with."""

    def __init__(
        self,
        programs: Iterable[Program],
        *,
        store: EventStore,
        tenant: str = "",
        listeners: Iterable[Listener] = (),
        clock: Callable[[], datetime] | None = None,
        ids: Callable[[], str] | None = None,
    ) -> None:
        """Take what the organisation works with.

        Args:
            programs: Its programs, every version that an open episode is judged by among them.
            store: Where histories are kept.
            tenant: The organisation's id, where the store has several.
            listeners: Told after each event is kept; they can neither veto nor undo.
            clock: Gives the moment at which something is recorded, an aware datetime; `None` is the
                system's clock.
            ids: Gives an id for what is given none; `None` makes a random one (UUID 4).

        Raises:
            WrongArgument: One is of another kind.
        """
        self._programs = _several("programs", programs, _a_program)
        self._store = _a_store(store)
        self._turns = Turns()
        self._tenant = unicode_text("tenant", tenant)
        self._listeners = _several("listeners", listeners, _a_function)
        self._clock = _a_function("clock", _now if clock is None else clock)
        self._ids = _a_function("ids", _new_id if ids is None else ids)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store, if it is one that is closed; the end of a `with` does so too."""
        close = getattr(self._store, "close", None)
        if close is not None:
            close()

    def _key(self, patient_id: str) -> StreamKey:
        return StreamKey(self._tenant, a_text("patient_id", patient_id, _PATIENT))

    def for_patient(self, patient_id: str) -> PatientRecord:
        """Give a patient's record; an empty one where nothing is known.

        Raises:
            WrongArgument: The patient's id is no text, no Unicode, or empty.
        """
        return PatientRecord.of(patient_id, self._store.load(self._key(patient_id)))

    def _only(self, record: PatientRecord, episode_id: str | None) -> str:
        if episode_id is not None:
            return a_text("episode_id", episode_id)
        episodes = record.episodes.items()
        open_ = tuple(id for id, one in episodes if one.is_open and one.is_begun)
        if len(open_) != 1:
            raise EpisodeNotNamed(episodes=open_)
        return open_[0]

    def _episode_id(
        self, record: PatientRecord, move: Move, episode_id: str | None, *, new: str
    ) -> str:
        an_instance("move", move, Move, A_MOVE)
        if episode_id is None and move.kind in _BEGINS and not _begun(record):
            return new
        return self._only(record, episode_id)

    def _program(
        self, record: PatientRecord, episode_id: str, at: datetime, program_id: str | None
    ) -> Program:
        """Give the version that an episode had adopted, or for a new one the version that applies.

        What is told late is judged by the version of its moment.
        """
        then = as_of(record, utc(at)).episodes.get(episode_id)
        episode = then or record.episodes.get(episode_id)
        if episode is not None and episode.program is not None:
            return self._held(episode.program)
        ids = {program.id for program in self._programs}
        wanted = program_id or (ids.pop() if len(ids) == 1 else None)
        found = [one for one in self._programs if one.id == wanted and one.applies_at(utc(at))]
        if found and all(
            one.ref == found[0].ref for one in found if one.version == found[0].version
        ):
            return found[0]
        raise NoProgram(wanted=_unheld(wanted, found), programs=self._names())

    def _held(self, ref: ProgramRef) -> Program:
        """Give the very program that is referred to."""
        for program in self._programs:
            if program.ref == ref:
                return program
        wanted = f"`{ref.id}` v{ref.version} with the digest it had"
        raise NoProgram(wanted=wanted, programs=self._names())

    def _continuum(self, record: PatientRecord, event: Event, program_id: str | None) -> Continuum:
        """Give the map that an event is held against: any, for what moves nobody."""
        if self._programs and (event.episode_id is None or not _moves(record, event.body)):
            return self._programs[0].continuum
        at = (_amended(record, event.body) or event).occurred_at.instant
        return self._program(record, event.episode_id or "", at, program_id).continuum

    def _now(self) -> datetime:
        return utc(self._clock(), "clock()")

    def _recorded(self, record: PatientRecord) -> datetime:
        """Give when something is recorded: now, or no earlier than what it follows."""
        now = self._now()
        return max(now, record.events[-1].recorded_at) if record.events else now

    def _id(self, id: str | None, field: str = "id") -> str:
        """Give the id of what is recorded: the one given, or a new one."""
        return self._ids() if id is None else a_text(field, id)

    def _names(self) -> tuple[str, ...]:
        return tuple(f"{program.id} v{program.version}" for program in self._programs)


def _several(field: str, values: Iterable[T], check: Callable[[str, T], T]) -> tuple[T, ...]:
    """Check each of several values; one alone is not taken for its parts."""
    given = cast("object", values)
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise WrongArgument(field=field, found=kind_of(given), needed=f"a list of {field}")
    return tuple(check(f"{field}[{place}]", value) for place, value in enumerate(values))


def _a_program(field: str, value: Program) -> Program:
    return an_instance(field, value, Program, "a `Program`, as `shipped_program` gives")


def _a_function(field: str, value: F) -> F:
    if not callable(value):
        raise WrongArgument(field=field, found=kind_of(value), needed="a function")
    return value


def _a_store(store: EventStore) -> EventStore:
    methods = (getattr(store, name, None) for name in ("append", "load", "streams", "feed"))
    if isinstance(cast("object", store), type) or not all(map(callable, methods)):
        needed = "an `EventStore`, as `SqliteStore(path)`"
        raise WrongArgument(field="store", found=kind_of(store), needed=needed)
    return store


def _unheld(wanted: str | None, found: Sequence[Program]) -> str:
    """Say which program is not there; `found` are several of one version."""
    if found:
        return f"`{wanted}` alone: there are several v{found[0].version}, with different digests"
    return "" if wanted is None else f"`{wanted}` that applies then"


def before(record: PatientRecord, event_id: str) -> PatientRecord:
    """Give the record that an event was added to; the record itself where the event is not there.

    A command that is told again is made again on that, so that it comes to the same event.
    """
    if event_id not in record.by_id:
        return record
    ids = [event.id for event in record.events]
    return PatientRecord.of(record.patient_id, record.events[: ids.index(event_id)])


def _amended(record: PatientRecord, body: Body) -> Event | None:
    """Give the event that is amended; `None` where none is."""
    return record.by_id.get(body.event_id) if isinstance(body, (Corrected, Retracted)) else None


def _moves(record: PatientRecord, body: Body) -> bool:
    """Tell whether what is said, or what it amends, is a fact about an episode."""
    amended = _amended(record, body)
    return type(body if amended is None else amended.body) not in RECORD_BODIES


def _begun(record: PatientRecord) -> bool:
    """Tell whether an episode is open that has not been admitted yet."""
    return any(
        episode.is_open and episode.admitted_at is None for episode in record.episodes.values()
    )
