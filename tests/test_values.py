"""Every public value of the core is a value: it compares, hashes, pickles, copies, keeps quiet."""

import copy
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any

import attrs
import pytest

import carecontinuum as cc
import recorded
from carecontinuum import (
    continuum as maps,
    datatypes,
    decisions,
    engine,
    facts,
    history,
    policies,
    programs,
    rules,
)
from carecontinuum.canonical import canonical_json
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import (
    Admitted,
    Body,
    Corrected,
    Discharged,
    LeaveStarted,
    LegalStatusRecorded,
    LevelPlaced,
    MoveAccepted,
    Moved,
    MoveDeclined,
    MoveProposed,
    MoveWithdrawn,
    PatientsMerged,
    PatientsUnmerged,
    ProgramAdopted,
    Retracted,
    Returned,
    ReturnToUse,
    ServiceEnded,
    ServiceStarted,
    Unplaced,
)
from invented import DAY, DAYS, RISK, SETTING, STABLE, START, event, level, settings

CANARY = "CANARY-7731"
"""Stands in every field that could identify somebody, and must show nowhere."""
PACKAGES: tuple[ModuleType, ...] = (
    datatypes,
    rules,
    maps,
    decisions,
    history,
    facts,
    policies,
    programs,
    engine,
)
CODING = cc.Coding(code="x", system="urn:x", display="X")
PHYSICIAN = cc.Actor(CANARY, role="physician")
SAID = cc.Choice("said")


@cc.policy(id="own", version="1", citation="x", reads=[SAID], on=["step_down"])
def own(request: cc.TransitionRequest, known: cc.Facts) -> cc.Finding | None:
    """Say nothing."""
    return cc.permit("fine") if isinstance(known[SAID], cc.Known) else None


STEADY = cc.requires(
    (DAYS >= 14) & (RISK <= 1) | STABLE & ~SETTING.one_of("street"),
    id="steady",
    citation="x",
    on=["step_down"],
    overridable_by=["physician"],
)
HOURS = cc.Quantity("hours", unit="h", hi=168)
SEEN_ON, TODAY = cc.Date("seen_on"), cc.Date("today")
AGE = cc.Age("age")


@cc.criterion(id="grown", version="1", reads=[AGE])
def grown(known: cc.Facts) -> cc.Truth:
    """Hold from 18 years."""
    match known[AGE]:
        case cc.Known(years):
            return cc.Truth.YES if years >= 18 else cc.Truth.NO
        case _:
            return cc.Truth.UNKNOWN


CRITERIA = cc.PlacementCriteria(
    id="criteria",
    version="1",
    rules=(
        cc.PlacementRule(
            id="a",
            level="iop",
            rule=cc.at_least(1, of=(RISK >= 3, cc.total(DAYS, cc.Count("more", unit="days")) >= 9)),
        ),
        cc.PlacementRule(id="b", level="iop", rule=(HOURS >= 9) & grown),
        cc.PlacementRule(id="c", level="iop", rule=cc.days_between(SEEN_ON, TODAY) >= 30),
        cc.PlacementRule(id="d", level="op", rule=RISK >= 1),
    ),
    licence=cc.Licence(holder="nobody"),
)
PROGRAM = cc.Program(
    id="whole",
    version="1",
    continuum=cc.Continuum(
        id="whole",
        version="1",
        levels=(
            level("iop", 2, hours=(cc.ServiceHours(at_least=9),), codings=(CODING,)),
            level("op", 1),
        ),
        routes=(cc.Route(origin="iop", target="op"),),
        entry=("iop",),
        discharge_reasons=(maps.DischargeReason(code="done", display="Done"),),
    ),
    calendar=cc.Calendar(zone="America/New_York"),
    when_ungoverned=cc.Verdict.PERMIT,
    readings=tuple(
        cc.Reading(cc.Choice(f"f_{n}"), source(**settings(name, f"f_{n}")))
        for n, (name, source) in enumerate(facts.SOURCES.items())
    ),
    policies=(STEADY, cc.all_of(own, STEADY, id="both", overridable_by=["physician"])),
    licence=programs.Licence(holder="nobody"),
    placement=CRITERIA,
)


def canary_event(id: str, body: Body, days: float, **more: Any) -> cc.Event:
    """Make an event with a canary in every field that could identify somebody."""
    return event(
        id,
        body,
        days,
        patient_id=CANARY,
        by=PHYSICIAN,
        note=CANARY,
        identifiers=(cc.Identifier(system="urn:s", value=CANARY),),
        source=history.EventSource(system="ehr", message_id=CANARY),
        site=cc.Site(facility="north"),
        **more,
    )


BODIES: tuple[Body, ...] = (
    history.Referred(referral_source=CODING),
    history.Waitlisted(),
    Admitted(level="iop"),
    LegalStatusRecorded(status="voluntary"),
    ServiceStarted(service_id="s", service=CODING),
    ServiceEnded(service_id="s"),
    MoveProposed(proposal_id="a", kind=maps.TransitionKind.STEP_DOWN, level="op"),
    MoveProposed(proposal_id="b", kind=maps.TransitionKind.STEP_DOWN, level="op"),
    MoveAccepted(proposal_id="a"),
    MoveDeclined(proposal_id="b"),
    MoveWithdrawn(proposal_id="b"),
    LeaveStarted(kind="pass", expected_return=START),
    Returned(),
    history.Relocated(),
    ReturnToUse(substance=cc.Coding(code="opioid")),
    history.PlacementReviewed(levels=("iop", "op")),
    ProgramAdopted(program=PROGRAM.ref, level_map={"2.1": "iop"}),
)
CARE: tuple[Body, ...] = (
    history.PatientRecorded(patient=recorded.PATIENT),
    history.IntakeRecorded(intake=recorded.INTAKE),
    history.AssessmentRecorded(assessment=recorded.ASSESSMENT),
    history.TreatmentPlanRecorded(plan=recorded.plan()),
    history.RelapsePreventionPlanRecorded(plan=recorded.relapse_plan()),
    history.AftercarePlanRecorded(plan=recorded.aftercare_plan()),
    history.AttendanceRecorded(attendance=recorded.ATTENDANCE),
    history.AuthorizationRecorded(authorization=recorded.authorization()),
    history.ConsentRecorded(consent=recorded.consent()),
    history.Disclosed(request=recorded.REQUEST, consent_id=CANARY, digest=CANARY),
    history.Disclosed(request=recorded.REQUEST, exemption=recorded.CLAIM),
    history.NotDisclosed(
        request=recorded.REQUEST,
        reasons=(
            history.WhyNot(
                code=history.WhyNotCode.LACKS_ELEMENTS, consent_id=CANARY, lacking=("signed_on",)
            ),
        ),
        consent_id=CANARY,
        exemption=recorded.CLAIM,
    ),
)
ELSEWHERE: tuple[Body, ...] = (
    Admitted(candidates=("iop",)),
    LevelPlaced(level="iop"),
    Moved(level="moon", kind=maps.TransitionKind.STEP_UP),
    Unplaced(),
    Discharged(kind="not-stated", last_contact=START),
    history.Cancelled(),
    history.EnteredInError(),
)
RECORD = cc.PatientRecord.of(
    CANARY,
    [
        *(canary_event(f"b-{n}", body, n / 10) for n, body in enumerate(BODIES)),
        canary_event("m", PatientsMerged(patient_id=f"{CANARY}-too"), 3, episode_id=None),
        canary_event("u", PatientsUnmerged(patient_id=f"{CANARY}-too"), 3, episode_id=None),
        *(
            canary_event(f"o-{n}", body, 3 + n / 10, episode_id="e-2")
            for n, body in enumerate(ELSEWHERE)
        ),
        *(canary_event(f"r-{n}", body, 4) for n, body in enumerate(CARE)),
        canary_event("c", Corrected(event_id="b-2", occurred_at=START), 4),
        canary_event("r", Retracted(event_id="c"), 4),
    ],
)
REFUSED = cc.request(
    RECORD,
    cc.step_down(to="op", note=CANARY),
    program=PROGRAM,
    episode_id="e-1",
    id="req",
    at=START + 5 * DAY,
    by=PHYSICIAN,
    stated={RISK: cc.Known(3, source=CANARY), STABLE: False, SAID: CANARY},
)
OVERRIDDEN = cc.override(
    REFUSED.record,
    "req/decision",
    program=PROGRAM,
    id="over",
    by=PHYSICIAN,
    reason_code="x",
    recorded_at=START + 6 * DAY,
)
REPORTED = cc.report(
    RECORD, canary_event("late", Retracted(event_id="b-2"), 5), continuum=PROGRAM.continuum
)
OFF = cc.report(RECORD, canary_event("off", Moved(level="moon"), 5), continuum=PROGRAM.continuum)
KNOWN = cc.Known(CANARY, source=CANARY)
VIEW = facts.RecordView(
    record=RECORD,
    episode=RECORD.episode("e-1"),
    at=START,
    calendar=PROGRAM.calendar,
    request=REFUSED.decision.request,
)
REVIEWED = cc.review_placement(
    RECORD,
    program=PROGRAM,
    episode_id="e-1",
    at=START + 6 * DAY,
    id="review",
    by=PHYSICIAN,
    stated={RISK: cc.Known(2, source=CANARY)},
)
ROOTS: tuple[object, ...] = (
    REVIEWED,
    cc.recommend(PROGRAM, cc.Facts.of({RISK: cc.Unknown(lo=1, hi=2, source=CANARY)})),
    cc.recommend(PROGRAM, cc.Facts.of({})),
    PROGRAM,
    OVERRIDDEN,
    REFUSED,
    REPORTED,
    OFF,
    VIEW,
    KNOWN,
    cc.Unknown(would_supply="somebody"),
    cc.replay(OVERRIDDEN.record, PROGRAM),
    cc.options(RECORD, program=PROGRAM, episode_id="e-1", at=START + 5 * DAY, by=PHYSICIAN),
    dict(RECORD.episodes),
    RECORD.care,
    RECORD.care.assessments,
    history.care_discrepancies(RECORD),
    dict(OVERRIDDEN.record.episodes),
    cc.When.on(date(2026, 3, 2), zone=UTC),
    cc.permit("fine"),
    cc.Problem("a", "b", "c"),
    rules.NumberFact("number"),
    rules.Fact[object]("anything"),
)


def within(value: object) -> Iterator[object]:
    """Give a value and everything inside it."""
    yield value
    if isinstance(value, Mapping):
        parts: tuple[object, ...] = tuple(value.values())
    elif isinstance(value, (tuple, list, frozenset)):
        parts = tuple(value)
    elif attrs.has(type(value)):
        parts = tuple(getattr(value, field.name) for field in attrs.fields(type(value)))  # type: ignore[arg-type]
    else:
        parts = ()
    for part in parts:
        yield from within(part)


FOUND: dict[type, list[object]] = {}
for _root in ROOTS:
    for _value in within(_root):
        if attrs.has(type(_value)) and type(_value).__module__.startswith("carecontinuum."):
            _seen = FOUND.setdefault(type(_value), [])
            if all(_value is not other for other in _seen):
                _seen.append(_value)

PUBLIC = {
    found
    for package in PACKAGES
    for name in package.__all__
    if isinstance(found := getattr(package, name), type) and attrs.has(found)
} - {policies.PlacementTable}
"""All but what is a program's rules made ready to be asked, and no value."""


def test_every_public_value_is_looked_at() -> None:
    """There is an example of each public class of the core."""
    assert {found.__name__ for found in PUBLIC - FOUND.keys()} == set()


@pytest.mark.parametrize("kind", FOUND, ids=lambda kind: kind.__name__)
def test_values_compare_copy_and_pickle(kind: type) -> None:
    """A value that is copied or pickled is equal to itself, hashes alike, and reads alike."""
    for value in FOUND[kind]:
        for again in (
            copy.copy(value),
            copy.deepcopy(value),
            *(pickle.loads(pickle.dumps(value, p)) for p in range(2, pickle.HIGHEST_PROTOCOL + 1)),
        ):
            assert again == value
            assert hash(again) == hash(value)
            assert repr(again) == repr(value)
        assert value != object()


@pytest.mark.parametrize("kind", FOUND, ids=lambda kind: kind.__name__)
def test_values_are_never_edited(kind: type) -> None:
    """No field of a value can be set or deleted, and no other attribute added."""
    value = FOUND[kind][0]
    for name in [field.name for field in attrs.fields(kind)] or ["anything"]:
        with pytest.raises(AttributeError):
            setattr(value, name, None)
        with pytest.raises(AttributeError):
            delattr(value, name)
    with pytest.raises(AttributeError):
        setattr(value, "added", None)  # noqa: B010


@pytest.mark.parametrize("kind", FOUND, ids=lambda kind: kind.__name__)
def test_values_show_nobody(kind: type) -> None:
    """What identifies somebody is in no repr and no text."""
    for value in FOUND[kind]:
        assert CANARY not in repr(value)
        assert CANARY not in str(value)


ATTEMPTS: dict[str, Callable[[], object]] = {
    "refused": REFUSED.require,
    "another patient": lambda: RECORD.append(event("b", Admitted(), 9)),
    "conflict": lambda: RECORD.append(canary_event("b-2", Admitted(), 0)),
    "backwards": lambda: RECORD.append(canary_event("x", Admitted(), 0)),
    "nothing to amend": lambda: RECORD.append(canary_event("x", Retracted(event_id="no"), 9)),
    "not amendable": lambda: OVERRIDDEN.record.append(
        canary_event("x", Retracted(event_id="req/decision"), 9)
    ),
    "no episode": lambda: RECORD.episode("nothing"),
    "view": lambda: RECORD.as_of(occurred=START).append(canary_event("x", Moved(level="op"), 9)),
    "event": lambda: canary_event("x", LeaveStarted(kind=CANARY), 9, episode_id=None),
    "body": lambda: canary_event("x", CANARY, 9),  # type: ignore[arg-type]
    "correction": lambda: canary_event("x", Corrected(event_id="b", body=CANARY), 9),  # type: ignore[arg-type]
    "date": lambda: cc.When.parse(CANARY, zone=UTC),
    "naive": lambda: cc.When.of(datetime(2026, 3, 2)),  # noqa: DTZ001
    "fact": lambda: cc.Facts.of({cc.Count("n"): CANARY}),
    "stated": lambda: decide({RISK: CANARY}),
    "not stated": lambda: decide({DAYS: CANARY}),
    "stale": lambda: engine.enact(
        REFUSED.record, REFUSED.decision, program=PROGRAM, id="x", recorded_at=START + 7 * DAY
    ),
    "too early": lambda: engine.enact(
        RECORD, REFUSED.decision, program=PROGRAM, id="x", recorded_at=START
    ),
    "asked otherwise": lambda: cc.request(
        REFUSED.record,
        cc.step_down(to="op", note="other"),
        program=PROGRAM,
        episode_id="e-1",
        id="req",
        at=START + 5 * DAY,
        by=PHYSICIAN,
    ),
    "override": lambda: cc.override(
        REFUSED.record,
        "req/decision",
        program=PROGRAM,
        id="over",
        by=cc.Actor(CANARY),
        reason_code=CANARY,
        recorded_at=START + 6 * DAY,
    ),
}


def decide(told: Mapping[Any, Any]) -> cc.Decision:
    """Decide the refused move again with other facts."""
    return cc.decide(
        RECORD,
        cc.step_down(to="op"),
        program=PROGRAM,
        episode_id="e-1",
        at=START + 5 * DAY,
        by=PHYSICIAN,
        stated=told,
    )


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=list(ATTEMPTS))
def test_errors_show_nobody(attempt: Callable[[], object]) -> None:
    """What identifies somebody is in no message, repr or traceback, nor in what came before it."""
    with pytest.raises(CareContinuumError) as caught:
        attempt()
    error = caught.value
    texts = [str(error), repr(error), repr(error.parts)]
    texts += traceback.format_exception(error)
    texts += [repr(error.__context__), repr(error.__cause__)]
    assert [text for text in texts if CANARY in text] == []
    assert pickle.loads(pickle.dumps(error)) == copy.deepcopy(error) == error


def test_what_was_used_is_not_shown() -> None:
    """The substance of a return to use is in no repr."""
    assert "opioid" not in repr(RECORD.events)
    assert "opioid" not in repr(RECORD.episodes)


def test_an_explanation_is_for_those_who_may_see() -> None:
    """Values that were seen are told in the explanation, and only there."""
    assert "withdrawal_risk: 3" in REFUSED.decision.explain()
    assert "withdrawal_risk: 3" not in repr(REFUSED.decision)


@pytest.mark.parametrize(
    "value", [PROGRAM, RECORD.events, OVERRIDDEN.decision, dict(RECORD.episodes)]
)
def test_copies_have_one_canonical_form(value: object) -> None:
    """The canonical form of a copy is that of the original."""
    assert canonical_json(pickle.loads(pickle.dumps(value))) == canonical_json(value)


def test_hashes_are_made_anew_in_another_process() -> None:
    """A value that comes from a process with another hash seed is found among its equals."""
    rule = (DAYS >= 14) & SETTING.one_of("home")
    code = (
        "import pickle, sys, carecontinuum as cc;"
        f"rule = pickle.loads({pickle.dumps((rule, DAYS, SETTING))!r});"
        "days = cc.Count('days_at_level', unit='days');"
        "living = cc.Choice('living', codes=('home', 'shelter', 'street'));"
        "assert {rule[0]: 1}[(days >= 14) & living.one_of('home')];"
        "assert rule[1] in {days} and rule[2] in {living}"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PATH": ""}, check=True
        )
