"""The map: what it answers, and every problem it lists."""

import pickle
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.canonical import Problem
from carecontinuum.continuum import (
    AgeGroup,
    ContinuumInvalid,
    DischargeKind,
    DischargeReason,
    Route,
    ServiceHours,
    Track,
    TransitionKind,
    UnknownLevel,
)
from invented import continuum, level

KIND = TransitionKind


def problems(**changes: Any) -> list[tuple[str, str]]:
    """Give the problems of the invented map with some parts changed."""
    with pytest.raises(ContinuumInvalid) as caught:
        continuum(**changes)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_kinds_follow_from_the_ranks() -> None:
    """A move's kind follows from the ranks, from the aftercare levels, or is stated."""
    found = continuum()
    assert found.route_kind("res", "iop") is KIND.STEP_DOWN
    assert found.route_kind("op", "iop") is KIND.STEP_UP
    assert found.route_kind("op", "after") is KIND.AFTERCARE
    assert found.route_kind("after", "op") is KIND.STEP_UP
    assert found.route_kind("op", "res") is None
    assert found.kind_between("op", "res") is KIND.STEP_UP
    assert found.kind_between("after", "res") is None
    assert found.kind_between("op", "nowhere") is None
    assert dict(found.routes_from("op")) == {"iop": KIND.STEP_UP, "after": KIND.AFTERCARE}
    assert dict(found.routes_from("nowhere")) == {}


def test_equal_ranks_are_lateral() -> None:
    """Two levels of one intensity are beside each other."""
    levels = (level("a", 1), level("b", 1))
    found = cc.Continuum(
        id="x", version="1", levels=levels, routes=(Route(origin="a", target="b"),)
    )
    assert found.route_kind("a", "b") is KIND.LATERAL


def test_levels_are_found_by_code() -> None:
    """A level is found by its code, and an unknown one names those that exist."""
    found = continuum()
    assert found.level("iop").display == "IOP"
    assert "iop" in found
    assert "nowhere" not in found
    with pytest.raises(UnknownLevel, match="it has `res`, `iop`, `op`, `after`"):
        found.level("nowhere")


def test_discharge_kinds_are_found_by_code() -> None:
    """A kind of discharge is found by its code."""
    found = continuum().discharge_kind("death")
    assert found is not None
    assert not found.decided
    assert continuum().discharge_kind("nothing") is None


def test_maps_are_values() -> None:
    """Two maps with one content are equal, hash alike, and survive pickling."""
    assert pickle.loads(pickle.dumps(continuum())) == continuum()
    assert hash(continuum()) == hash(continuum())
    assert pickle.loads(pickle.dumps(continuum())).route_kind("res", "iop") is KIND.STEP_DOWN


def test_hours_by_age_group() -> None:
    """The band for an age group is found, else the one for everybody, else none."""
    adult = ServiceHours(at_least=9, less_than=20, age_group=AgeGroup.ADULT)
    every = ServiceHours(less_than=9)
    both = level("iop", 1, hours=(every, adult))
    assert both.hours_for(AgeGroup.ADULT) is adult
    assert both.hours_for(AgeGroup.ADOLESCENT) is every
    assert level("op", 1, hours=(adult,)).hours_for(AgeGroup.ADOLESCENT) is None


@pytest.mark.parametrize(
    ("band", "words", "inside", "outside"),
    [
        (ServiceHours(at_least=9, less_than=20), "9 to under 20 h", [9, 19.99], [8.99, 20]),
        (ServiceHours(at_least=20), "20 h or more", [20, 100], [19.9]),
        (ServiceHours(less_than=9), "under 9 h", [0, 8.9], [9]),
        (ServiceHours(), "any number of hours", [0, 168], []),
    ],
)
def test_bands_of_hours(
    band: ServiceHours, words: str, inside: list[float], outside: list[float]
) -> None:
    """A band holds its least number of hours and not the one it stays under."""
    assert str(band) == words
    assert all(band.contains(hours) for hours in inside)
    assert not any(band.contains(hours) for hours in outside)


def test_kinds_between_levels() -> None:
    """Four kinds of move go from level to level."""
    found = {kind for kind in KIND if kind.between_levels}
    assert found == {KIND.STEP_UP, KIND.STEP_DOWN, KIND.LATERAL, KIND.AFTERCARE}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": ""}, [("id", "empty")]),
        ({"version": ""}, [("version", "empty")]),
        ({"entry": ("moon",)}, [("entry[0]", "unknown-level")]),
        ({"entry": ("res", "res")}, [("entry[1]", "repeated")]),
        ({"leave_from": ("moon",)}, [("leave_from[0]", "unknown-level")]),
        (
            {"routes": (Route(origin="moon", target="mars"),)},
            [("routes[0].origin", "unknown-level"), ("routes[0].target", "unknown-level")],
        ),
        ({"routes": (Route(origin="op", target="op"),)}, [("routes[0]", "to-itself")]),
        (
            {"routes": (Route(origin="op", target="iop"),) * 2},
            [("routes[1]", "repeated")],
        ),
        (
            {"routes": (Route(origin="after", target="op"),)},
            [("routes[0].kind", "kind-not-stated")],
        ),
        (
            {"routes": (Route(origin="op", target="iop", kind=KIND.STEP_DOWN),)},
            [("routes[0].kind", "contradicts-ranks")],
        ),
        (
            {"routes": (Route(origin="op", target="iop", kind=KIND.LEAVE),)},
            [("routes[0].kind", "not-a-move")],
        ),
        (
            {"routes": (Route(origin="after", target="op", kind=KIND.AFTERCARE),)},
            [("routes[0].kind", "not-aftercare")],
        ),
        (
            {"discharge_kinds": (DischargeKind(code="a", display="A", needs=("shoe",)),) * 2},
            [
                ("discharge_kinds[1]", "repeated"),
                ("discharge_kinds[0].needs[0]", "unknown-detail"),
                ("discharge_kinds[1].needs[0]", "unknown-detail"),
            ],
        ),
        (
            {"discharge_reasons": (DischargeReason(code="1", display="One"),) * 2},
            [("discharge_reasons[1]", "repeated")],
        ),
    ],
)
def test_each_problem_has_its_path(changes: dict[str, Any], expected: list[Any]) -> None:
    """Each fault of a map is found, at the place where it stands."""
    assert problems(**changes) == expected


def test_all_problems_are_listed_at_once() -> None:
    """A map with many faults lists all of them."""
    bad_hours = (
        ServiceHours(at_least=20, less_than=9),
        ServiceHours(at_least=-1, less_than=200),
        ServiceHours(at_least=1, age_group=AgeGroup.ADULT),
        ServiceHours(at_least=2, age_group=AgeGroup.ADULT),
    )
    found = problems(
        levels=(level("", 1, hours=bad_hours), level("a", 1, display=" "), level("a", 2)),
        routes=(Route(origin="a", target="b"),),
        entry=("c",),
        aftercare=(),
        discharge_from=(),
        leave_from=(),
    )
    assert found == [
        ("levels[2]", "repeated"),
        ("levels[0].code", "empty"),
        ("levels[0].display", "empty"),
        ("levels[0].hours[0]", "empty-band"),
        ("levels[0].hours[1]", "repeated"),
        ("levels[0].hours[1].at_least", "out-of-range"),
        ("levels[0].hours[1].less_than", "out-of-range"),
        ("levels[0].hours[3]", "repeated"),
        ("levels[1].display", "empty"),
        ("entry[0]", "unknown-level"),
        ("routes[0].target", "unknown-level"),
    ]


def test_a_map_needs_a_level() -> None:
    """A map without levels is none."""
    with pytest.raises(ContinuumInvalid, match="no level of care"):
        cc.Continuum(id="x", version="1", levels=())


def test_ranks_compare_within_a_track_only() -> None:
    """Across tracks nothing follows from the ranks."""
    found = continuum(
        levels=(*continuum().levels, level("wm", 9, track=Track.WITHDRAWAL_MANAGEMENT))
    )
    assert found.kind_between("wm", "iop") is None


@pytest.mark.parametrize(
    "hours", [10**400, float("nan"), float("inf"), -1, True, "9"], ids=range(6)
)
@pytest.mark.parametrize("end", ["at_least", "less_than"])
def test_hours_are_a_number_of_hours_of_a_week(end: str, hours: Any) -> None:
    """Whatever stands for hours and is no number of hours of a week is one problem."""
    band = ServiceHours(**{end: hours})
    with pytest.raises(ContinuumInvalid) as caught:
        continuum(levels=(level("res", 3), level("iop", 2, hours=(band,))), routes=())
    found = [problem for problem in caught.value.problems if "hours" in problem.path]
    says = "it is no number of hours; a week has 0 to 168"
    assert found == [Problem(f"levels[1].hours[0].{end}", "out-of-range", says)]
