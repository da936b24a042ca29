"""Where a history could trip: odd orders, amendments of amendments, and what is not an event."""

from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.decisions import ProgramRef
from carecontinuum.history import (
    Admitted,
    Corrected,
    Effect,
    EpisodeStatus,
    EventInvalid,
    LeaveStarted,
    Moved,
    MoveProposed,
    NotAmendable,
    PatientsMerged,
    ProgramAdopted,
    Referred,
    Relocated,
    Retracted,
    Waitlisted,
)
from invented import DAY, START, continuum, event, record


def test_a_waiting_list_does_not_end_care() -> None:
    """Who is at a level of care stays there, though a waiting list is reported late."""
    episode = record(Moved(level="op"), Waitlisted()).episode("e-1")
    assert (episode.status, episode.level) == (EpisodeStatus.ACTIVE, "op")


def test_a_place_before_admission_is_no_stay() -> None:
    """A change of place before admission names the place, and is no time in care."""
    site = cc.Site(facility="north")
    moved = event("b", Relocated(), 1, site=site)
    episode = record(Referred()).append(moved).episode("e-1")
    assert (episode.stays, episode.site) == ((), site)


def test_adopting_a_program_renames_every_level() -> None:
    """Levels that have a new code have it as candidates and in proposals as well."""
    program = ProgramRef(id="a", version="2", digest="y")
    episode = record(
        Admitted(candidates=("2.1", "op")),
        MoveProposed(proposal_id="m", kind=TransitionKind.PLACE, level="2.1"),
        ProgramAdopted(program=program, level_map={"2.1": "iop"}),
    ).episode("e-1")
    assert episode.candidates == ("iop", "op")
    assert episode.pending[0].level == "iop"
    assert [stay.candidates for stay in episode.stays] == [("2.1", "op"), ("iop", "op")]


def test_what_is_believed_again_is_a_consequence() -> None:
    """The retraction of a retraction brings an event back, and says so."""
    whole = record(Admitted(level="res"), Moved(level="iop")).append(
        event("r-1", Retracted(event_id="f-1"), 5)
    )
    found = cc.consequences(whole, event("r-2", Retracted(event_id="r-1"), 6), continuum())
    assert [(item.event_id, item.effect) for item in found] == [("f-1", Effect.BACK)]


def test_long_histories_keep_every_stay() -> None:
    """A fold that is long enough to set things aside gives every stay, in order."""
    stream = [
        event(f"m-{n}", Moved(level=("res", "iop", "op")[n % 3]), n / 1440) for n in range(5_000)
    ]
    episode = cc.PatientRecord.of("p-1", stream).episode("e-1")
    assert len(episode.stays) == len(stream)
    assert [stay.end for stay in episode.stays[:-1]] == [stay.start for stay in episode.stays[1:]]
    assert episode.stays[0].start == cc.When.of(START)
    assert episode.level_since == cc.When.of(START + 4_999 * DAY / 1440)


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ("admitted", "body", "unknown-body"),
        (None, "body", "unknown-body"),
        (Admitted, "body", "unknown-body"),
        (Admitted(level="iop", candidates=("op",)), "body.candidates", "level-known"),
        (Admitted(confidentiality="secret"), "body.confidentiality", "unknown-confidentiality"),
        (
            Corrected(event_id="a", body=Admitted(confidentiality="Standard")),
            "body.body.confidentiality",
            "unknown-confidentiality",
        ),
        (
            Corrected(event_id="a", body=LeaveStarted(kind="beach")),
            "body.body.kind",
            "unknown-leave",
        ),
        (Corrected(event_id="a", body="admitted"), "body.body", "unknown-body"),  # type: ignore[arg-type]
        (
            Corrected(event_id="a", body=PatientsMerged(patient_id="p-2")),  # type: ignore[arg-type]
            "body.body",
            "unknown-body",
        ),
    ],
)
def test_an_event_says_one_of_what_events_can_say(body: Any, path: str, code: str) -> None:
    """What is no body, or contradicts itself, is refused where it enters, in corrections too."""
    with pytest.raises(EventInvalid) as caught:
        event("x", body)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(path, code)]


def test_a_merge_can_be_retracted() -> None:
    """What concerns the patient alone is retracted like anything else."""
    whole = cc.PatientRecord.of(
        "p-1", [event("m", PatientsMerged(patient_id="p-2"), 0, episode_id=None)]
    )
    assert whole.merged_with == ("p-2",)
    assert whole.append(event("r", Retracted(event_id="m"), 1, episode_id=None)).merged_with == ()
    with pytest.raises(NotAmendable):
        record(Admitted()).append(event("r", Retracted(event_id="f-0"), 1, episode_id=None))
