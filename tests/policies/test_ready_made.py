"""Ready-made policies: what each permits, forbids and leaves open, and where its facts are read."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.canonical import digest
from carecontinuum.continuum import AgeGroup, ServiceHours, TransitionKind
from carecontinuum.decisions import Reason
from carecontinuum.engine import decide
from carecontinuum.facts import DaysAtLevel, LevelElsewhere, StatedWithRequest
from carecontinuum.history import Admitted, Moved, PlacementReviewed
from carecontinuum.policies import PolicyInvalid, RulePolicy, ready_made as rm
from carecontinuum.rules import Fact, FactInvalid, FactValueInvalid, Seen
from carecontinuum.verification import verify
from invented import DAY, START, continuum, event, level, program, record
from running import ROOT

PERMIT, FORBID, UNDETERMINED = cc.Verdict.PERMIT, cc.Verdict.FORBID, cc.Verdict.UNDETERMINED
REQUEST = cc.TransitionRequest(
    episode_id="e",
    kind=TransitionKind.STEP_DOWN,
    origin="iop",
    target="op",
    at=START,
    by=cc.Actor("dr"),
    move=cc.step_down(to="op"),
)
IOP = level("iop", 2, hours=(ServiceHours(at_least=9, less_than=19.5, citation="Book 9"),))
ELSEWHERE = rm.level_elsewhere(["res", "iop"])
DOWN = frozenset({"step_down", "aftercare"})
SIDEWAYS = DOWN | {"lateral"}
ARRIVING = SIDEWAYS | {"admit", "place"}

Values = dict[Fact[Any], object]


@attrs.frozen(kw_only=True)
class Case:
    """A ready-made policy with facts that it permits, facts that it forbids, and what it shows.

    Attributes:
        made: Makes the policy.
        id: The last part of its id.
        on: The kinds of move it judges.
        yes: Facts under which it permits.
        no: Facts that turn the permission into a prohibition.
        required: What it asks of the fact of `no`.
        words: What it says.
    """

    made: Callable[[], RulePolicy]
    id: str
    on: frozenset[str]
    yes: Values
    no: Values
    required: str
    words: str


CASES = [
    Case(
        made=lambda: rm.recent_assessment(within_days=30),
        id="recent-assessment",
        on=SIDEWAYS,
        yes={rm.DAYS_SINCE_ASSESSMENT: 30},
        no={rm.DAYS_SINCE_ASSESSMENT: 31},
        required="days_since_assessment <= 30",
        words="an assessment of the last 30 days",
    ),
    Case(
        made=lambda: rm.minimum_days_at_level(days=14),
        id="minimum-days-at-level",
        on=DOWN,
        yes={rm.DAYS_AT_LEVEL: 14},
        no={rm.DAYS_AT_LEVEL: 13},
        required="days_at_level >= 14",
        words="at least 14 days at the present level before less intensive care",
    ),
    Case(
        made=lambda: rm.minimum_days_at_level(days=14, level="iop"),
        id="minimum-days-at-level.iop",
        on=DOWN,
        yes={rm.DAYS_AT_LEVEL: 14, rm.LEVEL: "iop"},
        no={rm.DAYS_AT_LEVEL: 13},
        required="days_at_level >= 14",
        words="at least 14 days at the present level before less intensive care",
    ),
    Case(
        made=lambda: rm.maximum_days_at_level(days=7, level="res"),
        id="maximum-days-at-level.res",
        on=frozenset({"lateral", "return"}),
        yes={rm.DAYS_AT_LEVEL: 7, rm.LEVEL: "res"},
        no={rm.DAYS_AT_LEVEL: 8},
        required="days_at_level <= 7",
        words="care at the same intensity goes on for at most 7 days",
    ),
    Case(
        made=rm.consecutive_lower_reviews,
        id="consecutive-lower-reviews",
        on=DOWN,
        yes={rm.LOWER_REVIEWS: 2},
        no={rm.LOWER_REVIEWS: 1},
        required="consecutive_lower_reviews >= 2",
        words="2 reviews in a row that recommend a lower level",
    ),
    Case(
        made=rm.placement_supports_target,
        id="placement-supports-target",
        on=ARRIVING,
        yes={rm.PLACEMENT_SUPPORTS_TARGET: True, rm.REQUESTED_LEVEL: "op"},
        no={rm.PLACEMENT_SUPPORTS_TARGET: False},
        required="placement_supports_target",
        words="the placement criteria support the level asked for",
    ),
    Case(
        made=rm.withdrawal_and_medical_stability,
        id="withdrawal-and-medical-stability",
        on=DOWN,
        yes={rm.MEDICALLY_STABLE: True, rm.WITHDRAWAL_RISK: 1},
        no={rm.WITHDRAWAL_RISK: 2},
        required="withdrawal_risk <= 1",
        words="medically stable, with a withdrawal risk of at most 1 of 4",
    ),
    Case(
        made=lambda: rm.hours_within_band(level=IOP),
        id="hours-within-band.iop",
        on=DOWN,
        yes={rm.WEEKLY_HOURS: 9, rm.LEVEL: "iop"},
        no={rm.WEEKLY_HOURS: Decimal("8.5")},
        required="weekly_hours >= 9",
        words="the hours of service received a week belong to `iop`: 9 to under 19.5 h",
    ),
    Case(
        made=lambda: rm.plan_current_and_reviewed(within_days=30),
        id="plan-current-and-reviewed",
        on=SIDEWAYS,
        yes={rm.TREATMENT_PLAN: True, rm.DAYS_SINCE_PLAN_REVIEW: 30},
        no={rm.DAYS_SINCE_PLAN_REVIEW: 31},
        required="days_since_plan_review <= 30",
        words="a treatment plan in force, reviewed in the last 30 days",
    ),
    Case(
        made=rm.relapse_prevention_plan_present,
        id="relapse-prevention-plan-present",
        on=DOWN,
        yes={rm.RELAPSE_PREVENTION_PLAN: True},
        no={rm.RELAPSE_PREVENTION_PLAN: False},
        required="relapse_prevention_plan",
        words="a relapse prevention plan before less intensive care",
    ),
    Case(
        made=rm.aftercare_plan_present,
        id="aftercare-plan-present",
        on=frozenset({"aftercare", "discharge"}),
        yes={rm.AFTERCARE_PLAN: True, rm.REQUESTED_DISCHARGE: "planned"},
        no={rm.AFTERCARE_PLAN: False},
        required="aftercare_plan",
        words="an aftercare plan before aftercare and before a planned discharge",
    ),
    Case(
        made=rm.authorization_covers,
        id="authorization-covers",
        on=ARRIVING,
        yes={rm.AUTHORIZATION_COVERS: True},
        no={rm.AUTHORIZATION_COVERS: False},
        required="authorization_covers",
        words="an authorisation covers the level asked for on the day of the move",
    ),
    Case(
        made=rm.consent_present,
        id="consent-present",
        on=frozenset({"admit", "place"}),
        yes={rm.CONSENT_TO_TREATMENT: True},
        no={rm.CONSENT_TO_TREATMENT: False},
        required="consent_to_treatment",
        words="consent to treatment at the level asked for",
    ),
    Case(
        made=lambda: rm.no_overlap(levels=["res", "iop"]),
        id="no-overlap",
        on=ARRIVING,
        yes={ELSEWHERE: "", rm.REQUESTED_LEVEL: "iop"},
        no={ELSEWHERE: "res"},
        required='level_elsewhere in ("")',
        words="no other open episode at one of `res`, `iop`",
    ),
]
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def said(policy: cc.TransitionPolicy, known: Mapping[Fact[Any], object]) -> Reason:
    """Give what a policy that has something to say says."""
    reason = policy(REQUEST, cc.Facts.of(known))
    assert reason is not None
    return reason


@EACH
def test_permits(case: Case) -> None:
    """Each permits where its rule holds, shows every value it looked at and needs nothing."""
    reason = said(case.made(), case.yes)
    assert reason.verdict is PERMIT
    assert {seen.fact for seen in reason.seen} <= {fact.id for fact in case.yes}
    assert {seen.fact for seen in reason.seen} >= {fact.id for fact in case.no}
    assert reason.needs == ()


@EACH
def test_forbids(case: Case) -> None:
    """Each forbids where its rule fails, and shows the value that decided it and what is asked."""
    reason = said(case.made(), {**case.yes, **case.no})
    [(fact, value)] = case.no.items()
    assert reason.verdict is FORBID
    assert Seen(fact=fact.id, value=value, required=case.required) in reason.seen  # type: ignore[arg-type]


@EACH
def test_leaves_open(case: Case) -> None:
    """Each is undetermined while any of its facts is missing, and names the missing fact."""
    for missing in case.yes:
        reason = said(case.made(), {fact: v for fact, v in case.yes.items() if fact != missing})
        assert reason.verdict is UNDETERMINED
        assert {need.fact for need in reason.needs} == {missing.id}


@EACH
def test_what_each_is_by_itself(case: Case) -> None:
    """Each has an id, kinds, words and citation of its own; nobody overrides it unless told."""
    made = case.made()
    assert (made.ref.id, made.ref.version) == (f"carecontinuum.{case.id}", "1")
    assert made.on == case.on
    assert made.reads == set(case.yes)
    assert made.words == case.words
    illustrative = "illustrative, not medical advice"
    assert made.citation == ("Book 9" if "hours" in case.id else illustrative)
    assert made.overridable_by == frozenset()
    assert "step_up" not in case.on


VALUES: Mapping[type[Fact[Any]], st.SearchStrategy[object]] = {
    cc.Count: st.integers(0, 40),
    cc.Ordinal: st.integers(0, 4),
    cc.Flag: st.booleans(),
    cc.Choice: st.sampled_from(["", "res", "iop", "planned"]),
    type(rm.WEEKLY_HOURS): st.decimals(0, 168, places=2),
}


@given(st.data(), st.sampled_from(CASES))
def test_nothing_missing_ever_permits(data: st.DataObject, case: Case) -> None:
    """Whatever else is known, none permits while a fact it reads is missing."""
    known: Values = {}
    made = case.made()
    for fact in sorted(made.reads, key=lambda fact: fact.id):
        value = data.draw(st.none() | VALUES[type(fact)].filter(fact.fits))
        if value is not None:
            known[fact] = value
    reason = made(REQUEST, cc.Facts.of(known))
    if reason is not None and reason.verdict is PERMIT:
        assert set(known) == made.reads


@pytest.mark.parametrize(
    ("policy", "known"),
    [
        (lambda: rm.minimum_days_at_level(days=14, level="iop"), {rm.LEVEL: "op"}),
        (lambda: rm.maximum_days_at_level(days=14, level="iop"), {rm.LEVEL: "op"}),
        (lambda: rm.hours_within_band(level=IOP), {rm.LEVEL: "op"}),
        (rm.aftercare_plan_present, {rm.REQUESTED_DISCHARGE: "against-advice"}),
        (lambda: rm.no_overlap(levels=["res"]), {rm.REQUESTED_LEVEL: "op"}),
        (lambda: rm.no_overlap(levels=["res"]), {rm.REQUESTED_LEVEL: ""}),
    ],
)
def test_abstains(policy: Callable[[], RulePolicy], known: Values) -> None:
    """A policy of one level, of planned discharge or of some targets says nothing of the rest."""
    assert policy()(REQUEST, cc.Facts.of(known)) is None


def test_a_move_to_aftercare_needs_a_plan() -> None:
    """A request that names no kind of discharge is judged as well: it is a move to aftercare."""
    aftercare: Values = {rm.REQUESTED_DISCHARGE: ""}
    assert (
        said(rm.aftercare_plan_present(), {**aftercare, rm.AFTERCARE_PLAN: True}).verdict is PERMIT
    )
    assert (
        said(rm.aftercare_plan_present(), {**aftercare, rm.AFTERCARE_PLAN: False}).verdict is FORBID
    )


def test_settings_outweigh_what_is_ready_made() -> None:
    """Id, version, kinds, words, citation and roles are as they are set."""
    policy = rm.recent_assessment(
        within_days=7,
        id="acme.assessed",
        version="2",
        on=["step_up"],
        says="assessed this week",
        citation="Acme handbook 2",
        overridable_by=["physician"],
    )
    assert str(policy.ref) == "acme.assessed v2"
    assert policy.on == frozenset({"step_up"})
    assert (policy.words, policy.citation) == ("assessed this week", "Acme handbook 2")
    assert policy.overridable_by == {"physician"}
    assert rm.recent_assessment(within_days=7, on=None).on is None


def test_one_for_every_level_is_not_named_for_any() -> None:
    """Where no level is given, a policy applies at every level and its id names none."""
    for made in (rm.minimum_days_at_level(days=7), rm.maximum_days_at_level(days=7)):
        assert made.applies is None
        assert made.ref.id.endswith("-days-at-level")


def test_a_setting_that_there_is_not_is_refused() -> None:
    """A misspelt setting is an error, not ignored."""
    make: Callable[..., RulePolicy] = rm.recent_assessment
    with pytest.raises(TypeError, match="sited"):
        make(within_days=7, sited="Acme")


def test_a_condition_of_ones_own_is_joined_to_the_ready_made_one() -> None:
    """A policy applies only where both its own condition and the caller's hold."""
    payer = cc.Choice("payer")
    alone = rm.consent_present(applies=payer.one_of("acme"))
    assert alone.applies == payer.one_of("acme")
    policy = rm.minimum_days_at_level(days=5, level="iop", applies=payer.one_of("acme"))
    assert policy.applies == rm.LEVEL.one_of("iop") & payer.one_of("acme")
    here: Values = {rm.LEVEL: "iop", rm.DAYS_AT_LEVEL: 3}
    assert said(policy, {**here, payer: "acme"}).verdict is FORBID
    assert policy(REQUEST, cc.Facts.of({**here, payer: "other"})) is None
    assert said(policy, here).verdict is UNDETERMINED


def test_withdrawal_risk_must_be_assessed() -> None:
    """An unstable patient is refused without the risk; a stable one is not let through."""
    policy = rm.withdrawal_and_medical_stability(risk_at_most=4)
    assert said(policy, {rm.MEDICALLY_STABLE: False}).verdict is FORBID
    assert said(policy, {rm.MEDICALLY_STABLE: True}).verdict is UNDETERMINED


@pytest.mark.parametrize(
    ("band", "hours", "verdict"),
    [
        (ServiceHours(at_least=9, less_than=19.5), "19.4", PERMIT),
        (ServiceHours(at_least=9, less_than=19.5), "19.5", FORBID),
        (ServiceHours(at_least=20), "20", PERMIT),
        (ServiceHours(at_least=20), "19", FORBID),
        (ServiceHours(less_than=9), "0", PERMIT),
        (ServiceHours(less_than=9), "9", FORBID),
    ],
)
def test_hours_agree_with_the_band(band: ServiceHours, hours: str, verdict: cc.Verdict) -> None:
    """Hours are in the band exactly when the level's own band contains them."""
    policy = rm.hours_within_band(level=level("iop", 2, hours=(band,)))
    known = {rm.LEVEL: "iop", rm.WEEKLY_HOURS: Decimal(hours)}
    assert said(policy, known).verdict is verdict
    assert band.contains(float(hours)) is (verdict is PERMIT)
    assert policy.citation == rm.ILLUSTRATIVE


@pytest.mark.parametrize(
    "bands", [(), (ServiceHours(),), (ServiceHours(at_least=6, age_group=AgeGroup.ADOLESCENT),)]
)
def test_a_level_without_hours_has_no_band(bands: tuple[ServiceHours, ...]) -> None:
    """Asking for hours of a level that has none for the age group is an error."""
    says = "level `iop` has no hours for `adult`; give it a band of hours"
    with pytest.raises(PolicyInvalid) as caught:
        rm.hours_within_band(level=level("iop", 2, hours=bands))
    assert caught.value == PolicyInvalid(policy="carecontinuum.hours-within-band", says=says)


def test_overlap_needs_levels() -> None:
    """A policy of levels that may not overlap names at least one; a group has a plain name."""
    says = "no level is named; name those that may not overlap"
    with pytest.raises(PolicyInvalid) as caught:
        rm.no_overlap(levels=[])
    assert caught.value == PolicyInvalid(policy="carecontinuum.no-overlap", says=says)
    with pytest.raises(FactInvalid):
        rm.no_overlap(levels=["iop"], group="Day programs")


@pytest.mark.parametrize("days", [-1.5, "7"])
def test_a_number_that_is_none_is_refused(days: Any) -> None:
    """A bound that no rule can name is an error."""
    with pytest.raises(FactValueInvalid):
        rm.recent_assessment(within_days=days)


# --------------------------------------------------------------------------------- readings


def test_every_fact_read_has_a_source() -> None:
    """The readings of every ready-made policy give each fact it reads a source of its own."""
    for case in CASES:
        readings = rm.readings_for([case.made()])
        assert {reading.fact for reading in readings} == case.made().reads


def test_readings_are_sorted_and_each_is_there_once() -> None:
    """Two policies that read one fact share its reading, and the order of policies is no matter."""
    policies = [case.made() for case in CASES]
    readings = rm.readings_for(policies)
    ids = [reading.fact.id for reading in readings]
    assert ids == sorted(set(ids))
    assert rm.readings_for(policies[::-1]) == readings


def test_facts_of_ones_own_get_no_reading_unless_they_are_the_same() -> None:
    """A fact of the same id and type is read as the ready-made one; any other is left alone."""
    same, other = cc.Count("days_at_level", title="Days here"), cc.Choice("days_since_assessment")
    own = cc.requires((same >= 3) & cc.Flag("own") & other.one_of("few"), id="a", citation="x")
    assert rm.readings_for([own]) == (cc.Reading(same, DaysAtLevel()),)


def test_overlaps_are_read_by_their_levels() -> None:
    """Each group of levels that may not overlap is a fact of its own, read by its own levels."""
    policies = [
        rm.no_overlap(levels=["res", "iop"]),
        rm.no_overlap(levels=["op"], group="clinics"),
    ]
    assert [policy.ref.id for policy in policies] == [
        "carecontinuum.no-overlap",
        "carecontinuum.no-overlap.clinics",
    ]
    found = {reading.fact.id: reading.source for reading in rm.readings_for(policies)}
    assert found["level_elsewhere"] == LevelElsewhere(levels=("res", "iop"))
    assert found["level_elsewhere_clinics"] == LevelElsewhere(levels=("op",))


def test_ready_made_facts_are_those_of_the_shipped_program() -> None:
    """A ready-made policy can be added to the shipped program: they declare the same facts."""
    shipped = cc.shipped_program("community")
    shared = [id for id in shipped.facts if id in rm.READINGS]
    assert len(shared) >= 5
    for id in shared:
        assert rm.READINGS[id].fact == shipped.facts[id]
        assert rm.READINGS[id].source == shipped.sources[id]
    longer = attrs.evolve(shipped, policies=(*shipped.policies, *(c.made() for c in CASES)))
    assert len(longer.policies) == len(shipped.policies) + len(CASES)


def test_ready_made_facts_stay_what_they_are() -> None:
    """A fact is part of the digest of each program that reads it, so none changes by accident."""
    facts = [*(reading.fact for reading in rm.READINGS.values()), ELSEWHERE]
    assert (
        digest(facts) == "sha256:173b0690f58183cbe2e053a4c2554baf45f01b82b8ea4b2e1d424f353f869a54"
    )


def test_ready_made_policies_contradict_nothing() -> None:
    """Put into the shipped program in place of its own, all of them pass its verification."""
    shipped = cc.shipped_program("community")
    iop = shipped.continuum.level("iop")
    policies = (
        rm.recent_assessment(within_days=30),
        rm.minimum_days_at_level(days=14, level="iop"),
        rm.maximum_days_at_level(days=30, level="residential"),
        rm.consecutive_lower_reviews(),
        rm.placement_supports_target(),
        rm.withdrawal_and_medical_stability(),
        rm.hours_within_band(level=iop),
        rm.plan_current_and_reviewed(within_days=30),
        rm.relapse_prevention_plan_present(),
        rm.aftercare_plan_present(),
        rm.authorization_covers(),
        rm.consent_present(),
        rm.no_overlap(levels=["residential", "php", "iop"]),
    )
    readings = rm.readings_for(policies)
    report = verify(attrs.evolve(shipped, policies=policies, readings=readings))
    assert report.is_clean, report.text()
    assert report.opaque == ()


def test_what_is_not_on_record_names_who_could_tell() -> None:
    """A fact of which no record is kept is stated with the request, by whoever could tell."""
    stated = [r.source for r in rm.READINGS.values() if isinstance(r.source, StatedWithRequest)]
    assert stated
    assert all(source.asked_of for source in stated)


def test_the_table_of_the_reference_is_what_they_are() -> None:
    """The reference lists each with the facts it reads, their sources and the kinds it judges."""
    page = (ROOT / "docs" / "reference" / "policies.md").read_text(encoding="utf-8")
    rows = {row[1]: row[0] for row in re.finditer(r"^\| `(\w+)\(.*\)` \|.*$", page, re.MULTILINE)}
    each = [case.made() for case in CASES]
    made = {policy.ref.id.split(".")[1].replace("-", "_"): policy for policy in each}
    assert rows.keys() == made.keys()
    for name, policy in made.items():
        _, _, facts, judges, _ = rows[name].strip("|").split("|")
        sources = {reading.fact.id: reading.source for reading in rm.readings_for([policy])}
        told = dict(re.findall(r"`(\w+)` from `([\w-]+)`", facts))
        assert told == {id: getattr(source, "TYPE", "") for id, source in sources.items()}
        assert frozenset(re.findall(r"`(\w+)`", judges)) == policy.on


def test_a_program_of_ready_made_policies_decides() -> None:
    """A program of ready-made policies and their readings decides from the record."""
    policies = (
        rm.minimum_days_at_level(days=14, overridable_by=["physician"]),
        rm.no_overlap(levels=["op", "res"]),
        rm.consecutive_lower_reviews(),
    )
    plain = program(*policies, continuum=continuum(), readings=rm.readings_for(policies))
    whole = record((Admitted(level="res"), 0), (Moved(level="iop"), 10))

    def verdicts(whole: cc.PatientRecord, days: int, *, reviews: int) -> list[cc.Verdict]:
        for number in range(reviews):
            lower = PlacementReviewed(levels=("op",), settled=True)
            whole = whole.append(event(f"review-{number}", lower, 20))
        decision = decide(
            whole,
            cc.step_down(to="op"),
            program=plain,
            episode_id="e-1",
            at=START + days * DAY,
            by="dr",
        )
        return [reason.verdict for reason in decision.reasons]

    assert verdicts(whole, 23, reviews=2) == [FORBID, PERMIT, PERMIT]
    assert verdicts(whole, 24, reviews=2) == [PERMIT, PERMIT, PERMIT]
    assert verdicts(whole, 24, reviews=1) == [PERMIT, PERMIT, FORBID]
    second = whole.append(event("b", Admitted(level="res"), 15, episode_id="e-2"))
    assert verdicts(second, 24, reviews=1) == [PERMIT, FORBID, FORBID]
    unplaced = whole.append(event("b", Admitted(), 15, episode_id="e-2"))
    assert verdicts(unplaced, 24, reviews=2) == [PERMIT, UNDETERMINED, PERMIT]
