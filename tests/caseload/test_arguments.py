"""What a caseload is given: what is wrong is told at once, by its name, and is not repeated."""

import contextlib
import traceback
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.arguments import WrongArgument
from carecontinuum.caseload import Caseload, EpisodeNotNamed, NoProgram
from carecontinuum.codec import CodecInvalid
from carecontinuum.engine import ListenerFailedWarning
from carecontinuum.history import (
    Admitted,
    EventInvalid,
    EventSource,
    Moved,
    NoSuchEpisode,
    ProgramAdopted,
    ReturnToUse,
)
from carecontinuum.stores import MemoryStore
from caseload.every_command import COMMANDS, DR, NOW, PROGRAM, Call, begun, opened
from invented import RISK, START, event, program

CANARY = "CANARY-7731"
DOWN = cc.step_down(to="op")


@pytest.fixture
def store() -> MemoryStore:
    """Give a store."""
    return MemoryStore()


@pytest.fixture
def caseload(store: MemoryStore) -> Caseload:
    """Give a caseload of a patient in care."""
    return begun(store)


def refused(ask: Callable[[], object], field: str) -> str:
    """Give what is said of an argument that is refused; what was given is nowhere in it."""
    with pytest.raises(WrongArgument) as caught:
        ask()
    assert caught.value.field == field
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    return caught.value.message()


OF_A_PATIENT: dict[str, Call] = {
    "for_patient": lambda one, who: one.for_patient(who),
    "consider": lambda one, who: one.consider(who, DOWN, at=NOW, by=DR),
    "options": lambda one, who: one.options(who, at=NOW, by=DR),
    "recommend": lambda one, who: one.recommend(who, at=NOW),
    "request": lambda one, who: one.request(who, DOWN, at=NOW, by=DR),
    "admit": lambda one, who: one.admit(who, to="iop", at=NOW, by=DR),
    "propose": lambda one, who: one.propose(who, DOWN, at=NOW, by=DR),
    "accept": lambda one, who: one.accept(who, "w-1", at=NOW, by=DR),
    "carry_out": lambda one, who: one.carry_out(who, "w-1", at=NOW, by=DR),
    "override": lambda one, who: one.override(who, "no-1/decision", by=DR, reason_code="x"),
    "report": lambda one, who: one.report(who, event("x", ReturnToUse(), 3)),
    "record": lambda one, who: one.record(who, ReturnToUse(), at=NOW, by=DR),
    "retract": lambda one, who: one.retract(who, "u-1", by=DR),
    "review": lambda one, who: one.review(who, at=NOW, by=DR),
}
NOBODY: dict[str, Any] = {
    "nothing": None,
    "a number": 5,
    "bytes": CANARY.encode(),
    "empty": "",
    "blank": "  ",
    "no Unicode": f"\ud800{CANARY}",
    "a move": DOWN,
    "a record": cc.PatientRecord.of(CANARY),
    "a list": [CANARY],
}


@pytest.mark.parametrize("name", OF_A_PATIENT)
@pytest.mark.parametrize("who", NOBODY)
def test_a_patient_is_named_by_a_text(name: str, who: str, caseload: Caseload) -> None:
    """What is no id of a patient is refused: it would be a patient of whom nothing is known."""
    assert "the patient's id" in refused(
        lambda: OF_A_PATIENT[name](caseload, NOBODY[who]), "patient_id"
    )


@pytest.mark.parametrize("who", NOBODY)
def test_two_patients_are_named_by_texts(who: str, caseload: Caseload, store: MemoryStore) -> None:
    """Where one of two patients is nobody, neither record says that they are one, or two."""
    before = store.feed()
    for tell in (caseload.merge, caseload.unmerge):
        refused(partial(tell, "p-1", NOBODY[who], at=NOW, by=DR), "other_id")
        refused(partial(tell, NOBODY[who], "p-1", at=NOW, by=DR), "patient_id")
    assert store.feed() == before


def test_arguments_that_changed_places(caseload: Caseload) -> None:
    """A move in the patient's place is told as such, and the store is not blamed."""
    says = refused(lambda: caseload.consider(DOWN, "p-1", at=NOW, by=DR), "patient_id")  # type: ignore[arg-type]
    assert says.startswith("`patient_id` is of the kind `Move`; needed is the patient's id")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "report"])
@pytest.mark.parametrize("key", [5, "", " ", b"x"])
def test_ids_are_texts(name: str, key: Any, caseload: Caseload) -> None:
    """An id that makes a retry harmless is a text; nothing is recorded under another."""
    before = caseload.for_patient("p-1")
    with pytest.raises(WrongArgument, match=r"`(request_)?id` is"):
        COMMANDS[name](caseload, key)
    assert caseload.for_patient("p-1") == before


@pytest.mark.parametrize("by", ["", "  ", None, 5])
def test_somebody_does_it(by: Any, caseload: Caseload) -> None:
    """Who does something says who they are."""
    asks: list[Callable[[], object]] = [
        lambda: caseload.consider("p-1", DOWN, at=NOW, by=by),
        lambda: caseload.request("p-1", DOWN, at=NOW, by=by),
        lambda: caseload.options("p-1", at=NOW, by=by),
        lambda: caseload.accept("p-1", "w-1", at=NOW, by=by),
        lambda: caseload.record("p-1", ReturnToUse(), at=NOW, by=by),
        lambda: caseload.retract("p-1", "u-1", by=by),
        lambda: caseload.review("p-1", at=NOW, by=by, stated={RISK: 0}),
        lambda: caseload.override("p-1", "no-1/decision", by=by, reason_code="clinical"),
    ]
    for ask in asks:
        refused(ask, "by")


def test_an_override_says_why_and_who(caseload: Caseload) -> None:
    """A blank reason is none; whoever overrides may be named by an id, then without a role."""
    blanks: tuple[Any, ...] = ("", "  ", None)
    for blank in blanks:
        ask = partial(caseload.override, "p-1", "no-1/decision", by=DR, reason_code=blank)
        refused(ask, "reason_code")
    with pytest.raises(cc.CareContinuumError, match="nobody in particular cannot override"):
        caseload.override("p-1", "no-1/decision", by="dr-example", reason_code="clinical")
    more: Any = {"basis": cc.Basis.OVERRIDDEN, "decision_id": "d", "reason_code": " "}
    with pytest.raises(EventInvalid, match="an override states a coded reason"):
        caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, **more)


@pytest.mark.parametrize("move", ["step down", None, cc.step_down, 5])
def test_a_move_is_a_move(move: Any, caseload: Caseload) -> None:
    """What is no move is told with how to make one."""
    for ask in (caseload.consider, caseload.request, caseload.propose):
        says = refused(partial(ask, "p-1", move, at=NOW, by=DR), "move")
        assert "as `step_down(to=...)` gives" in says
    record = caseload.for_patient("p-1")
    refused(
        lambda: cc.decide(record, move, program=PROGRAM, episode_id="e-1", at=NOW, by=DR), "move"
    )


def test_what_else_is_of_the_wrong_kind(caseload: Caseload) -> None:
    """Each argument that is of the wrong kind is named."""
    one: Any = caseload
    consent: Any = object()
    asks: list[tuple[str, Callable[[], object]]] = [
        ("stated", lambda: one.consider("p-1", DOWN, at=NOW, by=DR, stated=[RISK])),
        ("stated", lambda: one.recommend("p-1", at=NOW, stated="x")),
        ("event", lambda: one.report("p-1", None)),
        ("event", lambda: one.report("p-1", ReturnToUse())),
        ("request", lambda: one.disclose("p-1", None, by=DR)),
        ("request", lambda: one.disclose("p-1", {}, by=DR, calendar=PROGRAM.calendar)),
        ("request", lambda: one.disclose("p-1", consent, by=DR)),
        ("calendar", lambda: one.review_due(NOW, calendar="America/New_York")),
        ("deadlines", lambda: one.review_due(NOW, deadlines=3)),
        ("program", lambda: ProgramAdopted(program="community")),  # type: ignore[arg-type]
        ("episode_id", lambda: one.consider("p-1", DOWN, at=NOW, by=DR, episode_id=5)),
        ("episode_id", lambda: one.recommend("p-1", at=NOW, episode_id="")),
        ("at", lambda: one.request("p-1", DOWN, at=cc.When.of(NOW), by=DR)),
        ("at", lambda: one.census("2026-03-02")),
        ("at", lambda: one.record("p-1", ReturnToUse(), at="2026-03-02", by=DR)),
        ("at", lambda: one.accept("p-1", "w-1", at="2026-03-02", by=DR)),
        ("target_date", lambda: one.propose("p-1", DOWN, at=NOW, by=DR, target_date="2026-03-02")),
        ("occurred_at", lambda: one.correct("p-1", "u-1", by=DR, occurred_at="2026-03-02")),
        ("event_id", lambda: one.retract("p-1", [CANARY], by=DR)),
        ("event_id", lambda: one.correct("p-1", None, by=DR, occurred_at=START)),
        ("decision_id", lambda: one.override("p-1", [CANARY], by=DR, reason_code="x")),
        ("track", lambda: one.review("p-1", at=NOW, by=DR, track="treatment")),
        ("selected", lambda: one.review("p-1", at=NOW, by=DR, selected=["op"])),
        ("occurred_at", lambda: event("x", ReturnToUse(), occurred_at="2026-03-02")),
    ]
    for field, ask in asks:
        refused(ask, field)


def test_a_time_without_a_zone_is_named_as_it_was_given(caseload: Caseload) -> None:
    """A naive time is told by the name of its argument, and a day advised where one is taken."""
    day: Any = date(2026, 3, 3)
    with pytest.raises(cc.NaiveDatetime, match=r"`at` has .*When\.on"):
        caseload.record("p-1", ReturnToUse(), at=day, by=DR)
    with pytest.raises(cc.NaiveDatetime, match=r"`at` has .*When\.on"):
        caseload.accept("p-1", "w-1", at=day, by=DR)
    with pytest.raises(cc.NaiveDatetime, match=r"`target_date` has .*When\.on"):
        caseload.propose("p-1", DOWN, at=NOW, by=DR, target_date=day)
    for ask in (caseload.census, caseload.review_due):
        with pytest.raises(cc.NaiveDatetime, match="`at` has no time zone") as caught:
            ask(day)
        assert "When.on" not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("basis", "decided"),
        ("program", "community"),
        ("decision_id", 5),
        ("site", "x"),
        ("identifiers", "x"),
        ("source", "ehr"),
        ("reason_code", 5),
        ("note", 5),
    ],
)
def test_other_fields_of_an_event_are_checked(field: str, wrong: Any, caseload: Caseload) -> None:
    """What `record` takes for the event is checked by its name, and so is a whole event."""
    more: Any = {field: wrong}
    asks: list[Callable[[], object]] = [
        lambda: caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, **more),
        lambda: caseload.report("p-1", event("x", ReturnToUse(), 3, **more)),
    ]
    for ask in asks:
        with pytest.raises(CodecInvalid, match=rf"{field}(\[0\])?: "):
            ask()
    right: Any = {"site": cc.Site(unit="west"), "source": EventSource(system="ehr"), "note": "n"}
    found = caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, **right)
    assert found.record.events[-1].note == "n"


@pytest.mark.parametrize("wrong", [5, [CANARY], {CANARY: 1}], ids=["number", "list", "mapping"])
def test_what_an_event_says_is_checked(wrong: Any, caseload: Caseload) -> None:
    """What a body holds is checked before anything reads it, by its path."""
    bodies: dict[str, Any] = {
        "body.level": Moved(level=wrong),
        "body.kind": Moved(level="op", kind=wrong),
        "body.readmission_of": Admitted(readmission_of=wrong),
    }
    for path, body in bodies.items():
        with pytest.raises(CodecInvalid, match=f"{path}: ") as caught:
            caseload.record("p-1", body, at=NOW, by=DR)
        assert CANARY not in str(caught.value)


def test_a_misspelt_keyword_names_the_method(caseload: Caseload) -> None:
    """A keyword that is none is told with the method that was called and what it takes."""
    one: Any = caseload
    asks: dict[str, Callable[..., object]] = {
        "record": lambda **more: one.record("p-1", ReturnToUse(), at=NOW, by=DR, **more),
        "admit": lambda **more: one.admit("p-2", at=NOW, by=DR, **more),
        "refer": lambda **more: one.refer("p-2", at=NOW, by=DR, **more),
        "review": lambda **more: one.review("p-1", at=NOW, by=DR, **more),
    }
    for name, ask in asks.items():
        for wrong in ("reasoncode", "recorded_at"):
            says = refused(partial(ask, **{wrong: CANARY}), wrong)
            assert f"no argument of `Caseload.{name}`; needed is one of" in says
    says = refused(lambda: one.admit("p-2", to="iop", at=NOW), "by")
    assert says.startswith("`by` is not given to `Caseload.admit`")


# ------------------------------------------------------------------------- what it is made with


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("programs", "community"),
        ("programs", PROGRAM),
        ("programs", None),
        ("programs[0]", ["community"]),
        ("programs[1]", [PROGRAM, None]),
        ("store", "care.db"),
        ("store", None),
        ("store", MemoryStore),
        ("tenant", None),
        ("tenant", 5),
        ("tenant", "\ud800"),
        ("listeners", 5),
        ("listeners", print),
        ("listeners[0]", [5]),
        ("clock", NOW),
        ("ids", "x"),
    ],
)
def test_a_caseload_is_made_with_what_it_needs(field: str, wrong: Any) -> None:
    """What a caseload cannot work with is refused when it is made."""
    given: dict[str, Any] = {"programs": [PROGRAM], "store": MemoryStore()}
    refused(lambda: Caseload(**{**given, field.partition("[")[0]: wrong}), field)


def test_a_clock_tells_a_zone() -> None:
    """A clock that gives a naive time is told by its name."""
    naive: Any = NOW.replace(tzinfo=None)
    caseload = Caseload([PROGRAM], store=MemoryStore(), clock=lambda: naive)
    with pytest.raises(cc.NaiveDatetime, match=r"`clock\(\)` has no time zone"):
        caseload.admit("p-1", to="iop", at=START, by=DR)


def test_which_program_is_told() -> None:
    """Without programs, or with several of which none is named, the message says what to do."""
    none = Caseload([], store=MemoryStore())
    with pytest.raises(NoProgram, match="the caseload holds no program; make it with"):
        none.admit("p-1", to="iop", at=START, by=DR)
    two = Caseload([PROGRAM, program(id="other")], store=MemoryStore())
    with pytest.raises(NoProgram, match=r"no program was named, `program_id`; .*`other v1`"):
        two.admit("p-1", to="iop", at=START, by=DR)
    named = two.admit("p-1", to="iop", at=START, by=DR, program_id="other")
    assert named.decision.program.id == "other"
    with pytest.raises(NoProgram, match="no program `nope` that applies then"):
        two.admit("p-2", to="iop", at=START, by=DR, program_id="nope")


def test_two_programs_of_one_version_are_told_apart() -> None:
    """Of two with one id and version, and different digests, neither is taken in silence."""
    edited = attrs.evolve(PROGRAM, policies=())
    store = MemoryStore()
    before = Caseload([PROGRAM], store=store, clock=lambda: NOW)
    before.admit("p-1", to="iop", at=START, by=DR, episode_id="e-1")
    both = Caseload([edited, PROGRAM], store=store, clock=lambda: NOW)
    assert both.consider("p-1", DOWN, at=NOW, by=DR).program == PROGRAM.ref
    with pytest.raises(NoProgram, match="`invented` alone: there are several v1"):
        both.admit("p-2", to="iop", at=START, by=DR)
    twice = Caseload([PROGRAM, PROGRAM], store=store, clock=lambda: NOW)
    assert twice.admit("p-2", to="iop", at=START, by=DR).decision.program == PROGRAM.ref


# ------------------------------------------------------------------------------ what is possible


def test_a_moment_ahead_of_the_clock_is_told_as_at(caseload: Caseload) -> None:
    """Another machine's clock may be ahead by a second: the caller gave `at`, and is told of it."""
    ahead = NOW + timedelta(seconds=1)
    with pytest.raises(EventInvalid, match=r"at: it is later .* clock; a move to come is proposed"):
        caseload.request("p-1", DOWN, at=ahead, by=DR)
    for ask in (
        lambda: caseload.accept("p-1", "w-1", at=ahead, by=DR),
        lambda: caseload.record("p-1", ReturnToUse(), at=ahead, by=DR),
        lambda: caseload.propose("p-1", DOWN, at=ahead, by=DR),
    ):
        with pytest.raises(EventInvalid, match=r"occurred_at: it is later .* clock"):
            ask()


def test_options_of_somebody_new_begin_an_episode(caseload: Caseload) -> None:
    """Where nothing is open and none is named, the moves that begin an episode are decided."""
    new = caseload.options("p-9", at=NOW, by=DR)
    assert {one.request.kind.value for one in new} == {"refer", "waitlist", "admit"}
    with pytest.raises(NoSuchEpisode, match="no episode `nope`; this patient has `e-1`"):
        caseload.options("p-1", at=NOW, by=DR, episode_id="nope")
    for ask in (
        lambda: caseload.consider("p-9", DOWN, at=NOW, by=DR),
        lambda: caseload.recommend("p-9", at=NOW),
    ):
        with pytest.raises(EpisodeNotNamed, match="no episode is open; refer or admit first"):
            ask()
    end = cc.discharge("against-advice", last_contact=cc.When.of(START))
    caseload.request("p-1", end, at=NOW, by=DR)
    again = caseload.options("p-1", at=NOW, by=DR)
    assert {one.request.kind.value for one in again} == {"refer", "waitlist", "admit"}


def test_every_listener_is_told_where_warnings_are_errors(store: MemoryStore) -> None:
    """A listener that fails keeps nobody from being told, even where its warning is raised."""
    told: list[str] = []

    def fails(*_: object) -> None:
        raise LookupError

    caseload = Caseload(
        [PROGRAM],
        store=store,
        clock=lambda: NOW,
        listeners=[fails, lambda _, event, __: told.append(event.id)],
    )
    with warnings.catch_warnings(), contextlib.suppress(ListenerFailedWarning):
        warnings.simplefilter("error")
        caseload.admit("p-1", to="iop", at=START, by=DR, request_id="a-1")
    assert told == ["a-1/decision", "a-1"]
    assert opened(store, tenant="").for_patient("p-1").version == 2


def test_a_cursor_that_is_none_is_not_the_end(caseload: Caseload) -> None:
    """A projection that begins with no cursor is told so, whatever the store."""
    wrongs: list[Any] = [None, "3", 1.5, True, -1, 2**70]
    for wrong in wrongs:
        refused(partial(caseload.feed, after=wrong), "after")
        refused(partial(caseload.feed, limit=wrong), "limit")
    assert caseload.feed(limit=0) == ()
    assert len(caseload.feed()) == len(caseload.for_patient("p-1").events)
