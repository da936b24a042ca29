"""Told episodes: what their statuses, periods and encounters say together."""

import pytest
from bundles import OWN, SNOMED, concept, encounter, episode, patient, status
from importing import only, passed, problems, read, statuses, stays

import carecontinuum as cc

NAMED = {"episodeOfCare": [{"reference": "EpisodeOfCare/e-1"}]}


def test_a_period_alone_infers_admission() -> None:
    """A finished episode of which only the period is told was active in it; that is inferred."""
    found = read(episode(status="finished", period={"start": "2026-01-05", "end": "2026-03-01"}))
    assert statuses(found) == [
        ("active", "2026-01-05", "2026-03-01"),
        ("finished", "2026-03-01", "2026-03-01"),
    ]
    (record,) = found.records.values()
    assert [event.basis for event in record.events] == [cc.Basis.INFERRED, cc.Basis.REPORTED]
    assert found.discrepancies == ()


def test_the_beginning_of_a_leave_is_not_guessed() -> None:
    """Of an episode on hold with a period alone, admission is known and the leave is not."""
    found = read(episode(status="onhold", period={"start": "2026-01-05"}))
    assert statuses(found) == [("active", "2026-01-05", None)]
    assert problems(found) == [("status", "no-date")]


def test_an_end_without_a_beginning() -> None:
    """A finished episode of which only the end is told is discharged then, out of nowhere."""
    found = read(episode(status="finished", period={"end": "2026-03-01"}))
    assert statuses(found) == [("finished", "2026-03-01", "2026-03-01")]
    assert problems(found) == [("period.start", "no-start")]
    assert [misfit.code for misfit in found.discrepancies] == ["not-in-care"]


@pytest.mark.parametrize("end", ["2026-01-05", "2026-01", "2026"])
def test_an_end_told_less_exactly_than_the_start(end: str) -> None:
    """A day or a month that holds the start ends no episode before it began."""
    start = "2026-01-05T15:00:00-05:00"
    found = read(episode(status="finished", period={"start": start, "end": end}))
    assert [period[0] for period in statuses(found)] == ["active", "finished"]
    assert found.problems == ()


def test_a_present_status_before_the_last_one() -> None:
    """A period that ends before the last status began does not tell when the episode ended."""
    told = status("active", "2026-02-01")
    found = read(episode(told, status="finished", period={"start": "2026-01-01", "end": "2026-01"}))
    assert statuses(found) == [("active", "2026-02-01", None)]
    assert ("status", "out-of-order") in problems(found)


@pytest.mark.parametrize("day", ["2026-01-31", "2026-02-01"])
@pytest.mark.parametrize("last", ["finished", "cancelled", "entered-in-error"])
def test_the_last_day_belongs_to_the_episode(last: str, day: str) -> None:
    """An end told as the last day or as the day after it is the same end."""
    told = [status("active", "2026-01-05", "2026-01-31"), status(last, day)]
    found = read(episode(*told, status=last))
    assert statuses(found) == [
        ("active", "2026-01-05", "2026-01-31"),
        (last, "2026-01-31", "2026-01-31"),
    ]
    assert found.problems == ()


def test_an_end_in_error_after_the_end() -> None:
    """An episode that had finished and was then entered in error keeps its days."""
    told = [
        status("active", "2026-01-05", "2026-01-31"),
        status("finished", "2026-01-31", "2026-03-01"),
    ]
    found = read(episode(*told, status="entered-in-error", period={"start": "2026-01-05"}))
    assert statuses(found)[0] == ("active", "2026-01-05", "2026-01-31")
    assert only(found).status.value == "entered-in-error"


def test_statuses_are_read_by_their_dates() -> None:
    """A history told backwards is listed and read in the order of its dates."""
    told = [
        status("active", "2026-02-01", "2026-02-28"),
        status("planned", "2026-01-01", "2026-01-14"),
        status("waitlist", "2026-01-15", "2026-01-31"),
        status("onhold", "2026-03-01"),
    ]
    found = read(episode(*told, status="onhold"))
    order = ["planned", "waitlist", "active", "onhold"]
    assert [period[0] for period in statuses(found)] == order
    assert problems(found) == [("statusHistory[1].period", "out-of-order")]


def test_a_status_told_twice_is_one() -> None:
    """The same status twice in a row is one, as long as both."""
    told = [status("active", "2026-01-01", "2026-01-31"), status("active", "2026-02-01")]
    found = read(episode(*told))
    assert statuses(found) == [("active", "2026-01-01", None)]
    assert (found.problems, found.discrepancies) == ((), ())


def test_a_present_status_that_has_ended() -> None:
    """A present status that the history has ended counts as lasting, and is listed."""
    found = read(episode(status("active", "2026-01-01", "2026-01-31")))
    assert statuses(found) == [("active", "2026-01-01", None)]
    assert problems(found) == [("status", "contradicts-status")]
    ended = read(episode(status("finished", "2026-01-01", "2026-01-31"), status="finished"))
    assert ended.problems == ()


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-02-01", None, 0),
        ("2026-02-02", None, 1),
        ("2026-01-01", "2026-02-01", 1),
        ("2026-01-01", "2026-01-31", 2),
        ("2026-01-01", "2026-12-31", 0),
    ],
)
def test_a_period_that_contradicts(start: str, end: str | None, count: int) -> None:
    """A period that does not hold the time in care, or ended while care goes on, is listed."""
    period = {name: day for name, day in (("start", start), ("end", end)) if day}
    found = read(episode(status("active", "2026-02-01"), period=period))
    assert problems(found) == [("period", "contradicts-status")] * count


def test_a_leave_is_no_time_at_a_level() -> None:
    """An encounter on a day of leave neither ends the leave nor places anybody; it is listed."""
    told = [status("active", "2026-01-05", "2026-01-20"), status("onhold", "2026-01-21")]
    found = read(
        episode(*told, status="onhold"),
        encounter("s-1", "H0015", "2026-01-25", "2026-01-25", **NAMED),
    )
    assert only(found).status.value == "onhold"
    assert stays(found) == [(None, "2026-01-05", None)]
    assert problems(found) == [("period", "outside-episode")]


def test_a_stay_counts_from_admission() -> None:
    """A stay that began before admission, or during leave, counts from admission or return on."""
    told = [
        status("planned", "2026-01-01", "2026-01-09"),
        status("active", "2026-01-10", "2026-01-31"),
        status("onhold", "2026-02-01", "2026-02-10"),
        status("active", "2026-02-11"),
    ]
    found = read(
        episode(*told),
        encounter("s-1", "H0018", "2026-01-08", "2026-02-05", **NAMED),
        encounter("s-2", "H0015", "2026-02-06", "2026-04-30", **NAMED),
        encounter("s-3", "H0015", "2026-01-02", "2026-01-02", **NAMED),
    )
    assert stays(found) == [
        (None, "2026-01-10", "2026-01-10"),
        ("residential", "2026-01-10", "2026-02-10"),
        ("iop", "2026-02-11", "2026-04-30"),
        (None, "2026-05-01", None),
    ]
    assert problems(found) == [("period", "outside-episode")]


def test_a_stay_in_progress_lasts_within_its_episode() -> None:
    """A stay that lasts counts on return from leave, and is never outside."""
    told = [
        status("active", "2026-01-10", "2026-01-31"),
        status("onhold", "2026-02-01", "2026-02-10"),
        status("active", "2026-02-11"),
    ]
    going_on = encounter("s-1", "H0018", "2026-02-03", None, status="in-progress", **NAMED)
    assert stays(read(episode(*told), going_on))[-1] == ("residential", "2026-02-11", None)


def test_admitted_again_places_again() -> None:
    """An episode told to be active twice, with something odd between, is placed both times."""
    told = [
        status("active", "2026-01-10", "2026-01-31"),
        status("waitlist", "2026-02-01", "2026-02-10"),
        status("active", "2026-02-11"),
    ]
    found = read(
        episode(*told), encounter("s-1", "H0018", "2026-01-05", None, status="in-progress", **NAMED)
    )
    assert [level for level, _, _ in stays(found)] == [None, "residential", None, "residential"]
    assert {misfit.code for misfit in found.discrepancies} >= {"after-admission", "admitted-again"}


def test_an_episodes_own_level_holds_between_stays() -> None:
    """Where the episode's own type says its level, that level holds where no stay says another."""
    found = read(
        episode(status("active", "2026-01-01"), type=[concept("H0015")]),
        encounter("s-1", "H0010", "2026-02-01", "2026-02-05", **NAMED),
    )
    assert stays(found) == [
        ("iop", "2026-01-01", "2026-01-31"),
        ("detox", "2026-02-01", "2026-02-05"),
        ("iop", "2026-02-06", None),
    ]


def test_an_encounter_may_name_several_episodes() -> None:
    """An encounter that counts for two episodes places the person in both."""
    both = [{"reference": f"EpisodeOfCare/{id}"} for id in ("e-1", "e-2")]
    found = read(
        episode(status("active", "2026-01-01")),
        episode(status("active", "2026-01-01"), id="e-2"),
        encounter("s-1", "H0015", "2026-01-06", "2026-01-06", episodeOfCare=[*both, both[0]]),
    )
    levels = [one.level for one in found.records["kim-sample"].episodes.values()]
    assert levels == ["iop", "iop"]


def test_the_episode_of_somebody_else() -> None:
    """An encounter that names another patient's episode is listed and changes nothing there."""
    found = read(
        episode(status("active", "2026-01-01")),
        encounter(
            "s-1",
            "H0015",
            "2026-01-06",
            "2026-01-06",
            subject={"reference": "Patient/lee-sample"},
            **NAMED,
        ),
    )
    assert problems(found) == [("episodeOfCare", "another-patient")]
    (mine,) = found.records["kim-sample"].episodes.values()
    assert (mine.level, len(mine.stays)) == (None, 1)


def test_an_episode_that_is_not_there() -> None:
    """An encounter may name an episode outside the input: it is inferred from, and counted."""
    found = read(
        encounter("s-1", "H0015", "2026-01-06", "2026-01-06", **NAMED),
        encounter("s-2", "H0015", "2026-01-07", "2026-01-07", episodeOfCare=[{"reference": "?"}]),
        encounter(
            "s-3", "H0015", "2026-01-08", "2026-01-08", episodeOfCare=[{"reference": "Patient/x"}]
        ),
    )
    assert passed(found)["Encounter.episodeOfCare", "the episode is not in the input"] == 1
    assert problems(found) == [("episodeOfCare[0]", "no-episode")] * 2


def test_an_unreadable_episode_leaves_the_encounters() -> None:
    """Where nothing of a told episode can be read, the encounters are inferred from."""
    found = read(episode(), encounter("s-1", "H0015", "2026-01-06", "2026-01-06"))
    assert only(found).id == "inferred/Encounter/s-1"


def test_an_episode_that_is_no_behavioral_care() -> None:
    """An episode whose type the map calls no behavioral care is listed with the check-ups."""
    check_up = [concept("185349003", SNOMED)]
    found = read(episode(status("active", "2026-01-01"), type=check_up))
    assert found.records == {}
    assert found.check_ups == (("185349003 (Encounter for check up)", 1),)


def test_unmapped_codes_beside_mapped_ones_are_counted() -> None:
    """A code that nobody maps is counted also where another one places the person."""
    types = [concept("iop", OWN), concept("EVE", "urn:x", "Evening"), concept("EVE", "urn:x")]
    found = read(
        encounter(
            "s-1",
            "",
            "2026-01-06",
            "2026-01-06",
            type=types,
            serviceType=concept("G", "urn:x", "Group"),
        )
    )
    assert stays(found)[0][0] == "iop"
    assert passed(found)["Encounter.type urn:x|EVE", "code not mapped"] == 2
    assert passed(found)["Encounter.serviceType urn:x|G (Group)", "code not mapped"] == 1


def test_a_death_and_what_follows_it() -> None:
    """A death on a day of care ends it then; care that goes on after it stands, and is listed."""
    dead = patient(deceasedDateTime="2026-10-25")
    same_day = encounter("s-1", "H0018", "2026-10-25T18:00:00-04:00", None, status="in-progress")
    found = read(dead, same_day)
    discharge = only(found).discharge
    assert discharge is not None
    assert (discharge.kind, str(discharge.at)) == ("death", "2026-10-25T18:00:00-04:00")
    later = read(dead, episode(status("active", "2026-10-01", "2026-10-27"), status="finished"))
    assert problems(later) == [("deceasedDateTime", "after-death")]
    assert only(later).discharge is not None
