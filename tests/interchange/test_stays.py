"""Stays over time: which level counts, and where nobody says."""

import pytest
from bundles import concept, encounter
from importing import only, passed, problems, read, stays

import carecontinuum as cc
from carecontinuum.history import LevelPlaced, Moved
from carecontinuum.interchange.fhir import r4

DETOX, RESIDENTIAL, IOP, PHP = "H0010", "H0018", "H0015", "H0035"


def bodies(*resources: dict[str, object]) -> list[str]:
    """Give what happened, as the types of the events."""
    (record,) = read(*resources).records.values()
    return [event.body.TYPE for event in record.events]


def test_a_stay_ends_when_it_ends() -> None:
    """Between two stays nobody says what the level is, and no day is counted at the first."""
    found = read(
        encounter("a", RESIDENTIAL, "2026-01-05", "2026-02-01"),
        encounter("b", IOP, "2026-02-09", "2026-04-20"),
    )
    assert stays(found) == [
        ("residential", "2026-01-05", "2026-02-01"),
        (None, "2026-02-02", "2026-02-08"),
        ("iop", "2026-02-09", "2026-04-20"),
    ]


@pytest.mark.parametrize("second", ["2026-02-01", "2026-02-02"])
def test_one_stay_after_another_is_a_move(second: str) -> None:
    """A stay that begins on the day the last one ends, or on the next, is a move between them."""
    found = read(
        encounter("a", RESIDENTIAL, "2026-01-05", "2026-02-01"),
        encounter("b", IOP, second, "2026-04-20"),
    )
    assert stays(found)[1] == ("iop", second, "2026-04-20")
    (record,) = found.records.values()
    assert isinstance(record.events[1].body, Moved)
    assert found.problems == ()


def test_times_that_meet_are_a_move() -> None:
    """A stay that begins the instant the last one ends is a move, with no gap between."""
    noon = "2026-02-01T12:00:00-05:00"
    first = encounter("a", RESIDENTIAL, "2026-01-05T09:00:00-05:00", noon)
    assert bodies(first, encounter("b", IOP, noon, "2026-02-20T12:00:00-05:00")) == [
        "admitted",
        "moved",
        "discharged",
    ]


def test_visits_carry_their_level() -> None:
    """Visits within a day are a row: the level lasts from one to the next."""
    found = read(
        encounter("a", IOP, "2026-03-02T18:00:00-05:00", "2026-03-02T21:00:00-05:00"),
        encounter("b", IOP, "2026-03-04T18:00:00-05:00", "2026-03-04T21:00:00-05:00"),
        encounter("c", PHP, "2026-03-09", "2026-03-09"),
    )
    assert stays(found) == [
        ("iop", "2026-03-02T18:00:00-05:00", "2026-03-08"),
        ("php", "2026-03-09", "2026-03-09"),
    ]


def test_visits_are_counted_by_the_programs_dates() -> None:
    """An evening visit is one day at the place of care, whatever the date in the export's zone."""
    late = encounter("a", IOP, "2026-03-03T00:30:00Z", "2026-03-03T03:30:00Z")
    across = encounter("a", IOP, "2026-03-03T03:30:00Z", "2026-03-03T06:30:00Z")
    later = encounter("b", IOP, "2026-03-05", "2026-03-05")
    assert len(stays(read(late, later))) == 1
    assert len(stays(read(across, later))) == 3


def test_an_outer_stay_counts_again() -> None:
    """A stay inside a longer one counts while it lasts, then the longer one again; it is listed."""
    found = read(
        encounter("a", IOP, "2026-01-01", "2026-04-01"),
        encounter("b", DETOX, "2026-01-10", "2026-01-12"),
    )
    assert stays(found) == [
        ("iop", "2026-01-01", "2026-01-09"),
        ("detox", "2026-01-10", "2026-01-12"),
        ("iop", "2026-01-13", "2026-04-01"),
    ]
    assert problems(found) == [("period", "overlap")]


def test_an_outer_stay_may_end_first() -> None:
    """Where the earlier of two stays ends first, the later one just goes on."""
    found = read(
        encounter("a", IOP, "2026-01-01", "2026-01-20"),
        encounter("b", PHP, "2026-01-10", "2026-02-12"),
    )
    assert [level for level, _, _ in stays(found)] == ["iop", "php"]


def test_stays_at_one_level_do_not_contradict() -> None:
    """Stays at the same level may overlap: they say the same."""
    found = read(
        encounter("a", IOP, "2026-01-01", "2026-01-20"),
        encounter("b", IOP, "2026-01-10", "2026-02-12"),
        encounter("c", "x", "2026-02-01", "2026-02-20", type=[concept("H2036")]),
    )
    assert problems(found) == [("period", "overlap")]
    assert [level for level, _, _ in stays(found)] == ["iop", "residential|php|iop"]


def test_the_order_of_codes_is_no_change() -> None:
    """Two stays with the same candidates, named in another order, are no change of level."""
    codes = [concept("H0015"), concept("H0018")]
    found = read(
        encounter("a", "x", "2026-01-01", "2026-01-10", type=codes),
        encounter("b", "x", "2026-01-11", "2026-01-20", type=codes[::-1]),
    )
    assert stays(found) == [("iop|residential", "2026-01-01", "2026-01-20")]


def test_what_was_finished_without_an_end() -> None:
    """A finished encounter without an end tells its beginning only, and lasts no longer."""
    found = read(encounter("a", RESIDENTIAL, "1996-01-01"), encounter("b", IOP, "2026-02-09"))
    (record,) = found.records.values()
    assert [str(one.discharge.at) for one in record.episodes.values() if one.discharge] == [
        "1996-01-01",
        "2026-02-09",
    ]
    assert problems(found) == [("period", "no-end"), ("period", "no-end")]


def test_a_stay_that_lasts_is_not_over() -> None:
    """A stay in progress lasts, also where its planned end lies ahead."""
    for end, listed in ((None, []), ("2026-12-24", []), ("9999-12-31", ["no-end"])):
        found = read(encounter("a", RESIDENTIAL, "2026-01-05", end, status="in-progress"))
        assert stays(found) == [("residential", "2026-01-05", None)]
        assert [problem.code for problem in found.problems] == listed


def test_a_finished_stay_ends_in_the_past() -> None:
    """A finished stay that ends after the moment of recording is listed and left out."""
    found = read(encounter("a", RESIDENTIAL, "2026-01-05", "2026-11-20"))
    assert (found.records, problems(found)) == ({}, [("period", "in-the-future")])


def test_after_a_recent_stay_the_level_is_not_known() -> None:
    """An episode whose last stay ended lately is open, without a level."""
    found = read(encounter("a", RESIDENTIAL, "2026-09-01", "2026-10-20"))
    assert stays(found) == [("residential", "2026-09-01", "2026-10-20"), (None, "2026-10-21", None)]
    assert only(found).is_unplaced


def test_leave_inside_a_stay_is_counted() -> None:
    """An encounter on leave is a stay; that leave is not told apart is counted."""
    found = read(encounter("a", RESIDENTIAL, "2026-10-05", status="onleave"))
    assert stays(found) == [("residential", "2026-10-05", None)]
    leave = ("Encounter.status onleave", "leave within a stay is not told apart")
    assert passed(found)[leave] == 1


def test_an_end_told_less_exactly() -> None:
    """An end told as a day, a month or a year never comes before what it ends."""
    start = "2026-03-02T15:00:00-05:00"
    for end, discharged in (
        ("2026-03-02", start),
        ("2026-03", "2026-03-31"),
        ("2026-03-02T16:00:00-05:00", "2026-03-02T16:00:00-05:00"),
    ):
        found = read(encounter("a", IOP, start, end))
        discharge = only(found).discharge
        assert discharge is not None
        assert str(discharge.at) == discharged
        assert found.discrepancies == ()


@pytest.mark.parametrize(
    ("end", "start"),
    [
        ("2026-02-20T10:00:00-05:00", "2026-03-22T10:00:00-04:00"),
        ("2026-10-02T10:00:00-04:00", "2026-11-01T10:00:00-05:00"),
    ],
    ids=["spring", "autumn"],
)
def test_the_gap_is_in_dates(end: str, start: str) -> None:
    """Thirty dates are thirty days, also where the clocks change between them."""
    visits = [encounter("a", IOP, end, end), encounter("b", IOP, start, start)]
    now = cc.When.parse("2026-12-31", zone=cc.Calendar(zone="UTC").zone).instant
    assert len(read(*visits, recorded_at=now).records["kim-sample"].episodes) == 1
    joined = read(*visits, recorded_at=now, gap_days=29)
    assert len(joined.records["kim-sample"].episodes) == 2


def test_what_is_only_possible_places_nobody() -> None:
    """A level that the map holds for possible only is a candidate until another code agrees."""
    codes = code_map("possible")
    (stay,) = only(read(encounter("a", "E", "2026-01-01", "2026-01-20"), code_map=codes)).stays
    assert (stay.level, stay.candidates) == (None, ("iop",))
    both = encounter("a", "x", "2026-01-01", "2026-01-20", type=[concept("E"), concept("F")])
    assert stays(read(both, code_map=codes))[0][0] == "iop"


def code_map(confidence: str) -> r4.CodeMap:
    """Make a map of two codes for one level, one of them of this confidence."""
    system = concept("E")["coding"][0]["system"]
    one = r4.CodeMeaning(
        system=system, code="E", levels=("iop",), confidence=r4.Confidence(confidence)
    )
    sure = r4.CodeMeaning(
        system=system, code="F", levels=("iop", "op"), confidence=r4.Confidence.LIKELY
    )
    return r4.CodeMap(id="x", version="1", meanings=(one, sure))


def test_after_a_gap_a_level_is_placed() -> None:
    """After a gap the next level is placed, not moved to: nobody knows where from."""
    (record,) = read(
        encounter("a", RESIDENTIAL, "2026-01-05", "2026-02-01"),
        encounter("b", IOP, "2026-02-09", "2026-04-20"),
    ).records.values()
    assert isinstance(record.events[2].body, LevelPlaced)
