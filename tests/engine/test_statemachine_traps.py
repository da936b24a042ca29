"""Habits of python-statemachine that the live machine is built around.

Each test pins one of them, so that a release which changes it shows here first.
"""

import asyncio
import copy
import pickle
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from typing import Any

import pytest
from statemachine import HistoryState, State, StateChart
from statemachine.exceptions import (
    InvalidDefinition,
    StateMachineError,
    TransitionNotAllowed,
)
from statemachine.io import create_machine_class_from_definition
from statemachine.orderedset import OrderedSet

Chart = StateChart[Any]
States = dict[str, Any]

STRICT: dict[str, Any] = {
    "allow_event_without_transition": False,
    "catch_errors_as_events": False,
    "atomic_configuration_update": True,
    "enable_self_transition_entries": False,
}


class Model:
    """Where a chart keeps its state."""

    def __init__(self, state: object = None) -> None:
        """Begin in a stored state, or in none."""
        self.state = state


class Listener:
    """An object whose attributes a chart looks through."""

    def __init__(self, **attributes: object) -> None:
        """Carry any attributes."""
        vars(self).update(attributes)


def build(states: States, **settings: Any) -> type[Chart]:
    """Make a strict class from states as data."""
    return create_machine_class_from_definition("Made", states, **STRICT | settings)


def pair(*, start: str = "a", event: str = "go", end: str = "b", **edge: Any) -> States:
    """Give two states with an edge each way; further words describe the first edge."""
    return {
        start: {"initial": True, "on": {event: [{"target": end, **edge}]}},
        end: {"on": {"back": [{"target": start}]}},
    }


def care(**edge: Any) -> States:
    """Give a compound of two levels with a history, and a leave to return from.

    Further words describe the edge from care to leave.
    """
    return {
        "care": {
            "initial": True,
            "states": {
                "low": {"initial": True, "on": {"up": [{"target": "high"}]}},
                "high": {"on": {"down": [{"target": "low"}]}},
            },
            "history": {"left": {"type": "shallow"}},
            "on": {"hold": [{"target": "away", **edge}], "stop": [{"target": "done"}]},
        },
        "away": {"on": {"resume": [{"target": "left"}]}},
        "done": {"final": True},
    }


def standing(chart: Chart) -> list[str]:
    """Give the values of the active states."""
    return list(chart.configuration_values)


def run(states: States, event: str = "go") -> list[str]:
    """Make a class and an instance, send one event, and say where it stands."""
    chart = build(states)()
    chart.send(event)
    return standing(chart)


def fail() -> None:
    """Raise."""
    raise ValueError("no")


def never() -> bool:
    """Refuse as a guard does."""
    return False


# Found by its name, as pickle demands.
Pair: type[Chart] = create_machine_class_from_definition(
    "Pair", pair() | {"b": {"final": True}}, __module__=__name__, **STRICT
)


class Care(Chart):
    """A compound with a history, declared as a class."""

    class care(State.Compound):  # noqa: N801 - the name is the state's id
        """Two levels."""

        low = State(initial=True)
        high = State()
        left = HistoryState()
        up = low.to(high)
        down = high.to(low)

    away = State()
    hold = care.to(away)
    resume = away.to(care.left)


def test_01_defaults_swallow_what_goes_wrong() -> None:
    """By default nothing that goes wrong is raised; when strict, all refusals look alike."""

    def quietly(event: str = "go", **edge: Any) -> list[str]:
        made = create_machine_class_from_definition("Made", pair(**edge))()
        assert made.send(event) is None
        return standing(made)

    assert quietly("back") == ["a"]
    assert quietly("nonsense") == ["a"]
    assert quietly(cond=never) == ["a"]
    assert quietly(cond=fail) == ["a"]
    assert quietly(on=fail) == ["b"]

    refusals: list[dict[str, object]] = []
    for event in ("go", "back"):
        chart = build(pair(cond=never))()
        with pytest.raises(TransitionNotAllowed) as caught:
            chart.send(event)
        assert str(caught.value) == f"Can't {event.title()} when in A."
        refusals.append(vars(caught.value))
    assert [set(refusal) for refusal in refusals] == [{"event", "configuration"}] * 2


def test_02_enabled_events_ignore_validators() -> None:
    """An event is enabled though its validator or its guard would raise."""
    for states in (pair(validators=fail), pair(cond=fail)):
        chart = build(states)()
        assert chart.enabled_events() == ["go"]
        with pytest.raises(ValueError, match="no"):
            chart.send("go")
    assert build(pair(cond=never))().enabled_events() == []


def test_03_a_failing_validator_blocks_the_edges_after_it() -> None:
    """A validator runs before its guard, and what it raises keeps later edges from being tried."""
    asked: list[str] = []
    first = {"target": "b", "validators": fail, "cond": lambda: asked.append("guard")}
    states = pair()
    states["a"]["on"]["go"] = [first, {"target": "b"}]
    chart = build(states, catch_errors_as_events=True)()
    with pytest.raises(ValueError, match="no"):
        chart.send("go")
    assert standing(chart) == ["a"]
    assert asked == []
    assert run(pair(validators=never)) == ["b"], "only by raising"


def test_04_after_callbacks_cannot_roll_back() -> None:
    """What raises in `after` leaves the new state; what raises sooner leaves only the history."""
    for name, state in {
        "before_go": "a",
        "on_exit_a": "a",
        "on_go": "a",
        "on_enter_b": "a",
        "after_go": "b",
        "after_transition": "b",
    }.items():
        chart = build(pair())(listeners=[Listener(**{name: fail})])
        with pytest.raises(ValueError, match="no"):
            chart.send("go")
        assert standing(chart) == [state], name

    chart = build(care(on=fail))()
    with pytest.raises(ValueError, match="no"):
        chart.send("hold")
    assert standing(chart) == ["care", "low"]
    assert chart.history_values == {"left": ["low"]}


def test_05_a_leaf_without_its_ancestors_loses_the_history() -> None:
    """A return by a history that was never recorded ends in no state at all."""
    made = build(care())
    whole = made(Model(OrderedSet(["care", "high"])))
    whole.send("hold")
    whole.send("resume")
    assert standing(whole) == ["care", "high"]

    leaf = made(Model("high"))
    leaf.send("hold")
    assert leaf.history_values == {}
    for chart in (leaf, made(Model("away"))):
        chart.send("resume")
        assert standing(chart) == []

    rebuilt = made(Model("away"))
    rebuilt.history_values = {"left": [made.states_map["high"]]}
    rebuilt.send("resume")
    assert standing(rebuilt) == ["care", "high"]


def test_06_a_stored_value_is_not_checked() -> None:
    """A stored value that is no state fails when sent to, and a stored end has not ended."""
    chart = build(pair())(Model("nonsense"))
    assert standing(chart) == ["nonsense"]
    with pytest.raises(KeyError, match="nonsense"):
        chart.send("go")

    ended = Pair()
    ended.send("go")
    assert ended.is_terminated
    assert standing(Pair(Model("b"))) == ["b"]
    assert not Pair(Model("b")).is_terminated
    assert not pickle.loads(pickle.dumps(ended)).is_terminated


def test_07_a_definition_is_consumed_and_hardly_checked() -> None:
    """A definition is emptied, its misspelt words pass, and missing guards are found late."""
    states = pair()
    build(states)
    assert states == {"a": {"initial": True}, "b": {}}

    assert run(pair(gaurd=never, conds=fail)) == ["b"]
    lax = create_machine_class_from_definition(
        "Made", pair(), allow_events_without_transition=False
    )
    assert lax().send("nonsense") is None
    with pytest.raises(TypeError, match="finall"):
        build({"a": {"finall": True}})

    made = build(pair(cond="no_such_guard"))
    with pytest.raises(InvalidDefinition, match="no_such_guard"):
        made()


def test_08_ids_share_the_names_of_the_machine() -> None:
    """Ids and words of the machine's own break it or are dropped, and a dot makes a prefix."""
    broken = (AttributeError, TypeError, StateMachineError)
    for state in ("model", "states", "send", "prepare"):
        with pytest.raises(broken):
            run(pair(end=state))
    for event in ("model", "states"):
        with pytest.raises(broken):
            run(pair(event=event), event)
    valued = pair()
    valued["b"]["value"] = "model"
    with pytest.raises(StateMachineError, match="model"):
        run(valued)
    assert run(pair(event="b"), "b") == [], "the event has replaced the state"
    assert run(pair(event="step_2"), "step_2") == ["b"]
    assert run(pair(event="step.2"), "step.2.1") == ["b"]

    given: dict[str, object] = {}
    made = build(pair(validators=lambda **words: given.update(words)))
    ours = object()
    for word in ("source", "target", "state", "model", "transition", "event_data"):
        words: dict[str, Any] = {word: ours}
        made().send("go", decision=ours, **words)
        assert given["decision"] is ours
        assert given[word] is not ours
    for word in ("event", "machine"):
        words = {word: ours}
        chart = made()
        with pytest.raises(TypeError, match=word):
            chart.send("go", **words)


def test_09_listeners_see_declared_endpoints() -> None:
    """A transition tells of its declared ends, and one to a history tells it twice."""
    told: list[tuple[str, str, str]] = []

    def tell(event: str, source: State, target: State) -> None:
        told.append((str(event), source.id, target.id))

    chart = build(care())(listeners=[Listener(on_transition=tell)])
    told.clear()
    chart.send("up")
    chart.send("hold")
    chart.send("resume")
    assert standing(chart) == ["care", "high"]
    assert told == [
        ("up", "low", "high"),
        ("hold", "care", "away"),
        ("resume", "away", "left"),
        ("resume", "away", "left"),
    ]


def test_10_any_object_can_veto_a_guard_named_by_a_string() -> None:
    """A guard given by name needs every listener's and the model's attribute of that name too."""

    def may_go() -> bool:
        return True

    by_name = build(pair(cond="may_go"), may_go=True)
    by_callable = build(pair(cond=may_go))
    chart = by_name()
    chart.send("go")
    assert standing(chart) == ["b"]

    model = Model()
    vars(model)["may_go"] = False
    listeners: list[object] = [Listener(may_go=False)]
    for chart in (by_name(model), by_name(listeners=listeners)):
        with pytest.raises(TransitionNotAllowed):
            chart.send("go")
    for chart in (by_callable(model), by_callable(listeners=listeners)):
        chart.send("go")
        assert standing(chart) == ["b"]


def test_11_an_error_drops_the_events_of_other_threads() -> None:
    """An event sent while another is at work returns `None`, and is lost if the other raises."""
    entered, release = Signal(), Signal()

    def hang() -> None:
        entered.set()
        release.wait(5)
        fail()

    states = pair(on=hang)
    states["a"]["on"]["other"] = [{"target": "b"}]
    chart = build(states)()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(chart.send, "go")
        assert entered.wait(5)
        assert chart.send("other") is None
        release.set()
        with pytest.raises(ValueError, match="no"):
            first.result(5)
    assert standing(chart) == ["a"]


def test_12_delays_block_and_async_charts_begin_nowhere() -> None:
    """A delay blocks its sender, and an async chart has no state before it is activated."""
    chart = build(pair())()
    began = time.monotonic()
    chart.send("go", delay=20)
    assert time.monotonic() - began >= 0.02
    assert standing(chart) == ["b"]

    async def pause() -> None:
        await asyncio.sleep(0)

    async def begin() -> tuple[list[str], list[str]]:
        chart = build(pair(on=pause))()
        before = standing(chart)
        await chart.activate_initial_state()
        return before, standing(chart)

    assert asyncio.run(begin()) == ([], ["a"])


def test_13_a_start_value_enters_its_state_again() -> None:
    """A start value runs the entry callbacks; a model that has a state already runs none."""
    entered: list[str] = []

    def enter(state: State) -> None:
        entered.append(state.id)

    made = build(pair())
    listeners: list[object] = [Listener(on_enter_state=enter)]
    started = made(start_value="b", listeners=listeners)
    assert (standing(started), entered) == (["b"], ["b"])

    entered.clear()
    restored = made(Model("b"), start_value="a", listeners=listeners)
    assert (standing(restored), entered) == (["b"], [])


def test_14_machines_are_not_for_storing() -> None:
    """A generated class cannot be found by pickle, and a recorded history cannot be copied."""
    anonymous = build(pair())()
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(anonymous)

    chart = Care()
    chart.send("up")
    assert standing(pickle.loads(pickle.dumps(chart))) == ["care", "high"]
    chart.send("hold")
    storing: list[tuple[Callable[[Chart], object], type[Exception]]] = [
        (pickle.dumps, TypeError),
        (copy.deepcopy, RecursionError),
    ]
    for store, error in storing:
        with pytest.raises(error):
            store(chart)
