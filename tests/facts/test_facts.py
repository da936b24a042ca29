"""Where facts are read, and what they say at a moment."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.decisions import Stated
from carecontinuum.facts import SOURCES, RecordView, Source, StatedWithRequest, facts_at
from carecontinuum.history import (
    Admitted,
    Discharged,
    EnteredInError,
    LeaveStarted,
    LegalStatusRecorded,
    Moved,
    Returned,
    ReturnToUse,
)
from carecontinuum.rules import FactValueInvalid
from invented import DAY, DAYS, STABLE, START, event, record, settings

NEW_YORK = ZoneInfo("America/New_York")


def view(
    whole: cc.PatientRecord, days: float, *, episode_id: str = "e-1", **calendar: Any
) -> RecordView:
    """Give the view of a record so many days after the start."""
    at = START + days * DAY
    return RecordView(
        record=whole,
        episode=whole.episodes.get(episode_id) or cc.EpisodeOfCare(id=episode_id),
        at=at,
        calendar=cc.Calendar(zone="America/New_York", **calendar),
        request=cc.TransitionRequest(
            episode_id=episode_id,
            kind=TransitionKind.STEP_DOWN,
            origin="iop",
            target="op",
            at=at,
            by=cc.Actor("dr"),
            move=cc.step_down(to="op"),
            stated=(Stated(fact="stable", value=True),),
        ),
    )


def read(name: str, seen: RecordView, **given: Any) -> object:
    """Read a built-in source by its name; `None` is unknown."""
    source: Source[Any] = SOURCES[name](**given)
    found = source.read(seen)
    if isinstance(found, cc.Known):
        assert found.source
        return found.value
    assert found.would_supply
    return None


def test_days_at_level() -> None:
    """Days at the level count local dates; the day of a move is day 0 of the new level."""
    whole = record((Admitted(level="res"), 0), (Moved(level="iop"), 10))
    assert read("days-at-level", view(whole, 10)) == 0
    assert read("days-at-level", view(whole, 10 + 23 / 24)) == 1
    assert read("days-at-level", view(whole, 24)) == 14
    assert read("days-at-level", view(whole, 5)) is None
    assert read("days-at-level", view(record(Admitted()), 5)) is None


def test_days_at_level_across_daylight_saving() -> None:
    """A night of 23 hours is a day all the same."""
    whole = record((Admitted(level="iop"), 0))
    assert read("days-at-level", view(whole, 14)) == 14


def test_days_at_level_with_leave() -> None:
    """Days on leave count, unless the program says otherwise."""
    whole = record(
        (Admitted(level="res"), 0),
        (LeaveStarted(), 2),
        (Returned(), 5),
        (LeaveStarted(), 8),
    )
    assert read("days-at-level", view(whole, 10)) == 10
    assert read("days-at-level", view(whole, 10, leave_counts=False)) == 5
    assert read("days-on-leave", view(whole, 10)) == 2
    assert read("days-on-leave", view(record(Admitted(level="res")), 3)) == 0


def test_days_since_admission_and_discharge() -> None:
    """Days since admission and since the latest earlier discharge, if there is one."""
    whole = record((Admitted(level="res"), 0), (Discharged(kind="planned"), 10)).append(
        event("b", Admitted(level="iop"), 20, episode_id="e-2")
    )
    assert read("days-since-admission", view(whole, 25, episode_id="e-2")) == 5
    assert read("days-since-discharge", view(whole, 25, episode_id="e-2")) == 15
    assert read("days-since-discharge", view(whole, 25)) is None
    assert read("days-since-admission", view(whole, 25, episode_id="e-3")) is None


def test_a_discharge_in_error_is_none() -> None:
    """The discharge of an episode that was entered in error does not count."""
    whole = record((Admitted(level="res"), 0), (Discharged(kind="planned"), 10)).append(
        event("b", EnteredInError(), 15), event("c", Admitted(level="iop"), 20, episode_id="e-2")
    )
    assert read("days-since-discharge", view(whole, 25, episode_id="e-2")) is None


def test_no_days_are_counted_from_a_month() -> None:
    """Days since something of which only the month is told are not known."""
    march = cc.When.parse("2026-03", zone=NEW_YORK)
    whole = cc.PatientRecord.of(
        "p-1",
        [
            event("a", Admitted(level="iop"), 30, occurred_at=march),
            event("b", ReturnToUse(), 30, occurred_at=march),
            event("c", LeaveStarted(), 30, occurred_at=march),
            event("d", Admitted(), 30, occurred_at=march, episode_id="e-2"),
            event("e", Discharged(kind="planned"), 30, occurred_at=march, episode_id="e-2"),
        ],
    )
    names = ("days-at-level", "days-since-admission", "days-on-leave", "days-since-discharge")
    for name in (*names, "days-since-return-to-use"):
        assert read(name, view(whole, 40)) is None
    assert read("returns-to-use", view(whole, 40)) == 1
    assert read("returns-to-use", view(whole, 40), within_days=20) is None
    assert read("returns-to-use", view(whole, 40), within_days=5) == 0
    assert read("returns-to-use", view(whole, 40), within_days=10**9) == 1


def test_a_day_that_has_not_begun_here_is_day_0() -> None:
    """What happened on a day that is still tomorrow here happened today, not in minus one day."""
    tomorrow = cc.When.on(date(2026, 3, 3), zone=ZoneInfo("Asia/Tokyo"))
    at = datetime(2026, 3, 2, 16, tzinfo=UTC)
    whole = cc.PatientRecord.of(
        "p-1",
        [
            event("a", Admitted(level="iop"), occurred_at=tomorrow, recorded_at=at),
            event("b", ReturnToUse(), occurred_at=tomorrow, recorded_at=at),
            event("c", LeaveStarted(), occurred_at=tomorrow, recorded_at=at),
        ],
    )
    now = view(whole, (at - START) / DAY)
    names = ("days-at-level", "days-since-admission", "days-on-leave", "days-since-return-to-use")
    for name in names:
        assert read(name, now) == 0
    assert read("returns-to-use", now, within_days=0) == 1
    assert now.episode.days_at_level(START - DAY / 24, now.calendar) is None


def test_returns_to_use() -> None:
    """Recorded returns to use are counted; that none is recorded says nothing of days since."""
    whole = record((Admitted(level="iop"), 0), (ReturnToUse(), 5), (ReturnToUse(), 40))
    assert read("returns-to-use", view(whole, 50)) == 2
    assert read("returns-to-use", view(whole, 50), within_days=30) == 1
    assert read("days-since-return-to-use", view(whole, 50)) == 10
    assert read("days-since-return-to-use", view(record(Admitted()), 50)) is None
    assert read("returns-to-use", view(record(Admitted()), 50)) == 0


def test_other_open_episodes() -> None:
    """Only other episodes in care count."""
    whole = record((Admitted(level="iop"), 0)).append(
        event("b", Admitted(level="op"), 1, episode_id="e-2"),
        event("c", Admitted(level="op"), 2, episode_id="e-3"),
        event("d", Discharged(kind="planned"), 3, episode_id="e-3"),
    )
    assert read("other-open-episodes", view(whole, 5)) == 1


def test_level_elsewhere() -> None:
    """The first level looked for that another open episode is at; none is an empty code."""
    whole = record((Admitted(level="iop"), 0)).append(
        event("b", Admitted(level="op"), 1, episode_id="e-2"),
        event("c", Admitted(level="res"), 2, episode_id="e-3"),
        event("d", LeaveStarted(), 3, episode_id="e-3"),
    )
    now, other = view(whole, 5), view(whole, 5, episode_id="e-2")
    assert read("level-elsewhere", now, levels=("res", "op")) == "res"
    assert read("level-elsewhere", now, levels=("op", "res")) == "op"
    assert read("level-elsewhere", now, levels=("iop",)) == ""
    assert read("level-elsewhere", other, levels=("iop",)) == "iop"
    ended = whole.append(event("e", Discharged(kind="planned"), 4, episode_id="e-3"))
    assert read("level-elsewhere", view(ended, 5), levels=("res",)) == ""


@pytest.mark.parametrize(
    ("candidates", "found"), [((), None), (("res", "op"), None), (("op", "after"), "")]
)
def test_an_unplaced_episode_may_be_anywhere(
    candidates: tuple[str, ...], found: str | None
) -> None:
    """An open episode without a level leaves it unknown, unless no candidate is looked for."""
    whole = record((Admitted(level="op"), 0)).append(
        event("b", Admitted(candidates=candidates), 1, episode_id="e-2"),
    )
    assert read("level-elsewhere", view(whole, 5), levels=("res", "iop")) == found
    placed = whole.append(event("c", Admitted(level="iop"), 2, episode_id="e-3"))
    assert read("level-elsewhere", view(placed, 5), levels=("res", "iop")) == "iop"


def test_legal_status() -> None:
    """The legal status recorded last is in force; once it has lapsed, none is known."""
    whole = record(
        (Admitted(level="iop"), 0),
        (LegalStatusRecorded(status="voluntary"), 1),
        (LegalStatusRecorded(status="court-ordered", until=START + 10 * DAY), 2),
    )
    assert read("legal-status", view(whole, 9)) == "court-ordered"
    assert read("legal-status", view(whole, 10)) is None
    assert read("legal-status", view(whole.as_of(occurred=START + DAY), 1)) == "voluntary"
    assert read("legal-status", view(record(Admitted()), 1)) is None


def test_stated_facts() -> None:
    """A stated fact is what was stated, and unknown otherwise."""
    assert read("stated", view(record(), 0), fact="stable") is True
    assert read("stated", view(record(), 0), fact="other", asked_of="a nurse") is None


def test_the_level_and_what_is_asked_for() -> None:
    """The level in force, the one asked for and the kind of discharge are codes; none is empty."""
    now = view(record(Admitted(level="iop"), LeaveStarted()), 5)
    assert read("level", now) == "iop"
    assert read("requested-level", now) == "op"
    assert read("requested-discharge", now) == ""


def test_every_source_reads_an_empty_record() -> None:
    """No source fails on a patient of whom nothing is recorded, or without a request."""
    empty = RecordView(
        record=cc.PatientRecord.of("p"),
        episode=cc.EpisodeOfCare(id="e"),
        at=START,
        calendar=cc.Calendar(zone="UTC"),
    )
    for name in SOURCES:
        read(name, empty, **settings(name, "x"))


def test_facts_at_reads_what_is_asked_for() -> None:
    """Facts are read from their sources; one without a source is unknown."""
    facts = facts_at({"stable": StatedWithRequest(fact="stable")}, view(record(), 0))
    assert facts[STABLE] == cc.Known(True, source="stated with the request")
    assert facts[DAYS] == cc.Unknown(would_supply="the program names no source for it")


def test_a_source_that_gives_a_wrong_value_is_a_defect() -> None:
    """A value that does not fit its fact is never taken for a missing one."""
    facts = facts_at({"days_at_level": StatedWithRequest(fact="stable")}, view(record(), 0))
    with pytest.raises(FactValueInvalid, match="days_at_level"):
        facts[DAYS]
