"""The live machine: it enforces the map, tells listeners, and decides nothing."""

import pytest

import carecontinuum as cc
from carecontinuum.engine import DecisionStale, ListenerFailedWarning
from carecontinuum.engine.chart import chart_definition, event_name
from carecontinuum.engine.errors import MachineDisagrees
from carecontinuum.engine.machine import episode_chart
from carecontinuum.history import (
    Admitted,
    Body,
    EnteredInError,
    EventConflict,
    LeaveStarted,
    Moved,
    RecordedBackwards,
    Retracted,
)
from invented import DAY, DAYS, START, continuum, event, level, program, record
from running import run_python

STEADY = cc.requires(DAYS >= 14, id="steady", citation="x", on=["step_down"])


def machine(
    *policies: cc.TransitionPolicy, whole: cc.PatientRecord | None = None
) -> cc.EpisodeMachine:
    """Bind a machine to the invented patient's episode."""
    begun = record(Admitted(level="iop")) if whole is None else whole
    return cc.EpisodeMachine(program(*policies), begun, "e-1")


def test_a_refusal_leaves_the_state_and_is_recorded() -> None:
    """A refused request raises, is on record, and moves nothing."""
    found = machine(STEADY)
    with pytest.raises(cc.TransitionForbidden):
        found.request(cc.step_down(to="op"), id="r", at=START + DAY, by="dr")
    assert found.configuration == ("active", "level iop")
    assert found.record.version == 2
    assert found.program.id == "invented"


@pytest.mark.parametrize("move", [cc.step_up(to="res"), cc.step_down(to="op")])
def test_a_late_entry_is_decided_for_its_own_moment(move: cc.Move) -> None:
    """A move entered late is judged where the episode stood; the machine stays where it leads."""
    whole = record((Admitted(level="iop"), 0), (Moved(level="op"), 20))
    found = machine(whole=whole)
    outcome = found.request(
        move, id="r", at=START + 10 * DAY, recorded_at=START + 30 * DAY, by="dr"
    )
    assert [stay.level for stay in found.episode.stays] == ["iop", move.to, "op"]
    assert found.configuration == ("active", "level op")
    assert outcome.record is found.record
    found.request(cc.aftercare(to="after"), id="r-2", at=START + 31 * DAY, by="dr")
    assert found.configuration == ("active", "level after")


def test_only_the_permitting_decision_of_this_version_passes() -> None:
    """The chart takes no decision that does not permit, and none made for another version."""
    found = machine(STEADY)
    chart = episode_chart(continuum())
    refused = found.consider(cc.step_down(to="op"), at=START + DAY, by="dr")
    permitted = found.consider(cc.step_down(to="op"), at=START + 20 * DAY, by="dr")
    name = event_name(continuum(), permitted.request.kind, "op")

    for decision, version, error in (
        (refused, 1, cc.TransitionForbidden),
        (permitted, 2, DecisionStale),
    ):
        live = cc.EpisodeMachine(program(STEADY), found.record, "e-1")
        with pytest.raises(error):
            live._chart.send(name, decision=decision, record_version=version)
        assert live.configuration == ("active", "level iop")
    assert chart is episode_chart(continuum())


def test_enacting_a_decision() -> None:
    """A decision made before is enacted on the version it was made on, and once."""
    found = machine()
    decision = found.consider(cc.step_down(to="op"), at=START + DAY, by="dr")
    outcome = found.enact(decision, id="r", recorded_at=START + DAY)
    assert outcome.record is found.record
    assert found.configuration == ("active", "level op")
    with pytest.raises(DecisionStale):
        found.enact(decision, id="r-2", recorded_at=START + DAY)


def test_the_same_request_again() -> None:
    """A retried request answers as before, and does not move the chart again."""
    found = machine()
    first = found.request(cc.step_down(to="op"), id="r", at=START + DAY, by="dr")
    again = found.request(cc.step_down(to="op"), id="r", at=START + DAY, by="dr")
    assert again.decision == first.decision
    assert found.configuration == ("active", "level op")
    with pytest.raises(EventConflict):
        found.request(cc.step_up(to="iop"), id="r", at=START + DAY, by="dr")


def test_listeners_hear_after_the_fact() -> None:
    """A listener hears each accepted event with the episode before and after, and each once."""
    heard: list[tuple[str, str | None, str | None]] = []

    def listen(happened: cc.Event, before: cc.EpisodeOfCare, after: cc.EpisodeOfCare) -> None:
        heard.append((happened.id, before.level, after.level))

    found = cc.EpisodeMachine(program(), record(Admitted(level="iop")), "e-1", listeners=[listen])
    assert heard == []
    found.request(cc.step_down(to="op"), id="r", at=START + DAY, by="dr")
    late = event("x", LeaveStarted(), 2)
    found.report(late)
    found.report(late)
    assert heard == [("r/decision", "iop", "iop"), ("r", "iop", "op"), ("x", "op", "op")]


def test_listeners_cannot_veto() -> None:
    """What a listener raises is a warning; the move stands and other listeners hear of it."""
    heard: list[str] = []

    class Broken:
        """A listener that fails."""

        def __call__(self, happened: object, before: object, after: object) -> None:
            """Fail, with something about the patient in the message."""
            raise ValueError("CANARY")

    found = cc.EpisodeMachine(
        program(),
        record(Admitted(level="iop")),
        "e-1",
        listeners=[Broken(), lambda happened, before, after: heard.append(happened.id)],
    )
    with pytest.warns(ListenerFailedWarning, match="Broken raised ValueError") as caught:
        found.request(cc.step_down(to="op"), id="r", at=START + DAY, by="dr")
    assert found.configuration == ("active", "level op")
    assert heard == ["r/decision", "r"]
    assert not any("CANARY" in str(warning.message) for warning in caught)


def test_reports_rebuild_the_chart() -> None:
    """A reported fact moves the chart wherever it leads, the end and back included."""
    found = machine()
    reports: list[tuple[Body, tuple[str, ...]]] = [
        (EnteredInError(), ("entered-in-error",)),
        (Retracted(event_id="x-0"), ("active", "level iop")),
        (Moved(level="moon"), ("active", "elsewhere")),
        (LeaveStarted(), ("onhold",)),
    ]
    for number, (body, configuration) in enumerate(reports):
        found.report(event(f"x-{number}", body, number + 2))
        assert found.configuration == configuration
    with pytest.raises(RecordedBackwards):
        found.report(event("late", Moved(level="op"), 1))
    assert found.configuration == ("onhold",)


def test_leave_finds_the_way_back() -> None:
    """History leads a return to the level that was left, in a machine bound while on leave."""
    whole = record(Admitted(level="res"), LeaveStarted())
    found = machine(whole=whole)
    on_leave = found.configuration
    found.request(cc.return_from_leave(), id="r", at=START + 3 * DAY, by="dr")
    assert (on_leave, found.configuration) == (("onhold",), ("active", "level res"))
    other = machine(whole=whole)
    other.request(cc.return_from_leave(to="iop"), id="r", at=START + 3 * DAY, by="dr")
    assert other.configuration == ("active", "level iop")


def test_discharge_from_leave() -> None:
    """A person on leave can be discharged, and nothing follows."""
    found = machine(whole=record(Admitted(level="res"), LeaveStarted()))
    found.request(cc.discharge("death"), id="r", at=START + 3 * DAY, by="dr")
    assert found.configuration == ("finished",)
    assert found.options(at=START + 4 * DAY, by="dr") == ()


def test_a_disagreement_records_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where chart and kernel would part, nothing is recorded and the chart is bound anew."""
    found = machine()
    monkeypatch.setattr("carecontinuum.engine.machine.event_name", lambda *given: "leave")
    with pytest.raises(MachineDisagrees, match="`active`, `level op` and the machine at `onhold`"):
        found.request(cc.step_down(to="op"), id="r", at=START + DAY, by="dr")
    assert found.record.version == 1
    assert found.configuration == ("active", "level iop")
    monkeypatch.setattr("carecontinuum.engine.machine.event_name", lambda *given: "no_such_event")
    with pytest.raises(MachineDisagrees):
        found.request(cc.step_down(to="op"), id="r", at=START + DAY, by="dr")


def test_codes_cannot_break_the_chart() -> None:
    """Levels named like parts of the engine are levels all the same."""
    codes = ["model", "states", "send", "2.1", "3.7-WM", "active", "waitlist", "ключ", "a b"]
    levels = tuple(level(code, rank) for rank, code in enumerate(codes))
    odd = cc.Continuum(
        id="odd",
        version="1",
        levels=levels,
        routes=tuple(cc.Route(origin=a, target=b) for a in codes for b in codes if a != b),
        entry=tuple(codes),
    )
    found = cc.EpisodeMachine(program(continuum=odd), cc.PatientRecord.of("p-1"), "e-1")
    found.request(cc.admit(to="model"), id="r-0", at=START, by="dr")
    for number, code in enumerate(codes[1:], start=1):
        found.request(cc.move(to=code), id=f"r-{number}", at=START + number * DAY, by="dr")
        assert found.configuration == ("active", f"level {code}")


def test_charts_draw_themselves() -> None:
    """The chart of a map draws its levels by their words."""
    drawn = f"{episode_chart(continuum()):mermaid}"
    assert 'state "IOP" as level_1' in drawn
    assert drawn.startswith("stateDiagram-v2")


def test_the_definition_is_data() -> None:
    """The definition has one edge for each state and event, each asking for authority."""

    def authorize() -> None:
        """Stand for the validator."""

    states = chart_definition(continuum(), authorize)
    inner = states["status_active"]["states"]
    edges = [
        edge
        for state in (*states.values(), *inner.values())
        for targets in state.get("on", {}).values()
        for edge in targets
    ]
    assert edges
    assert all(edge["validators"] == [authorize] for edge in edges)
    assert all(
        len(t) == 1 for s in (*states.values(), *inner.values()) for t in s.get("on", {}).values()
    )


def test_the_engine_is_loaded_when_a_machine_is_built() -> None:
    """Deciding needs no state machine library."""
    code = (
        "import sys, carecontinuum as cc; cc.shipped_program('community');"
        "assert 'statemachine' not in sys.modules; cc.EpisodeMachine;"
        "assert 'statemachine' in sys.modules"
    )
    done = run_python("-c", code)
    assert done.returncode == 0, done.stderr
