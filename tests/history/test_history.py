"""Events on two clocks, and the episodes they fold into."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.decisions import ProgramRef
from carecontinuum.history import (
    Admitted,
    AnotherPatientsEvent,
    Basis,
    Body,
    Cancelled,
    Corrected,
    Decided,
    Discharged,
    EnteredInError,
    EpisodeStatus,
    EventConflict,
    EventInvalid,
    EventSource,
    HistoryRefused,
    LeaveStarted,
    LegalStatusRecorded,
    LevelPlaced,
    MoveAccepted,
    Moved,
    MoveDeclined,
    MoveProposed,
    MoveWithdrawn,
    NoSuchEpisode,
    NoSuchEvent,
    NotAmendable,
    PatientsMerged,
    PatientsUnmerged,
    ProgramAdopted,
    RecordedBackwards,
    RecordIsAView,
    Referred,
    Relocated,
    Retracted,
    Returned,
    ReturnToUse,
    ServiceEnded,
    ServiceStarted,
    Unplaced,
    Waitlisted,
    apply,
    believed,
    fold,
)
from invented import DAY, START, event, program, record

STATUS = EpisodeStatus
HERE = cc.Site(facility="north")
THERE = cc.Site(facility="south", unit="2")
SERVICE = cc.Coding(code="recovery-residence")


def folded(*changes: Body | tuple[Body, float]) -> cc.EpisodeOfCare:
    """Give the episode that some facts make."""
    return record(*changes).episode("e-1")  # type: ignore[arg-type]


# ------------------------------------------------------------------------------- one event


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": ""}, ["id"]),
        ({"patient_id": ""}, ["patient_id"]),
        ({"occurred_at": START + DAY}, ["occurred_at"]),
        (
            {
                "body": MoveProposed(
                    proposal_id="m", kind=TransitionKind.STEP_UP, level="res", priority="soon"
                )
            },
            ["body.priority"],
        ),
        ({"episode_id": None}, ["episode_id"]),
        ({"episode_id": ""}, ["episode_id"]),
        ({"basis": Basis.DECIDED}, ["decision_id"]),
        ({"basis": Basis.OVERRIDDEN}, ["decision_id", "reason_code"]),
        ({"body": LeaveStarted(kind="holiday")}, ["body.kind"]),
        ({"body": Corrected(event_id="a")}, ["body"]),
        (
            {"body": Corrected(event_id="a", occurred_at=START + DAY)},
            ["body.occurred_at"],
        ),
        ({"id": "", "patient_id": "", "episode_id": None}, ["id", "patient_id", "episode_id"]),
    ],
)
def test_events_list_their_problems(changes: dict[str, object], expected: list[str]) -> None:
    """An event that contradicts itself says everything that is wrong with it."""
    with pytest.raises(EventInvalid) as caught:
        event(**{"id": "a", "body": Admitted(), **changes})  # type: ignore[arg-type]
    assert [problem.path for problem in caught.value.problems] == expected


def test_naive_times_are_refused() -> None:
    """Both clocks of an event have a zone."""
    for name in ("occurred_at", "recorded_at"):
        with pytest.raises(cc.NaiveDatetime):
            event(**{"id": "a", "body": Admitted(), name: datetime(2026, 3, 2)})  # type: ignore[arg-type]  # noqa: DTZ001


def test_days_are_enough() -> None:
    """A day told as a day may be the day it is recorded."""
    day = cc.When.on(date(2026, 3, 2), zone=UTC)
    assert event("a", Admitted(), occurred_at=day).occurred_at is day


def test_good_events() -> None:
    """Leave has one of its kinds or none; what concerns the patient needs no episode."""
    assert event("a", LeaveStarted(kind="medical")).body == LeaveStarted(kind="medical")
    assert event("a", PatientsMerged(patient_id="p-2"), episode_id=None).episode_id is None
    source = EventSource(system="ehr", message_id="secret")
    assert "secret" not in repr(event("a", Admitted(), source=source))


# --------------------------------------------------------------------------------- the fold


def test_from_referral_to_discharge() -> None:
    """An episode goes through FHIR's statuses, and each keeps its period."""
    episode = folded(
        Referred(),
        Waitlisted(),
        Admitted(level="res"),
        LeaveStarted(kind="pass"),
        Returned(),
        Moved(level="iop"),
        Discharged(kind="planned", destination="home", last_contact=START),
    )
    assert [(p.status, p.start.day().day) for p in episode.status_history] == [
        (STATUS.PLANNED, 2),
        (STATUS.WAITLIST, 3),
        (STATUS.ACTIVE, 4),
        (STATUS.ONHOLD, 5),
        (STATUS.ACTIVE, 6),
        (STATUS.FINISHED, 8),
    ]
    assert all(period.end is not None for period in episode.status_history)
    assert [(stay.level, stay.start.day().day) for stay in episode.stays] == [
        ("res", 4),
        ("iop", 7),
    ]
    assert episode.stays[-1].end is not None
    assert episode.leaves[0].end is not None
    assert episode.discharge is not None
    assert episode.discharge.destination == "home"
    assert (episode.level, episode.level_since, episode.is_open) == (None, None, False)
    assert episode.admitted_at == cc.When.of(START + 2 * DAY)


def test_unplaced_and_placed() -> None:
    """A person can be in care without a level, with candidates, and is placed later."""
    episode = folded(Admitted(candidates=("iop", "op")))
    assert episode.is_unplaced
    assert episode.candidates == ("iop", "op")
    placed = folded(Admitted(candidates=("iop", "op")), LevelPlaced(level="op"))
    assert (placed.level, placed.candidates, placed.is_unplaced) == ("op", (), False)
    again = folded(Admitted(level="iop"), Unplaced(candidates=("op",)))
    assert (again.level, again.candidates) == (None, ("op",))
    assert again.days_at_level(START + 3 * DAY, cc.Calendar(zone="UTC")) is None


def test_a_change_of_place_keeps_the_time_at_the_level() -> None:
    """A relocation begins a stay and does not restart the level."""
    whole = cc.PatientRecord.of(
        "p-1",
        [
            event("a", Admitted(level="res"), 0, site=HERE),
            event("b", Relocated(), 3, site=THERE),
        ],
    )
    episode = whole.episode("e-1")
    assert [(stay.level, stay.site) for stay in episode.stays] == [("res", HERE), ("res", THERE)]
    assert episode.level_since == cc.When.of(START)
    assert episode.site == THERE
    assert episode.days_at_level(START + 5 * DAY, cc.Calendar(zone="UTC")) == 5


def test_return_to_another_level() -> None:
    """A return may be to another level, and then begins it."""
    episode = folded(Admitted(level="res"), LeaveStarted(), Returned(level="iop"))
    assert (episode.level, episode.status) == ("iop", STATUS.ACTIVE)
    assert episode.leave is None
    same = folded(Admitted(level="res"), LeaveStarted(), Returned(level="res"))
    assert len(same.stays) == 1


def test_leave_after_leave() -> None:
    """A second leave while on leave ends the first."""
    episode = folded(Admitted(level="res"), LeaveStarted(kind="pass"), LeaveStarted(kind="awol"))
    assert [leave.kind for leave in episode.leaves] == ["pass", "awol"]
    assert episode.leaves[0].end == episode.leaves[1].start
    assert episode.leave is episode.leaves[1]


def test_discharge_from_leave() -> None:
    """A person on leave can be discharged, and the leave ends with the episode."""
    episode = folded(Admitted(level="res"), LeaveStarted(), Discharged(kind="lost-contact"))
    assert episode.status is STATUS.FINISHED
    assert episode.leaves[0].end == cc.When.of(START + 2 * DAY)


def test_services_beside_the_level() -> None:
    """A service ends when told, or with the episode if it hangs on it."""
    episode = folded(
        Admitted(level="iop"),
        ServiceStarted(service_id="s-1", service=SERVICE),
        ServiceStarted(service_id="s-2", service=SERVICE),
        ServiceStarted(service_id="s-3", service=SERVICE, ends_with_episode=False),
        ServiceEnded(service_id="s-2"),
        Discharged(kind="planned"),
    )
    ends = {service.id: service.end for service in episode.services}
    assert ends == {
        "s-1": cc.When.of(START + 5 * DAY),
        "s-2": cc.When.of(START + 4 * DAY),
        "s-3": None,
    }


def test_proposed_moves_wait() -> None:
    """A proposed move waits until it is declined, withdrawn or carried out; the level stays."""
    down, up = TransitionKind.STEP_DOWN, TransitionKind.STEP_UP
    waiting = folded(
        Admitted(level="iop"),
        MoveProposed(proposal_id="m-1", kind=up, level="res", target_date=START, priority="urgent"),
        MoveProposed(proposal_id="m-2", kind=down, level="op"),
        MoveProposed(proposal_id="m-3", kind=down, level="op"),
        MoveAccepted(proposal_id="m-1"),
        MoveDeclined(proposal_id="m-2"),
        MoveWithdrawn(proposal_id="m-3"),
    )
    assert [(move.id, move.accepted) for move in waiting.pending] == [("m-1", True)]
    assert (waiting.level, waiting.status) == ("iop", STATUS.ACTIVE)
    moved = folded(
        Admitted(level="iop"),
        MoveProposed(proposal_id="m-1", kind=up, level="res"),
        Moved(level="res", proposal_id="m-1"),
    )
    assert moved.pending == ()
    admitted = folded(
        MoveProposed(proposal_id="m-1", kind=TransitionKind.ADMIT),
        Admitted(level="iop", proposal_id="m-1"),
    )
    assert admitted.pending == ()


def test_programs_are_adopted() -> None:
    """An episode is judged by its first program until it adopts another, levels renamed."""
    first = ProgramRef(id="a", version="1", digest="x")
    second = ProgramRef(id="a", version="2", digest="y")
    whole = cc.PatientRecord.of(
        "p-1",
        [
            event("a", Admitted(level="2.1"), 0, program=first),
            event("b", ProgramAdopted(program=second, level_map={"2.1": "iop"}), 5),
            event("c", Relocated(), 6, program=first),
        ],
    )
    assert whole.as_of(occurred=START).episode("e-1").program == first
    episode = whole.episode("e-1")
    assert (episode.program, episode.level) == (second, "iop")
    assert episode.level_since == cc.When.of(START)
    assert folded(Admitted(level="op"), ProgramAdopted(program=second)).level == "op"
    assert folded(Admitted(), ProgramAdopted(program=second)).level is None


def test_legal_status_and_return_to_use() -> None:
    """Legal statuses and returns to use are kept in order; the latter after the end too."""
    episode = folded(
        Admitted(level="iop"),
        LegalStatusRecorded(status="involuntary"),
        ReturnToUse(),
        Discharged(kind="planned"),
        ReturnToUse(),
    )
    assert [status.status for status in episode.legal_statuses] == ["involuntary"]
    assert len(episode.returns_to_use) == 2


def test_nothing_changes_after_the_end() -> None:
    """After the end a change is passed over, except that the whole was an error."""
    ended = (Admitted(level="iop"), Discharged(kind="planned"))
    assert folded(*ended, Moved(level="op")).status is STATUS.FINISHED
    assert folded(*ended, Moved(level="op")).level is None
    assert folded(*ended, EnteredInError()).status is STATUS.ENTERED_IN_ERROR
    assert folded(Referred(), Cancelled(), Admitted(level="iop")).status is STATUS.CANCELLED


def test_facts_off_the_map_fold_all_the_same() -> None:
    """What was reported folds even where it makes little sense."""
    assert folded(Moved(level="moon")).level == "moon"
    assert folded(LeaveStarted()).status is STATUS.ONHOLD
    assert folded(Returned()).status is STATUS.ACTIVE
    assert folded(Admitted(level="iop"), Referred()).status is STATUS.ACTIVE
    assert folded(Admitted(level="iop"), Waitlisted()).status is STATUS.ACTIVE
    assert folded(Discharged(kind="death")).status is STATUS.FINISHED


def test_outside_identifiers_are_collected() -> None:
    """Outside identifiers of an episode's events are the episode's, each once."""
    one, two = cc.Identifier(value="1"), cc.Identifier(system="urn:x", value="2")
    whole = cc.PatientRecord.of(
        "p-1",
        [
            event("a", Admitted(), 0, identifiers=(one,)),
            event("b", Relocated(), 1, identifiers=(one, two)),
        ],
    )
    assert whole.episode("e-1").identifiers == (one, two)


# ------------------------------------------------------------------------------- the record


def test_what_cannot_be_added() -> None:
    """An event that cannot stand in this history is refused, and nothing is added."""
    whole = record(Admitted(level="iop"), Moved(level="op"))
    decided = cc.request(
        whole,
        cc.leave(),
        program=program(),
        episode_id="e-1",
        id="r",
        at=START + 2 * DAY,
        by="dr",
    ).record
    cases: list[tuple[cc.PatientRecord, cc.Event, type[HistoryRefused]]] = [
        (whole, event("x", Admitted(), 9, patient_id="p-2"), AnotherPatientsEvent),
        (whole, event("f-0", Admitted(level="res"), 0), EventConflict),
        (whole, event("x", Moved(level="op"), 0.5), RecordedBackwards),
        (whole, event("x", Retracted(event_id="nothing"), 9), NoSuchEvent),
        (whole, event("x", Corrected(event_id="nothing", occurred_at=START), 9), NoSuchEvent),
        (whole, event("x", Retracted(event_id="f-0"), 9, episode_id="e-2"), NotAmendable),
        (decided, event("x", Retracted(event_id="r/decision"), 9), NotAmendable),
    ]
    for before, added, error in cases:
        with pytest.raises(error) as caught:
            before.append(event("fine", ReturnToUse(), 8, known=8), added)
        assert caught.value.event_id == added.id
        assert "fine" not in before.by_id


def test_amendments_are_not_corrected() -> None:
    """A correction is retracted, not corrected; what merges patients is not corrected."""
    whole = record(Admitted(level="iop")).append(
        event("c", Corrected(event_id="f-0", body=Admitted(level="op")), 1),
        event("m", PatientsMerged(patient_id="p-2"), 2, episode_id=None),
    )
    for target, episode_id in (("c", "e-1"), ("m", "e-1")):
        with pytest.raises(NotAmendable):
            whole.append(
                event("x", Corrected(event_id=target, occurred_at=START), 3, episode_id=episode_id)
            )
    assert whole.append(event("x", Retracted(event_id="c"), 3)).episode("e-1").level == "iop"


def test_the_same_event_again_changes_nothing() -> None:
    """An event that is there already with the same content is passed over."""
    whole = record(Admitted(level="iop"), Moved(level="op"))
    assert whole.append(*whole.events) is whole
    assert whole.append() is whole


def test_views_take_no_events() -> None:
    """Events are added to the whole record, not to a view of it."""
    with pytest.raises(RecordIsAView):
        record(Admitted()).as_of(occurred=START).append(event("x", Moved(level="op"), 3))
    with pytest.raises(RecordIsAView):
        record(Admitted()).as_of(known=START).append(event("x", Moved(level="op"), 3))


def test_a_view_of_a_view_is_no_wider() -> None:
    """Each bound is the earlier of the two, whichever was set first."""
    whole = record(Admitted(level="iop"), Moved(level="op"))
    early, late = START, START + 30 * DAY
    assert not whole.is_view
    for view in (
        whole.as_of(known=early).as_of(known=late),
        whole.as_of(known=late, occurred=early).as_of(known=early),
    ):
        assert view.is_view
        assert view.known == early
        assert view.events == whole.as_of(known=early).events


def test_unknown_episodes_are_named() -> None:
    """Asking for an episode that is not there names those that are."""
    with pytest.raises(NoSuchEpisode, match="no episode `e-9`; this patient has `e-1`"):
        record(Admitted()).episode("e-9")


def test_late_entries_fold_where_they_belong() -> None:
    """A late entry is folded when it happened, and known when it was recorded."""
    whole = record((Admitted(level="res"), 0), (Moved(level="op"), 20)).append(
        event("late", Moved(level="iop"), 10, known=30)
    )
    assert [stay.level for stay in whole.episode("e-1").stays] == ["res", "iop", "op"]
    known = whole.as_of(known=START + 29 * DAY)
    assert [stay.level for stay in known.episode("e-1").stays] == ["res", "op"]
    assert whole.as_of(occurred=START + 15 * DAY).episode("e-1").level == "iop"


def test_corrections_and_their_retraction() -> None:
    """The latest correction of a part is believed; a retraction undoes it, and itself."""
    whole = record((Admitted(level="res"), 5), (Moved(level="iop"), 10)).append(
        event("c-1", Corrected(event_id="f-0", occurred_at=START), 20),
        event("c-2", Corrected(event_id="f-0", body=Admitted(level="op")), 21),
    )
    stay = whole.episode("e-1").stays[0]
    assert (stay.level, stay.start) == ("op", cc.When.of(START))
    assert whole.believed[0].recorded_at == START + 21 * DAY
    undone = whole.append(event("r-1", Retracted(event_id="c-2"), 22))
    assert undone.episode("e-1").stays[0].level == "res"
    redone = undone.append(event("r-2", Retracted(event_id="r-1"), 23))
    assert redone.episode("e-1").stays[0].level == "op"
    assert redone.by_id["f-0"].occurred_at == cc.When.of(START + 5 * DAY)
    gone = redone.append(event("r-3", Retracted(event_id="f-0"), 24))
    assert [stay.level for stay in gone.episode("e-1").stays] == ["iop"]


def test_a_correction_may_move_an_event_past_its_first_recording() -> None:
    """What was recorded too early can be corrected to a later moment."""
    whole = record((Admitted(level="res"), 0)).append(
        event("c", Corrected(event_id="f-0", occurred_at=START + 3 * DAY), 5)
    )
    assert whole.episode("e-1").admitted_at == cc.When.of(START + 3 * DAY)


def test_patients_are_merged_and_unmerged() -> None:
    """A merge names the other patient, and can be taken back."""
    whole = record(Admitted()).append(
        event("m-1", PatientsMerged(patient_id="p-2"), 1, episode_id=None),
        event("m-2", PatientsMerged(patient_id="p-3"), 2, episode_id=None),
        event("m-3", PatientsUnmerged(patient_id="p-2"), 3, episode_id=None),
    )
    assert whole.merged_with == ("p-3",)
    assert list(whole.episodes) == ["e-1"]


def test_records_are_values() -> None:
    """A record can be pickled, copied and compared, and shows no patient."""
    whole = record(Admitted(level="iop"), Moved(level="op"))
    assert whole.episode("e-1").level == "op"
    assert pickle.loads(pickle.dumps(whole)) == copy.deepcopy(whole) == whole
    assert pickle.loads(pickle.dumps(whole)).episode("e-1") == whole.episode("e-1")
    assert hash(whole) == hash(copy.copy(whole))
    assert "p-1" not in repr(whole)


def test_both_bounds_are_inclusive() -> None:
    """What happened or became known at the bound itself counts."""
    whole = record((Admitted(level="res"), 0), (Moved(level="iop"), 10))
    at = START + 10 * DAY
    assert whole.as_of(occurred=at).episode("e-1").level == "iop"
    assert whole.as_of(known=at).episode("e-1").level == "iop"
    before = at - timedelta(microseconds=1)
    assert whole.as_of(occurred=before).episode("e-1").level == "res"
    assert whole.as_of(known=before).version == 1
    with pytest.raises(cc.NaiveDatetime):
        whole.as_of(known=datetime(2026, 3, 2))  # noqa: DTZ001


# --------------------------------------------------------------------------------- the laws

LEVELS = ["res", "iop", "op", "moon"]
levels = st.sampled_from(LEVELS)
facts: st.SearchStrategy[Body] = st.one_of(
    st.builds(Admitted, level=levels | st.none()),
    st.builds(Moved, level=levels),
    st.builds(LevelPlaced, level=levels),
    st.builds(Returned, level=levels | st.none()),
    st.builds(Unplaced, candidates=st.sampled_from([(), ("iop", "op")])),
    st.builds(ServiceStarted, service_id=st.sampled_from("ab"), service=st.just(SERVICE)),
    st.builds(ServiceEnded, service_id=st.sampled_from("ab")),
    st.builds(
        MoveProposed,
        proposal_id=st.sampled_from("ab"),
        kind=st.just(TransitionKind.STEP_UP),
        level=levels,
    ),
    st.builds(MoveAccepted, proposal_id=st.sampled_from("ab")),
    st.builds(MoveDeclined, proposal_id=st.sampled_from("ab")),
    st.builds(Discharged, kind=st.sampled_from(["planned", "death"])),
    st.sampled_from(
        [
            Referred(),
            Waitlisted(),
            Cancelled(),
            Relocated(),
            LeaveStarted(),
            ReturnToUse(),
            EnteredInError(),
        ]
    ),
)


@st.composite
def histories(draw: st.DrawFn) -> list[cc.Event]:
    """Generate streams with late entries, ties, corrections and retractions."""
    found: list[cc.Event] = []
    known = 0.0
    for number in range(draw(st.integers(0, 14))):
        known += draw(st.sampled_from([0, 0, 1, 2.5]))
        episode_id = draw(st.sampled_from(["e-1", "e-1", "e-2"]))
        amendable = [e for e in found if e.episode_id == episode_id]
        body = draw(facts)
        if amendable and draw(st.integers(0, 3)) == 0:
            target = draw(st.sampled_from(amendable))
            body = Retracted(event_id=target.id)
            if not isinstance(target.body, (Retracted, Corrected)) and draw(st.booleans()):
                body = Corrected(
                    event_id=target.id,
                    occurred_at=START + draw(st.integers(0, int(known))) * DAY,
                )
        late = draw(st.sampled_from([0, 0, 1, 4]))
        occurred = known - late
        found.append(event(f"h-{number}", body, occurred, known=known, episode_id=episode_id))
    return found


moments = st.integers(-5, 40).map(lambda half: START + half * DAY / 2)


@given(histories())
def test_apply_is_one_step_of_the_fold(stream: list[cc.Event]) -> None:
    """The fold of a stream and one more event is one step from the fold of the stream."""
    whole = cc.PatientRecord.of("p-1", stream)
    for id, events in whole.streams.items():
        for cut in range(len(events)):
            before = fold(id, events[:cut])
            assert apply(before, events[cut]) == fold(id, events[: cut + 1])


@given(histories())
def test_one_by_one_is_all_at_once(stream: list[cc.Event]) -> None:
    """A record that grew event by event is the record made at once, in every view of it."""
    at_once = cc.PatientRecord.of("p-1", stream)
    grown = cc.PatientRecord.of("p-1")
    for item in stream:
        assert grown.episodes is not None
        grown = grown.append(item)
    assert grown == at_once
    assert grown.believed == at_once.believed
    assert dict(grown.streams) == dict(at_once.streams)
    assert dict(grown.episodes) == dict(at_once.episodes)
    assert dict(grown.by_id) == dict(at_once.by_id)


@given(histories(), moments, moments, moments, moments)
def test_views_compose(
    stream: list[cc.Event], o1: datetime, k1: datetime, o2: datetime, k2: datetime
) -> None:
    """A view of a view is the view of the earlier of both bounds."""
    whole = cc.PatientRecord.of("p-1", stream)
    twice = whole.as_of(occurred=o1, known=k1).as_of(occurred=o2, known=k2)
    once = whole.as_of(occurred=min(o1, o2), known=min(k1, k2))
    assert twice == once
    assert dict(twice.episodes) == dict(once.episodes)


@given(histories(), moments)
def test_what_was_known_is_a_beginning(stream: list[cc.Event], at: datetime) -> None:
    """What was known at a moment is the first part of what is known now."""
    whole = cc.PatientRecord.of("p-1", stream)
    known = whole.as_of(known=at)
    assert known.events == whole.events[: known.version]
    assert all(item.recorded_at <= at for item in known.events)
    assert all(item.recorded_at > at for item in whole.events[known.version :])


@given(histories(), moments)
def test_what_had_happened_is_believed_in_order(stream: list[cc.Event], at: datetime) -> None:
    """Believed events lie in the order they happened, none after the bound, none amended away."""
    found = believed(stream, occurred=at)
    times = [item.occurred_at.instant for item in found]
    assert times == sorted(times)
    assert all(time <= at for time in times)
    assert not any(isinstance(item.body, (Retracted, Corrected, Decided)) for item in found)


@given(histories())
def test_periods_of_an_episode_follow_each_other(stream: list[cc.Event]) -> None:
    """Statuses and stays follow without gap or overlap, and only the last is open."""
    for episode in cc.PatientRecord.of("p-1", stream).episodes.values():
        for before, after in zip(episode.status_history, episode.status_history[1:], strict=False):
            assert before.end == after.start
            assert before.status is not after.status
        for stay, next_stay in zip(episode.stays, episode.stays[1:], strict=False):
            assert stay.end is not None
            assert stay.end.instant <= next_stay.start.instant
        if episode.status_history:
            assert episode.status_history[-1].status is episode.status
