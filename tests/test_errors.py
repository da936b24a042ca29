"""Errors are values that say nothing about a patient."""

import copy
import importlib
import pickle
import pkgutil
import traceback
from collections.abc import Callable, Iterator

import pytest

import carecontinuum as cc
from carecontinuum.arguments import WrongArgument
from carecontinuum.caseload import (
    CalendarNotNamed,
    CannotBeMerged,
    CannotBeProposed,
    EpisodeNotNamed,
    NoProgram,
    NoSuchProposal,
    NothingRecorded,
)
from carecontinuum.codec import CodecInvalid
from carecontinuum.continuum import ContinuumInvalid, UnknownLevel
from carecontinuum.datatypes import MomentOutOfRange, UnreadableDate
from carecontinuum.decisions import (
    TransitionForbidden,
    TransitionRefused,
    TransitionUndetermined,
)
from carecontinuum.disclosure.errors import (
    ClearanceForged,
    ClearanceMisfit,
    ClearanceOver,
    DisclosureRefused,
)
from carecontinuum.engine import (
    CannotBeOverridden,
    CannotBeStated,
    DecisionStale,
    NotADecision,
    RequestConflict,
)
from carecontinuum.engine.errors import MachineDisagrees, NothingRecommended
from carecontinuum.errors import CareContinuumError
from carecontinuum.facts import SourceInvalid
from carecontinuum.history import (
    Admitted,
    AnotherPatientsEvent,
    EventConflict,
    EventInvalid,
    HistoryRefused,
    NoSuchEpisode,
    NoSuchEvent,
    NotAmendable,
    NotDisclosed,
    RecordedBackwards,
    RecordIsAView,
    WhyNot,
    WhyNotCode,
)
from carecontinuum.interchange.fhir.r4.errors import (
    CodeMapInvalid,
    FhirUnreadable,
    NotFhir,
    UnknownCodeMap,
)
from carecontinuum.library import (
    DecisionTableInvalid,
    InstalledPoliciesInvalid,
    InstrumentFileInvalid,
    InstrumentFileUnreadable,
    ProgramFileInvalid,
    ProgramFileUnreadable,
    UnknownInstrument,
    UnknownProgram,
)
from carecontinuum.library.errors import FileUnreadable
from carecontinuum.policies import PlacementInvalid, PolicyInvalid
from carecontinuum.records import (
    AssessmentMisfit,
    ConsentPurpose,
    DisclosureRequest,
    InstrumentInvalid,
    Party,
    RecordInvalid,
    RecordKind,
)
from carecontinuum.rules import (
    FactInvalid,
    FactsMissing,
    FactValueInvalid,
    RuleInvalid,
    RuleTextInvalid,
    UndeclaredFact,
)
from carecontinuum.stores import errors as stores
from invented import START, event, program, record

PROBLEM = cc.Problem("a[0]", "odd", "something")
DECISION = cc.decide(
    record(Admitted(level="iop")),
    cc.step_down(to="nowhere"),
    program=program(),
    episode_id="e-1",
    at=START,
    by="dr",
)

REFUSED = NotDisclosed(
    request=DisclosureRequest(
        episode_ids=("e-1",),
        scope=[RecordKind.ASSESSMENTS],
        recipient=Party(name="An invented clinic"),
        discloser=Party(name="Another invented clinic"),
        purpose=ConsentPurpose.TREATMENT,
    ),
    reasons=(WhyNot(code=WhyNotCode.NO_CONSENT),),
)

ERRORS: list[CareContinuumError] = [
    CareContinuumError(),
    cc.Invalid(subject="x", problems=(PROBLEM,)),
    cc.NaiveDatetime(field="at"),
    UnreadableDate(),
    MomentOutOfRange(field="at"),
    WrongArgument(field="by", found="blank", needed="a text"),
    FactInvalid(fact="f", says="no"),
    FactValueInvalid(fact="f", accepted="a number"),
    UndeclaredFact(fact="f", declared=("g",)),
    RuleTextInvalid(position=3, says="no"),
    PolicyInvalid(policy="p", says="no"),
    EventInvalid(problems=(PROBLEM,)),
    AnotherPatientsEvent(event_id="e"),
    EventConflict(event_id="e"),
    RecordedBackwards(event_id="e"),
    NoSuchEvent(event_id="e", target="t"),
    NotAmendable(event_id="e", target="t"),
    RecordIsAView(),
    NoSuchEpisode(episode_id="e", episodes=()),
    cc.NotOnTheMap(decision=DECISION),
    CannotBeStated(fact="f", accepted=("g", "h")),
    NotADecision(event_id="e"),
    CannotBeOverridden(policies=("p",), role="nurse", says="no"),
    DecisionStale(decided_for=1, record_version=2),
    RequestConflict(event_id="e"),
    MachineDisagrees(kernel=("a",), machine=("b",)),
    FhirUnreadable(says="no"),
    NotFhir(says="no"),
    UnknownCodeMap(name="x"),
    ProgramFileInvalid(path="p.toml", problems=(PROBLEM,)),
    ProgramFileUnreadable(path="p.toml", says="no", line=2, column=3),
    InstrumentFileInvalid(path="i.toml", problems=(PROBLEM,)),
    InstrumentFileUnreadable(path="i.toml", says="no", line=2, column=3),
    UnknownInstrument(name="x", instruments=("y",)),
    RecordInvalid(subject="the plan", problems=(PROBLEM,)),
    InstrumentInvalid(subject="instrument `x`", problems=(PROBLEM,)),
    AssessmentMisfit(subject="the assessment", problems=(PROBLEM,)),
    SourceInvalid(source="hours-received", says="no"),
    UnknownProgram(name="x", programs=("y",)),
    InstalledPoliciesInvalid(problems=(PROBLEM,)),
    ContinuumInvalid(subject="x", problems=(PROBLEM,)),
    PlacementInvalid(subject="x", problems=(PROBLEM,)),
    cc.ProgramInvalid(subject="x", problems=(PROBLEM,)),
    CodecInvalid(subject="x", problems=(PROBLEM,)),
    DecisionTableInvalid(subject="x", problems=(PROBLEM,)),
    CodeMapInvalid(subject="x", problems=(PROBLEM,)),
    UnknownLevel(level="x", continuum="c", levels=("y",)),
    RuleInvalid(says="no"),
    FactsMissing(facts=("f",)),
    TransitionRefused(decision=DECISION),
    TransitionForbidden(decision=DECISION),
    TransitionUndetermined(decision=DECISION),
    NothingRecommended(track="treatment", tracks=()),
    HistoryRefused(event_id="e"),
    EpisodeNotNamed(episodes=("e", "f")),
    NoProgram(wanted="p", programs=("q",)),
    NoSuchProposal(proposal_id="x", pending=()),
    CannotBeProposed(kind="discharge"),
    CalendarNotNamed(zones=("UTC", "Europe/Berlin")),
    NothingRecorded(),
    CannotBeMerged(says="no"),
    stores.StoreError(),
    stores.StreamChanged(expected=1, found=2),
    stores.StoreUnavailable(says="no"),
    stores.OutcomeUnknown(says="no"),
    stores.StoreNewer(found=2, known=1),
    stores.NotAStore(says="no"),
    stores.TransactionOvertaken(),
    stores.EngineShowsParameters(),
    stores.StoreNotMigrated(says="no"),
    stores.DatabaseUnsupported(found="a-database"),
    stores.NoSuchPatient(tenants=("north",)),
    DisclosureRefused(refused=REFUSED),
    ClearanceForged(),
    ClearanceMisfit(),
    ClearanceOver(),
    FileUnreadable(path="a.toml", says="no"),
]


def _kinds(kind: type[CareContinuumError]) -> Iterator[type[CareContinuumError]]:
    yield kind
    for part in kind.__subclasses__():
        yield from _kinds(part)


def test_each_error_has_an_example() -> None:
    """What is said here of errors is said of each kind that any package has."""
    for module in pkgutil.walk_packages(cc.__path__, "carecontinuum."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ours = {k for k in _kinds(CareContinuumError) if k.__module__.startswith("carecontinuum.")}
    assert {type(error) for error in ERRORS} == ours


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_survive_copies(error: CareContinuumError) -> None:
    """An error that is pickled or copied is equal to itself, and says the same."""
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert again == error
        assert hash(again) == hash(error)
        assert str(again) == str(error)


def test_notes_survive_copies() -> None:
    """What was noted on the way, as which policy raised, is kept too."""
    error = EventConflict(event_id="e")
    error.add_note("raised by policy `p` v1")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert again.__notes__ == ["raised by policy `p` v1"]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_messages_have_one_form(error: CareContinuumError) -> None:
    """A message begins with the code, then with a small letter or a name, and has no full stop."""
    code, _, message = str(error).partition(": ")
    assert code == error.code
    assert not message[0].isupper() or message.startswith("JSON")
    assert not message.endswith(".")


def test_overriding_without_a_role() -> None:
    """Whoever has no role is nobody in particular."""
    error = CannotBeOverridden(policies=("p",), role=None, says="no")
    assert "nobody in particular cannot override `p`" in str(error)


def test_errors_compare_by_class_and_parts() -> None:
    """Two errors of different kinds or parts are not equal, and neither is anything else."""
    assert NoSuchEvent(event_id="e", target="t") != NotAmendable(event_id="e", target="t")
    assert EventConflict(event_id="a") != EventConflict(event_id="b")
    assert CareContinuumError() != "an error"


CANARY = "CANARY-7731"


def _canary_event(id: str, body: object, days: float) -> cc.Event:
    return event(
        id,
        body,  # type: ignore[arg-type]
        days,
        patient_id=CANARY,
        by=cc.Actor(CANARY, role="physician"),
        note=CANARY,
        identifiers=(cc.Identifier(system="urn:s", value=CANARY),),
    )


def test_nothing_about_a_patient_is_in_a_repr_or_an_error() -> None:
    """What identifies a patient is in no repr, no message and no traceback."""
    risk = cc.Choice("answer")
    judged = program(
        cc.requires(risk.one_of("yes"), id="x", citation="x", on=["step_down"]),
    )
    admitted = _canary_event("a", Admitted(level="iop"), 0)
    whole = cc.PatientRecord.of(CANARY, [admitted])
    texts = [repr(whole), repr(admitted), repr(whole.episode("e-1"))]
    outcome = cc.request(
        whole,
        cc.step_down(to="op", note=CANARY),
        program=judged,
        episode_id="e-1",
        id="r",
        at=START,
        by=cc.Actor(CANARY),
        stated={risk: CANARY},
    )
    texts += [repr(outcome), repr(outcome.decision), repr(outcome.events)]
    attempts: list[Callable[[], object]] = [
        outcome.require,
        lambda: whole.append(event("b", Admitted(), 1)),
        lambda: whole.append(_canary_event("a", Admitted(), 0)),
        lambda: whole.episode("nothing"),
        lambda: cc.When.parse(CANARY, zone=START.tzinfo or cc.Calendar(zone="UTC").zone),
        lambda: cc.Facts.of({cc.Count("n"): CANARY}),
        lambda: cc.decide(
            whole,
            cc.step_down(to="op"),
            program=judged,
            episode_id="e-1",
            at=START,
            by="x",
            stated={risk: 7},
        ),
    ]
    for attempt in attempts:
        with pytest.raises(CareContinuumError) as caught:
            attempt()
        texts += [str(caught.value), "".join(traceback.format_exception(caught.value))]
    assert [text for text in texts if CANARY in text] == []
    assert CANARY in outcome.decision.explain()
