"""The same map in the peers: an event there, and the one back."""

from collections.abc import Callable
from typing import Any

from statemachine.io import create_machine_class_from_definition
from statemachine.orderedset import OrderedSet
from transitions import Machine
from workload import CODES, CONTINUUM, EPISODE

from carecontinuum.continuum import TransitionKind
from carecontinuum.engine.chart import chart_definition, event_name, state_values

__all__ = ["Guard", "chart", "chart_events", "flat", "guards"]

Guard = Callable[[], bool]
"""A condition that a peer asks before it moves."""


class Patient:
    """What the conditions look at: the numbers lie ready."""

    days_at_level = 20
    withdrawal_risk = 1
    medically_stable = True

    def long_enough(self) -> bool:
        """Tell whether the time at the level has been long enough."""
        return self.days_at_level >= 14

    def low_risk(self) -> bool:
        """Tell whether the risk is low."""
        return self.withdrawal_risk <= 1

    def stable(self) -> bool:
        """Tell whether the person is stable."""
        return self.medically_stable


def guards() -> list[Guard]:
    """Give three conditions."""
    patient = Patient()
    return [patient.long_enough, patient.low_risk, patient.stable]


def flat(conditions: list[Guard]) -> Any:
    """Give a machine of `transitions` at `iop`: each level a state, each route a transition."""
    return Machine(
        states=list(CODES),
        initial="iop",
        transitions=[
            {"trigger": f"to_{b}", "source": a, "dest": b, "conditions": conditions}
            for a in CODES
            for b in CODES
            if a != b
        ],
        auto_transitions=False,
    )


def chart(conditions: list[Guard]) -> Any:
    """Give python-statemachine's chart at `iop`: FHIR's statuses, levels within, and history."""
    made = create_machine_class_from_definition(
        "BenchChart",
        states=_guarded(chart_definition(CONTINUUM, None), conditions),
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

        state: object = OrderedSet(state_values(EPISODE, CONTINUUM))

    return made(Model(), state_field="state")


def _guarded(definition: Any, conditions: list[Guard]) -> Any:
    """Put conditions in the place of the library's own validator."""
    if isinstance(definition, dict):
        kept = {k: _guarded(v, conditions) for k, v in definition.items() if k != "validators"}
        return kept | {"cond": conditions} if "validators" in definition and conditions else kept
    if isinstance(definition, list):
        return [_guarded(item, conditions) for item in definition]
    return definition


def chart_events() -> dict[str, str]:
    """Give the names of the chart's events that the benchmark sends."""
    kinds = TransitionKind
    return {
        "down": event_name(CONTINUUM, kinds.STEP_DOWN, "op"),
        "up": event_name(CONTINUUM, kinds.STEP_UP, "iop"),
        "leave": event_name(CONTINUUM, kinds.LEAVE, None),
        "back": event_name(CONTINUUM, kinds.RETURN, None),
    }
