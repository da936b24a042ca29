"""Rebuilding episodes of care from FHIR R4."""

import copy
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bundles import OWN, SNOMED, bundle, concept, encounter, episode, patient, status
from hypothesis import given, settings, strategies as st

import carecontinuum as cc
from carecontinuum.datatypes import UnreadableDate
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import EpisodeStatus
from carecontinuum.interchange.fhir import r4

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PROGRAM = cc.shipped_program("community")
CODES = r4.shipped_code_map("community")


def imported(*resources: dict[str, Any], urls: bool = False, **more: Any) -> r4.Import:
    """Import a bundle of resources."""
    given: dict[str, Any] = {
        "program": PROGRAM,
        "code_map": CODES,
        "recorded_at": NOW,
        "by": "import",
    }
    return r4.import_resources(
        r4.read_resources(bundle(*resources, urls=urls)), **{**given, **more}
    )


def episodes(found: r4.Import) -> list[cc.EpisodeOfCare]:
    """Give the episodes of the invented patient."""
    return list(found.records["kim-sample"].episodes.values())


def only(found: r4.Import) -> cc.EpisodeOfCare:
    """Give the one episode of the invented patient."""
    (one,) = episodes(found)
    return one


def stays(found: r4.Import) -> list[tuple[str | None, str, str | None]]:
    """Give the stays of the one episode, dates as told."""
    return [
        (stay.level, str(stay.start), None if stay.end is None else str(stay.end))
        for stay in only(found).stays
    ]


def problems(found: r4.Import) -> list[tuple[str, str]]:
    """Give the problems found."""
    return [(problem.path, problem.code) for problem in found.problems]


# ------------------------------------------------------------------------------ told episodes


def test_a_status_history_becomes_events() -> None:
    """A told status history comes back as it was told, its dates still dates."""
    told = [
        status("planned", "2026-01-01", "2026-01-14"),
        status("waitlist", "2026-01-15", "2026-01-31"),
        status("active", "2026-02-01", "2026-02-20"),
        status("onhold", "2026-02-21", "2026-02-23"),
        status("active", "2026-02-24"),
    ]
    found = imported(patient(), episode(*told, identifier=[{"value": "77"}]))
    one = only(found)
    assert r4.status_history(one) == told
    assert [event.body.TYPE for event in found.records["kim-sample"].events] == [
        "referred",
        "waitlisted",
        "admitted",
        "leave-started",
        "returned",
    ]
    assert all(e.basis is cc.Basis.REPORTED for e in found.records["kim-sample"].events)
    assert one.is_unplaced
    assert [identifier.value for identifier in one.identifiers] == ["77"]
    assert problems(found) == []


@pytest.mark.parametrize(
    ("last", "more", "expected"),
    [
        ("finished", {"period": {"start": "2026-01-01", "end": "2026-03-31"}}, "2026-03-31"),
        ("finished", {}, "2026-02-28"),
        ("cancelled", {}, "2026-02-28"),
        ("entered-in-error", {}, "2026-02-28"),
    ],
)
def test_the_present_status_ends_the_history(
    last: str, more: dict[str, Any], expected: str
) -> None:
    """A present status that the history lacks begins where the history or the period says."""
    told = status("active", "2026-01-01", "2026-02-28")
    one = only(imported(episode(told, status=last, **more)))
    assert one.status.value == last
    assert str(one.status_history[-1].start) == expected
    data = r4.status_history(one)
    assert data[-1] == status(last, expected, expected)
    if last == "finished":
        assert one.discharge is not None
        assert one.discharge.kind == "not-stated"


def test_a_present_status_after_an_ended_one() -> None:
    """A present status that is not final begins the day after the last told one ended."""
    one = only(imported(episode(status("planned", "2026-01-01", "2026-01-31"))))
    assert [str(period.start) for period in one.status_history] == ["2026-01-01", "2026-02-01"]
    instant = "2026-01-31T12:00:00Z"
    one = only(imported(episode(status("planned", "2026-01-01T00:00:00Z", instant))))
    assert one.status_history[1].start.instant == datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_episodes_without_a_history() -> None:
    """Without a history the period says when the present status began."""
    one = only(imported(episode(period={"start": "2026-01"}, type=[concept("H0015")])))
    assert (one.level, str(one.admitted_at)) == ("iop", "2026-01")
    assert r4.status_history(one) == [status("active", "2026-01")]
    several = only(imported(episode(period={"start": "2026"}, type=[concept("H2036")])))
    assert several.candidates == ("residential", "php", "iop")
    own = only(imported(episode(period={"start": "2026"}, type=[concept("op", OWN)])))
    assert own.level == "op"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (episode(), [("entry[0].resource.status", "no-date")]),
        (episode(status="asleep"), [("entry[0].resource.status", "unknown-status")]),
        (episode(status=3, period=3), [("status", "unknown-status"), ("period", "no-period")]),
        (episode(period=3), [("status", "no-date"), ("period", "no-period")]),
        (episode(period={"end": "2026"}), [("status", "no-date"), ("period.start", "no-start")]),
        (
            episode(period={"start": "soon"}),
            [("status", "no-date"), ("period.start", "unreadable-date")],
        ),
        (
            episode(period={"start": "2026-02", "end": "2026-01"}),
            [("status", "no-date"), ("period", "ends-before-start")],
        ),
        (
            episode(period={"start": "2026-02", "end": 3}),
            [("status", "no-date"), ("period.end", "unreadable-date")],
        ),
        (
            episode(period={"start": "2026-01-01T10:00:00"}),
            [("status", "no-date"), ("period.start", "unreadable-date")],
        ),
        (
            episode(status("planned", "2026-01-01"), status("active", "2026-02-01")),
            [("statusHistory[1].period", "no-end")],
        ),
        (
            episode(status("planned", "2026-01-01", "2026-01-10"), status("active", "2026-02-01")),
            [("statusHistory[1].period", "gap")],
        ),
        (
            episode(status("planned", "2026-01-01", "2026-01-20"), status("active", "2026-01-10")),
            [("statusHistory[1].period", "overlap")],
        ),
        (
            episode(status("planned", "2026-01-20", "2026-01-30"), status("active", "2026-01-10")),
            [("statusHistory[1].period", "out-of-order")],
        ),
        (
            episode(status("active", "2026-01-01"), {"status": "onhold"}, {"status": "flying"}),
            [
                ("statusHistory[1].period", "no-period"),
                ("statusHistory[2].period", "no-period"),
                ("statusHistory[2].status", "unknown-status"),
            ],
        ),
        (episode(patient=None), [("entry[0].resource.patient", "no-patient")]),
        (episode(patient={"display": "x"}), [("entry[0].resource.patient", "no-patient")]),
        (episode(period={"start": "2027-01-01"}), [("entry[0].resource", "in-the-future")]),
    ],
)
def test_what_is_wrong_with_an_episode(
    resource: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """What is wrong is listed where it stands, and the rest is read."""
    found = problems(imported(resource))
    assert sorted(code for _, code in found) == sorted(code for _, code in expected)
    for path, code in expected:
        assert any(where.endswith(path) and what == code for where, what in found)


def test_the_last_day_and_the_first_may_be_one() -> None:
    """A status that begins on the day the one before ended is as many systems tell it."""
    told = [status("planned", "2026-01-01", "2026-01-10"), status("active", "2026-01-10")]
    assert problems(imported(episode(*told))) == []


def test_encounters_place_levels_in_a_told_episode() -> None:
    """Encounters that name an episode tell its levels; others are counted."""
    named = {"episodeOfCare": [{"reference": "EpisodeOfCare/e-1"}]}
    found = imported(
        episode(status("active", "2026-01-01")),
        encounter("s-1", "H0018", "2026-01-01", "2026-01-31", **named),
        encounter("s-2", "H0015", "2026-02-01", "2026-03-31", **named),
        encounter("s-3", "H2036", "2026-04-01", "2026-04-30", **named),
        encounter("s-4", "H0015", "2026-05-01", "2026-05-30"),
    )
    assert [stay.level or stay.candidates for stay in only(found).stays] == [
        (),
        "residential",
        "iop",
        ("residential", "php", "iop"),
        (),
    ]
    assert [stay.inferred for stay in only(found).stays] == [False, True, True, True, True]
    assert ("Encounter", "names no episode, though episodes are told") in [
        (item.what, item.why) for item in found.not_understood
    ]


def test_a_told_level_that_encounters_repeat() -> None:
    """An encounter that tells the level the episode told already adds nothing."""
    named = {"episodeOfCare": [{"reference": "EpisodeOfCare/e-1"}]}
    found = imported(
        episode(period={"start": "2026-01-01"}, type=[concept("H0015")]),
        encounter("s-1", "S9480", "2026-02-01", "2026-03-31", **named),
    )
    assert [stay.level for stay in only(found).stays] == ["iop"]


# --------------------------------------------------------------------------- inferred episodes


def test_stays_join_into_episodes() -> None:
    """Stays at most the gap apart join; a longer gap begins another, a readmission."""
    found = imported(
        patient(),
        encounter("s-1", "H0018", "2026-01-01", "2026-01-31"),
        encounter("s-2", "H0015", "2026-03-02", "2026-03-31"),
        encounter("s-3", "H0015", "2026-05-03", "2026-05-31"),
    )
    first, second = episodes(found)
    assert [stay.level for stay in first.stays] == ["residential", None, "iop"]
    assert first.status is second.status is EpisodeStatus.FINISHED
    assert second.readmission_of == first.id == "inferred/Encounter/s-1"
    assert first.discharge is not None
    assert str(first.discharge.at) == "2026-03-31"
    assert all(e.basis is cc.Basis.INFERRED for e in found.records["kim-sample"].events)
    joined = imported(
        encounter("s-1", "H0018", "2026-01-01", "2026-01-31"),
        encounter("s-2", "H0015", "2026-03-02", "2026-03-31"),
        gap_days=28,
    )
    assert len(episodes(joined)) == 2


@pytest.mark.parametrize(("days", "count"), [(30, 1), (31, 2)])
def test_the_edge_of_the_gap(days: int, count: int) -> None:
    """A gap of exactly so many days joins, one more does not."""
    start = datetime(2026, 2, 1 + days, tzinfo=UTC) if days < 28 else None
    day = "2026-03-03" if days == 30 else "2026-03-04"
    assert start is None
    found = imported(
        encounter("s-1", "H0015", "2026-01-01", "2026-01-31"),
        encounter("s-2", "H0015", day, "2026-03-31"),
    )
    assert len(episodes(found)) == count


def test_a_recent_end_is_not_yet_an_end() -> None:
    """An episode whose last stay ended lately goes on, and so does one with an open stay."""
    recent = imported(encounter("s-1", "H0015", "2026-09-01", "2026-10-20"))
    assert only(recent).status is EpisodeStatus.ACTIVE
    going_on = imported(
        encounter("s-1", "H0015", "2026-01-01", status="in-progress"),
        encounter("s-2", "H0018", "2026-02-01", "2026-02-20"),
        encounter("s-3", "H0018", "2026-08-01", "2026-08-20"),
    )
    assert only(going_on).status is EpisodeStatus.ACTIVE


def test_overlapping_stays_are_one_episode() -> None:
    """A short stay within a long one does not end the episode early."""
    found = imported(
        encounter("s-1", "H0015", "2026-01-01", "2026-06-30"),
        encounter("s-2", "H0015", "2026-01-10", "2026-01-11"),
        encounter("s-3", "H0015", "2026-07-10", "2026-07-20"),
    )
    assert only(found).discharge is not None
    assert str(only(found).discharge.at) == "2026-07-20"  # type: ignore[union-attr]


def test_several_candidates_stay_unplaced() -> None:
    """A code of several meanings places nobody; a later one may."""
    found = imported(
        encounter(
            "s-1", "56876005", "2026-01-01", "2026-01-05", type=[concept("56876005", SNOMED)]
        ),
        encounter("s-2", "H0018", "2026-01-06", "2026-01-31"),
        encounter("s-3", "H2036", "2026-02-01", "2026-02-10"),
    )
    one = only(found)
    assert [(stay.level, stay.candidates) for stay in one.stays] == [
        (None, ("detox", "inpatient", "residential")),
        ("residential", ()),
        (None, ("residential", "php", "iop")),
    ]


def test_codes_narrow_each_other() -> None:
    """Two codes leave what both allow; two that contradict leave all they name."""
    narrowed = encounter("s-1", "x", "2026-01-01", "2026-01-31")
    narrowed["type"] = [concept("H2036"), concept("H0018")]
    assert stays(imported(narrowed))[0][0] == "residential"
    against = encounter("s-1", "x", "2026-01-01", "2026-01-31")
    against["type"] = [concept("H0015")]
    against["serviceType"] = concept("H0018")
    (stay,) = only(imported(against)).stays
    assert stay.candidates == ("iop", "residential")


def test_places_are_kept() -> None:
    """Care by another organization at the same level is a change of place."""
    found = imported(
        encounter(
            "s-1",
            "H0015",
            "2026-01-01",
            "2026-01-31",
            serviceProvider={"reference": "Organization/a"},
        ),
        encounter(
            "s-2",
            "H0015",
            "2026-02-01",
            "2026-02-28",
            serviceProvider={"reference": "Organization/b"},
        ),
        encounter("s-3", "H0015", "2026-03-01", "2026-03-31"),
    )
    sites = [stay.site.organisation if stay.site else None for stay in only(found).stays]
    assert sites == ["Organization/a", "Organization/b"]


def test_class_alone_never_places() -> None:
    """An encounter whose type says nothing is counted, whatever its class."""
    inpatient = encounter("s-1", "unheard-of", "2026-01-01", "2026-01-31")
    inpatient["class"] = {"code": "IMP"}
    bare = encounter("s-2", "x", "2026-01-01", "2026-01-31")
    del bare["type"]
    found = imported(inpatient, bare)
    assert found.records == {}
    told = {(item.what, item.why) for item in found.not_understood}
    assert ("Encounter.class", "element not read") in told
    assert any("unheard-of" in what and why == "code not mapped" for what, why in told)
    assert ("Encounter.type", "no code in it") in told


def test_check_ups_are_listed_apart() -> None:
    """What the map says is not behavioral care is counted by code."""
    check_up = encounter("s-1", "x", "2026-01-01", "2026-01-01")
    check_up["type"] = [concept("185349003", SNOMED, "Encounter for check up")]
    found = imported(check_up, {**check_up, "id": "s-2"})
    assert found.check_ups == (("185349003 (Encounter for check up)", 2),)
    assert found.records == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "sleeping"}, "unknown-status"),
        ({"status": None}, "unknown-status"),
        ({"period": None}, "no-period"),
        ({"period": {}}, "no-start"),
        ({"period": {"start": "2026-02-30"}}, "unreadable-date"),
        ({"period": {"start": "2026-02-01", "end": "2026-01-01"}}, "ends-before-start"),
        ({"subject": None}, "no-patient"),
        ({"subject": {"reference": 3}}, "no-patient"),
        ({"period": {"start": "2027-02-01"}}, "in-the-future"),
    ],
)
def test_what_is_wrong_with_an_encounter(changes: dict[str, Any], code: str) -> None:
    """A broken encounter is listed and left out, and the others are read."""
    found = imported(
        {**encounter("s-1", "H0015", "2026-01-01", "2026-01-31"), **changes},
        encounter("s-2", "H0018", "2026-01-01", "2026-01-31"),
    )
    assert code in [problem.code for problem in found.problems]
    assert [stay.level for stay in only(found).stays] == ["residential"]


@pytest.mark.parametrize("state", ["planned", "cancelled", "entered-in-error", "unknown"])
def test_encounters_that_were_none(state: str) -> None:
    """An encounter that did not take place is counted, not read."""
    found = imported(encounter("s-1", "H0015", "2026-01-01", "2026-01-31", status=state))
    assert found.records == {}
    assert f"Encounter.status {state}" in [item.what for item in found.not_understood]


def test_single_resources_have_paths_too() -> None:
    """What is wrong with a resource that stands alone is found by the bare path."""
    alone = encounter("s-1", "H0015", None)
    alone["status"] = "nothing"
    content = json.dumps(alone).encode()
    given: dict[str, Any] = {"program": PROGRAM, "code_map": CODES, "recorded_at": NOW, "by": "x"}
    found = r4.import_resources(r4.read_resources(content), **given)
    assert problems(found) == [("status", "unknown-status")]
    without = json.dumps({**episode(), "patient": None}).encode()
    found = r4.import_resources(r4.read_resources(without), **given)
    assert problems(found) == [("patient", "no-patient")]
    dead = json.dumps(patient(deceasedDateTime="soon")).encode()
    found = r4.import_resources(r4.read_resources(dead), **given)
    assert problems(found) == [("deceasedDateTime", "unreadable-date")]


# --------------------------------------------------------------------------------- the whole


def test_references_are_resolved() -> None:
    """A reference by full url, by absolute url, by version or without a type finds its resource."""
    given = encounter("s-1", "H0015", "2026-01-01", "2026-01-31")
    for reference in (
        "urn:uuid:kim-sample",
        "https://fhir.example/base/Patient/kim-sample",
        "Patient/kim-sample/_history/3",
    ):
        found = imported(patient(), {**given, "subject": {"reference": reference}}, urls=True)
        assert list(found.records) == ["kim-sample"]
        assert found.patients == 1
    contained = imported({**given, "subject": {"reference": "#contained"}})
    assert contained.records == {}
    assert problems(contained) == [("entry[0].resource.subject", "no-patient")]


def test_patients_are_kept_apart() -> None:
    """Each patient of a bundle has a record of their own."""
    found = imported(
        patient(),
        patient("lee-sample"),
        encounter("s-1", "H0015", "2026-01-01", "2026-01-31"),
        encounter(
            "s-2", "H0018", "2026-01-01", "2026-01-31", subject={"reference": "Patient/lee-sample"}
        ),
    )
    assert sorted(found.records) == ["kim-sample", "lee-sample"]
    assert found.patients == 2


def test_a_death_ends_open_episodes() -> None:
    """A recorded death discharges an episode that is open then, and no other."""
    dead = patient(deceasedDateTime="2026-10-25")
    open_stay = encounter("s-1", "H0015", "2026-09-01", status="in-progress")
    one = only(imported(dead, open_stay))
    assert one.discharge is not None
    assert (one.discharge.kind, str(one.discharge.at)) == ("death", "2026-10-25")
    later = encounter("s-1", "H0015", "2026-10-28", status="in-progress")
    assert only(imported(dead, later)).is_open
    ended = only(imported(dead, encounter("s-1", "H0015", "2026-01-01", "2026-02-01")))
    assert ended.discharge is not None
    assert ended.discharge.kind == "not-stated"


def test_resources_that_stand_twice() -> None:
    """The first of two resources with one type and id is read, the other listed."""
    one = encounter("s-1", "H0015", "2026-01-01", "2026-01-31")
    found = imported(one, {**one, "type": [concept("H0018")]})
    assert problems(found) == [("entry[1].resource", "repeated")]
    assert stays(found)[0][0] == "iop"


def test_other_resources_are_counted() -> None:
    """Every resource, and every element, that is not read is counted."""
    found = imported(
        {"resourceType": "Observation", "id": "o-1"},
        {"resourceType": "Observation", "id": "o-2"},
        patient(name=[{"family": "Sample"}]),
    )
    told = {item.what: item.count for item in found.not_understood}
    assert told == {"Observation": 2, "Patient.name": 1}
    assert found.patients == 1


def test_entries_without_a_resource_are_counted() -> None:
    """An entry that holds nothing is counted as such."""
    content = json.dumps(
        {"resourceType": "Bundle", "entry": [{}, {"resource": 3}, 7, {"resource": patient()}]}
    ).encode()
    found = r4.import_resources(
        r4.read_resources(content), program=PROGRAM, code_map=CODES, recorded_at=NOW, by="x"
    )
    assert [(item.what, item.count) for item in found.not_understood] == [("(none)", 3)]


def test_misfits_with_the_map_are_listed() -> None:
    """What the program's map does not have is recorded all the same, and listed."""
    found = imported(
        encounter("s-1", "H0010", "2026-01-01", "2026-01-05"),
        encounter("s-2", "x", "2026-01-06", "2026-01-31", type=[concept("aftercare", OWN)]),
    )
    assert [misfit.code for misfit in found.discrepancies] == ["off-the-map"]


def test_importing_again_gives_the_same() -> None:
    """The same input at the same moment gives the same events, whatever the order of entries."""
    resources = [
        patient(),
        encounter("s-1", "H0018", "2026-01-01", "2026-01-31"),
        encounter("s-2", "H0015", "2026-02-02", "2026-03-31"),
        encounter("s-3", "H0015", "2026-02-02", "2026-02-03"),
    ]
    once = imported(*resources)
    again = imported(*reversed(resources))
    assert once.records == again.records
    assert r4.import_data(once) == r4.import_data(again)
    before = once.records["kim-sample"]
    assert before.append(*again.records["kim-sample"].events) is before


def test_data_is_json() -> None:
    """An import as data holds everything, inferred marks and counts included."""
    data: Any = r4.import_data(
        imported(
            patient(name=[]),
            encounter(
                "s-1",
                "H0018",
                "2026-01-01",
                "2026-01-31",
                serviceProvider={"reference": "Organization/a"},
            ),
            encounter("s-2", "nothing", "2026-01-01"),
        )
    )
    json.dumps(data)
    (person,) = data["patients"]
    (one,) = person["episodes"]
    assert (person["id"], person["events"], one["inferred"], one["status"]) == (
        "kim-sample",
        2,
        True,
        "finished",
    )
    assert one["stays"] == [
        {
            "level": "residential",
            "candidates": [],
            "start": "2026-01-01",
            "end": "2026-01-31",
            "inferred": True,
            "organization": "Organization/a",
        }
    ]
    assert one["discharge"]["kind"] == "not-stated"
    assert data["not_understood_count"] == sum(item["count"] for item in data["not_understood"])
    assert r4.fhir_end(None) is None


@settings(max_examples=150)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_broken_bundles_never_break_the_import(chance: random.Random, times: int) -> None:
    """Whatever is cut, swapped or retyped in a bundle, it imports or is refused as ours."""
    whole = json.loads(
        bundle(
            patient(deceasedDateTime="2026-10-25"),
            episode(status("planned", "2026-01-01", "2026-01-14"), status("active", "2026-01-15")),
            encounter(
                "s-1",
                "H0018",
                "2026-01-01",
                "2026-01-31",
                episodeOfCare=[{"reference": "EpisodeOfCare/e-1"}],
            ),
            encounter("s-2", "H0015", "2026-02-01T10:00:00Z", "2026-03-31T10:00:00Z"),
        )
    )
    for _ in range(times):
        _break(whole, chance)
    try:
        found = r4.import_resources(
            r4.read_resources(json.dumps(whole).encode()),
            program=PROGRAM,
            code_map=CODES,
            recorded_at=NOW,
            by="x",
        )
    except CareContinuumError:
        return
    json.dumps(r4.import_data(found))


def _break(whole: Any, chance: random.Random) -> None:
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        keys = (
            node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        )
        for key in keys:
            places.append((node, key))
            walk(node[key])

    walk(whole)
    if not places:
        return
    node, key = chance.choice(places)
    other, at = chance.choice(places)
    values = [None, 3, "", "x", [], {}, True, [[]], {"a": 1}, "2026-13", copy.deepcopy(other[at])]
    if chance.random() < 0.2:
        del node[key]
    else:
        node[key] = chance.choice(values)


def test_a_foreign_code_map_is_refused() -> None:
    """A code map that names levels the program does not have is refused with every one."""
    with pytest.raises(r4.CodeMapInvalid, match="no level `detox`"):
        imported(patient(), program=cc.shipped_program("asam-3"))


def test_naive_recording_is_refused() -> None:
    """The moment of recording has a zone."""
    with pytest.raises(cc.NaiveDatetime):
        imported(patient(), recorded_at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(UnreadableDate):
        cc.When.parse("", zone=UTC)


# ------------------------------------------------------------------------------ real inputs


def test_synthetic_exports_are_read(samples: Path) -> None:
    """Each synthetic export gives episodes with candidates, inferred ones marked."""
    files = sorted((samples / "synthea_r4").glob("*.json"))
    assert files
    for file in files:
        found = r4.import_resources(
            r4.read_resources(file), program=PROGRAM, code_map=CODES, recorded_at=NOW, by="x"
        )
        assert found.problems == ()
        assert found.not_understood
        (record,) = found.records.values()
        for one in record.episodes.values():
            assert all(stay.inferred and stay.candidates for stay in one.stays)


def test_the_published_example_comes_back(samples: Path) -> None:
    """HL7's own example of an episode comes back with its status history, dates still dates."""
    file = samples / "hl7_r4" / "episodeofcare-example.json"
    found = r4.import_resources(
        r4.read_resources(file), program=PROGRAM, code_map=CODES, recorded_at=NOW, by="x"
    )
    (record,) = found.records.values()
    (one,) = record.episodes.values()
    assert r4.status_history(one) == json.loads(file.read_bytes())["statusHistory"]
    assert found.problems == ()


def test_every_other_sample_is_accounted_for(samples: Path) -> None:
    """Any other FHIR file imports, and says what was not understood."""
    for file in sorted(samples.rglob("*.json")):
        found = r4.import_resources(
            r4.read_resources(file), program=PROGRAM, code_map=CODES, recorded_at=NOW, by="x"
        )
        assert found.not_understood
