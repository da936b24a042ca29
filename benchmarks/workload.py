"""The same small map for all candidates, and an invented patient on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from statemachine.io import create_machine_class_from_definition
from statemachine.orderedset import OrderedSet
from transitions import Machine

import carecontinuum as cc
from carecontinuum.continuum import Route, TransitionKind
from carecontinuum.engine.chart import chart_definition, event_name, state_values
from carecontinuum.facts import DaysAtLevel, OtherOpenEpisodes, ReturnsToUse
from carecontinuum.history import Admitted, Moved

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
AT = START + timedelta(days=20)
BY = cc.Actor("dr-sample", role="physician")
CODES = ("detox", "inpatient", "res", "php", "iop", "op", "after")

CONTINUUM = cc.Continuum(
    id="bench",
    version="1",
    levels=tuple(
        cc.LevelOfCare(
            code=code, display=code, setting=cc.Setting.AMBULATORY, intensity=len(CODES) - rank
        )
        for rank, code in enumerate(CODES)
    ),
    routes=tuple(Route(origin=a, target=b) for a in CODES for b in CODES if a != b),
    entry=CODES,
    discharge_from=CODES,
    leave_from=CODES,
)
DAYS = cc.Count("days_at_level", unit="days")
RETURNS = cc.Count("returns_to_use")
OTHERS = cc.Count("other_open_episodes")
PROGRAM = cc.Program(
    id="bench",
    version="1",
    continuum=CONTINUUM,
    calendar=cc.Calendar(zone="America/New_York"),
    when_ungoverned=cc.Verdict.UNDETERMINED,
    readings=(
        cc.Reading(DAYS, DaysAtLevel()),
        cc.Reading(RETURNS, ReturnsToUse(within_days=30)),
        cc.Reading(OTHERS, OtherOpenEpisodes()),
    ),
    policies=(
        cc.requires(DAYS >= 14, id="time", citation="illustrative", on=["step_down"]),
        cc.requires(RETURNS < 1, id="use", citation="illustrative", on=["step_down"]),
        cc.requires(OTHERS < 2, id="overlap", citation="illustrative", on=["step_down"]),
    ),
)
MOVE = cc.step_down(to="op")


def _event(id: str, body: Any, at: datetime) -> cc.Event:
    return cc.Event(
        id=id,
        patient_id="p-1",
        episode_id="e-1",
        occurred_at=at,
        recorded_at=at,
        by=BY,
        body=body,
        program=PROGRAM.ref,
    )


RECORD = cc.PatientRecord.of("p-1", [_event("a", Admitted(level="iop"), START)])
EVENT = _event("b", Moved(level="op", kind=TransitionKind.STEP_DOWN), AT)


def events(number: int) -> list[cc.Event]:
    """Make a long history: an admission, and then a move an hour."""
    hour = timedelta(hours=1)
    moves = (
        _event(f"m-{n}", Moved(level=("op", "iop")[n % 2]), START + n * hour)
        for n in range(1, number)
    )
    return [_event("m-0", Admitted(level="iop"), START), *moves]


class Peers:
    """The same map in the peers: one event there and one back."""

    def __init__(self) -> None:
        """Make a machine of each."""
        self._flat = Machine(
            states=list(CODES),
            initial="iop",
            transitions=[[f"to_{b}", a, b] for a in CODES for b in CODES if a != b],
            auto_transitions=False,
        )
        chart_class = create_machine_class_from_definition(
            "BenchChart",
            states=chart_definition(CONTINUUM, lambda: None),  # type: ignore[arg-type]
            allow_event_without_transition=False,
            catch_errors_as_events=False,
            atomic_configuration_update=True,
            enable_self_transition_entries=False,
            validate_disconnected_states=False,
            validate_trap_states=False,
            validate_final_reachability=False,
        )

        class Model:
            """Holds the state."""

            state: object = OrderedSet(state_values(RECORD.episode("e-1"), CONTINUUM))

        self._chart: Any = chart_class(Model(), state_field="state")
        down, up = TransitionKind.STEP_DOWN, TransitionKind.STEP_UP
        self._names = (event_name(CONTINUUM, down, "op"), event_name(CONTINUUM, up, "iop"))
        self._turn = 0

    def transitions_event(self) -> None:
        """Fire one event of `transitions`, in turns to `op` and back."""
        flat: Any = self._flat
        if flat.state == "iop":
            flat.trigger("to_op")
        else:
            flat.trigger("to_iop")

    def statemachine_event(self) -> None:
        """Send one event of python-statemachine, in turns to `op` and back."""
        self._chart.send(self._names[self._turn])
        self._turn = 1 - self._turn
