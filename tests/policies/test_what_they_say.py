"""A policy says all that it knows: its name, words, evidence, citation and who may override it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.decisions import PolicyRef, Reason
from carecontinuum.policies import CombinedPolicy, PolicyInvalid, ready_made as rm
from carecontinuum.rules import Expression, Fact, Need, Seen, rule_text
from invented import DAYS, RISK, STABLE, START, level

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
HELP = cc.Ordinal("help", hi=4)
KINDS = ", ".join(f"`{kind.value}`" for kind in TransitionKind)


def _said(policy: cc.TransitionPolicy, known: dict[Fact[Any], object] | None = None) -> Reason:
    reason = policy(REQUEST, cc.Facts.of(known or {}))
    assert reason is not None
    return reason


def _echo(**settings: Any) -> cc.TransitionPolicy:
    """Make a policy of a function that shows the request and says whether it is stable."""

    @cc.policy(id="own", version="3", citation="Book 4", reads=[STABLE], **settings)
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
        seen = [Seen(fact="target", value=request.target or "")]
        match facts[STABLE]:
            case cc.Known(True):
                return cc.permit(f"to {request.target}", seen=seen)
            case cc.Known():
                return cc.forbid("not stable", seen=seen)
            case cc.Unknown():
                return cc.undetermined("not assessed", needs=[STABLE, RISK])

    return judged


def test_what_a_rule_says() -> None:
    """A policy of a rule gives its words, evidence, citation and roles, whatever its verdict."""
    policy = cc.requires(
        DAYS >= 14,
        id="own",
        citation="Book 3",
        says="two weeks here",
        applies=STABLE,
        overridable_by=["physician"],
    )
    assert policy.reads == {DAYS, STABLE}
    same: dict[str, Any] = {
        "policy": PolicyRef(id="own", version="1"),
        "citation": "Book 3",
        "overridable_by": frozenset({"physician"}),
    }
    seen = Seen(fact="days_at_level", value=13, required="days_at_level >= 14")
    assert _said(policy, {STABLE: True, DAYS: 13}) == Reason(
        verdict=FORBID, says="two weeks here", seen=(seen,), **same
    )
    assert _said(policy, {DAYS: 13}) == Reason(
        verdict=UNDETERMINED,
        says="whether it applies is not known: stable",
        needs=(Need(fact="stable", required="stable"),),
        **same,
    )
    some = cc.requires(DAYS >= 14, id="own", citation="Book 3", applies=STABLE & (RISK >= 3))
    reason = _said(some, {STABLE: True})
    assert reason.seen == ()
    assert [need.fact for need in reason.needs] == ["withdrawal_risk"]
    either = cc.requires(DAYS >= 14, id="own", citation="Book 3", applies=cc.total(RISK, HELP) >= 5)
    assert _said(either, {RISK: 2}).seen == (
        Seen(fact="withdrawal_risk", value=2, required="total(withdrawal_risk, help) >= 5"),
    )


def test_what_a_function_says() -> None:
    """A policy of a function sees the request, and gives what it found with its own name."""
    policy = _echo(overridable_by=["physician"])
    same: dict[str, Any] = {
        "policy": PolicyRef(id="own", version="3"),
        "citation": "Book 4",
        "overridable_by": frozenset({"physician"}),
    }
    seen = (Seen(fact="target", value="op"),)
    assert _said(policy, {STABLE: True}) == Reason(verdict=PERMIT, says="to op", seen=seen, **same)
    assert _said(policy, {STABLE: False}) == Reason(
        verdict=FORBID, says="not stable", seen=seen, **same
    )
    assert _said(policy) == Reason(
        verdict=UNDETERMINED,
        says="not assessed",
        needs=(Need(fact="stable"), Need(fact="withdrawal_risk")),
        **same,
    )
    assert cc.permit() == cc.Finding(verdict=PERMIT, says="", seen=(), needs=())


def test_a_missing_assessment_says_who_could_supply_it() -> None:
    """A fact that must be assessed is needed, with the words of whoever could supply it."""
    danger = cc.Ordinal("danger", hi=4, must_assess=True)
    policy = cc.requires((DAYS >= 14) | (danger <= 1), id="own", citation="x")
    reason = _said(policy, {DAYS: 20, danger: cc.Unknown(would_supply="the doctor")})
    assert reason.needs == (Need(fact="danger", would_supply="the doctor"),)
    condition = cc.requires(DAYS >= 14, id="own", citation="x", applies=(danger >= 1) | STABLE)
    reason = _said(condition, {DAYS: 20, STABLE: True})
    assert (reason.verdict, reason.needs) == (UNDETERMINED, (Need(fact="danger"),))


@pytest.mark.parametrize("combine", [cc.all_of, cc.any_of])
def test_what_a_combination_says(combine: Callable[..., CombinedPolicy]) -> None:
    """A combination has a name, citation and roles of its own, and keeps what each part said."""
    parts = [_echo(), cc.requires(DAYS >= 14, id="days", citation="x")]
    whole = combine(*parts, id="both", version="2", citation="Book 5", overridable_by=["physician"])
    how = combine.__name__.removesuffix("_of")
    known: dict[Fact[Any], object] = {STABLE: True, DAYS: 20}
    assert _said(whole, known) == Reason(
        policy=PolicyRef(id="both", version="2"),
        verdict=PERMIT,
        says=f"{how} of 2",
        citation="Book 5",
        overridable_by=frozenset({"physician"}),
        parts=tuple(_said(part, known) for part in parts),
    )
    plain = combine(*parts, id="both")
    assert (plain.ref.version, plain.citation, plain.overridable_by) == ("1", "", frozenset())
    assert _said(plain, {STABLE: True}).needs == (
        () if how == "any" else (Need(fact="days_at_level", required="days_at_level >= 14"),)
    )


def test_what_is_forbidden_is_set_like_what_is_required() -> None:
    """`forbids` takes everything that `requires` takes."""
    policy = cc.forbids(
        RISK >= 3,
        id="own",
        version="2",
        citation="Book 6",
        on=["step_down"],
        applies=STABLE,
        overridable_by=["physician"],
    )
    words = "forbidden while withdrawal_risk >= 3"
    assert (policy.ref, policy.words) == (PolicyRef(id="own", version="2"), words)
    assert (policy.citation, policy.on) == ("Book 6", frozenset({"step_down"}))
    assert (policy.applies, policy.overridable_by) == (STABLE, frozenset({"physician"}))
    plain = cc.forbids(RISK >= 3, id="own", citation="x", says="too risky")
    assert (plain.ref.version, plain.on, plain.words) == ("1", None, "too risky")
    assert cc.requires(RISK <= 2, id="own", citation="x").ref.version == "1"


@pytest.mark.parametrize(
    ("make", "policy", "says"),
    [
        (
            lambda: cc.requires(DAYS >= 1, id="", citation="x"),
            "",
            "the id is empty; give it a text",
        ),
        (
            lambda: cc.requires(DAYS >= 1, id="a", citation="x", on=["fly", "hop"]),
            "a",
            f"no kind of move `fly`; accepted are {KINDS}",
        ),
        (
            lambda: cc.all_of(_echo(), id=""),
            "",
            "the id is empty; give it a text",
        ),
        (lambda: cc.any_of(id="b"), "b", "it combines nothing; name a policy"),
        (
            lambda: CombinedPolicy(ref=PolicyRef(id="c"), how="most", policies=(_echo(),)),
            "c",
            "no way to combine `most`; accepted are `all`, `any`",
        ),
    ],
    ids=range(5),
)
def test_a_policy_that_cannot_be(make: Callable[[], object], policy: str, says: str) -> None:
    """What is wrong with a policy is said with its id."""
    with pytest.raises(PolicyInvalid) as caught:
        make()
    assert caught.value == PolicyInvalid(policy=policy, says=says)
    assert (caught.value.policy, caught.value.says) == (policy, says)
    assert str(caught.value) == f"CC210: policy `{policy}`: {says}"


def test_a_function_that_gives_no_finding() -> None:
    """What a function gave instead of a finding is named, with what it may give."""
    wrong: Any = lambda request, facts: 3  # noqa: E731
    broken = cc.policy(id="own", version="1", citation="x")(wrong)
    with pytest.raises(TypeError) as caught:
        _said(broken)
    says = "a policy returned `int`; return `permit()`, `forbid()`, `undetermined()` or `None`"
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("policy", "rule", "applies"),
    [
        (lambda: rm.maximum_days_at_level(days=7), "days_at_level <= 7", None),
        (
            lambda: rm.maximum_days_at_level(days=7, level="res"),
            "days_at_level <= 7",
            'level in ("res")',
        ),
        (
            rm.withdrawal_and_medical_stability,
            "medically_stable and withdrawal_risk <= 1",
            None,
        ),
        (
            lambda: rm.no_overlap(levels=["res", "iop"]),
            'level_elsewhere in ("")',
            'requested_level in ("res", "iop")',
        ),
        (
            rm.aftercare_plan_present,
            "aftercare_plan",
            'requested_discharge in ("", "planned")',
        ),
    ],
    ids=range(5),
)
def test_a_ready_made_rule(
    policy: Callable[[], cc.TransitionPolicy], rule: str, applies: str | None
) -> None:
    """The rule of a ready-made policy, and when it applies, are what its description says."""
    made = policy()
    definition: Any = made.definition
    assert rule_text(definition.rule) == rule
    found: Expression | None = made.applies
    assert (None if found is None else rule_text(found)) == applies


def test_hours_of_an_age_group() -> None:
    """The band of hours is that of the age group asked for."""
    adult, young = cc.continuum.AgeGroup.ADULT, cc.continuum.AgeGroup.ADOLESCENT
    bands = (
        cc.continuum.ServiceHours(at_least=9, less_than=20, age_group=adult),
        cc.continuum.ServiceHours(at_least=6, less_than=20, age_group=young),
    )
    iop = level("iop", 2, hours=bands)
    least = {
        group: rm.hours_within_band(level=iop, age_group=group).rule for group in (adult, young)
    }
    assert rule_text(least[adult]) == "weekly_hours >= 9 and weekly_hours < 20"
    assert rule_text(least[young]) == "weekly_hours >= 6 and weekly_hours < 20"


def test_a_licence_is_kept() -> None:
    """What is not one's own says whose it is, and since when."""
    licence = cc.Licence(holder="Example Press", acquired=date(2026, 1, 2))
    assert (licence.edition, licence.terms) == ("", "")
