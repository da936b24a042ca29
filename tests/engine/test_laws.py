"""Laws of deciding, over generated programs, histories and requests."""

import itertools
import pickle
from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.engine import Judged
from carecontinuum.facts import StatedWithRequest
from carecontinuum.history import Decided, NoSuchEpisode
from carecontinuum.rules import Fact
from invented import START
from strategies import histories, moments, moves, programs, stated

PERMIT, FORBID, UNDETERMINED = cc.Verdict.PERMIT, cc.Verdict.FORBID, cc.Verdict.UNDETERMINED
Told = dict[Fact[Any], object]
records = histories().map(lambda stream: cc.PatientRecord.of("p-1", stream))


def taken(program: cc.Program, told: Told) -> Told:
    """Keep those facts that a program takes from a request."""
    return {
        fact: value
        for fact, value in told.items()
        if isinstance(program.sources.get(fact.id), StatedWithRequest)
    }


def decide(
    record: cc.PatientRecord,
    move: cc.Move,
    program: cc.Program,
    at: datetime,
    told: Told | None = None,
) -> cc.Decision | None:
    """Decide a move; `None` where there is no such episode yet and the move begins none."""
    try:
        return cc.decide(
            record,
            move,
            program=program,
            episode_id="e-1",
            at=at,
            by="dr",
            stated=taken(program, told or {}),
        )
    except NoSuchEpisode:
        return None


@given(records, programs(), moments, stated)
def test_options_are_what_decide_says(
    record: cc.PatientRecord, program: cc.Program, at: datetime, told: Told
) -> None:
    """Each option is on the map, and deciding its move gives the same decision."""
    found = cc.options(
        record, program=program, episode_id="e-1", at=at, by="dr", stated=taken(program, told)
    )
    for option in found:
        assert option.on_the_map
        assert decide(record, option.request.move, program, at, told) == option
    asked = [(o.request.kind, o.request.target, o.request.move.discharge_kind) for o in found]
    assert len(asked) == len(set(asked))


@given(records, programs(), moments, moves)
def test_whatever_the_map_has_is_an_option(
    record: cc.PatientRecord, program: cc.Program, at: datetime, move: cc.Move
) -> None:
    """A move that the map has from here is among the options, and the others are not."""
    decision = decide(record, move, program, at)
    if decision is None or move.proposal_id is not None:
        return
    found = cc.options(record, program=program, episode_id="e-1", at=at, by="dr")
    asked = {(o.request.kind, o.request.target, o.request.move.discharge_kind) for o in found}
    request = decision.request
    here = (request.kind, request.target, move.discharge_kind)
    assert (here in asked) == decision.on_the_map


@given(records, programs(), moments, moves, stated)
def test_a_decision_is_a_value(
    record: cc.PatientRecord, program: cc.Program, at: datetime, move: cc.Move, told: Told
) -> None:
    """The same question has the same answer, which can be kept, compared and explained."""
    decision = decide(record, move, program, at, told)
    if decision is None:
        return
    assert decide(record, move, program, at, told) == decision
    assert pickle.loads(pickle.dumps(decision)) == decision
    assert decision.explain().startswith(decision.headline())
    assert decision.reasons
    worst = {reason.verdict for reason in decision.reasons}
    assert decision.verdict is (
        FORBID if FORBID in worst else UNDETERMINED if UNDETERMINED in worst else PERMIT
    )
    assert bool(decision.needs) <= (decision.verdict is UNDETERMINED)
    if not decision.on_the_map:
        assert decision.verdict is FORBID


@given(records, programs(), moments, moves, stated)
def test_what_happened_later_counts_for_nothing(
    record: cc.PatientRecord, program: cc.Program, at: datetime, move: cc.Move, told: Told
) -> None:
    """A decision for a moment is the same on the record as of that moment."""
    view = record.as_of(occurred=at)
    assert decide(record, move, program, at, told) == decide(view, move, program, at, told)


@given(records, programs(), moments, moves, stated)
def test_the_order_of_policies_changes_no_verdict(
    record: cc.PatientRecord, program: cc.Program, at: datetime, move: cc.Move, told: Told
) -> None:
    """However the policies are ordered, the verdict and the set of reasons are the same."""
    decision = decide(record, move, program, at, told)
    if decision is None:
        return
    for policies in itertools.permutations(program.policies):
        other = attrs.evolve(program, policies=policies)
        again = decide(record, move, other, at, told)
        assert again is not None
        assert again.verdict is decision.verdict
        assert set(again.reasons) == set(decision.reasons)
        assert {need.fact for need in again.needs} == {need.fact for need in decision.needs}


@given(records, programs(), moves, stated, stated)
def test_knowing_more_reverses_nothing(
    record: cc.PatientRecord, program: cc.Program, move: cc.Move, told: Told, more: Told
) -> None:
    """What is permitted or forbidden stays so when more is known."""
    at = START + timedelta(days=30)
    before = decide(record, move, program, at, told)
    after = decide(record, move, program, at, {**more, **told})
    if before is None or after is None:
        return
    assert after.verdict is before.verdict or before.verdict is UNDETERMINED


@given(records, programs(), moves, stated)
def test_needs_are_what_is_missing(
    record: cc.PatientRecord, program: cc.Program, move: cc.Move, told: Told
) -> None:
    """A fact that was stated is never among those that are needed."""
    decision = decide(record, move, program, START + timedelta(days=30), told)
    if decision is not None:
        known = {fact.id for fact in taken(program, told)}
        assert not known & {need.fact for need in decision.needs}


@given(records, programs(), st.lists(st.tuples(moves, stated), max_size=6))
def test_what_was_recorded_is_judged_the_same_again(
    record: cc.PatientRecord, program: cc.Program, asked: list[tuple[cc.Move, Told]]
) -> None:
    """Requests are recorded, refusals included, once; replayed by the same program all agree."""
    at = max((event.recorded_at for event in record.events), default=START)
    for number, (move, told) in enumerate(asked):
        given_: dict[str, Any] = {
            "program": program,
            "episode_id": "e-1",
            "id": f"r-{number}",
            "at": at + number * timedelta(hours=7),
            "by": "dr",
            "stated": taken(program, told),
        }
        try:
            outcome = cc.request(record, move, **given_)
        except NoSuchEpisode:
            continue
        permitted = outcome.decision.verdict is PERMIT
        assert len(outcome.events) == 1 + permitted
        assert outcome.record.events == (*record.events, *outcome.events)
        again = cc.request(outcome.record, move, **given_)
        assert (again.decision, again.events, again.record) == (
            outcome.decision,
            (),
            outcome.record,
        )
        assert (outcome.record.episodes == record.episodes) <= (not permitted)
        record = outcome.record
    decided = [event for event in record.events if isinstance(event.body, Decided)]
    judged = cc.replay(record, program)
    assert [item.event_id for item in judged] == [event.id for event in decided]
    for item in judged:
        assert item.outcome is Judged.SAME
        assert item.now == item.then


@given(records, programs(), st.lists(st.tuples(moves, stated), max_size=4))
def test_a_permitted_move_fits_the_map(
    record: cc.PatientRecord, program: cc.Program, asked: list[tuple[cc.Move, Told]]
) -> None:
    """What was decided never shows up as a discrepancy, whatever was reported before."""
    at = max((event.recorded_at for event in record.events), default=START)
    for number, (move, told) in enumerate(asked):
        try:
            outcome = cc.request(
                record,
                move,
                program=program,
                episode_id="e-1",
                id=f"r-{number}",
                at=at,
                by="dr",
                stated=taken(program, told),
            )
        except NoSuchEpisode:
            continue
        record = outcome.record
        misfits = cc.discrepancies(record, program.continuum)
        made = {event.id for event in outcome.events}
        assert [found for found in misfits if found.event_id in made] == []


@given(histories(), programs())
def test_facts_are_never_refused_for_the_map(stream: list[cc.Event], program: cc.Program) -> None:
    """Whatever is reported is recorded, with what it misfits and what it changes."""
    record = cc.PatientRecord.of("p-1")
    for event in stream:
        found = cc.report(record, event, continuum=program.continuum)
        assert found.record.events[-1] is event
        assert {item.event_id for item in found.discrepancies} <= {event.id}
        assert event.id not in {item.event_id for item in found.consequences}
        record = found.record
