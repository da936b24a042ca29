"""Policies: rules, functions and combinations."""

import copy
import functools
import pickle
import traceback
from typing import Any

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.decisions import PolicyRef, Reason
from carecontinuum.policies import (
    CombinedPolicy,
    FunctionPolicy,
    PolicyInvalid,
    combined_verdict,
)
from carecontinuum.rules import Need, RuleInvalid, Seen, UndeclaredFact
from invented import DAYS, RISK, STABLE, START, program

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


def fixed(verdict: cc.Verdict | None, id: str = "fixed", **more: Any) -> cc.TransitionPolicy:
    """Make a policy that always says the same."""

    @cc.policy(id=id, version="1", citation="x", **more)
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
        return None if verdict is None else cc.Finding(verdict=verdict, says="so")

    return judged


def said(policy: cc.TransitionPolicy, known: dict[Any, object] | None = None) -> Reason | None:
    """Give what a policy says of the request."""
    return policy(REQUEST, cc.Facts.of(known or {}))


def verdict(
    policy: cc.TransitionPolicy, known: dict[Any, object] | None = None
) -> cc.Verdict | None:
    """Give the verdict of a policy on the request."""
    reason = said(policy, known)
    return None if reason is None else reason.verdict


def test_rules_permit_forbid_or_do_not_know() -> None:
    """A rule that holds permits, one that fails forbids, and a missing fact is missing."""
    policy = cc.requires(DAYS >= 14, id="a", citation="Book 3", overridable_by=["physician"])
    assert verdict(policy, {DAYS: 14}) is PERMIT
    assert verdict(policy, {DAYS: 13}) is FORBID
    reason = said(policy)
    assert reason is not None
    assert reason.verdict is UNDETERMINED
    assert reason.needs == (Need(fact="days_at_level", required="days_at_level >= 14"),)
    assert reason.says == "requires days_at_level >= 14"
    assert reason.citation == "Book 3"
    assert reason.overridable_by == {"physician"}


def test_forbidding_is_the_other_way_round() -> None:
    """A policy that forbids while a rule holds permits when it does not."""
    policy = cc.forbids(RISK >= 3, id="a", citation="x")
    assert verdict(policy, {RISK: 3}) is FORBID
    assert verdict(policy, {RISK: 2}) is PERMIT
    assert verdict(policy) is UNDETERMINED
    assert policy.words == "forbidden while withdrawal_risk >= 3"
    reason = said(policy, {RISK: 3})
    assert reason is not None
    assert reason.seen == (
        Seen(fact="withdrawal_risk", value=3, required="not withdrawal_risk >= 3"),
    )


def test_applicability_has_three_values() -> None:
    """A policy that does not apply abstains; whether it applies may be unknown."""
    policy = cc.requires(DAYS >= 14, id="a", citation="x", applies=STABLE)
    assert verdict(policy, {DAYS: 3, STABLE: False}) is None
    assert verdict(policy, {DAYS: 3, STABLE: True}) is FORBID
    reason = said(policy, {DAYS: 20})
    assert reason is not None
    assert reason.verdict is UNDETERMINED
    assert reason.says == "whether it applies is not known: stable"
    function = fixed(FORBID, applies=STABLE)
    assert verdict(function, {STABLE: False}) is None
    assert verdict(function) is UNDETERMINED
    assert verdict(function, {STABLE: True}) is FORBID


def test_must_assess_blocks_a_permission() -> None:
    """A fact that must be assessed blocks a permission while missing, and no prohibition."""
    risk = cc.Ordinal("danger", hi=4, must_assess=True)
    policy = cc.requires((DAYS >= 14) | (risk <= 1), id="a", citation="x")
    assert verdict(policy, {DAYS: 20}) is UNDETERMINED
    assert verdict(policy, {DAYS: 20, risk: 4}) is PERMIT
    both = cc.requires((DAYS >= 14) & (risk <= 1), id="b", citation="x")
    assert verdict(both, {DAYS: 3}) is FORBID
    reason = said(policy, {DAYS: 20})
    assert reason is not None
    assert [need.fact for need in reason.needs] == ["danger"]


def test_functions_say_what_they_say() -> None:
    """A function's finding is stamped with the policy's id, version and citation."""

    @cc.policy(id="own", version="3", citation="Book 4", reads=[DAYS])
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
        match facts[DAYS]:
            case cc.Known(value=days) if days > 3:
                return cc.permit("long enough", seen=[Seen(fact="days_at_level", value=days)])
            case cc.Known():
                return cc.forbid("too early")
            case cc.Unknown():
                return cc.undetermined("not recorded", needs=[DAYS])

    assert verdict(judged, {DAYS: 4}) is PERMIT
    assert verdict(judged, {DAYS: 3}) is FORBID
    reason = said(judged)
    assert reason is not None
    assert (reason.policy, reason.citation) == (PolicyRef(id="own", version="3"), "Book 4")
    assert str(reason.policy) == "own v3"
    assert [need.fact for need in reason.needs] == ["days_at_level"]
    assert judged.definition is None


def test_needs_say_who_could_supply_them() -> None:
    """What would supply a missing fact is taken from its source, unless the function says it."""

    @cc.policy(id="own", version="1", citation="x", reads=[DAYS, RISK])
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
        facts[DAYS]
        return cc.Finding(
            verdict=UNDETERMINED,
            needs=(
                Need(fact="days_at_level"),
                Need(fact="withdrawal_risk", would_supply="ask"),
                Need(fact="elsewhere"),
            ),
        )

    facts = cc.Facts(lambda fact: cc.Unknown(would_supply=f"look at {fact.id}"))
    reason = judged(REQUEST, facts)
    assert reason is not None
    assert [need.would_supply for need in reason.needs] == ["look at days_at_level", "ask", ""]


def test_undeclared_facts_raise() -> None:
    """A function that reads what it did not declare is a defect, and is named."""

    @cc.policy(id="own.sneaky", version="1", citation="x", reads=[DAYS])
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
        return cc.permit() if isinstance(facts[RISK], cc.Known) else None

    with pytest.raises(UndeclaredFact, match="withdrawal_risk") as caught:
        said(judged)
    assert "own.sneaky" in "".join(traceback.format_exception(caught.value))


def test_what_a_function_raises_goes_through_with_its_name() -> None:
    """A policy that raises is a defect: the error goes through, and says which policy it was."""

    @cc.policy(id="own.broken", version="2", citation="x")
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        said(judged)
    assert caught.value.__notes__ == ["raised by policy `own.broken` v2"]


@pytest.mark.parametrize("on", [["fly"], ["step_down", "fly"]])
def test_kinds_must_exist(on: list[str]) -> None:
    """A policy judges kinds of move that exist."""
    with pytest.raises(PolicyInvalid, match="no kind of move `fly`"):
        cc.requires(DAYS >= 1, id="a", citation="x", on=on)
    with pytest.raises(PolicyInvalid, match="no kind of move `fly`"):
        fixed(PERMIT, on=on)


def test_ids_are_not_empty() -> None:
    """A policy has an id."""
    with pytest.raises(PolicyInvalid, match="empty"):
        cc.requires(DAYS >= 1, id="", citation="x")
    with pytest.raises(PolicyInvalid, match="empty"):
        cc.all_of(fixed(PERMIT), id="")


def test_rules_are_conditions() -> None:
    """A rule, and the condition under which a policy applies, are conditions."""
    wrong: Any = False  # what `DAYS == 14` gives
    with pytest.raises(RuleInvalid):
        cc.requires(wrong, id="a", citation="x")
    with pytest.raises(RuleInvalid):
        cc.requires(STABLE, id="a", citation="x", applies=wrong)
    with pytest.raises(RuleInvalid):
        fixed(PERMIT, applies=wrong)


@pytest.mark.parametrize(
    ("given", "every", "any"),
    [
        ([PERMIT, FORBID, UNDETERMINED], FORBID, PERMIT),
        ([PERMIT, UNDETERMINED], UNDETERMINED, PERMIT),
        ([FORBID, UNDETERMINED], FORBID, UNDETERMINED),
        ([FORBID, FORBID], FORBID, FORBID),
        ([PERMIT, None], PERMIT, PERMIT),
        ([None, FORBID], FORBID, FORBID),
        ([None, None], None, None),
    ],
)
def test_combinations(
    given: list[cc.Verdict | None], every: cc.Verdict | None, any: cc.Verdict | None
) -> None:
    """All of some policies is as grave as the gravest, any of some as mild as the mildest."""
    parts = [fixed(verdict, id=f"p-{n}") for n, verdict in enumerate(given)]
    assert verdict(cc.all_of(*parts, id="all")) is every
    assert verdict(cc.any_of(*parts, id="any")) is any


def test_combinations_keep_their_parts() -> None:
    """A combination keeps what each part said, and the needs of those that do not know."""
    policy = cc.all_of(
        cc.requires(DAYS >= 14, id="a", citation="x"),
        fixed(PERMIT),
        id="both",
        overridable_by=["physician"],
    )
    reason = said(policy)
    assert reason is not None
    assert [part.policy.id for part in reason.parts] == ["a", "fixed"]
    assert [need.fact for need in reason.needs] == ["days_at_level"]
    assert policy.reads == {DAYS}
    assert policy.applies is None
    assert policy.definition is None
    data = cc.any_of(cc.requires(DAYS >= 14, id="a", citation="x"), id="any")
    assert data.definition is data


def test_combinations_ask_only_for_their_kind() -> None:
    """A part that judges other kinds of move is not asked."""
    up = fixed(FORBID, id="up", on=["step_up"])
    down = fixed(PERMIT, id="down", on=["step_down"])
    policy = cc.all_of(up, down, id="both")
    assert policy.on == frozenset({"step_up", "step_down"})
    assert verdict(policy) is PERMIT
    assert cc.all_of(up, fixed(PERMIT), id="every").on is None


def test_combinations_read_what_their_parts_apply_under() -> None:
    """A fact that decides whether a part applies is read by the combination too."""
    part = fixed(FORBID, reads=[DAYS], applies=STABLE & (RISK <= 1))
    assert cc.all_of(cc.any_of(part, id="inner"), id="outer").reads == {DAYS, STABLE, RISK}


def test_there_are_two_ways_to_combine() -> None:
    """Policies combine as all or any of them."""
    with pytest.raises(PolicyInvalid, match="no way to combine `most`; accepted are `all`, `any`"):
        CombinedPolicy(ref=PolicyRef(id="a"), how="most", policies=(fixed(PERMIT),))


def test_a_combination_of_nothing_is_refused() -> None:
    """A combination names at least one policy."""
    with pytest.raises(PolicyInvalid, match="combines nothing"):
        cc.any_of(id="nothing")


@given(st.lists(st.sampled_from(cc.Verdict), min_size=1))
def test_order_changes_no_verdict(verdicts: list[cc.Verdict]) -> None:
    """The combined verdict does not depend on the order of the reasons."""
    reasons = [Reason(policy=PolicyRef(id=str(n)), verdict=v) for n, v in enumerate(verdicts)]
    assert combined_verdict(reasons) is combined_verdict(reversed(reasons))


def test_rule_policies_are_values() -> None:
    """A rule policy can be compared, pickled and copied."""
    policy = cc.requires(DAYS >= 14, id="a", citation="x", on=["step_down"])
    assert pickle.loads(pickle.dumps(policy)) == copy.deepcopy(policy) == policy
    assert policy.definition is policy
    assert policy.reads == {DAYS}


@cc.policy(id="own.named", version="1", citation="x", reads=[DAYS])
def named(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
    """Say nothing."""
    return None


def test_a_named_function_policy_is_pickled_by_its_name() -> None:
    """A policy made of a function with a name can be pickled, alone or in a program."""
    assert pickle.loads(pickle.dumps(named)) is named
    assert copy.deepcopy(named) is named
    whole = program(named, cc.all_of(named, id="all"))
    assert pickle.loads(pickle.dumps(whole)) == whole


def test_a_function_without_a_name_is_copied() -> None:
    """A policy made of a function that no name leads to can be copied, and pickled if that can."""
    nameless = FunctionPolicy(
        ref=PolicyRef(id="a"), judge=functools.partial(cc.Finding, verdict=PERMIT)
    )
    assert copy.deepcopy(nameless) == nameless
    assert pickle.loads(pickle.dumps(nameless)) == nameless
    local = fixed(PERMIT)
    assert copy.copy(local) == local
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(local)


@pytest.mark.parametrize("wrong", [True, PERMIT, "permit"])
def test_a_function_gives_a_finding_or_nothing(wrong: Any) -> None:
    """A function that returns anything else is a defect, and is named."""
    broken = cc.policy(id="own.broken", version="1", citation="x")(lambda request, facts: wrong)
    with pytest.raises(TypeError, match=r"return `permit\(\)`") as caught:
        said(broken)
    assert caught.value.__notes__ == ["raised by policy `own.broken` v1"]
