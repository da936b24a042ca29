"""The caseload: commands record or raise, races are decided again, retries are harmless."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.caseload import (
    CannotBeMerged,
    Caseload,
    EpisodeNotNamed,
    NoProgram,
    NothingRecorded,
)
from carecontinuum.caseload.telling import AHEAD
from carecontinuum.continuum import Route, UnknownLevel
from carecontinuum.engine import CannotBeOverridden, ListenerFailedWarning, NothingRecommended
from carecontinuum.history import (
    Admitted,
    ConsentRecorded,
    Discharged,
    Event,
    EventConflict,
    EventInvalid,
    LeaveStarted,
    Moved,
    MoveProposed,
    NoSuchEpisode,
    ProgramAdopted,
    ReturnToUse,
)
from carecontinuum.policies import PlacementCriteria, PlacementRule
from carecontinuum.records import Consent
from carecontinuum.stores import (
    EventStore,
    MemoryStore,
    SqliteStore,
    StoreUnavailable,
    StreamChanged,
    StreamKey,
)
from carecontinuum.testing.store_checks import invented_events
from invented import DAY, DAYS, RISK, START, continuum, event, program

STEADY = cc.requires(
    DAYS >= 14, id="time", citation="invented", on=["step_down"], overridable_by=["physician"]
)
CRITERIA = PlacementCriteria(
    id="c", version="1", rules=(PlacementRule(id="a", level="res", rule=RISK >= 3),), default="op"
)
PROGRAM = program(STEADY, placement=CRITERIA)


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Give a clock."""
    return Clock()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Any) -> EventStore:
    """Give a store of each kind."""
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "care.db")


@pytest.fixture
def caseload(store: EventStore, clock: Clock) -> Caseload:
    """Give a caseload with one patient in intensive outpatient care."""
    found = Caseload([PROGRAM], store=store, tenant="north", clock=clock)
    found.admit("p-1", to="iop", at=START, by="dr", request_id="r-1", episode_id="e-1")
    return found


def test_an_admission_is_kept(caseload: Caseload, store: EventStore) -> None:
    """The decision and the move are both kept, in the patient's stream."""
    assert caseload.for_patient("p-1").episode("e-1").level == "iop"
    events = store.load(StreamKey("north", "p-1"))
    assert [event.id for event in events] == ["r-1/decision", "r-1"]


def test_queries_record_nothing(caseload: Caseload, clock: Clock, store: EventStore) -> None:
    """Considering, listing options and recommending leave the store as it is."""
    before = len(store.feed())
    at = START + 5 * DAY
    decision = caseload.consider("p-1", cc.step_down(to="op"), at=at, by="dr")
    assert decision.verdict is cc.Verdict.FORBID
    assert {option.request.target for option in caseload.options("p-1", at=at, by="dr")} >= {"op"}
    (found,) = caseload.recommend("p-1", at=at, stated={RISK: 4})
    assert found.level == "res"
    assert len(store.feed()) == before


def test_a_refusal_is_recorded_and_raised(caseload: Caseload, clock: Clock) -> None:
    """The decision that refuses is kept, and the error holds it."""
    clock.at = START + 5 * DAY
    with pytest.raises(cc.TransitionForbidden) as caught:
        caseload.request("p-1", cc.step_down(to="op"), at=clock.at, by="dr", request_id="r-2")
    record = caseload.for_patient("p-1")
    assert record.by_id["r-2/decision"].body.decision == caught.value.decision  # type: ignore[union-attr]
    assert record.episode("e-1").level == "iop"


def test_a_retry_is_harmless(caseload: Caseload, clock: Clock, store: EventStore) -> None:
    """The same request again gives the same answer, later and from another process too."""
    clock.at = START + 20 * DAY
    asked: dict[str, Any] = {"at": clock.at, "by": "dr", "request_id": "r-2"}
    first = caseload.request("p-1", cc.step_down(to="op"), **asked)
    clock.at += DAY
    other = Caseload([PROGRAM], store=store, tenant="north", clock=clock)
    again = other.request("p-1", cc.step_down(to="op"), **asked)
    assert again.decision == first.decision
    assert again.events == ()
    with pytest.raises(EventConflict):
        caseload.request("p-1", cc.lateral(to="op"), **asked)


def test_an_override_names_what_it_overrode(caseload: Caseload, clock: Clock) -> None:
    """A refusal is overridden by the role that may, and by no other."""
    clock.at = START + 5 * DAY
    with pytest.raises(cc.TransitionForbidden):
        caseload.request("p-1", cc.step_down(to="op"), at=clock.at, by="dr", request_id="r-2")
    given: dict[str, Any] = {"reason_code": "clinical", "id": "o-1"}
    with pytest.raises(CannotBeOverridden):
        caseload.override("p-1", "r-2/decision", by=cc.Actor("x", role="clerk"), **given)
    physician = cc.Actor("dr", role="physician")
    assert caseload.override("p-1", "r-2/decision", by=physician, **given).overridden
    assert caseload.for_patient("p-1").episode("e-1").level == "op"


def test_facts_from_the_field_are_kept(caseload: Caseload, clock: Clock) -> None:
    """What is reported off the map is kept, and what does not fit is told."""
    told = event("x", Moved(level="moon"), 2)
    clock.at = START + 2 * DAY
    found = caseload.report("p-1", told)
    assert found.discrepancies
    clock.at = START + 30 * DAY
    again = caseload.report("p-1", cc.Event(**_parts(told, recorded_at=clock.at)))
    assert again.record.version == found.record.version
    with pytest.raises(EventConflict):
        caseload.report("p-1", cc.Event(**_parts(told, body=Moved(level="sun"))))


def _parts(told: Event, **changes: Any) -> dict[str, Any]:
    names = ("id", "patient_id", "episode_id", "occurred_at", "recorded_at", "by", "body")
    return {**{name: getattr(told, name) for name in names}, **changes}


def test_what_is_recorded_is_corrected_and_retracted(caseload: Caseload, clock: Clock) -> None:
    """A return to use is recorded now, corrected later, and taken back."""
    clock.at = START + 3 * DAY
    caseload.record("p-1", ReturnToUse(), at=START + 2 * DAY, by="dr", id="u-1")
    clock.at = START + 4 * DAY
    caseload.correct("p-1", "u-1", occurred_at=START + DAY, by="dr")
    (told,) = caseload.for_patient("p-1").episode("e-1").returns_to_use
    assert told.instant == START + DAY
    caseload.retract("p-1", "u-1", by="dr")
    assert caseload.for_patient("p-1").episode("e-1").returns_to_use == ()


def test_several_episodes_must_be_named(caseload: Caseload, clock: Clock) -> None:
    """A call that names no episode of several is refused with those that are open."""
    caseload.admit("p-1", to="res", at=START, by="dr", episode_id="e-2")
    with pytest.raises(EpisodeNotNamed) as caught:
        caseload.options("p-1", at=START + DAY, by="dr")
    assert caught.value.episodes == ("e-1", "e-2")
    assert "`e-1`, `e-2`" in str(caught.value)
    assert caseload.options("p-1", at=START + DAY, by="dr", episode_id="e-2")
    with pytest.raises(EpisodeNotNamed, match="no episode is open; refer or admit"):
        caseload.request("p-9", cc.step_down(to="op"), at=START, by="dr")


def test_a_referral_becomes_an_admission(caseload: Caseload) -> None:
    """An open referral is the episode that an admission goes on with; else a new one begins."""
    caseload.refer("p-2", at=START, by="dr", request_id="r-1")
    caseload.admit("p-2", to="iop", at=START, by="dr", request_id="r-2")
    assert list(caseload.for_patient("p-2").episodes) == ["episode-r-1"]
    decision = caseload.consider("p-3", cc.admit(to="iop"), at=START, by="dr")
    assert decision.verdict is cc.Verdict.PERMIT
    caseload.admit("p-4", to="iop", at=START, by="dr")
    assert len(caseload.for_patient("p-4").episodes) == 1


def test_an_admission_says_how_confidential_it_is(caseload: Caseload) -> None:
    """An episode is under Part 2 unless its admission says that it is not."""
    for id, stated, expected in (
        ("p-6", None, "part2"),
        ("p-7", "part2", "part2"),
        ("p-8", "standard", "standard"),
    ):
        caseload.admit(id, to="iop", at=START, by="dr", confidentiality=stated)
        (episode,) = caseload.for_patient(id).episodes.values()
        assert episode.confidentiality == expected
    with pytest.raises(cc.NotOnTheMap, match="no confidentiality `secret`; accepted are `part2`"):
        caseload.admit("p-9", to="iop", at=START, by="dr", confidentiality="secret")
    assert not caseload.for_patient("p-9").episodes


def test_an_admission_says_why_and_where(caseload: Caseload, store: EventStore) -> None:
    """A referral and an admission take their reasons, their place and the episode they follow."""
    caseload.admit("p-5", to="iop", at=START, by="dr", episode_id="e-0")
    caseload.request("p-5", cc.discharge(kind="incarcerated"), at=START, by="dr")
    caseload.refer("p-5", at=START, by="dr", reason_code="self", note="called", request_id="r-1")
    outcome = caseload.admit(
        "p-5",
        to="iop",
        at=START,
        by="dr",
        reason_code="returned",
        note="again",
        site=cc.Site(facility="east"),
        readmission_of="e-0",
    )
    event = outcome.events[-1]
    assert (event.reason_code, event.note, event.site) == (
        "returned",
        "again",
        cc.Site(facility="east"),
    )
    _, episode = caseload.for_patient("p-5").episodes.values()
    assert episode.readmission_of == "e-0"
    referred = caseload.for_patient("p-5").by_id["r-1"]
    assert (referred.reason_code, referred.note) == ("self", "called")


def test_each_episode_keeps_its_program(store: EventStore, clock: Clock) -> None:
    """An episode is judged by the version it began with, a new one by the version that applies."""
    may = cc.When.of(START + 60 * DAY)
    old = program(STEADY, effective=cc.Period(end=may))
    new = program(version="2", effective=cc.Period(start=may))
    caseload = Caseload([old, new], store=store, clock=clock)
    caseload.admit("p-1", to="iop", at=START, by="dr", episode_id="e-1")
    clock.at = START + 61 * DAY
    caseload.admit("p-2", to="iop", at=clock.at, by="dr", episode_id="e-1")
    for patient, version in (("p-1", "1"), ("p-2", "2")):
        decision = caseload.consider(patient, cc.step_down(to="op"), at=clock.at, by="dr")
        assert decision.program.version == version
    without = Caseload([new], store=store, clock=clock)
    with pytest.raises(NoProgram, match="v1"):
        without.consider("p-1", cc.step_down(to="op"), at=clock.at, by="dr")


def test_an_episode_adopts_only_what_the_caseload_holds(caseload: Caseload) -> None:
    """An episode is not bound to a program that nobody here could judge it by."""
    later = program(version="2")
    adopted = ProgramAdopted(program=later.ref)
    with pytest.raises(NoProgram, match="v2"):
        caseload.record("p-1", adopted, at=START, by="dr")
    assert caseload.for_patient("p-1").version == 2
    both = Caseload([PROGRAM, later], store=caseload._store, tenant="north")
    both.record("p-1", adopted, at=START, by="dr", id="p")
    assert both.consider("p-1", cc.step_up(to="res"), at=START, by="dr").program.version == "2"
    wrong = ProgramAdopted(program=program(version="3").ref)
    with pytest.raises(NoProgram, match="v3"):
        both.correct("p-1", "p", body=wrong, by="dr")
    both.retract("p-1", "p", by="dr")
    assert both.consider("p-1", cc.step_up(to="res"), at=START, by="dr").program.version == "1"


def test_of_several_programs_one_is_named(store: EventStore, clock: Clock) -> None:
    """A new episode of a caseload with several programs names the program."""
    other = program(id="other")
    caseload = Caseload([PROGRAM, other], store=store, clock=clock)
    with pytest.raises(NoProgram):
        caseload.admit("p-1", to="iop", at=START, by="dr")
    outcome = caseload.admit("p-1", to="iop", at=START, by="dr", program_id="other")
    assert outcome.decision.program.id == "other"
    with pytest.raises(NoProgram, match="`third`"):
        caseload.admit("p-2", to="iop", at=START, by="dr", program_id="third")


def test_reviews_are_kept(caseload: Caseload, clock: Clock) -> None:
    """A placement review is kept with what was selected."""
    clock.at = START + 3 * DAY
    reviewed = caseload.review("p-1", at=clock.at, by="dr", stated={RISK: 0}, selected="op")
    assert reviewed.recommendation.level == "op"
    assert caseload.for_patient("p-1").episode("e-1").reviews[0].selected == "op"
    clock.at = START + 4 * DAY
    caseload.report("p-1", event("x", Moved(level="after"), 3.5))
    with pytest.raises(NothingRecommended):
        caseload.review("p-1", at=START + 4 * DAY, by="dr")


def test_patients_are_merged(caseload: Caseload, clock: Clock) -> None:
    """A merge and its end are kept in the streams of both, once, however often they are told."""
    for other in ("p-7", "p-9"):
        caseload.refer(other, at=START, by="clerk")
    for _ in range(2):
        caseload.merge("p-1", "p-7", by="clerk", at=START, id="m-1")
    both = [caseload.for_patient(id) for id in ("p-1", "p-7")]
    assert [one.merged_with for one in both] == [("p-7",), ("p-1",)]
    assert [[e.id for e in one.events].count("m-1") for one in both] == [1, 1]
    for _ in range(2):
        caseload.unmerge("p-1", "p-7", by="clerk", at=START, id="m-2")
    both = [caseload.for_patient(id) for id in ("p-1", "p-7")]
    assert [one.merged_with for one in both] == [(), ()]
    assert [[e.id for e in one.events].count("m-2") for one in both] == [1, 1]
    found = caseload.merge("p-7", "p-9", by="clerk", at=START).record
    assert found.patient_id == "p-7"
    assert [found.merged_with, caseload.for_patient("p-9").merged_with] == [("p-9",), ("p-7",)]
    caseload.unmerge("p-7", "p-9", by="clerk", at=START)
    assert caseload.for_patient("p-9").merged_with == ()


class Refusing(MemoryStore):
    """A store that cannot write one stream now."""

    refused: StreamKey | None = None

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Refuse."""
        if key == self.refused:
            raise StoreUnavailable(says="it cannot be written now")
        return super().append(key, events, expected_version=expected_version)


def test_a_merge_that_was_interrupted_shuts_the_other_record_first() -> None:
    """Where only one of two records could be written, telling again writes the other."""
    store = Refusing()
    caseload = Caseload([program()], store=store, clock=lambda: START, ids=lambda: "m-1")
    for one in ("p-1", "p-7"):
        caseload.refer(one, at=START, by="clerk", request_id="r-1")
    store.refused = StreamKey("", "p-1")
    with pytest.raises(StoreUnavailable):
        caseload.merge("p-1", "p-7", by="clerk", at=START)
    assert caseload.for_patient("p-7").merged_with == ("p-1",)
    store.refused = None
    caseload.merge("p-1", "p-7", by="clerk", at=START)
    assert caseload.for_patient("p-1").merged_with == ("p-7",)
    assert [event.id for event in caseload.for_patient("p-7").events].count("m-1") == 1


def test_a_merge_is_told_in_both_records_or_in_neither(store: EventStore, clock: Clock) -> None:
    """What either record cannot take, or what would come to nothing, is refused before."""
    caseload = Caseload([PROGRAM], store=store, clock=clock)
    clock.at = START + 9 * DAY
    for one, id in (("p-1", "r-1"), ("p-2", "r-2"), ("p-3", "r-3")):
        caseload.refer(one, at=START, by="clerk", request_id=id)
    kept = len(store.feed())
    for ids, error in (
        (("p-1", "p-1"), CannotBeMerged),
        (("p-1", "mistyped"), NothingRecorded),
        (("mistyped", "p-1"), NothingRecorded),
        (("", "p-1"), cc.WrongArgument),
    ):
        for command in (caseload.merge, caseload.unmerge):
            with pytest.raises(error):
                command(*ids, at=START, by="clerk")
    for id in ("r-1", "r-2"):
        with pytest.raises(EventConflict):
            caseload.merge("p-1", "p-2", at=START, by="clerk", id=id)
    with pytest.raises(CannotBeMerged, match="not merged; nothing was recorded"):
        caseload.unmerge("p-1", "p-2", at=START, by="clerk")
    assert len(store.feed()) == kept
    caseload.merge("p-1", "p-2", at=START + 3 * DAY, by="clerk")
    with pytest.raises(CannotBeMerged, match="give a later `at`"):
        caseload.unmerge("p-1", "p-2", at=START + 2 * DAY, by="clerk")
    caseload.unmerge("p-1", "p-2", at=START + 5 * DAY, by="clerk")
    with pytest.raises(CannotBeMerged, match="give a later `at`"):
        caseload.merge("p-1", "p-2", at=START + 4 * DAY, by="clerk")
    assert caseload.for_patient("p-2").merged_with == ()
    assert list(store.verify()) == []


def test_a_mistyped_episode_is_not_begun_by_a_fact(caseload: Caseload, clock: Clock) -> None:
    """It is refused where somebody says it here, and told where the field reports it."""
    for body in (ReturnToUse(), Moved(level="op"), Discharged(kind="death")):
        with pytest.raises(NoSuchEpisode, match="no episode `e-l`; this patient has `e-1`"):
            caseload.record("p-1", body, at=START, by="dr", episode_id="e-l")
    with pytest.raises(NoSuchEpisode, match="this patient has none"):
        caseload.record("p-l", ReturnToUse(), at=START, by="dr", episode_id="e-1")
    found = caseload.report("p-1", event("x", ReturnToUse(), episode_id="e-l"))
    assert [one.code for one in found.discrepancies] == ["not-begun"]
    with pytest.raises(NoSuchEpisode):
        caseload.record("p-1", ReturnToUse(), at=START, by="dr", episode_id="e-l")
    assert caseload.consider("p-1", cc.leave(), at=START, by="dr").request.episode_id == "e-1"
    assert caseload.options("p-1", at=START, by="dr")[0].request.episode_id == "e-1"
    caseload.record("p-1", Admitted(level="op"), at=START, by="dr", episode_id="e-2")
    assert caseload.for_patient("p-1").episode("e-2").level == "op"


def test_a_clock_far_ahead_does_not_date_a_history(caseload: Caseload, clock: Clock) -> None:
    """A few minutes are the difference of two clocks; a day would date all that follows."""
    for ahead, taken in ((AHEAD, True), (AHEAD + timedelta(minutes=1), False)):
        clock.at += DAY
        told = event(f"x-{taken}", ReturnToUse(), 0.5)
        told = cc.Event(**_parts(told, recorded_at=clock.at + ahead))
        if taken:
            assert caseload.report("p-1", told).record.events[-1] == told
        else:
            with pytest.raises(EventInvalid, match="later than the caseload's clock"):
                caseload.report("p-1", told)
    for more in (1, 2):
        told = event(f"y-{more}", ReturnToUse(), 0.5)
        told = cc.Event(**_parts(told, recorded_at=clock.at + more * AHEAD))
        if more == 1:
            caseload.report("p-1", told)
        else:
            with pytest.raises(EventInvalid):
                caseload.report("p-1", told)


def test_records_of_care_need_no_program(caseload: Caseload, store: EventStore) -> None:
    """A consent is revoked, and a record corrected, when the program of then is no longer held."""
    clock = Clock()
    newer = Caseload([program(version="2")], store=store, tenant="north", clock=clock)
    consent = ConsentRecorded(consent=Consent(id="c"))
    caseload.record("p-1", consent, at=START, by="dr", id="c-1")
    newer.record("p-1", consent, at=START, by="dr", id="c-2")
    newer.correct("p-1", "c-1", body=consent, by="dr")
    newer.retract("p-1", "c-1", by="dr")
    with pytest.raises(NoProgram):
        newer.record("p-1", ReturnToUse(), at=START, by="dr")
    with pytest.raises(NoProgram):
        newer.retract("p-1", "r-1", by="dr")


def test_what_is_told_late_is_judged_by_the_program_of_its_moment(
    store: EventStore, clock: Clock
) -> None:
    """An episode that has adopted another version had the first one before."""
    attic = attrs.evolve(continuum().levels[0], code="attic")
    wider = continuum()
    wider = attrs.evolve(
        wider,
        levels=(*wider.levels, attic),
        routes=(*wider.routes, Route(origin="iop", target="attic")),
        discharge_from=(*wider.discharge_from, "attic"),
    )
    newer = program(version="2", continuum=wider)
    caseload = Caseload([PROGRAM, newer], store=store, clock=clock)
    caseload.admit("p-1", to="iop", at=START, by="dr", program_id="invented", episode_id="e-1")
    clock.at = START + 50 * DAY
    caseload.record("p-1", ProgramAdopted(program=newer.ref), at=START + 40 * DAY, by="dr")
    for days, version in ((20, "1"), (45, "2")):
        decision = caseload.consider("p-1", cc.step_down(to="op"), at=START + days * DAY, by="dr")
        assert decision.program.version == version
    late = caseload.record("p-1", Moved(level="attic"), at=START + 45 * DAY, by="dr", id="late")
    assert late.discrepancies == ()
    early = caseload.record("p-1", Moved(level="attic"), at=START + 20 * DAY, by="dr", id="early")
    assert [one.code for one in early.discrepancies] == ["unknown-level"]
    only = Caseload([newer], store=store, clock=clock)
    only.retract("p-1", "late", by="dr")
    with pytest.raises(NoProgram):
        only.retract("p-1", "early", by="dr")


def test_an_adoption_keeps_the_level_on_the_map(store: EventStore, clock: Clock) -> None:
    """The level reached by renaming, and the one that stays, are levels of the program adopted."""
    other = continuum()
    other = attrs.evolve(
        other,
        levels=tuple(one for one in other.levels if one.code != "iop"),
        routes=tuple(one for one in other.routes if "iop" not in (one.origin, one.target)),
        entry=("op", "res"),
        leave_from=(),
    )
    newer = program(version="2", continuum=other)
    caseload = Caseload([PROGRAM, newer], store=store, clock=clock)
    caseload.admit("p-1", to="iop", at=START, by="dr", episode_id="e-1")
    for renamed in ({}, {"iop": "moon"}, {"res": "moon", "iop": "op"}):
        adopted = ProgramAdopted(program=newer.ref, level_map=renamed)
        with pytest.raises(UnknownLevel):
            caseload.record("p-1", adopted, at=START, by="dr")
    adopted = ProgramAdopted(program=newer.ref, level_map={"iop": "op"})
    assert caseload.record("p-1", adopted, at=START, by="dr").record.episode("e-1").level == "op"
    caseload.refer("p-2", at=START, by="dr", episode_id="e-2")
    caseload.record("p-2", adopted, at=START, by="dr")
    assert caseload.for_patient("p-2").episode("e-2").program == newer.ref


class Meddled(MemoryStore):
    """A store to which somebody else writes just before."""

    def __init__(self, meddle: Callable[["Meddled"], object], times: int) -> None:
        super().__init__()
        self.meddle, self.times = meddle, times

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Let somebody else write first."""
        if self.times > 0:
            self.times -= 1
            self.meddle(self)
        return super().append(key, events, expected_version=expected_version)


def test_a_lost_race_is_decided_again(clock: Clock) -> None:
    """Whoever wrote first is read, and the move is decided on what they wrote."""
    key = StreamKey("north", "p-1")

    def leave(store: Meddled) -> None:
        MemoryStore.append(
            store, key, [event("l", LeaveStarted(kind="pass"), 1)], expected_version=1
        )

    clock.at = START + 2 * DAY
    store = Meddled(leave, 1)
    MemoryStore.append(store, key, [event("a", Admitted(level="iop"), 0)], expected_version=0)
    caseload = Caseload([PROGRAM], store=store, tenant="north", clock=clock)
    with pytest.raises(cc.NotOnTheMap):
        caseload.request("p-1", cc.step_up(to="res"), at=START + 2 * DAY, by="dr")


def test_a_race_lost_for_ever_is_told(clock: Clock) -> None:
    """A writer who never gets a turn is told, and nothing is recorded."""
    numbers = iter(range(1000))

    def use(store: Meddled) -> None:
        number = next(numbers)
        MemoryStore.append(
            store,
            StreamKey("", "p-1"),
            [event(f"u-{number}", ReturnToUse(), 1)],
            expected_version=number + 1,
        )

    clock.at = START + 2 * DAY
    store = Meddled(use, 1000)
    MemoryStore.append(
        store, StreamKey("", "p-1"), [event("a", Admitted(level="iop"), 0)], expected_version=0
    )
    caseload = Caseload([PROGRAM], store=store, clock=clock)
    with pytest.raises(StreamChanged):
        caseload.request("p-1", cc.step_up(to="res"), at=START + 2 * DAY, by="dr")


def test_several_threads_share_a_caseload(caseload: Caseload, clock: Clock) -> None:
    """Eight threads record on one patient: every event is there exactly once."""
    clock.at = START + 3 * DAY

    def use(number: int) -> None:
        caseload.record("p-1", ReturnToUse(), at=START + DAY, by="dr", id=f"u-{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(16)))
    assert len(caseload.for_patient("p-1").episode("e-1").returns_to_use) == 16


def test_listeners_are_told_after(store: EventStore, clock: Clock) -> None:
    """Listeners see what is kept; one that fails is reported, and what was kept stands."""
    seen: list[str] = []

    def fail(*_: object) -> None:
        raise ValueError

    caseload = Caseload(
        [PROGRAM],
        store=store,
        listeners=[fail, lambda key, event, record: seen.append(event.id)],
        clock=clock,
    )
    with pytest.warns(ListenerFailedWarning, match="what was kept stands"):
        caseload.admit("p-1", to="iop", at=START, by="dr", request_id="r-1")
    assert seen == ["r-1/decision", "r-1"]
    assert caseload.for_patient("p-1").version == 2


def test_the_census_counts_who_is_where(
    caseload: Caseload, store: EventStore, clock: Clock
) -> None:
    """Those in care are counted by level, on leave and waiting, as of any moment, of one tenant."""
    caseload.admit("p-2", to="res", at=START, by="dr", episode_id="e-1")
    clock.at = START + 5 * DAY
    caseload.report("p-2", event("l", LeaveStarted(kind="pass"), 2, patient_id="p-2"))
    caseload.report(
        "p-1",
        event("m", MoveProposed(proposal_id="x", kind=cc.TransitionKind.STEP_UP, level="res"), 2),
    )
    caseload.refer("p-3", at=START, by="dr")
    other = Caseload([PROGRAM], store=store, tenant="south")
    other.admit("p-9", to="iop", at=START, by="dr")
    found = caseload.census(START + 3 * DAY)
    assert found.by_level == {"iop": 1, "res": 1}
    assert (found.in_care, found.on_leave, found.pending) == (2, 1, 1)
    caseload.report("p-1", event("d", Discharged(kind="planned"), 4))
    assert caseload.census(START + 5 * DAY).by_level == {"res": 1}
    assert caseload.census(START + 3 * DAY).by_level == {"iop": 1, "res": 1}


def test_the_feed_is_of_one_tenant(caseload: Caseload, store: EventStore) -> None:
    """The feed gives the organisation's own events."""
    Caseload([PROGRAM], store=store, tenant="south").admit("p-9", to="iop", at=START, by="dr")
    assert {item.key.tenant for item in caseload.feed()} == {"north"}
    assert len(store.feed()) == 4


def test_the_feed_goes_on_behind_what_others_kept(store: EventStore) -> None:
    """A page of other organisations' events is not taken for the end of one's own."""
    for tenant, name in (("north", "p-1"), ("south", "p-2"), ("south", "p-3"), ("north", "p-4")):
        store.append(
            StreamKey(tenant, name), invented_events(2, patient_id=name), expected_version=0
        )
    mine = Caseload([PROGRAM], store=store, tenant="north")
    seen: list[tuple[str, int]] = []
    cursor = 0
    while page := mine.feed(after=cursor, limit=3):
        assert len(page) <= 3
        cursor = page[-1].cursor
        seen += [(item.key.patient_id, item.version) for item in page]
    assert seen == [("p-1", 1), ("p-1", 2), ("p-4", 1), ("p-4", 2)]


def test_the_clock_may_go_backwards(caseload: Caseload, clock: Clock) -> None:
    """What is recorded is never recorded before what it follows, whatever the clock says."""
    clock.at = START - 9 * DAY
    caseload.record("p-1", ReturnToUse(), at=START - 10 * DAY, by="dr", id="u-1")
    events = caseload.for_patient("p-1").events
    assert events[-1].recorded_at == events[-2].recorded_at


def test_the_system_s_clock_and_ids_are_the_default() -> None:
    """Without a clock and ids of one's own, the present and new ids are taken."""
    caseload = Caseload([PROGRAM], store=MemoryStore())
    outcome = caseload.admit("p-1", to="iop", at=START, by="dr")
    assert outcome.events[0].recorded_at > START
    assert continuum().levels
