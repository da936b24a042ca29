"""Declared facts, conditions over them, and three-valued truth."""

import contextlib
import copy
import functools
import itertools
import operator
import pickle
import time
from typing import Any

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.rules import (
    All,
    AnyOf,
    Compare,
    Expression,
    Fact,
    FactInvalid,
    FactValueInvalid,
    Not,
    NumberFact,
    OneOf,
    Op,
    RuleInvalid,
    RuleTextInvalid,
    UndeclaredFact,
    assess,
    facts_read,
    rule_text,
    truth,
)
from carecontinuum.rules.text import MAX_DEPTH, MAX_LENGTH

YES, NO, UNKNOWN = cc.Truth.YES, cc.Truth.NO, cc.Truth.UNKNOWN
DAYS = cc.Count("days")
RISK = cc.Ordinal("risk", hi=4, anchors=("none", "slight", "some", "high", "very high"))
STABLE = cc.Flag("stable")
LIVING = cc.Choice("living", codes=("home", "shelter", "street"))
FREE = cc.Choice("remark")
FACTS: dict[str, Fact[Any]] = {f.id: f for f in (DAYS, RISK, STABLE, LIVING, FREE)}

leaves = st.one_of(
    st.builds(Compare, st.sampled_from([DAYS, RISK]), st.sampled_from(Op), st.integers(-3, 30)),
    st.just(STABLE),
    st.lists(st.sampled_from(LIVING.codes), min_size=1, unique=True).map(
        lambda codes: LIVING.one_of(*codes)
    ),
)
expressions: st.SearchStrategy[Expression] = st.recursive(
    leaves,
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        part.map(Not),
    ),
    max_leaves=8,
)
values = st.fixed_dictionaries(
    {},
    optional={
        DAYS: st.integers(0, 30),
        RISK: st.integers(0, 4),
        STABLE: st.booleans(),
        LIVING: st.sampled_from(LIVING.codes),
    },
)

# The tables of CQL's logical operators, which are those of strong Kleene logic.
AND = {(YES, YES): YES, (YES, UNKNOWN): UNKNOWN, (UNKNOWN, UNKNOWN): UNKNOWN}
OR = {(NO, NO): NO, (NO, UNKNOWN): UNKNOWN, (UNKNOWN, UNKNOWN): UNKNOWN}


@pytest.mark.parametrize(("a", "b"), list(itertools.product(cc.Truth, repeat=2)))
def test_truth_tables(a: cc.Truth, b: cc.Truth) -> None:
    """And, or and not are those of strong Kleene logic."""
    assert cc.Truth.all([a, b]) is AND.get((a, b), AND.get((b, a), NO))
    assert cc.Truth.any([a, b]) is OR.get((a, b), OR.get((b, a), YES))
    assert cc.Truth.all([a, b]).negated() is cc.Truth.any([a.negated(), b.negated()])


@pytest.mark.parametrize("value", [YES, UNKNOWN, cc.Verdict.PERMIT, STABLE, DAYS >= 3])
def test_nothing_three_valued_has_a_bool(value: object) -> None:
    """A truth, a verdict or a condition used as a bool raises at once."""
    with pytest.raises(TypeError):
        bool(value)


def test_python_words_are_caught() -> None:
    """`and`, `or`, `not` and chained comparison would drop a part; they raise instead."""
    for attempt in (
        "STABLE and (DAYS > 3)",
        "STABLE or (DAYS > 3)",
        "not STABLE",
        "1 <= DAYS <= 3",
    ):
        with pytest.raises(TypeError, match="use `&`"):
            eval(attempt)  # noqa: S307


@pytest.mark.parametrize(
    ("fact", "good", "bad"),
    [
        (DAYS, [0, 10**9], [-1, 1.0, True, "3", None]),
        (RISK, [0, 4], [-1, 5, False]),
        (STABLE, [True, False], [1, 0, "true", None]),
        (LIVING, ["home"], ["moon", "", 3, None]),
        (FREE, ["anything"], [3, None]),
        (Fact[object]("thing"), [3, "x"], [None]),
    ],
)
def test_values_fit_their_fact(fact: Fact[Any], good: list[object], bad: list[object]) -> None:
    """A fact takes the values of its kind and range, and says in words which."""
    for value in good:
        fact.check(value)
    for value in bad:
        with pytest.raises(FactValueInvalid) as caught:
            fact.check(value)
        assert fact.accepted() in str(caught.value)


@pytest.mark.parametrize("id", ["", "Days", "3days", "days-at", "and", "in", "true", "d ays", "é"])
def test_ids_are_plain(id: str) -> None:
    """A fact's id is small letters, digits and underscores, and no word of the rule text."""
    with pytest.raises(FactInvalid):
        cc.Count(id)


def test_impossible_ranges_are_refused() -> None:
    """A range has a least value that is not above the greatest; a rating needs both ends."""
    with pytest.raises(FactInvalid, match="less than"):
        NumberFact("n", lo=3, hi=2)
    with pytest.raises(FactInvalid, match="greatest"):
        cc.Ordinal("n")
    with pytest.raises(FactInvalid, match="anchor"):
        cc.Ordinal("n", hi=2, anchors=("a",))


def test_bounds_and_codes_must_fit() -> None:
    """A bound is a whole number; a code is one that the fact can have and that can be printed."""
    for bound in (True, 1.5, "3", None):
        with pytest.raises(FactValueInvalid):
            _ = bound <= DAYS  # type: ignore[operator]
    with pytest.raises(FactValueInvalid):
        LIVING.one_of("moon")
    for code in ('a"b', "a\\b", "a\nb"):
        with pytest.raises(FactValueInvalid):
            FREE.one_of(code)


def test_comparisons() -> None:
    """Each comparison means what it says."""
    facts = cc.Facts.of({DAYS: 5})
    holding = [DAYS <= 5, DAYS >= 5, DAYS < 6, DAYS > 4, DAYS.equals(5), DAYS.differs(4)]
    failing = [DAYS <= 4, DAYS >= 6, DAYS < 5, DAYS > 5, DAYS.equals(4), DAYS.differs(5)]
    assert [truth(e, facts) for e in holding] == [YES] * 6
    assert [truth(e, facts) for e in failing] == [NO] * 6


@given(expressions, values, values)
def test_knowing_more_never_reverses_an_answer(
    expression: Expression, some: dict[Fact[Any], object], more: dict[Fact[Any], object]
) -> None:
    """What is certain with some facts missing stays so when they become known."""
    before = truth(expression, cc.Facts.of(some))
    after = truth(expression, cc.Facts.of({**more, **some}))
    assert before is UNKNOWN or before is after


@given(expressions, values)
def test_evidence_decides(expression: Expression, known: dict[Fact[Any], object]) -> None:
    """The values seen alone give the same answer; an unknown one names what is missing."""
    answer, seen, needs = assess(expression, cc.Facts.of(known))
    if answer is UNKNOWN:
        assert needs
        assert {need.fact for need in needs}.isdisjoint(fact.id for fact in known)
    else:
        used = {fact: value for fact, value in known.items() if fact.id in {s.fact for s in seen}}
        assert truth(expression, cc.Facts.of(used)) is answer
        assert not needs


@given(expressions, values)
def test_text_says_the_same(expression: Expression, known: dict[Fact[Any], object]) -> None:
    """A condition printed and read again has the same truth, and prints the same."""
    text = rule_text(expression)
    again = cc.parse_rule(text, FACTS)
    facts = cc.Facts.of(known)
    assert truth(again, facts) is truth(expression, facts)
    assert rule_text(again) == text


@given(expressions)
def test_conditions_are_values(expression: Expression) -> None:
    """A condition can be compared, hashed, pickled and copied."""
    again = pickle.loads(pickle.dumps(expression))
    assert again == copy.deepcopy(expression) == expression
    assert hash(again) == hash(expression)
    assert rule_text(again) == rule_text(expression)
    assert list(facts_read(again)) == list(facts_read(expression))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("days>=14", "days >= 14"),
        ("  stable  and not stable", "stable and not stable"),
        ("stable or days < 3 and risk != 2", "stable or days < 3 and risk != 2"),
        ("(stable or days < 3) and risk == 2", "(stable or days < 3) and risk == 2"),
        ("not (stable and days < -3)", "not (stable and days < -3)"),
        ('living == "home"', 'living in ("home")'),
        ('living != "home"', 'not living in ("home")'),
        ('living in ("home" , "street")', 'living in ("home", "street")'),
        ("((stable))", "stable"),
    ],
)
def test_rule_texts_are_read(text: str, printed: str) -> None:
    """A rule's text is read whatever its spacing, and printed in one form."""
    assert rule_text(cc.parse_rule(text, FACTS)) == printed


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("   ", 0),
        ("days", 4),
        ("days >=", 7),
        ("days >= x", 8),
        ("days >= 1.5", 8),
        ("days >= 9999999999999", 8),
        ("dais >= 3", 0),
        ("stable stable", 7),
        ("stable and", 10),
        ("(stable", 7),
        ("stable)", 6),
        ("not", 3),
        ("living", 6),
        ("living in", 9),
        ('living in "home"', 10),
        ("living in (home)", 11),
        ('living in ("home"', 17),
        ('living in ("moon")', 11),
        ("living == 3", 10),
        ("days = 3", 5),
        ("days >= 3; import os", 9),
        ("days.__class__", 4),
        ("__import__('os')", 11),
        ("days >= 3 and \u0664", 14),
        ("lambda: 3", 6),
        ("True", 0),
        ("days in (3)", 5),
        ('"home"', 0),
        ("stable and days >= 3 if stable else 4", 21),
    ],
)
def test_anything_else_is_refused_with_its_place(text: str, position: int) -> None:
    """What is no rule is refused, and the error says where."""
    with pytest.raises(RuleTextInvalid) as caught:
        cc.parse_rule(text, FACTS)
    assert caught.value.position == position
    assert f"character {position}: " in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "stable" + ")" * 5_000,
        "not " * 2_000 + "stable",
        "stable and " * 100_000 + "stable",
        "days >= " + "9" * 9_000,
        "x" * 10_000_000,
        "\x00" * 1000,
        " " * 20_000,
    ],
    ids=["parens", "nots", "long", "digits", "huge", "nul", "blank"],
)
def test_hostile_texts_are_refused_quickly(text: str) -> None:
    """Deep, long and strange texts are refused within a moment."""
    began = time.perf_counter()
    with pytest.raises(RuleTextInvalid):
        cc.parse_rule(text, FACTS)
    assert time.perf_counter() - began < 2


def test_limits_are_generous() -> None:
    """A rule near the limits is read."""
    deep = "(" * (MAX_DEPTH - 1) + "stable" + ")" * (MAX_DEPTH - 1)
    assert cc.parse_rule(deep, FACTS) == STABLE
    long = " and ".join(["stable"] * 600)
    assert len(long) < MAX_LENGTH
    assert rule_text(cc.parse_rule(long, FACTS)) == long


@given(st.text(max_size=60))
def test_no_text_does_anything_else(text: str) -> None:
    """Any text is a rule or is refused; nothing else happens."""
    with contextlib.suppress(RuleTextInvalid):
        cc.parse_rule(text, FACTS)


def test_a_fact_that_cannot_be_compared() -> None:
    """A fact without a kind of its own cannot stand in a rule's text."""
    with pytest.raises(RuleTextInvalid, match="cannot be compared"):
        cc.parse_rule("thing", {"thing": Fact[object]("thing")})


def test_a_join_of_nothing_is_refused() -> None:
    """A condition that joins others needs at least one."""
    for join in (All, AnyOf):
        with pytest.raises(RuleInvalid, match="at least one"):
            join(())


def test_a_bool_is_no_condition() -> None:
    """What `==` gives is no condition, and is refused before it is half of one."""
    wrong: Any = False  # what `DAYS == 14` gives
    for attempt in (
        lambda: STABLE & wrong,
        lambda: STABLE | wrong,
        lambda: All((wrong,)),
        lambda: AnyOf((STABLE, wrong)),
        lambda: Not(wrong),
    ):
        with pytest.raises(RuleInvalid, match=r"a `bool` is no condition; write `fact.equals"):
            attempt()


def test_a_chain_is_one_join() -> None:
    """A chain of `&` or `|` is what its text is, however it is bracketed, of any length."""
    a, b, c = STABLE, DAYS >= 3, RISK <= 1
    assert (
        (a & b) & c == a & (b & c) == All((a, b, c)) == cc.parse_rule(rule_text(a & b & c), FACTS)
    )
    assert (a | b) | c == a | (b | c) == AnyOf((a, b, c))
    assert rule_text((a & b) | c & a) == "stable and days >= 3 or risk <= 1 and stable"
    long = functools.reduce(operator.or_, [DAYS.equals(n) for n in range(1_000)])
    assert truth(long, cc.Facts.of({DAYS: 999})) is YES


def test_numbers_can_be_printed_and_read() -> None:
    """A bound has as many digits as the text of a rule may have."""
    most = 10**12 - 1
    for bound in (most, -most):
        assert cc.parse_rule(rule_text(bound >= DAYS), FACTS) == (bound >= DAYS)
        with pytest.raises(FactValueInvalid, match="12 digits"):
            _ = bound * 10 >= DAYS


def test_only_conditions_of_the_algebra() -> None:
    """A foreign condition is refused wherever it is used."""

    class Foreign(Expression):
        """Not one of ours."""

    with pytest.raises(TypeError, match="not a condition"):
        truth(Foreign(), cc.Facts.of({}))
    with pytest.raises(TypeError, match="not a condition"):
        list(facts_read(Foreign()))


def test_undeclared_facts_cannot_be_read() -> None:
    """Only the facts named can be read; each is read once."""
    read: list[str] = []

    def reader(fact: Fact[Any]) -> cc.Known[Any]:
        read.append(fact.id)
        return cc.Known(3)

    facts = cc.Facts(reader)
    some = facts.restricted(frozenset({"days"}))
    assert facts.peek("days") is None
    assert some[DAYS] == cc.Known(3)
    assert facts[DAYS] is some[DAYS]
    assert some.peek("days") == cc.Known(3)
    assert read == ["days"]
    with pytest.raises(UndeclaredFact, match="`days`"):
        some[RISK]


def test_oneof_and_membership() -> None:
    """A choice is among its codes or not."""
    facts = cc.Facts.of({LIVING: "home"})
    assert truth(OneOf(LIVING, ("home", "street")), facts) is YES
    assert truth(LIVING.one_of("street"), facts) is NO
    assert truth(~LIVING.one_of("street"), facts) is YES
    assert truth(LIVING.one_of("street"), cc.Facts.of({})) is UNKNOWN


@pytest.mark.parametrize("found", [cc.Known(True), cc.Known(0), cc.Unknown()])
def test_what_is_found_is_no_bool(found: cc.Known[object] | cc.Unknown) -> None:
    """What is found of a fact is not taken for its value: `if facts[stable]` raises."""
    with pytest.raises(TypeError, match=r"read `\.value`"):
        bool(found)
