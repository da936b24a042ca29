"""The statechart of a continuum, as plain data; the engine that runs it is elsewhere.

Top-level states are FHIR's statuses of an episode of care. `active` is a compound of the levels,
of `unplaced`, and of `elsewhere` for a reported level that is not on the map; its history state
leads a return from leave to the level that was left.
There is one edge for each state and event, so that a refusal on one edge blocks no other.
"""

from typing import Any

from carecontinuum.continuum import Continuum, TransitionKind
from carecontinuum.history import EpisodeOfCare, EpisodeStatus

__all__ = ["LEFT", "chart_definition", "event_name", "level_value", "state_values"]

LEFT = "level_left"
UNPLACED = "unplaced"
ELSEWHERE = "elsewhere"

States = dict[str, dict[str, Any]]


def _level_id(continuum: Continuum, code: str | None) -> str:
    """Give the state of a level: by its place, so that no code can clash with another name."""
    if code is None:
        return UNPLACED
    return f"level_{[level.code for level in continuum.levels].index(code)}"


def event_name(continuum: Continuum, kind: TransitionKind, target: str | None) -> str:
    """Give the event that stands for a kind of move to a level, or to none."""
    return kind.value if target is None else f"{kind.value}_to_{_level_id(continuum, target)}"


def state_values(episode: EpisodeOfCare, continuum: Continuum) -> tuple[str, ...]:
    """Give the values of the states that are active where an episode stands, outermost first."""
    if episode.status is not EpisodeStatus.ACTIVE:
        return (episode.status.value,)
    return (episode.status.value, level_value(episode.level, continuum))


def level_value(code: str | None, continuum: Continuum) -> str:
    """Give the value of a level's state; a level that the continuum lacks is `elsewhere`."""
    if code is None:
        return UNPLACED
    return f"level {code}" if code in continuum else ELSEWHERE


def chart_definition(continuum: Continuum, authorize: object) -> States:
    """Give the definition of the chart; `authorize` is asked before every transition."""
    kinds = TransitionKind
    builder = _Edges(continuum, authorize)
    status = EpisodeStatus
    refer = builder.to(kinds.REFER, None, _status_id(status.PLANNED))
    waitlist = builder.to(kinds.WAITLIST, None, _status_id(status.WAITLIST))
    cancel = builder.to(kinds.CANCEL, None, _status_id(status.CANCELLED))
    admit = builder.into(kinds.ADMIT, (None, *continuum.entry))
    finish = builder.to(kinds.DISCHARGE, None, _status_id(status.FINISHED))
    history = {LEFT: {"type": "shallow", "value": LEFT}}
    states: dict[EpisodeStatus, dict[str, Any]] = {
        status.PLANNED: {"initial": True, "on": refer | waitlist | admit | cancel},
        status.WAITLIST: {"on": admit | cancel},
        status.ACTIVE: {"states": builder.levels(), "history": history, "on": finish},
        status.ONHOLD: {"on": builder.returns() | finish},
        status.FINISHED: {"final": True},
        status.CANCELLED: {"final": True},
        status.ENTERED_IN_ERROR: {"final": True},
    }
    return {
        _status_id(at): {"name": at.value, "value": at.value, **state}
        for at, state in states.items()
    }


def _status_id(status: EpisodeStatus) -> str:
    """Give the state of a status; without the prefix `waitlist` would clash with the event."""
    return f"status_{status.value.replace('-', '_')}"


class _Edges:
    """Makes the edges of one chart."""

    def __init__(self, continuum: Continuum, authorize: object) -> None:
        self._continuum = continuum
        self._authorize = authorize

    def to(self, kind: TransitionKind, level: str | None, state: str) -> dict[str, Any]:
        name = event_name(self._continuum, kind, level)
        return {name: [{"target": state, "validators": [self._authorize]}]}

    def into(self, kind: TransitionKind, levels: tuple[str | None, ...]) -> dict[str, Any]:
        edges: dict[str, Any] = {}
        for level in levels:
            edges |= self.to(kind, level, _level_id(self._continuum, level))
        return edges

    def levels(self) -> States:
        every = tuple(level.code for level in self._continuum.levels)
        unplaced: dict[str, Any] = {
            "initial": True,
            "name": "no level yet",
            "value": UNPLACED,
            "on": self.into(TransitionKind.PLACE, every),
        }
        elsewhere = {"name": "a level that is not on the map", "value": ELSEWHERE}
        return {UNPLACED: unplaced, ELSEWHERE: elsewhere} | {
            _level_id(self._continuum, level.code): {
                "name": level.display,
                "value": level_value(level.code, self._continuum),
                "on": self._moves(level.code),
            }
            for level in self._continuum.levels
        }

    def _moves(self, code: str) -> dict[str, Any]:
        edges: dict[str, Any] = {}
        for target, kind in self._continuum.routes_from(code).items():
            edges |= self.into(kind, (target,))
        if code in self._continuum.leave_from:
            edges |= self.to(TransitionKind.LEAVE, None, _status_id(EpisodeStatus.ONHOLD))
        return edges

    def returns(self) -> dict[str, Any]:
        """Give the ways back: to the level that was left, and to any other the decision allows."""
        every = tuple(level.code for level in self._continuum.levels)
        back = self.to(TransitionKind.RETURN, None, LEFT)
        return back | self.into(TransitionKind.RETURN, every)
