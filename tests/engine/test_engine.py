"""Deciding, listing options, recording, overriding and judging again."""

from datetime import datetime
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.engine import (
    CannotBeOverridden,
    CannotBeStated,
    DecisionStale,
    Judged,
    NotADecision,
    change_for,
    enact,
)
from carecontinuum.history import (
    Admitted,
    AnotherPatientsEvent,
    Body,
    Cancelled,
    Decided,
    Discharged,
    Effect,
    EventConflict,
    EventInvalid,
    LeaveStarted,
    LevelPlaced,
    Moved,
    MoveProposed,
    MoveWithdrawn,
    NoSuchEpisode,
    RecordedBackwards,
    Referred,
    Retracted,
    Returned,
    Unplaced,
    Waitlisted,
)
from carecontinuum.rules import FactValueInvalid
from invented import DAY, DAYS, RISK, STABLE, START, continuum, event, program, record

PERMIT, FORBID, UNDETERMINED = cc.Verdict.PERMIT, cc.Verdict.FORBID, cc.Verdict.UNDETERMINED
KIND = TransitionKind
STEADY = cc.requires(
    (DAYS >= 14) & (RISK <= 1),
    id="steady",
    citation="x",
    on=["step_down"],
    overridable_by=["physician"],
)
AT = START + 30 * DAY
MAP = continuum()


def decide(
    whole: cc.PatientRecord,
    move: cc.Move,
    *policies: cc.TransitionPolicy,
    at: datetime = AT,
    stated: dict[Any, Any] | None = None,
    episode_id: str = "e-1",
    **changes: Any,
) -> cc.Decision:
    """Decide a move of the invented patient."""
    return cc.decide(
        whole,
        move,
        program=program(*policies, **changes),
        episode_id=episode_id,
        at=at,
        by="dr",
        stated=stated,
    )


def ask(
    whole: cc.PatientRecord, move: cc.Move, *policies: cc.TransitionPolicy, **more: Any
) -> cc.Outcome:
    """Ask for a move of the invented patient."""
    given: dict[str, Any] = {"id": "r", "at": AT, "by": "dr", "episode_id": "e-1"}
    return cc.request(whole, move, program=program(*policies), **{**given, **more})


IOP = record(Admitted(level="iop"))


# --------------------------------------------------------------------------------- the map


@pytest.mark.parametrize(
    ("bodies", "move", "why"),
    [
        ([Referred()], cc.refer(), "the episode has begun already"),
        ([Referred(), Waitlisted()], cc.waitlist(), "the episode is waitlist"),
        ([Admitted(level="iop")], cc.cancel(), "the episode is active"),
        ([Admitted(level="iop")], cc.admit(to="iop"), "the episode is active"),
        (
            [Referred()],
            cc.admit(to="op"),
            "no episode begins at `op`; entry levels are `res`, `iop`",
        ),
        ([Admitted(level="iop")], cc.place(to="op"), "only a person in care without a level"),
        ([Admitted()], cc.place(to="op"), "`op` is neither an entry level nor a candidate"),
        ([Admitted()], cc.step_down(to="op"), "only a person at a level of care moves"),
        ([Admitted(level="iop")], cc.step_down(to="moon"), "has no level `moon`"),
        ([Admitted(level="iop")], cc.Move(kind=KIND.STEP_DOWN), "step_down names no level"),
        ([Admitted(level="iop")], cc.Move(kind=KIND.LEAVE, to="op"), "leave takes no level"),
        ([Admitted(level="res")], cc.step_down(to="op"), "no route from `res` to `op`"),
        ([Admitted(level="iop")], cc.step_up(to="op"), "from `iop` to `op` is step_down"),
        (
            [Admitted(level="iop")],
            cc.step_down(to="op", proposal_id="m"),
            "no pending proposal `m`",
        ),
        (
            [Admitted(level="iop"), MoveProposed(proposal_id="m", kind=KIND.STEP_UP, level="res")],
            cc.step_down(to="op", proposal_id="m"),
            "proposal `m` is for `res`",
        ),
        ([Referred()], cc.admit(proposal_id="m"), "no pending proposal `m`"),
        (
            [Admitted(level="iop")],
            cc.Move(kind=KIND.LEAVE, proposal_id="m"),
            "leave carries out no proposal",
        ),
        (
            [Admitted(level="iop")],
            cc.leave("beach"),
            "no kind of leave `beach`; accepted are `pass`, `therapeutic`",
        ),
        (
            [Referred()],
            cc.admit(to="iop", confidentiality="secret"),
            "no confidentiality `secret`; accepted are `part2`, `standard`",
        ),
        ([], cc.admit(confidentiality=""), "no confidentiality ``"),
        (
            [Admitted(level="iop")],
            cc.Move(kind=KIND.STEP_DOWN, to="op", confidentiality="standard"),
            "step_down states no confidentiality",
        ),
        ([Admitted()], cc.leave(), "leave begins at a level of care"),
        ([Admitted(level="op")], cc.leave(), "no leave from `op`"),
        ([Admitted(level="iop")], cc.return_from_leave(), "the person is not on leave"),
        (
            [Admitted(level="res"), LeaveStarted()],
            cc.return_from_leave(to="op"),
            "no route from `res`, which was left, to `op`",
        ),
        ([LeaveStarted()], cc.return_from_leave(to="op"), "no route from `None`"),
        ([Admitted(level="iop")], cc.discharge("flew"), "no kind of discharge `flew`"),
        ([Admitted(level="iop")], cc.Move(kind=KIND.DISCHARGE), "no kind of discharge `None`"),
        ([Referred()], cc.discharge("death"), "the episode is planned"),
        ([Admitted(level="iop")], cc.discharge(), "no planned discharge from `iop`"),
        (
            [Admitted(level="iop"), Discharged(kind="death")],
            cc.leave(),
            "possible from here: nothing",
        ),
    ],
)
def test_what_is_not_on_the_map(bodies: list[Body], move: cc.Move, why: str) -> None:
    """A move the map does not have is an answer of its own, and says what is possible."""
    decision = decide(record(*bodies), move)  # type: ignore[arg-type]
    assert (decision.verdict, decision.on_the_map) == (FORBID, False)
    assert why in decision.reasons[0].says
    with pytest.raises(cc.NotOnTheMap):
        decision.require()


@pytest.mark.parametrize(
    ("bodies", "move", "change"),
    [
        ([], cc.refer(), Referred()),
        ([], cc.waitlist(), Waitlisted()),
        ([Referred()], cc.cancel(), Cancelled()),
        ([], cc.admit(), Admitted()),
        ([Referred(), Waitlisted()], cc.admit(to="res"), Admitted(level="res")),
        ([], cc.admit(confidentiality="part2"), Admitted(confidentiality="part2")),
        (
            [Referred()],
            cc.admit(to="iop", confidentiality="standard"),
            Admitted(level="iop", confidentiality="standard"),
        ),
        ([Admitted()], cc.place(to="iop"), LevelPlaced(level="iop")),
        ([Admitted(candidates=("op",))], cc.place(to="op"), LevelPlaced(level="op")),
        ([Admitted(level="iop")], cc.leave("pass"), LeaveStarted(kind="pass")),
        ([Admitted(level="iop"), LeaveStarted()], cc.return_from_leave(), Returned(level="iop")),
        (
            [Admitted(level="iop"), LeaveStarted()],
            cc.return_from_leave(to="op"),
            Returned(level="op"),
        ),
        (
            [Admitted(level="iop"), MoveProposed(proposal_id="m", kind=KIND.STEP_DOWN, level="op")],
            cc.step_down(to="op", proposal_id="m"),
            Moved(level="op", kind=KIND.STEP_DOWN, proposal_id="m"),
        ),
        (
            [MoveProposed(proposal_id="m", kind=KIND.ADMIT)],
            cc.admit(to="iop", proposal_id="m"),
            Admitted(level="iop", proposal_id="m"),
        ),
        ([Admitted(level="moon"), LeaveStarted()], cc.return_from_leave(), Returned(level="moon")),
        (
            [Admitted(level="moon"), LeaveStarted()],
            cc.return_from_leave(to="moon"),
            Returned(level="moon"),
        ),
        (
            [Admitted(level="op")],
            cc.aftercare(to="after"),
            Moved(level="after", kind=KIND.AFTERCARE),
        ),
        ([Admitted(level="after")], cc.move(to="op"), Moved(level="op", kind=KIND.STEP_UP)),
        (
            [Admitted(level="op")],
            cc.discharge(reason_code="done", destination="home"),
            Discharged(kind="planned", destination="home"),
        ),
        ([Admitted()], cc.discharge(reason_code="done"), Discharged(kind="planned")),
    ],
)
def test_what_is_recorded(bodies: list[Body], move: cc.Move, change: Body) -> None:
    """A permitted move is recorded as the fact that it is."""
    outcome = ask(record(*bodies), move).require()  # type: ignore[arg-type]
    assert outcome.events[1].body == change
    assert change_for(outcome.decision.request) == change
    assert outcome.events[1].decision_id == outcome.events[0].id == "r/decision"
    assert isinstance(outcome.events[0].body, Decided)
    assert outcome.record.events[-2:] == outcome.events


def test_equal_levels_are_lateral_moves() -> None:
    """A lateral move is one, and a move nowhere is asked for as one."""
    found = decide(IOP, cc.lateral(to="op"))
    assert not found.on_the_map
    assert decide(IOP, cc.Move()).request.kind is KIND.LATERAL
    assert decide(record(Admitted()), cc.move(to="op")).request.kind is KIND.LATERAL


# ----------------------------------------------------------------------------- three answers


def test_three_answers_and_three_errors() -> None:
    """What holds permits, what fails forbids, and what is missing is asked for."""
    cases: list[tuple[dict[Any, Any], datetime, cc.Verdict, type[cc.TransitionRefused] | None]] = [
        ({RISK: 1}, AT, PERMIT, None),
        ({RISK: 2}, AT, FORBID, cc.TransitionForbidden),
        ({}, AT, UNDETERMINED, cc.TransitionUndetermined),
        ({}, START + 2 * DAY, FORBID, cc.TransitionForbidden),
    ]
    for stated, at, verdict, error in cases:
        decision = decide(IOP, cc.step_down(to="op"), STEADY, at=at, stated=stated)
        assert decision.verdict is verdict
        if error is None:
            assert decision.require() is decision
        else:
            with pytest.raises(error) as caught:
                decision.require()
            assert caught.value.decision is decision
    with pytest.raises(TypeError, match="three verdicts"):
        bool(decision)


def test_explanations_hold_everything() -> None:
    """An explanation has each value seen, the value needed, its source, and what is missing."""
    decision = decide(
        IOP, cc.step_down(to="op"), STEADY, stated={RISK: cc.Known(3, source="intake")}
    )
    assert decision.explain().splitlines() == [
        "step_down from `iop` to `op`: forbid",
        "  - steady v1: requires days_at_level >= 14 and withdrawal_risk <= 1 (x)",
        "      withdrawal_risk: 3, needed withdrawal_risk <= 1, from intake",
    ]
    missing = decide(IOP, cc.step_down(to="op"), STEADY)
    assert missing.explain().splitlines()[2:] == [
        "      withdrawal_risk: not known, needed withdrawal_risk <= 1; state it with the request"
    ]
    assert [need.fact for need in missing.needs] == ["withdrawal_risk"]
    assert decision.needs == ()
    combined = decide(IOP, cc.step_down(to="op"), cc.all_of(STEADY, id="every"))
    assert "      ? steady v1" in combined.explain()


def test_messages_name_what_stands_against() -> None:
    """A refusal names the move and what each policy against it said."""
    silent = cc.policy(id="silent", version="1", citation="x")(
        lambda request, facts: cc.Finding(verdict=UNDETERMINED)
    )
    with pytest.raises(cc.TransitionUndetermined) as caught:
        decide(IOP, cc.step_down(to="op"), silent).require()
    assert str(caught.value) == "CC403: step_down from `iop` to `op`: undetermined; silent v1"
    with pytest.raises(cc.TransitionUndetermined, match="it would take `withdrawal_risk`"):
        decide(IOP, cc.step_down(to="op"), STEADY).require()


def test_ungoverned_moves_have_an_answer() -> None:
    """Where no policy has anything to say, the program's answer holds, and says so."""
    for verdict in cc.Verdict:
        decision = decide(IOP, cc.leave(), STEADY, when_ungoverned=verdict)
        assert decision.verdict is verdict
        assert decision.reasons[0].says == (
            f"no policy governs this leave; the program answers {verdict.value}"
        )


def test_some_discharges_need_nobodys_permission() -> None:
    """Death and leaving against advice are permitted, once their details are given."""
    never = cc.policy(id="never", version="1", citation="x")(lambda request, facts: cc.forbid("no"))
    assert decide(IOP, cc.discharge("death"), never).verdict is PERMIT
    advice = decide(IOP, cc.discharge("against-advice"), never)
    assert [need.fact for need in advice.needs] == ["last_contact"]
    contact = cc.When.of(START)
    told = decide(IOP, cc.discharge("against-advice", last_contact=contact), never)
    assert told.verdict is PERMIT
    op = record(Admitted(level="op"))
    assert decide(op, cc.discharge(reason_code="x"), never).verdict is FORBID
    assert decide(op, cc.discharge(), never).verdict is FORBID


def test_a_return_to_another_level_is_two_questions() -> None:
    """Leave is no way around the policies on the move that a return makes."""
    whole = record(Admitted(level="iop"), LeaveStarted())
    decision = decide(whole, cc.return_from_leave(to="op"), STEADY, stated={RISK: 4})
    assert decision.verdict is FORBID
    assert decide(whole, cc.return_from_leave(), STEADY).verdict is PERMIT
    unplaced = record(Admitted(), LeaveStarted())
    assert decide(unplaced, cc.return_from_leave(), STEADY).verdict is PERMIT


def test_only_what_had_happened_counts() -> None:
    """A decision for an earlier moment does not see what happened later."""
    whole = record((Admitted(level="res"), 0), (Moved(level="iop"), 20))
    then = decide(whole, cc.step_down(to="iop"), at=START + 10 * DAY)
    assert (then.request.origin, then.verdict) == ("res", PERMIT)
    assert then.record_version == 2


def test_wrong_questions_raise() -> None:
    """A missing episode, a naive time or a fact that cannot be stated is the caller's mistake."""
    with pytest.raises(NoSuchEpisode):
        decide(cc.PatientRecord.of("p-1"), cc.step_down(to="op"))
    with pytest.raises(cc.NaiveDatetime):
        decide(IOP, cc.leave(), at=datetime(2026, 5, 1))  # noqa: DTZ001
    for fact in (DAYS, "days_at_level", STABLE, "nothing"):
        with pytest.raises(CannotBeStated, match="accepted are `withdrawal_risk`"):
            decide(IOP, cc.step_down(to="op"), STEADY, stated={fact: 3})
    with pytest.raises(FactValueInvalid):
        decide(IOP, cc.step_down(to="op"), STEADY, stated={RISK: 9})


# ----------------------------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ([], ["refer", "waitlist", "admit", "admit res", "admit iop"]),
        ([Referred()], ["waitlist", "cancel", "admit", "admit res", "admit iop"]),
        ([Referred(), Waitlisted()], ["cancel", "admit", "admit res", "admit iop"]),
        ([Admitted(), Discharged(kind="death")], []),
    ],
)
def test_options_outside_care(bodies: list[Body], expected: list[str]) -> None:
    """Before admission and after the end, the map says what is possible."""
    found = cc.options(
        record(*bodies),  # type: ignore[arg-type]
        program=program(),
        episode_id="e-1",
        at=AT,
        by="dr",
    )
    assert [f"{o.request.kind.value} {o.request.target or ''}".strip() for o in found] == expected


@pytest.mark.parametrize(
    "bodies",
    [
        [Admitted(level="iop")],
        [Admitted(level="op")],
        [Admitted(candidates=("op",))],
        [Admitted(level="res"), LeaveStarted()],
        [Admitted(level="res"), Unplaced()],
    ],
)
def test_options_are_decisions_on_the_map(bodies: list[Body]) -> None:
    """Each option is on the map, and is what `decide` says of the same move."""
    whole = record(*bodies)  # type: ignore[arg-type]
    found = cc.options(
        whole, program=program(STEADY), episode_id="e-1", at=AT, by="dr", stated={RISK: 1}
    )
    assert found
    for option in found:
        assert option.on_the_map
        assert option == decide(whole, option.request.move, STEADY, stated={RISK: 1})


# --------------------------------------------------------------------------------- recording


def test_refusals_are_recorded() -> None:
    """A refused request leaves its decision on record, and no move."""
    outcome = ask(IOP, cc.step_down(to="op"), STEADY)
    assert [event.body.TYPE for event in outcome.events] == ["decided"]
    assert outcome.record.episode("e-1").level == "iop"
    with pytest.raises(cc.TransitionUndetermined):
        outcome.require()


def test_a_record_gives_its_decisions() -> None:
    """All that were made are there in the order they were made; a view has those up to then."""
    early = ask(IOP, cc.step_down(to="op"), STEADY, id="r-1")
    late = AT + 2 * DAY
    refused = ask(early.record, cc.step_down(to="moon"), STEADY, id="r-2", recorded_at=late)
    back = event("x", Moved(level="res"), 40)
    record = refused.record.append(back)
    assert record.decisions == (early.decision, refused.decision)
    assert record.as_of(occurred=late - DAY).decisions == (early.decision,)
    assert record.as_of(known=late - DAY).decisions == (early.decision,)
    assert IOP.decisions == ()


def test_asking_again_changes_nothing() -> None:
    """The same request again gives the first answer, even after the world has moved on."""
    first = ask(IOP, cc.step_down(to="op"), STEADY)
    later = first.record.append(event("x", Moved(level="op"), 31))
    again = ask(later, cc.step_down(to="op"), STEADY)
    assert (again.decision, again.events, again.record) == (first.decision, (), later)
    with pytest.raises(EventConflict):
        ask(later, cc.step_up(to="res"), STEADY)
    with pytest.raises(EventConflict):
        ask(later, cc.step_down(to="op"), STEADY, episode_id="e-2")
    odd = IOP.append(event("r/decision", Moved(level="op"), 5))
    with pytest.raises(EventConflict):
        ask(odd, cc.step_down(to="op"))


def test_recorded_later_than_it_happened() -> None:
    """A move may be recorded later than it happened, and never before the last recording."""
    outcome = ask(IOP, cc.step_down(to="op"), recorded_at=AT + DAY)
    assert {event.recorded_at for event in outcome.events} == {AT + DAY}
    assert outcome.events[1].occurred_at == cc.When.of(AT)
    with pytest.raises(RecordedBackwards):
        ask(outcome.record, cc.step_up(to="iop"), id="r-2", at=AT)


def test_a_retry_is_the_same_in_all_that_was_asked() -> None:
    """Another person, or another fact stated, is another request, and needs another id."""
    refused = ask(IOP, cc.step_down(to="op"), STEADY, stated={RISK: 3}).record
    again = ask(refused, cc.step_down(to="op"), STEADY, stated={RISK.id: cc.Known(3)})
    assert again.decision.verdict is cc.Verdict.FORBID
    assert not again.events
    assert not again.consequences
    for other in ({"stated": {RISK: 1}}, {}, {"stated": {RISK: 3}, "by": "other"}):
        with pytest.raises(EventConflict):
            ask(refused, cc.step_down(to="op"), STEADY, **other)


def test_an_episode_follows_one_that_has_ended() -> None:
    """Whoever returns comes from an episode of their own that is over; until then it may wait."""
    ended = IOP.append(event("d", Discharged(kind="incarcerated"), 10))
    again = ask(ended, cc.admit(to="iop", readmission_of="e-1"), episode_id="e-2")
    assert again.record.episode("e-2").readmission_of == "e-1"
    for whole, earlier, says in (
        (ended, "e-0", "there is no episode `e-0`"),
        (ended, "e-2", "there is no episode `e-2`"),
        (IOP, "e-1", "had not ended"),
    ):
        move = cc.admit(to="iop", readmission_of=earlier)
        refused = decide(whole, move, STEADY, episode_id="e-2")
        assert (refused.verdict, refused.on_the_map) == (cc.Verdict.FORBID, True)
        first = refused.reasons[0]
        assert (first.policy.id, first.overridable_by) == (
            "carecontinuum.other-episodes",
            frozenset(),
        )
        assert says in first.says


def test_nothing_goes_on_after_death() -> None:
    """No episode begins and none goes on, though it may be closed; before that day all may be."""
    other = event("o", Admitted(level="iop"), 0, episode_id="e-2")
    died = record(Admitted(level="iop")).append(other)
    died = died.append(event("d", Discharged(kind="death"), 10))
    for move, episode in (
        (cc.refer(), "e-3"),
        (cc.admit(to="iop"), "e-3"),
        (cc.step_down(to="op"), "e-2"),
        (cc.leave(), "e-2"),
    ):
        refused = decide(died, move, episode_id=episode)
        assert refused.verdict is cc.Verdict.FORBID
        assert "nothing goes on after episode `e-1`" in refused.reasons[0].says
        assert "died" not in refused.explain()
        assert decide(died, move, episode_id=episode, at=START + DAY).verdict is PERMIT
    closed = decide(died, cc.discharge(kind="death"), episode_id="e-2")
    assert closed.verdict is cc.Verdict.PERMIT
    told = cc.report(died, event("x", Moved(level="op"), 12, episode_id="e-2"), continuum=MAP)
    assert [one.code for one in told.discrepancies] == ["after-death"]


def test_an_episode_that_begins_later_is_told_so() -> None:
    """A clock that is behind asks about a moment at which nobody had been admitted."""
    with pytest.raises(NoSuchEpisode, match="`e-1` begins later than `at`") as caught:
        decide(IOP, cc.step_down(to="op"), at=START - DAY)
    assert caught.value.begins_later


def test_a_late_move_says_what_it_changes() -> None:
    """Events of later days are held against it; a move that comes last changes none."""
    moved = ask(IOP, cc.step_down(to="op"), id="r-1")
    assert moved.consequences == ()
    late = ask(moved.record, cc.discharge(kind="death"), id="r-2", at=AT - DAY, recorded_at=AT)
    (found,) = late.consequences
    assert (found.event_id, found.effect) == ("r-1", Effect.NOW_MISFITS)
    assert "the event is passed over" in found.says


def test_a_decision_is_about_one_patient() -> None:
    """A decision about somebody is not recorded of somebody else, though they stand alike."""
    decision = decide(IOP, cc.step_down(to="op"))
    other = cc.PatientRecord.of("p-2", [event("f-0", Admitted(level="iop"), patient_id="p-2")])
    with pytest.raises(AnotherPatientsEvent):
        enact(other, decision, program=program(), id="r", recorded_at=AT)
    with pytest.raises(EventInvalid, match="it is about another patient"):
        event("x", Decided(decision=decision), 31, patient_id="p-2")
    assert decision.patient_id not in repr(decision)


def test_nothing_is_recorded_before_it_happens() -> None:
    """A move to come is considered or proposed; neither it nor its refusal is recorded ahead."""
    for policies in ((), (STEADY,)):
        with pytest.raises(EventInvalid, match=r"at: it is later .* is proposed"):
            ask(IOP, cc.step_down(to="op"), *policies, recorded_at=AT - DAY)


def test_a_stale_decision_is_not_enacted() -> None:
    """A decision is enacted only on the version of the record it was made on."""
    decision = decide(IOP, cc.step_down(to="op"))
    assert (
        enact(IOP, decision, program=program(), id="r", recorded_at=AT).record.episode("e-1").level
        == "op"
    )
    with pytest.raises(DecisionStale, match="decided for version 1"):
        enact(
            IOP.append(event("x", Moved(level="op"), 5)),
            decision,
            program=program(),
            id="r",
            recorded_at=AT,
        )


def test_notes_sites_and_reasons_are_recorded() -> None:
    """What came with the move is on the event."""
    site = cc.Site(facility="north")
    move = cc.step_down(to="op", note="a private word", site=site, reason_code="steady")
    recorded = ask(IOP, move).events[1]
    assert (recorded.note, recorded.site, recorded.reason_code) == (
        "a private word",
        site,
        "steady",
    )


# -------------------------------------------------------------------------------- overriding

PHYSICIAN = cc.Actor("dr-sample", role="physician")


def override(
    whole: cc.PatientRecord,
    *policies: cc.TransitionPolicy,
    decision_id: str = "r/decision",
    **more: Any,
) -> cc.Outcome:
    """Override a recorded refusal by a program of some policies."""
    given: dict[str, Any] = {"by": PHYSICIAN, "reason_code": "needed", "recorded_at": AT, "id": "o"}
    return cc.override(whole, decision_id, program=program(*policies), **{**given, **more})


def test_overrides_name_what_they_overrode() -> None:
    """An override is a move with its own basis, reason and actor, and names the decision."""
    refused = ask(IOP, cc.step_down(to="op"), STEADY).record
    outcome = override(refused, STEADY)
    (made,) = outcome.events
    assert (made.basis, made.decision_id) == (cc.Basis.OVERRIDDEN, "r/decision")
    assert (made.reason_code, made.by) == ("needed", PHYSICIAN)
    assert outcome.record.episode("e-1").level == "op"
    assert outcome.require() is outcome


def test_a_refused_admission_can_be_overridden() -> None:
    """The override of a refused admission begins the episode."""
    full = cc.requires(STABLE, id="full", citation="x", overridable_by=["physician"])
    empty = cc.PatientRecord.of("p-1")
    refused = ask(empty, cc.admit(to="iop"), full, stated={STABLE: False}).record
    assert override(refused, full).record.episode("e-1").level == "iop"


def test_overriding_again_changes_nothing() -> None:
    """The same override again records nothing; another one meets the episode elsewhere."""
    refused = ask(IOP, cc.step_down(to="op"), STEADY).record
    done = override(refused, STEADY).record
    again = override(done, STEADY)
    assert (again.events, again.require()) == ((), again)
    with pytest.raises(EventConflict):
        override(refused, STEADY, id="f-0")
    for other in ({"by": cc.Actor("other", role="physician")}, {"reason_code": "other"}):
        with pytest.raises(EventConflict):
            override(done, STEADY, **other)
    with pytest.raises(CannotBeOverridden, match="stands elsewhere by now"):
        override(done, STEADY, id="o-2")


def test_who_may_not_override() -> None:
    """A role that is not listed, a permission, the map and another program are no way round."""
    refused = ask(IOP, cc.step_down(to="op"), STEADY).record
    nurse = cc.Actor("n", role="nurse")
    with pytest.raises(
        CannotBeOverridden, match=r"role `nurse` .* may be overridden by `physician`"
    ):
        override(refused, STEADY, by=nurse)
    with pytest.raises(CannotBeOverridden, match="another program or version decided"):
        override(refused)
    firm = cc.requires(RISK <= 1, id="firm", citation="x")
    with pytest.raises(CannotBeOverridden, match="`firm` may be overridden by nobody"):
        override(ask(IOP, cc.step_down(to="op"), firm).record, firm)
    with pytest.raises(CannotBeOverridden, match="needs no override"):
        override(ask(IOP, cc.leave()).record)
    with pytest.raises(CannotBeOverridden, match="no such move"):
        override(ask(IOP, cc.step_down(to="moon")).record)
    for missing in ("nothing", "f-0"):
        with pytest.raises(NotADecision):
            override(refused, STEADY, decision_id=missing)


def test_an_override_meets_the_episode_where_it_stands() -> None:
    """An episode that moved in the meantime, or before by what is known now, is not moved."""
    refused = ask(IOP, cc.step_down(to="op"), STEADY).record
    for since in (
        event("x", Moved(level="res"), 31),
        event("x", Moved(level="res"), 29, known=31),
        event("x", Retracted(event_id="f-0"), 31),
        event("x", LeaveStarted(), 31),
    ):
        with pytest.raises(CannotBeOverridden, match="stands elsewhere"):
            override(refused.append(since), STEADY, recorded_at=AT + 2 * DAY)
    elsewhere = event("x", Admitted(level="res"), 31, episode_id="e-2")
    late = override(refused.append(elsewhere), STEADY, recorded_at=AT + 2 * DAY)
    assert late.record.episode("e-1").level == "op"


def test_a_withdrawn_proposal_is_not_carried_out_by_override() -> None:
    """What is no longer proposed is no longer on the map, for an override too."""
    proposed = MoveProposed(proposal_id="m", kind=KIND.STEP_DOWN, level="op")
    asked = cc.step_down(to="op", proposal_id="m")
    refused = ask(record(Admitted(level="iop"), proposed), asked, STEADY).record
    withdrawn = refused.append(event("x", MoveWithdrawn(proposal_id="m"), 29, known=31))
    with pytest.raises(CannotBeOverridden, match="no pending proposal `m`"):
        override(withdrawn, STEADY, recorded_at=AT + 2 * DAY)


# --------------------------------------------------------------------------------- reporting


def test_reports_say_what_does_not_fit() -> None:
    """A reported fact is recorded, with its own misfits and its consequences."""
    whole = record((Admitted(level="res"), 0), (Moved(level="iop"), 20))
    found = cc.report(whole, event("x", Moved(level="op"), 10, known=30), continuum=continuum())
    assert [d.code for d in found.discrepancies] == ["off-the-map"]
    assert [c.event_id for c in found.consequences] == ["f-1"]
    assert found.record.version == 3


# ------------------------------------------------------------------------------------ replay


def replayed(whole: cc.PatientRecord, *policies: cc.TransitionPolicy, **changes: Any) -> list[Any]:
    """Judge a record's decisions again by a changed program."""
    return list(cc.replay(whole, program(*policies, **changes)))


def asked_twice() -> cc.PatientRecord:
    """Give a record with one refusal and one permission."""
    refused = ask(IOP, cc.step_down(to="op"), STEADY, id="r-1", stated={RISK: 3}).record
    return ask(refused, cc.step_down(to="op"), STEADY, id="r-2", stated={RISK: 1}).record


def test_the_same_program_judges_the_same() -> None:
    """Judged again by the same program, nothing changes, refusals included."""
    found = replayed(asked_twice(), STEADY)
    assert [item.outcome for item in found] == [Judged.SAME, Judged.SAME]
    assert [item.event_id for item in found] == ["r-1/decision", "r-2/decision"]
    assert all(item.now is not None for item in found)


def test_another_program_may_judge_otherwise() -> None:
    """A stricter program changes decisions, and says which policy does."""
    strict = cc.requires((DAYS >= 60) & (RISK <= 1), id="steady", citation="x", on=["step_down"])
    found = replayed(asked_twice(), strict)
    assert [item.outcome for item in found] == [Judged.SAME, Judged.CHANGED]
    assert found[1].why[0] == "permit then, forbid now"
    assert found[1].why[1].startswith("`steady` said permit, now forbid: requires")
    both = replayed(asked_twice(), STEADY, cc.requires(RISK <= 0, id="new", citation="x"))
    assert both[1].why == (
        "permit then, forbid now",
        "`new` now says forbid: requires withdrawal_risk <= 0",
    )
    other = cc.requires(RISK <= 0, id="other", citation="x", on=["step_down"])
    found = replayed(asked_twice(), other)
    assert found[1].why == (
        "permit then, forbid now",
        "`other` now says forbid: requires withdrawal_risk <= 0",
        "`steady` said permit and is no longer asked",
    )


def test_what_has_no_counterpart_is_not_compared() -> None:
    """A level or a stated fact that the other program lacks cannot be compared."""
    found = replayed(asked_twice())
    assert {item.outcome for item in found} == {Judged.NOT_COMPARABLE}
    assert found[0].now is None
    assert "`withdrawal_risk`" in found[0].why[0]
    small = continuum(
        levels=continuum().levels[:2],
        routes=(),
        entry=("iop",),
        aftercare=(),
        discharge_from=(),
        leave_from=(),
    )
    found = replayed(asked_twice(), STEADY, continuum=small)
    assert found[0].why == ("level `op` is not in continuum `invented`",)


def test_levels_can_be_mapped() -> None:
    """Levels that were renamed are compared under their new names."""
    renamed = continuum(
        levels=tuple(
            cc.LevelOfCare(
                code={"iop": "2.1", "op": "1"}.get(old.code, old.code),
                display=old.display,
                setting=old.setting,
                intensity=old.intensity,
                track=old.track,
            )
            for old in continuum().levels
        ),
        routes=(cc.Route(origin="2.1", target="1"),),
        entry=("2.1",),
        discharge_from=(),
        leave_from=(),
    )
    found = cc.replay(
        asked_twice(), program(STEADY, continuum=renamed), level_map={"iop": "2.1", "op": "1"}
    )
    assert [item.outcome for item in found] == [Judged.SAME, Judged.SAME]
    off = replayed(ask(IOP, cc.step_down(to="moon")).record, version="2")
    assert off[0].outcome is Judged.SAME
    gone = replayed(ask(IOP, cc.leave()).record, continuum=continuum(leave_from=()))
    assert gone[0].why[0] == "permit then, not on the map now"


def test_replay_sees_what_was_known_then() -> None:
    """A decision is judged on what was known when it was made, not on later corrections."""
    outcome = ask(IOP, cc.step_down(to="op"), STEADY, stated={RISK: 1})
    corrected = outcome.record.append(event("x", Retracted(event_id="f-0"), 40))
    assert [item.outcome for item in replayed(corrected, STEADY)] == [Judged.SAME]
