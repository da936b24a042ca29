"""What the shipped programs say, and that they say it everywhere in the same form."""

import os
import subprocess
import sys
import tomllib
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.continuum import AgeGroup, Phase, TransitionKind
from carecontinuum.history import ReturnToUse
from carecontinuum.library.building import program_of
from carecontinuum.library.schema import SCHEMA_FILE
from carecontinuum.library.structuring import document_of

START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("America/New_York"))
STEADY = {"medically_stable": True, "withdrawal_risk": 1, "relapse_prevention_plan": True}
DOCTOR = cc.Actor("dr-sample", role="physician")


def later(days: int) -> datetime:
    """Give the moment some days after the admission."""
    return START + timedelta(days=days)


def at_level(code: str) -> cc.PatientRecord:
    """Give the record of an invented person who was admitted to a level, or reported there."""
    body: dict[str, Any] = {
        "episode_id": "e",
        "at": START,
        "by": DOCTOR,
        "program": cc.shipped_program("community"),
    }
    first = "iop" if code == "aftercare" else code
    record = cc.request(
        cc.PatientRecord.of("sam-sample"), cc.admit(to=first), id="r-1", stated=STEADY, **body
    ).record
    if code == "aftercare":
        found = {**STEADY, "aftercare_plan": True}
        body["at"] = later(20)
        record = cc.request(record, cc.aftercare(to=code), id="r-2", stated=found, **body).record
    assert record.episode("e").level == code
    return record


def decided(record: cc.PatientRecord, move: cc.Move, days: int, **stated: Any) -> cc.Decision:
    """Let the community program decide."""
    return cc.decide(
        record,
        move,
        program=cc.shipped_program("community"),
        episode_id="e",
        at=later(days),
        by=DOCTOR,
        stated=stated,
    )


def used(record: cc.PatientRecord, days: int) -> cc.PatientRecord:
    """Report a return to use."""
    event = cc.Event(
        id="u-1",
        patient_id="sam-sample",
        episode_id="e",
        occurred_at=later(days),
        recorded_at=later(days),
        by=DOCTOR,
        body=ReturnToUse(),
    )
    return cc.report(record, event, continuum=cc.shipped_program("community").continuum).record


def needs(decision: cc.Decision) -> set[str]:
    """Give the facts that a decision lacks."""
    return {need.fact for need in decision.needs}


# --------------------------------------------------------------------------- the community


@pytest.mark.parametrize("level", ["php", "iop"])
def test_intensive_outpatient_care_suits_the_medically_stable(level: str) -> None:
    """Admission to intensive care at home waits for stability and risk; unknown is not stable."""
    nobody = cc.PatientRecord.of("sam-sample")
    unknown = decided(nobody, cc.admit(to=level), 0)
    assert unknown.verdict is cc.Verdict.UNDETERMINED
    assert needs(unknown) == {"medically_stable", "withdrawal_risk"}
    stable = decided(nobody, cc.admit(to=level), 0, medically_stable=True, withdrawal_risk=1)
    assert stable.verdict is cc.Verdict.PERMIT
    at_risk = decided(nobody, cc.admit(to=level), 0, medically_stable=True, withdrawal_risk=2)
    assert at_risk.verdict is cc.Verdict.FORBID


@pytest.mark.parametrize("level", [None, "detox", "inpatient", "residential", "op"])
def test_other_care_is_open_at_once(level: str | None) -> None:
    """Nobody waits for an assessment to be taken in, to bed-based or to outpatient care."""
    asked = decided(cc.PatientRecord.of("sam-sample"), cc.admit(to=level), 0)
    assert asked.verdict is cc.Verdict.PERMIT


@pytest.mark.parametrize(("days", "verdict"), [(13, cc.Verdict.FORBID), (14, cc.Verdict.PERMIT)])
def test_time_at_intensive_outpatient_care(days: int, verdict: cc.Verdict) -> None:
    """Two weeks of intensive outpatient care come before less of it, to the day."""
    record = at_level("iop")
    assert decided(record, cc.step_down(to="op"), days, **STEADY).verdict is verdict
    found = {**STEADY, "aftercare_plan": True}
    assert decided(record, cc.aftercare(to="aftercare"), days, **found).verdict is verdict


def test_time_may_be_overridden_and_a_plan_may_not() -> None:
    """A physician may override the time at the level, nobody the relapse prevention plan."""
    decision = decided(
        at_level("iop"), cc.step_down(to="op"), 3, **{**STEADY, "relapse_prevention_plan": False}
    )
    forbidding = {
        r.policy.id: r.overridable_by for r in decision.reasons if r.verdict is cc.Verdict.FORBID
    }
    assert forbidding == {
        "community.time-at-iop": frozenset({"physician", "program director"}),
        "community.relapse-prevention-plan": frozenset(),
    }


@pytest.mark.parametrize("level", ["op", "iop", "php", "residential", "inpatient", "detox"])
def test_more_care_stays_within_reach(level: str) -> None:
    """From aftercare every level is a step up that needs no paper, after a return to use too."""
    record = used(at_level("aftercare"), 25)
    assert decided(record, cc.step_up(to=level), 26).verdict is cc.Verdict.PERMIT


def test_a_return_to_use_is_no_discharge() -> None:
    """After a recent return to use every decided discharge waits for a reassessment."""
    record = used(at_level("iop"), 20)
    asked = cc.discharge("administrative", reason_code="rules")
    unknown = decided(record, asked, 21)
    assert unknown.verdict is cc.Verdict.UNDETERMINED
    assert needs(unknown) == {"reassessed_since_return_to_use"}
    refused = decided(record, asked, 21, reassessed_since_return_to_use=False)
    assert refused.verdict is cc.Verdict.FORBID
    step = {**STEADY, "reassessed_since_return_to_use": True}
    assert decided(record, cc.step_down(to="op"), 21, **step).verdict is cc.Verdict.PERMIT
    assert decided(record, cc.step_down(to="op"), 51, **STEADY).verdict is cc.Verdict.PERMIT


def test_aftercare_and_a_planned_discharge_need_a_plan() -> None:
    """An aftercare plan comes before aftercare and before a planned discharge, no other."""
    record = at_level("op")
    assert needs(decided(record, cc.aftercare(to="aftercare"), 30, **STEADY)) == {"aftercare_plan"}
    planned = cc.discharge(reason_code="completed")
    assert needs(decided(record, planned, 30)) == {"aftercare_plan"}
    assert decided(record, planned, 30, aftercare_plan=True).verdict is cc.Verdict.PERMIT
    died = decided(record, cc.discharge("death"), 30)
    assert died.verdict is cc.Verdict.PERMIT


def test_numbers_of_our_own_are_marked() -> None:
    """Whatever threshold is ours says that it is illustrative, not medical advice."""
    community = cc.shipped_program("community")
    assert "illustrative, not medical advice" in community.notice
    for policy in community.policies:
        assert getattr(policy, "citation", "") == "illustrative, not medical advice"


# ------------------------------------------------------------------------------- the others


def test_hours_are_those_of_their_sources() -> None:
    """The hours a week that are shipped, to the hour."""
    shown = {
        (name, level.code, band.age_group, str(band))
        for name in cc.shipped_programs()
        for level in cc.shipped_program(name).continuum.levels
        for band in level.hours
    }
    adult, young = AgeGroup.ADULT, AgeGroup.ADOLESCENT
    assert shown == {
        ("asam-3", "1", adult, "under 9 h"),
        ("asam-3", "1", young, "under 6 h"),
        ("asam-3", "2.1", adult, "9 to under 20 h"),
        ("asam-3", "2.1", young, "6 h or more"),
        ("asam-3", "2.5", None, "20 h or more"),
        ("asam-3", "3.1", None, "5 h or more"),
        ("community", "iop", None, "9 to under 20 h"),
        ("community", "php", None, "20 h or more"),
        ("teds", "6", None, "6 h or more"),
    }


def test_asam_maps_lead_from_any_level_to_any_other() -> None:
    """With no criteria shipped, the ASAM maps have every route; the numbers say of which kind."""
    for name in ("asam-3", "asam-4"):
        continuum = cc.shipped_program(name).continuum
        codes = [level.code for level in continuum.levels]
        assert all(set(continuum.routes_from(code)) == {*codes} - {code} for code in codes)
    third = cc.shipped_program("asam-3").continuum
    assert third.route_kind("3.7-WM", "2.1") is TransitionKind.STEP_DOWN
    assert third.route_kind("3.7-WM", "3.5") is TransitionKind.LATERAL
    assert third.route_kind("1", "2-WM") is TransitionKind.STEP_UP
    assert third.route_kind("1", "OTP") is TransitionKind.LATERAL
    fourth = cc.shipped_program("asam-4").continuum
    assert fourth.route_kind("2.5", "2.5 COE") is TransitionKind.LATERAL
    assert fourth.level("1.0").phase is Phase.RECOVERY
    assert not {"3.3", "3.2-WM"} & {level.code for level in fourth.levels}


def test_asam_maps_decide_nothing_clinical() -> None:
    """With no criteria shipped, an admission by an ASAM program is undetermined."""
    asked = cc.decide(
        cc.PatientRecord.of("sam-sample"),
        cc.admit(to="2.1"),
        program=cc.shipped_program("asam-3"),
        episode_id="e",
        at=START,
        by=DOCTOR,
    )
    assert asked.verdict is cc.Verdict.UNDETERMINED


# ------------------------------------------------------------------------------ the same form

DIGESTS = (
    "import carecontinuum as cc; print([cc.shipped_program(n).ref for n in cc.shipped_programs()])"
)


@pytest.mark.parametrize("seed", ["0", "1", "31337"])
def test_digests_do_not_depend_on_the_run(seed: str) -> None:
    """The digests are the same whatever the order of Python's sets."""
    done = subprocess.run(
        [sys.executable, "-c", DIGESTS],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    here = [cc.shipped_program(name).ref for name in cc.shipped_programs()]
    assert done.stdout.strip() == str(here)


@given(st.randoms(use_true_random=False), st.sampled_from(cc.shipped_programs()))
def test_digests_do_not_depend_on_the_order_of_keys(random: Any, name: str) -> None:
    """In whatever order the keys of its tables stand, a file makes the same program."""
    text = (SCHEMA_FILE.parent / "programs" / f"{name}.toml").read_text(encoding="utf-8")
    document = document_of(_shuffled(tomllib.loads(text), random))
    assert not isinstance(document, tuple)
    program = program_of(document)
    assert isinstance(program, cc.Program)
    assert program.ref == cc.shipped_program(name).ref


def _shuffled(node: Any, random: Any) -> Any:
    if isinstance(node, list):
        return [_shuffled(item, random) for item in node]
    if not isinstance(node, dict):
        return node
    keys = list(node)
    random.shuffle(keys)
    return {key: _shuffled(node[key], random) for key in keys}
