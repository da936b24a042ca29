"""The live machine of an episode: it enforces the map and decides nothing.

This is the only module that knows python-statemachine. A statechart is made once for each
continuum; an instance is bound to an episode wherever it stands, without running any callback.
"""

# python-statemachine's factory is only partly typed.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from statemachine import StateChart
from statemachine.exceptions import TransitionNotAllowed
from statemachine.io import create_machine_class_from_definition
from statemachine.orderedset import OrderedSet

from carecontinuum.continuum import Continuum, TransitionKind
from carecontinuum.datatypes import Actor
from carecontinuum.decisions import Decision, Move
from carecontinuum.engine.chart import (
    LEFT,
    chart_definition,
    event_name,
    level_value,
    state_values,
)
from carecontinuum.engine.deciding import decide, options
from carecontinuum.engine.errors import DecisionStale, ListenerFailedWarning, MachineDisagrees
from carecontinuum.engine.operations import Outcome, enact, is_late, request
from carecontinuum.engine.reporting import Reported, report
from carecontinuum.history import Decided, EpisodeOfCare, EpisodeStatus, Event, PatientRecord
from carecontinuum.programs import Program

__all__ = ["EpisodeMachine", "Listener", "episode_chart"]

Listener = Callable[[Event, EpisodeOfCare, EpisodeOfCare], object]
"""Called after an event was accepted, with the episode before and after it."""


def _authorize(decision: Decision, record_version: int) -> None:
    """Let a transition pass for the decision that permits it on this version of the record."""
    decision.require()
    if decision.record_version != record_version:
        raise DecisionStale(decided_for=decision.record_version, record_version=record_version)


def episode_chart(continuum: Continuum) -> type[StateChart[Any]]:
    """Give the statechart class of a continuum, made once; `f"{chart:mermaid}"` draws it."""
    return _chart(continuum)


@lru_cache(maxsize=64)
def _chart(continuum: Continuum) -> type[StateChart[Any]]:
    return create_machine_class_from_definition(
        "EpisodeChart",
        states=chart_definition(continuum, _authorize),  # type: ignore[arg-type]
        allow_event_without_transition=False,
        catch_errors_as_events=False,
        atomic_configuration_update=True,
        enable_self_transition_entries=False,
        validate_disconnected_states=False,
        validate_trap_states=False,
        validate_final_reachability=False,
        __module__=__name__,
    )


class _Model:
    """What the chart keeps its state in."""

    state: object = None


class EpisodeMachine:
    """One episode, alive: it takes requests and reports, and tells listeners what happened.

    A machine belongs to one thread. It is never stored: keep the events and make it anew.

    Examples:
        >>> from datetime import UTC, datetime
        >>> import carecontinuum as cc
        >>> program = cc.shipped_program("community")
        >>> machine = EpisodeMachine(program, cc.PatientRecord.of("p-1"), "e-1")
        >>> monday = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
        >>> outcome = machine.request(cc.admit(to="detox"), id="r-1", at=monday, by="dr-a")
        >>> machine.configuration
        ('active', 'level detox')
    """

    def __init__(
        self,
        program: Program,
        record: PatientRecord,
        episode_id: str,
        *,
        listeners: Iterable[Listener] = (),
    ) -> None:
        """Bind a machine to an episode where it stands; nothing is called.

        Args:
            program: The program that decides.
            record: The patient's whole record.
            episode_id: The episode; one that does not exist yet can be referred or admitted.
            listeners: Called after each accepted event; they can neither veto nor undo.
        """
        self._program = program
        self._record = record
        self._id = episode_id
        self._listeners = tuple(listeners)
        self._chart = self._bound()

    @property
    def program(self) -> Program:
        """The program that decides."""
        return self._program

    @property
    def record(self) -> PatientRecord:
        """The patient's record, with everything accepted so far."""
        return self._record

    @property
    def episode(self) -> EpisodeOfCare:
        """The episode as it stands."""
        return self._record.episodes.get(self._id) or EpisodeOfCare(id=self._id)

    @property
    def configuration(self) -> tuple[str, ...]:
        """The values of the chart's active states, outermost first."""
        return tuple(str(value) for value in self._chart.configuration_values)

    def consider(
        self, move: Move, *, at: datetime, by: str | Actor, stated: Mapping[Any, Any] | None = None
    ) -> Decision:
        """Decide a move without making it; the arguments are those of `decide`."""
        return decide(
            self._record,
            move,
            program=self._program,
            episode_id=self._id,
            at=at,
            by=by,
            stated=stated,
        )

    def options(
        self, *, at: datetime, by: str | Actor, stated: Mapping[Any, Any] | None = None
    ) -> tuple[Decision, ...]:
        """Decide every move the map has from here; the arguments are those of `options`."""
        return options(
            self._record, program=self._program, episode_id=self._id, at=at, by=by, stated=stated
        )

    def request(
        self,
        move: Move,
        *,
        id: str,
        at: datetime,
        by: str | Actor,
        recorded_at: datetime | None = None,
        stated: Mapping[Any, Any] | None = None,
    ) -> Outcome:
        """Decide a move and make it; the arguments are those of `carecontinuum.request`.

        Raises:
            TransitionRefused: It is not permitted. The refusal is recorded all the same.
            EventConflict: The id was used for another request.
            HistoryRefused: The events cannot be added to this record.
        """
        outcome = request(
            self._record,
            move,
            program=self._program,
            episode_id=self._id,
            id=id,
            at=at,
            by=by,
            recorded_at=recorded_at,
            stated=stated,
        )
        return self._taken(outcome)

    def enact(self, decision: Decision, *, id: str, recorded_at: datetime) -> Outcome:
        """Make the move that a decision permits, if it was made on this version of the record.

        Raises:
            DecisionStale: It was made on another version.
            TransitionRefused: It does not permit the move. The refusal is recorded all the same.
        """
        return self._taken(
            enact(self._record, decision, program=self._program, id=id, recorded_at=recorded_at)
        )

    def report(self, event: Event) -> Reported:
        """Take a fact, a correction or a retraction; the machine is bound anew where it leads.

        Raises:
            HistoryRefused: The event cannot be added to this record.
        """
        found = report(self._record, event, continuum=self._program.continuum)
        before = self.episode
        new = found.record is not self._record
        self._record = found.record
        self._chart = self._bound()
        if new:
            self._tell(event, before, self.episode)
        return found

    def _taken(self, outcome: Outcome) -> Outcome:
        before = self.episode
        moved = any(not isinstance(event.body, Decided) for event in outcome.events)
        late = is_late(self._record, self._id, outcome.decision.request.at)
        if moved and not late:
            self._send(outcome)
        self._record = outcome.record
        if moved and late:
            self._chart = self._bound()
        for event in outcome.events:
            after = before if isinstance(event.body, Decided) else self.episode
            self._tell(event, before, after)
        return outcome.require()

    def _send(self, outcome: Outcome) -> None:
        asked = outcome.decision.request
        target = asked.target
        if asked.kind is TransitionKind.RETURN and target == asked.origin:
            target = None
        name = event_name(self._program.continuum, asked.kind, target)
        try:
            self._chart.send(name, decision=outcome.decision, record_version=self._record.version)
        except TransitionNotAllowed:
            moved = False
        else:
            moved = True
        after = state_values(outcome.record.episode(self._id), self._program.continuum)
        reached = self.configuration
        if not moved or reached != after:
            self._chart = self._bound()
            raise MachineDisagrees(kernel=after, machine=reached)

    def _bound(self) -> StateChart[Any]:
        """Give a chart that stands where the episode does; no entry callback runs."""
        continuum = self._program.continuum
        chart_class = episode_chart(continuum)
        episode = self.episode
        model = _Model()
        model.state = OrderedSet(state_values(episode, continuum))
        chart = chart_class(model, state_field="state")
        if episode.status is EpisodeStatus.ONHOLD:
            left = chart_class.states_map[level_value(episode.level, continuum)]
            chart.history_values = {LEFT: [left]}
        return chart

    def _tell(self, event: Event, before: EpisodeOfCare, after: EpisodeOfCare) -> None:
        failures: list[str] = []
        for listener in self._listeners:
            try:
                listener(event, before, after)
            except Exception as error:  # noqa: BLE001 - the move stands; it is reported below
                failures.append(f"{_name(listener)} raised {type(error).__name__}")
        for failure in failures:
            says = f"listener {failure}; what was accepted stands"
            warnings.warn(says, ListenerFailedWarning, stacklevel=4)


def _name(listener: Listener) -> str:
    return getattr(listener, "__qualname__", type(listener).__qualname__)
