"""What does not fit in a history, and what a late entry changes."""

from datetime import UTC

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.history import (
    Admitted,
    Body,
    Cancelled,
    Corrected,
    Discharged,
    Effect,
    EnteredInError,
    LeaveStarted,
    LegalStatusRecorded,
    LevelPlaced,
    MoveAccepted,
    Moved,
    MoveProposed,
    Referred,
    Relocated,
    Retracted,
    Returned,
    ReturnToUse,
    ServiceEnded,
    ServiceStarted,
    Unplaced,
    Waitlisted,
)
from invented import DAY, START, continuum, event, record

SERVICE = cc.Coding(code="peer-support")
PROPOSED = MoveProposed(proposal_id="m", kind=TransitionKind.STEP_UP, level="res")


def codes(*bodies: Body) -> list[str]:
    """Give the codes of what does not fit in a history of these facts."""
    return [found.code for found in cc.discrepancies(record(*bodies), continuum())]  # type: ignore[arg-type]


def test_a_good_history_fits() -> None:
    """A history that follows the map has nothing to report."""
    assert (
        codes(
            Referred(),
            Waitlisted(),
            Admitted(level="res"),
            LegalStatusRecorded(status="voluntary"),
            PROPOSED,
            MoveAccepted(proposal_id="m"),
            LeaveStarted(),
            Returned(),
            Relocated(),
            Moved(level="iop", kind=TransitionKind.STEP_DOWN),
            ServiceStarted(service_id="s", service=SERVICE),
            ServiceEnded(service_id="s"),
            Moved(level="op"),
            ReturnToUse(),
            Moved(level="iop", kind=TransitionKind.STEP_UP),
            Moved(level="op"),
            Discharged(kind="planned"),
            ReturnToUse(),
            EnteredInError(),
        )
        == []
    )


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ([Admitted(level="iop"), Referred()], ["after-admission"]),
        ([Referred(), Referred()], ["referred-again"]),
        ([Waitlisted(), Waitlisted()], ["waitlisted-again"]),
        ([Admitted(level="iop"), Cancelled()], ["after-admission"]),
        ([Admitted(level="iop"), Admitted(level="res")], ["admitted-again"]),
        ([Moved(level="iop"), Admitted(level="res")], ["not-at-a-level", "admitted-again"]),
        ([Admitted(level="moon")], ["unknown-level"]),
        ([Admitted(candidates=("moon", "iop"))], ["unknown-level"]),
        ([Admitted(level="op")], ["not-an-entry"]),
        ([Admitted(level="iop"), LevelPlaced(level="op")], ["not-unplaced"]),
        ([Admitted(), LevelPlaced(level="moon")], ["unknown-level"]),
        ([Admitted(level="iop"), Moved(level="moon")], ["unknown-level"]),
        ([Admitted(level="res"), Moved(level="op")], ["off-the-map"]),
        (
            [Admitted(level="res"), Moved(level="iop", kind=TransitionKind.STEP_UP)],
            ["contradicts-ranks"],
        ),
        ([Admitted(), Moved(level="op")], ["not-at-a-level"]),
        ([Admitted(level="iop"), Moved(level="op", proposal_id="m")], ["no-such-proposal"]),
        ([Admitted(level="iop", proposal_id="m")], ["no-such-proposal"]),
        (
            [
                Admitted(level="iop"),
                MoveProposed(proposal_id="m", kind=TransitionKind.STEP_DOWN),
                Moved(level="op", proposal_id="m"),
            ],
            [],
        ),
        (
            [Admitted(level="iop"), PROPOSED, Moved(level="op", proposal_id="m")],
            ["not-as-proposed"],
        ),
        ([LeaveStarted()], ["not-in-care"]),
        ([Admitted(level="iop"), Returned()], ["not-on-leave"]),
        ([Admitted(level="res"), LeaveStarted(), Returned(level="op")], ["off-the-map"]),
        ([Admitted(level="res"), LeaveStarted(), Returned(level="moon")], ["unknown-level"]),
        ([Relocated()], ["not-in-care"]),
        ([Referred(), Unplaced()], ["not-in-care"]),
        ([Referred(), Discharged(kind="death")], ["not-in-care"]),
        ([Admitted(level="iop"), Discharged(kind="flew")], ["unknown-discharge"]),
        ([Admitted(level="iop"), Discharged(kind="planned")], ["off-the-map"]),
        ([Admitted(level="iop"), Discharged(kind="death")], []),
        ([Admitted(), Discharged(kind="planned")], []),
        ([Admitted(level="iop"), PROPOSED, PROPOSED], ["proposed-again"]),
        ([Admitted(level="iop"), MoveAccepted(proposal_id="m")], ["no-such-proposal"]),
        ([Admitted(level="iop"), ServiceEnded(service_id="s")], ["no-such-service"]),
        (
            [Admitted(level="iop"), *[ServiceStarted(service_id="s", service=SERVICE)] * 2],
            ["service-runs"],
        ),
        ([Admitted(level="iop"), Discharged(kind="death"), Moved(level="op")], ["after-the-end"]),
        ([Referred(), Cancelled(), Discharged(kind="death")], ["after-the-end"]),
        ([Moved(level="moon"), Moved(level="iop")], ["unknown-level", "not-at-a-level"]),
    ],
)
def test_each_misfit_is_listed(bodies: list[Body], expected: list[str]) -> None:
    """Each way of not fitting has its code, and the fact is folded all the same."""
    assert sorted(codes(*bodies)) == sorted(expected)


def test_misfits_name_the_event() -> None:
    """A misfit names the event, the episode, what was seen and what was expected."""
    (found,) = cc.discrepancies(record(Admitted(level="res"), Moved(level="op")), continuum())
    assert (found.event_id, found.episode_id) == ("f-1", "e-1")
    assert found.says == "no route from `res` to `op`"


WHOLE = record((Admitted(level="res"), 0), (Moved(level="iop"), 20), (Moved(level="op"), 40))


def effects(added: cc.Event, whole: cc.PatientRecord = WHOLE) -> dict[str, Effect]:
    """Give what one more event does to the others."""
    return {c.event_id: c.effect for c in cc.consequences(whole, added, continuum())}


def test_what_comes_last_changes_nothing() -> None:
    """An event after all others has no consequences, and adding one again has none."""
    assert effects(event("x", Moved(level="iop"), 50)) == {}
    assert effects(WHOLE.events[0]) == {}


def test_a_late_entry_lists_what_it_changes() -> None:
    """A late move makes the next one start elsewhere, and perhaps misfit."""
    assert effects(event("x", Moved(level="op"), 10, known=50)) == {"f-1": Effect.STARTS_ELSEWHERE}
    assert effects(event("x", Moved(level="res"), 30, known=50)) == {"f-2": Effect.NOW_MISFITS}
    ended = effects(event("x", Discharged(kind="death"), 10, known=50))
    assert ended == {"f-1": Effect.NOW_MISFITS, "f-2": Effect.NOW_MISFITS}


def test_corrections_and_retractions_list_what_they_change() -> None:
    """A retraction takes events away, and can make others misfit or fit."""
    found = effects(event("x", Retracted(event_id="f-1"), 50))
    assert found == {"f-1": Effect.GONE, "f-2": Effect.NOW_MISFITS}
    broken = WHOLE.append(event("bad", Moved(level="res"), 30, known=50))
    assert effects(event("x", Retracted(event_id="bad"), 60), broken) == {
        "bad": Effect.GONE,
        "f-2": Effect.NOW_FITS,
    }
    assert effects(event("x", Corrected(event_id="f-1", occurred_at=START + 21 * DAY), 50)) == {}


def test_consequences_say_how() -> None:
    """A consequence says from where to where, in words."""
    (found,) = cc.consequences(WHOLE, event("x", Moved(level="op"), 10, known=50), continuum())
    assert found.says == "from active at `op`, not active at `res`"
    placed = record((Admitted(level="iop"), 0), (Moved(level="op"), 40))
    (found,) = cc.consequences(placed, event("x", Unplaced(), 10, known=50), continuum())
    assert found.effect is Effect.NOW_MISFITS


def test_an_episode_that_nobody_began_is_listed() -> None:
    """A mistyped episode makes one with a fact or a service in it, and nobody referred to it."""
    for body in (ReturnToUse(), ServiceStarted(service_id="s", service=SERVICE)):
        (found,) = cc.discrepancies(record(body), continuum())
        assert (found.event_id, found.code) == ("f-0", "not-begun")


def test_what_is_referred_to_elsewhere_must_be_there() -> None:
    """An earlier episode has ended, a decision is recorded, and nobody begins after death."""
    first = record(Admitted(level="iop"))
    ended = first.append(event("d", Discharged(kind="incarcerated"), 10))
    died = first.append(event("d", Discharged(kind="death"), 10))
    again = Admitted(level="iop", readmission_of="e-1")
    for whole, body, days, expected in (
        (ended, again, 20, []),
        (first, again, 20, ["not-ended"]),
        (ended, again, 5, ["not-ended"]),
        (ended, Admitted(readmission_of="e-0"), 20, ["no-such-episode"]),
        (died, Referred(), 20, ["after-death"]),
        (died, Referred(), 5, []),
        (died, again, 20, ["after-death"]),
    ):
        told = event("x", body, days, episode_id="e-2")
        later = whole.append(attrs.evolve(told, recorded_at=START + 20 * DAY))
        assert [one.code for one in cc.discrepancies(later, continuum())] == expected
    lost = attrs.evolve(event("x", ReturnToUse(), 3), decision_id="nope")
    assert [one.code for one in cc.discrepancies(first.append(lost), continuum())] == [
        "no-such-decision"
    ]


def test_a_discharge_that_is_told_as_a_day_ends_with_that_day() -> None:
    """Who returns on the day of a discharge has been discharged."""
    day = cc.When.on(START.date(), zone=UTC)
    left = event("d", Discharged(kind="incarcerated"), 1)
    back = event("x", Admitted(readmission_of="e-1"), 1, episode_id="e-2")
    whole = record(Admitted(level="iop")).append(
        attrs.evolve(left, occurred_at=START + DAY / 8), attrs.evolve(back, occurred_at=day)
    )
    assert whole.death is None
    assert cc.discrepancies(whole, continuum()) == ()


def test_what_is_told_as_the_first_day_has_begun() -> None:
    """A return to use told as the day of the admission counts from midnight, and fits."""
    told = event("x", ReturnToUse(), 1)
    for day, expected in ((START, []), (START - DAY, ["not-begun"])):
        when = cc.When.on(day.date(), zone=UTC)
        whole = record(Admitted(level="iop")).append(attrs.evolve(told, occurred_at=when))
        assert [one.code for one in cc.discrepancies(whole, continuum())] == expected


def test_two_moments_of_a_day_are_compared_as_moments() -> None:
    """An admission in the morning is before a death in the evening; a day is that day's."""
    died = record(Admitted(level="iop")).append(event("d", Discharged(kind="death"), 10))
    at = START + 10 * DAY
    for when, expected in (
        (at - DAY / 8, []),
        (at + DAY / 24, ["after-death"]),
        (cc.When.on(at.date(), zone=UTC), ["after-death"]),
        (cc.When.on((at - DAY).date(), zone=UTC), []),
    ):
        other = event("x", Admitted(level="iop"), 11, episode_id="e-2")
        whole = died.append(attrs.evolve(other, occurred_at=when))
        assert [one.code for one in cc.discrepancies(whole, continuum())] == expected
    day = attrs.evolve(died.by_id["d"], occurred_at=cc.When.on(at.date(), zone=UTC))
    whole = record(Admitted(level="iop")).append(day, event("x", Referred(), 10, episode_id="e-2"))
    assert [one.code for one in cc.discrepancies(whole, continuum())] == ["after-death"]
