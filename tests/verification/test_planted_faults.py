"""One good program, and one fault planted into it for each kind of finding."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.canonical import plain
from carecontinuum.continuum import (
    AgeGroup,
    LevelOfCare,
    Phase,
    Route,
    ServiceHours,
    Setting,
    Track,
    TransitionKind,
)
from carecontinuum.facts import (
    DaysAtLevel,
    HoursFitLevel,
    HoursReceived,
    LevelNow,
    PlacementSupportsTarget,
    RequestedDischarge,
    RequestedLevel,
    StatedWithRequest,
)
from carecontinuum.policies import PlacementCriteria, PlacementRule
from carecontinuum.programs import Purpose
from carecontinuum.rules import Expression, Fact, Quantity, Truth, criterion, total
from carecontinuum.verification import (
    CODES,
    Finding,
    Severity,
    replay_witness,
    verify,
    verify_versions,
)
from invented import level

CITED = "illustrative, not medical advice"
RISK = cc.Ordinal("withdrawal_risk", hi=4, must_assess=True)
STRESS = cc.Ordinal("stress", hi=4)
LONELY = cc.Ordinal("loneliness", hi=4)
STABLE = cc.Flag("stable")
PLAN = cc.Flag("aftercare_plan")
DAYS = cc.Count("days_at_level", unit="days")
HOURS = Quantity("weekly_hours", unit="h", hi=168)
LEVEL = cc.Choice("level")
TARGET = cc.Choice("requested_level")
ENDING = cc.Choice("requested_discharge")


def band(least: float | None, less: float | None, **more: Any) -> tuple[ServiceHours, ...]:
    """Make the one band of hours of a level."""
    return (ServiceHours(at_least=least, less_than=less, **more),)


LEVELS = (
    level("res", 4, setting=Setting.RESIDENTIAL),
    level("php", 3, hours=band(20, None)),
    level("iop", 2, hours=band(9, 20)),
    level("op", 1, hours=band(None, 9)),
    level("otp", 1),
    level("after", 0, track=Track.RECOVERY, phase=Phase.RECOVERY, setting=Setting.COMMUNITY),
)
ROUTES = (
    Route(origin="res", target="php"),
    Route(origin="php", target="iop"),
    Route(origin="iop", target="op"),
    Route(origin="iop", target="res"),
    Route(origin="op", target="iop"),
    Route(origin="op", target="otp"),
    Route(origin="otp", target="op"),
    Route(origin="op", target="after"),
    Route(origin="after", target="op", kind=TransitionKind.STEP_UP),
)
RULES = (
    PlacementRule(id="r-res", level="res", rule=RISK >= 3),
    PlacementRule(id="r-php", level="php", rule=(RISK >= 2) & (STRESS >= 3)),
    PlacementRule(id="r-iop", level="iop", rule=total(STRESS, LONELY) >= 5),
)


def requires(rule: Expression, id: str, *on: str, **more: Any) -> cc.TransitionPolicy:
    """Make a policy of a rule."""
    return cc.requires(rule, id=id, citation=CITED, on=on or None, **more)


POLICIES = (
    requires(STABLE & (RISK <= 1), "stable-first", "step_down"),
    requires(DAYS >= 14, "time-at-iop", "step_down", applies=LEVEL.one_of("iop")),
    requires((HOURS >= 9) & (HOURS < 20), "hours-at-iop", "step_down", applies=LEVEL.one_of("iop")),
    requires(PLAN, "plan-first", "aftercare"),
    requires(PLAN, "plan-at-discharge", "discharge", applies=ENDING.one_of("planned")),
)


def _stated(fact: Fact[Any]) -> cc.Reading[Any]:
    return cc.Reading(fact, StatedWithRequest(fact=fact.id))


READINGS = (
    cc.Reading(DAYS, DaysAtLevel()),
    cc.Reading(LEVEL, LevelNow()),
    cc.Reading(TARGET, RequestedLevel()),
    cc.Reading(ENDING, RequestedDischarge()),
    *map(_stated, (RISK, STRESS, LONELY, STABLE, PLAN, HOURS)),
)


def criteria(*more: PlacementRule, **changes: Any) -> PlacementCriteria:
    """Make the placement criteria of the good program, with more rules or other settings."""
    given: dict[str, Any] = {"id": "criteria", "version": "1", "default": "op"}
    return PlacementCriteria(**{**given, "rules": (*RULES, *more), **changes})


def rule(id: str, code: str, condition: Expression) -> PlacementRule:
    """Make a placement rule."""
    return PlacementRule(id=id, level=code, rule=condition)


def good(*more: cc.TransitionPolicy, **changes: Any) -> cc.Program:
    """Make the good program, with more policies or other parts."""
    continuum: dict[str, Any] = {
        "id": "invented",
        "version": "1",
        "levels": LEVELS,
        "routes": ROUTES,
        "entry": ("res", "iop", "op"),
        "aftercare": ("after",),
        "discharge_from": ("op", "otp", "after"),
        "leave_from": ("res",),
    }
    own = {key: changes.pop(key) for key in tuple(changes) if key in continuum}
    given: dict[str, Any] = {
        "id": "good",
        "version": "1",
        "continuum": cc.Continuum(**{**continuum, **own}),
        "calendar": cc.Calendar(zone="America/New_York"),
        "when_ungoverned": cc.Verdict.PERMIT,
        "readings": READINGS,
        "policies": (*POLICIES, *more),
        "placement": criteria(),
    }
    return cc.Program(**{**given, **changes})


def with_hours(**bands: tuple[ServiceHours, ...]) -> tuple[LevelOfCare, ...]:
    """Give the levels, some with other hours."""
    return tuple(
        attrs.evolve(one, hours=bands[one.code]) if one.code in bands else one for one in LEVELS
    )


@criterion(id="judged_ready", version="1", reads=[STRESS])
def judged_ready(_facts: cc.Facts) -> Truth:
    """Stand for what only code can say."""
    return Truth.UNKNOWN


@cc.policy(id="by-code", version="1", citation=CITED, reads=[STABLE], on=["leave"])
def by_code(_request: cc.TransitionRequest, _facts: cc.Facts) -> cc.Finding:
    """Stand for a policy that only code can say."""
    return cc.permit()


SILENT = cc.Ordinal("silent", hi=4, must_assess=True)
UNSUPPLIED = cc.Flag("unsupplied", must_assess=True)
STRANDED = level("stranded", 5, setting=Setting.RESIDENTIAL)
TWIN = level("twin", 5, setting=Setting.RESIDENTIAL)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)

MORE = Decimal("25.5")
FITS = cc.Flag("hours_fit")
SUPPORTED = cc.Flag("supported")
RECEIVED = Quantity("hours_received", unit="h")

Fault = tuple[str, Callable[[], cc.Program], tuple[str, ...], tuple[str, ...]]

FAULTS: Mapping[str, Fault] = {
    "a case without a level": ("gap", lambda: good(placement=criteria(default=None)), (), ()),
    "two levels of one intensity": (
        "overlap",
        lambda: good(
            placement=criteria(rule("a", "op", STRESS >= 1), rule("b", "otp", LONELY >= 1))
        ),
        ("op", "otp"),
        ("a", "b"),
    ),
    "a placement rule that cannot hold": (
        "never-fires",
        lambda: good(placement=criteria(rule("dead", "iop", (RISK >= 2) & (RISK <= 1)))),
        ("iop",),
        ("dead",),
    ),
    "a policy for a level that is not there": (
        "never-fires",
        lambda: good(requires(STABLE, "moon", "leave", applies=LEVEL.one_of("moon"))),
        (),
        ("moon",),
    ),
    "a policy for a kind of move that is not there": (
        "never-fires",
        lambda: good(requires(PLAN, "back", "return"), leave_from=()),
        (),
        ("back",),
    ),
    "a rule that a more intensive one covers": (
        "always-shadowed",
        lambda: good(placement=criteria(rule("late", "iop", RISK >= 4))),
        ("iop", "res"),
        ("late", "r-res"),
    ),
    "a rule that two together cover": (
        "always-shadowed",
        lambda: good(
            placement=criteria(
                rule("half", "php", LONELY >= 2),
                rule("other-half", "php", LONELY <= 1),
                rule("late", "iop", STRESS >= 1),
            )
        ),
        ("iop", "php"),
        ("late", "half", "other-half"),
    ),
    "a greater risk that leads to less care": (
        "non-monotone",
        lambda: good(placement=criteria(rule("only-one", "php", RISK.equals(1)))),
        ("php", "op"),
        ("only-one",),
    ),
    "a greater rating that leads to more care, where it means better": (
        "non-monotone",
        lambda: good(
            placement=PlacementCriteria(
                id="reversed",
                version="1",
                rules=[rule("low", "res", STRESS <= 2), rule("odd", "php", STRESS.equals(4))],
                default="op",
            )
        ),
        ("op", "php"),
        ("odd",),
    ),
    "a threshold that nothing reaches": (
        "threshold-out-of-range",
        lambda: good(placement=criteria(rule("high", "iop", (RISK >= 5) | (LONELY >= 4)))),
        (),
        ("high",),
    ),
    "a threshold that everything reaches": (
        "threshold-out-of-range",
        lambda: good(requires((DAYS >= 0) & STABLE, "always", "leave")),
        (),
        ("always",),
    ),
    "a level nobody is admitted to": (
        "unreachable-level",
        lambda: good(
            levels=(*LEVELS, STRANDED), routes=(*ROUTES, Route(origin="stranded", target="res"))
        ),
        ("stranded",),
        (),
    ),
    "a level with no way out": (
        "no-way-out",
        lambda: good(
            levels=(*LEVELS, STRANDED), routes=(*ROUTES, Route(origin="res", target="stranded"))
        ),
        ("stranded",),
        (),
    ),
    "levels that lead only to each other": (
        "no-aftercare-or-discharge",
        lambda: good(
            levels=(*LEVELS, STRANDED, TWIN),
            routes=(
                *ROUTES,
                Route(origin="res", target="stranded"),
                Route(origin="stranded", target="twin"),
                Route(origin="twin", target="stranded"),
            ),
        ),
        ("stranded",),
        (),
    ),
    "a requirement that nothing fulfils": (
        "closed-route",
        lambda: good(requires((DAYS >= 14) & (DAYS <= 7), "never", "aftercare")),
        ("op", "after"),
        ("never",),
    ),
    "two requirements that nothing fulfils on one route": (
        "closed-route",
        lambda: good(
            requires(DAYS >= 14, "long", "aftercare", applies=LEVEL.one_of("op")),
            requires(DAYS <= 7, "short", "aftercare", applies=TARGET.one_of("after")),
        ),
        ("op", "after"),
        ("long", "short"),
    ),
    "three requirements that nothing fulfils": (
        "closed-route",
        lambda: good(
            requires(STABLE | (DAYS >= 2), "one", "leave"),
            requires(STABLE | (DAYS <= 1), "two", "leave"),
            requires(~STABLE, "three", "leave"),
        ),
        ("res",),
        ("one", "two", "three"),
    ),
    "an admission that asks for days at a level": (
        "closed-route",
        lambda: good(requires(DAYS >= 14, "everywhere")),
        (),
        ("everywhere",),
    ),
    "a referral that asks for the level": (
        "closed-route",
        lambda: good(requires(STABLE, "everywhere", "refer", applies=LEVEL.one_of("iop"))),
        (),
        ("everywhere",),
    ),
    "hours that fit a level without a band": (
        "closed-route",
        lambda: good(
            requires(FITS, "fits", "step_down", applies=LEVEL.one_of("res")),
            readings=(*READINGS, cc.Reading(FITS, HoursFitLevel())),
        ),
        ("res", "php"),
        ("fits",),
    ),
    "criteria that support a move without a target": (
        "closed-route",
        lambda: good(
            requires(SUPPORTED, "supported", "leave"),
            readings=(*READINGS, cc.Reading(SUPPORTED, PlacementSupportsTarget())),
        ),
        ("res",),
        ("supported",),
    ),
    "two policies that contradict": (
        "contradiction",
        lambda: good(
            requires(DAYS >= 14, "long", "lateral"), requires(DAYS <= 7, "short", "lateral")
        ),
        (),
        ("long", "short"),
    ),
    "combinations that contradict": (
        "contradiction",
        lambda: good(
            cc.all_of(requires(DAYS >= 14, "l"), requires(STABLE, "s"), id="long"),
            cc.any_of(requires(DAYS <= 7, "f"), requires(~STABLE, "u"), id="short"),
        ),
        (),
        ("long", "short"),
    ),
    "a way up and down at once": (
        "ping-pong",
        lambda: good(requires(RISK >= 1, "up", "step_up")),
        ("op", "iop"),
        ("up", "stable-first", "time-at-iop", "hours-at-iop"),
    ),
    "bands of hours that overlap": (
        "hours-overlap",
        lambda: good(levels=with_hours(iop=band(9, 25))),
        ("iop", "php"),
        (),
    ),
    "a band that begins inside another": (
        "hours-overlap",
        lambda: good(levels=with_hours(op=band(9, None), iop=band(9, 20, age_group=None))),
        ("op", "iop"),
        (),
    ),
    "hours that belong to no level": (
        "hours-gap",
        lambda: good(levels=with_hours(iop=band(9, 19))),
        ("iop", "php"),
        (),
    ),
    "hours of adolescents that belong to no level": (
        "hours-gap",
        lambda: good(
            levels=with_hours(
                otp=(
                    *band(None, 9, age_group=AgeGroup.ADULT),
                    *band(None, 6, age_group=AgeGroup.ADOLESCENT),
                ),
                op=band(None, 6),
            )
        ),
        ("otp", "iop"),
        (),
    ),
    "a placement rule for hours of another level": (
        "hours-outside",
        lambda: good(placement=criteria(rule("busy", "iop", (HOURS >= 25) & (STRESS >= 4)))),
        ("iop",),
        ("busy",),
    ),
    "a policy for hours of another level": (
        "hours-outside",
        lambda: good(requires(HOURS >= MORE, "busy", "step_down")),
        ("iop",),
        ("busy",),
    ),
    "a policy for hours of another level, told by their source": (
        "hours-outside",
        lambda: good(
            requires(RECEIVED >= MORE, "busy", "step_down"),
            readings=(*READINGS, cc.Reading(RECEIVED, HoursReceived())),
        ),
        ("iop",),
        ("busy",),
    ),
    "criteria that begin too late": (
        "effective-gap",
        lambda: good(
            effective=cc.Period(start=MARCH), placement=criteria(effective=cc.Period(start=LATER))
        ),
        (),
        ("criteria",),
    ),
    "criteria that end too early": (
        "effective-gap",
        lambda: good(placement=criteria(effective=cc.Period(end=LATER))),
        (),
        ("criteria",),
    ),
    "an assessment that nothing waits for": (
        "must-assess-unread",
        lambda: good(readings=(*READINGS, _stated(SILENT))),
        (),
        (),
    ),
    "an assessment that nobody is asked for": (
        "must-assess-unsupplied",
        lambda: good(requires(UNSUPPLIED, "asks", "leave")),
        (),
        (),
    ),
    "a policy that another implies": (
        "redundant",
        lambda: good(requires(DAYS >= 7, "weak", "step_down", applies=LEVEL.one_of("iop"))),
        (),
        ("weak", "time-at-iop"),
    ),
    "a policy that never forbids": (
        "redundant",
        lambda: good(requires(STABLE | ~STABLE, "idle", "leave")),
        (),
        ("idle",),
    ),
    "a placement rule that another implies": (
        "redundant",
        lambda: good(placement=criteria(rule("narrow", "iop", total(STRESS, LONELY) >= 7))),
        ("iop",),
        ("narrow", "r-iop"),
    ),
    "a route without a policy": (
        "ungoverned",
        lambda: good(policies=[one for one in POLICIES if one.ref.id != "plan-first"]),
        (),
        (),
    ),
    "a policy that is code": ("opaque", lambda: good(by_code), (), ("by-code",)),
    "a combination with code": (
        "opaque",
        lambda: good(cc.all_of(by_code, id="mixed")),
        (),
        ("mixed",),
    ),
    "a criterion that is code": (
        "opaque",
        lambda: good(placement=criteria(rule("ready", "iop", judged_ready & (RISK >= 1)))),
        (),
        ("ready",),
    ),
}


def test_the_good_program_is_clean() -> None:
    """Nothing above information is found in the program that the faults are planted into."""
    report = verify(good())
    assert report.is_clean, report.text()
    assert {finding.code for finding in report.findings} == {"ungoverned"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_replays(name: str) -> None:
    """The fault is found where it was planted; its witness shows it there and nowhere else."""
    code, plant, levels, rules = FAULTS[name]
    program = plant()
    before = verify(good()).findings
    found = [f for f in verify(program).findings if f.code == code and f not in before]
    finding = next((f for f in found if f.rules == rules and f.levels[:2] == levels), None)
    assert finding is not None, [(f.code, f.levels, f.rules) for f in found]
    assert finding.severity is CODES[code]
    assert replay_witness(program, finding)
    assert not replay_witness(good(), finding)


@pytest.mark.parametrize("name", FAULTS)
def test_every_finding_replays_and_is_plain_data(name: str) -> None:
    """Whatever else a fault brings about replays too, is data, and stands in the text."""
    program = FAULTS[name][1]()
    report = verify(program)
    text = report.text()
    for finding in report.findings:
        assert replay_witness(program, finding), (finding.code, finding.says)
        assert f"{finding.severity.value} {finding.code}:" in text
        assert isinstance(plain(finding), dict)
        assert plain(finding.witness) == plain(attrs.evolve(finding.witness))


def test_every_kind_of_finding_is_planted() -> None:
    """No kind of finding is without a planted fault; those between versions are planted below."""
    planted = {code for code, *_ in FAULTS.values()}
    assert set(CODES) - planted == {"effective-overlap"}


def version(name: str, start: datetime | None, end: datetime | None) -> cc.Program:
    """Make a version of the good program that applies for some time."""
    return good(version=name, effective=cc.Period(start=start, end=end))


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        ((None, MARCH), (MARCH, None), []),
        ((None, MARCH), (LATER, None), ["effective-gap"]),
        ((None, LATER), (MARCH, None), ["effective-overlap"]),
        ((None, None), (None, None), ["effective-overlap"]),
        ((None, MARCH), (None, LATER), ["effective-overlap"]),
        ((MARCH, None), (MARCH, LATER), ["effective-overlap"]),
    ],
)
def test_versions_are_compared_by_their_dates(
    first: tuple[datetime | None, datetime | None],
    second: tuple[datetime | None, datetime | None],
    codes: list[str],
) -> None:
    """Versions follow each other without a gap or an overlap, or the time between is a finding."""
    versions = [version("2", *second), version("1", *first)]
    found = verify_versions(versions)
    assert [finding.code for finding in found] == codes
    for finding in found:
        assert finding.severity is Severity.ERROR
        assert replay_witness(versions, finding)
        assert not replay_witness([version("1", None, MARCH), version("2", MARCH, None)], finding)
        assert str(finding.witness) in finding.says


def test_a_version_inside_another_opens_no_gap() -> None:
    """A gap is measured from the version that ends last, and other programs do not count."""
    versions = [
        version("1", MARCH, None),
        version("2", MARCH, LATER),
        version("3", datetime(2026, 9, 1, tzinfo=UTC), None),
    ]
    codes = [finding.code for finding in verify_versions(versions)]
    assert codes == ["effective-overlap", "effective-overlap"]
    assert verify_versions([version("1", None, None), cc.shipped_program("community")]) == ()


def test_a_vocabulary_is_not_asked_for_ways_out() -> None:
    """Dead ends are found in programs of care alone."""
    stranded = {"levels": (*LEVELS, STRANDED), "policies": (), "placement": None}
    codes = {"unreachable-level", "no-way-out"}
    care = {finding.code for finding in verify(good(**stranded)).findings}
    words = {f.code for f in verify(good(**stranded, purpose=Purpose.VOCABULARY)).findings}
    assert codes <= care
    assert not codes & words


@pytest.mark.parametrize("name", cc.shipped_programs())
def test_the_shipped_programs_are_clean(name: str) -> None:
    """Nothing above information is found in what is shipped, and all that is found replays."""
    program = cc.shipped_program(name)
    report = verify(program)
    assert report.is_clean, report.text()
    assert all(replay_witness(program, finding) for finding in report.findings)


def _named(finding: Finding) -> str:
    return finding.where


def test_a_finding_says_where_it_is() -> None:
    """Rules come before levels, and of many levels the first are named."""
    finding = verify(FAULTS["a rule that a more intensive one covers"][1]()).findings[0]
    assert _named(finding) == "`late`, `r-res`, level `iop`, level `res`"
    many = attrs.evolve(finding, rules=(), levels=tuple("abcdefgh"))
    assert _named(many).endswith("level `f`, 2 more levels")
