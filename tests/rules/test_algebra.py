"""Totals, counts of conditions, amounts, days, criteria, and conditions made into functions."""

import copy
import itertools
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.canonical import canonical_json
from carecontinuum.rules import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Criterion,
    DaysBetween,
    Expression,
    Fact,
    FactInvalid,
    FactValueInvalid,
    Leaf,
    Not,
    Op,
    RuleInvalid,
    RuleTextInvalid,
    Seen,
    Span,
    Total,
    UndeclaredFact,
    assess,
    facts_read,
    leaves,
    rule_text,
    truth,
)
from carecontinuum.rules.cells import representatives
from carecontinuum.rules.compiling import compiled

YES, NO, UNKNOWN = cc.Truth.YES, cc.Truth.NO, cc.Truth.UNKNOWN
A, B = cc.Ordinal("a", hi=2), cc.Ordinal("b", hi=2)
HOURS = cc.Quantity("hours", unit="h", lo=0, hi=2)
HOUSED = cc.Flag("housed")
WHERE = cc.Choice("where", codes=("home", "street"))
SEEN_ON, TODAY = cc.Date("seen_on"), cc.Date("today")
COUNT = cc.Count("sessions")
FACTS: dict[str, Fact[Any]] = {
    fact.id: fact for fact in (A, B, HOURS, HOUSED, WHERE, SEEN_ON, TODAY, COUNT)
}
MARCH = [date(2026, 3, day) for day in (1, 2, 3)]
ALL_VALUES: dict[Fact[Any], list[Any]] = {
    A: [0, 1, 2],
    B: [0, 1, 2],
    HOUSED: [True, False],
    WHERE: ["home", "street"],
    HOURS: [0, Decimal("0.5"), 1, 2],
    SEEN_ON: MARCH,
    TODAY: MARCH,
}

ops = st.sampled_from(Op)
single = st.one_of(
    st.builds(Compare, st.sampled_from([A, B]), ops, st.integers(-1, 3)),
    st.builds(Compare, st.just(Total((A, B))), ops, st.integers(-1, 5)),
    st.builds(Compare, st.just(HOURS), ops, st.sampled_from([0, Decimal("0.5"), 2])),
    st.builds(Compare, st.just(DaysBetween(SEEN_ON, TODAY)), ops, st.integers(-2, 2)),
    st.builds(Compare, st.sampled_from([SEEN_ON, TODAY]), ops, st.sampled_from(MARCH)),
    st.just(HOUSED),
    st.lists(st.sampled_from(WHERE.codes), min_size=1, unique=True).map(
        lambda codes: WHERE.one_of(*codes)
    ),
)


def _counted(parts: list[Expression]) -> st.SearchStrategy[Expression]:
    return st.integers(1, len(parts)).map(lambda count: AtLeast(count, tuple(parts)))


expressions: st.SearchStrategy[Expression] = st.recursive(
    single,
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        st.lists(part, min_size=1, max_size=3).flatmap(_counted),
        part.map(Not),
    ),
    max_leaves=6,
)
known: st.SearchStrategy[dict[Fact[Any], Any]] = st.fixed_dictionaries(
    {}, optional={fact: st.sampled_from(values) for fact, values in ALL_VALUES.items()}
)


def completions(rule: Expression, given_: dict[Fact[Any], Any]) -> list[dict[Fact[Any], Any]]:
    """Give every way to fill in what is missing."""
    missing = sorted(set(facts_read(rule)) - given_.keys(), key=lambda fact: fact.id)
    ways = itertools.product(*(ALL_VALUES[fact] for fact in missing))
    return [{**given_, **dict(zip(missing, way, strict=True))} for way in ways]


@given(expressions, known)
def test_what_is_certain_holds_however_it_turns_out(
    rule: Expression, told: dict[Fact[Any], Any]
) -> None:
    """Yes or no in ignorance is what every completion says; with all known it is never unknown."""
    found = truth(rule, cc.Facts.of(told))
    outcomes = {truth(rule, cc.Facts.of(full)) for full in completions(rule, told)}
    assert UNKNOWN not in outcomes
    assert found is UNKNOWN or outcomes == {found}


@given(st.lists(expressions, min_size=1, max_size=4), known)
def test_made_into_functions_they_say_the_same(
    rules: list[Expression], told: dict[Fact[Any], Any]
) -> None:
    """The function's bounds, and its first, are what the tree gives."""
    table = compiled(rules)
    facts = cc.Facts.of(told)
    truths = [truth(rule, facts) for rule in rules]
    values = {fact.id: value for fact, value in told.items()}
    last = len(rules)
    certain = next((i for i, found in enumerate(truths) if found is YES), last)
    possible = next((i for i, found in enumerate(truths) if found is not NO), last)
    assert table.bounds(values) == (certain, possible)
    complete = all(fact in told for fact in table.facts)
    assert table.first(values) == (certain if complete else -1)


@given(expressions, st.integers(0, 2), st.integers(0, 2))
def test_bounds_of_the_unknown_are_used(rule: Expression, one: int, other: int) -> None:
    """An unknown value with bounds is judged as every value between them is, function or tree."""
    lo, hi = min(one, other), max(one, other)
    facts = cc.Facts.of({A: cc.Unknown(lo=lo, hi=hi)})
    found = truth(rule, facts)
    inside = {truth(rule, cc.Facts.of({A: value})) for value in range(lo, hi + 1)}
    assert found is UNKNOWN or inside == {found}
    bounds = compiled([rule]).bounds({"a": Span(lo, hi)})
    assert bounds == (0 if found is YES else 1, 0 if found is not NO else 1)


@given(expressions, known)
def test_evidence_decides(rule: Expression, told: dict[Fact[Any], Any]) -> None:
    """The values shown are enough for the truth, and needs are named only where it is open."""
    found, seen, needs = assess(rule, cc.Facts.of(told))
    assert found is truth(rule, cc.Facts.of(told))
    assert (found is UNKNOWN) == bool(needs)
    for item in seen:
        if not isinstance(item.value, Span):
            assert told[FACTS[item.fact]] == item.value
    shown: dict[Fact[Any], Any] = {
        FACTS[item.fact]: item.value for item in seen if not isinstance(item.value, Span)
    }
    if found is not UNKNOWN:
        assert truth(rule, cc.Facts.of(shown)) is found


@given(expressions, known)
def test_text_says_the_same(rule: Expression, told: dict[Fact[Any], Any]) -> None:
    """A rule printed and read again says the same, and prints the same."""
    text = rule_text(rule)
    again = cc.parse_rule(text, FACTS)
    assert rule_text(again) == text
    assert truth(again, cc.Facts.of(told)) is truth(rule, cc.Facts.of(told))


@given(expressions)
def test_conditions_are_values(rule: Expression) -> None:
    """A condition is equal to its copy and its pickle, hashes alike, and has one canonical form."""
    for again in (copy.deepcopy(rule), pickle.loads(pickle.dumps(rule))):
        assert again == rule
        assert hash(again) == hash(rule)
        assert canonical_json(again) == canonical_json(rule)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("total(a, b) < 3", "total(a, b) < 3"),
        ("at_least(2, a >= 1, b >= 1 or housed, not housed)", None),
        ("hours >= 0.50 h", "hours >= 0.5"),
        ('hours >= 1.0 "h" and housed', "hours >= 1 and housed"),
        ("days_between(seen_on, today) <= 30", None),
        ("seen_on >= 2026-03-02", None),
        ("attends and a >= 1", None),
        ("not attends", None),
        ("at_least(1, at_least(2, housed, attends))", None),
    ],
)
def test_rule_texts_are_read(text: str, printed: str | None) -> None:
    """Each form is read and printed."""
    assert rule_text(cc.parse_rule(text, {**FACTS, "attends": attends})) == (printed or text)


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("total() < 3", 6, "expected a fact"),
        ("total(a, a) < 3", 0, "once"),
        ("total(a, hours) < 3", 0, "units"),
        ("total(a, housed) < 3", 9, "flag"),
        ("total(a, b < 3", 11, "expected `)`"),
        ("total(a, b)", 11, "comparison"),
        ("total(a, b) < 1.5", 14, "whole number"),
        ("total(a, nobody) < 3", 9, "no fact `nobody`"),
        ("at_least(4, a >= 1, b >= 1)", 9, "from 1"),
        ("at_least(0, a >= 1)", 9, "from 1"),
        ("at_least(two, a >= 1)", 9, "how many"),
        ("at_least(1.5, a >= 1)", 9, "how many"),
        ("at_least(-1, a >= 1)", 9, "how many"),
        ("at_least(1)", 9, "at least one"),
        ("hours >= 1 kg", 11, "unit is `h`"),
        ("a >= 1 h", 7, "expected no unit"),
        ("hours >= 0.1234567891", 9, "expected"),
        ("seen_on >= 2026-02-30", 11, "no such day"),
        ("seen_on >= 3", 11, "a day"),
        ("a >= 2026-03-02", 5, "whole number"),
        ("days_between(seen_on) < 3", 13, "two days"),
        ("days_between(seen_on, a) < 3", 22, "ordinal"),
        ("days_between(seen_on, today) < 1.5", 31, "days"),
        ("total >= 3", 6, "expected `(`"),
        ("(" * 60 + "housed" + ")" * 60, 50, "deeper"),
        ("at_least(1, " * 60 + "housed" + ")" * 60, 600, "deeper"),
        ("__class__", 0, "no fact"),
        ("a.__class__ >= 1", 1, "expected"),
    ],
)
def test_anything_else_is_refused_with_its_place(text: str, position: int, says: str) -> None:
    """What is wrong is said, with the character it begins at."""
    with pytest.raises(RuleTextInvalid) as caught:
        cc.parse_rule(text, FACTS)
    assert (caught.value.position, says in caught.value.says) == (position, True), caught.value


def test_a_total_needs_numbers_of_one_unit() -> None:
    """Nothing, no number, two units and a fact twice cannot be added."""
    for parts in ((), (HOUSED,), (A, HOURS), (A, A)):
        with pytest.raises(RuleInvalid):
            cc.total(*parts)
    assert cc.total(HOURS).takes(Decimal("0.5"))
    assert "Decimal" in cc.total(HOURS).bounds


def test_a_distance_is_between_days() -> None:
    """Only days have a distance, and it is compared with whole days."""
    with pytest.raises(RuleInvalid):
        cc.days_between(A, TODAY)  # type: ignore[arg-type]
    for bound in (1.5, True, date(2026, 3, 2), 10**12):
        with pytest.raises(FactValueInvalid):
            assert cc.days_between(SEEN_ON, TODAY) <= bound  # type: ignore[operator]


def test_at_least_needs_that_many() -> None:
    """A count is a whole number from 1 to as many as there are."""
    for count in (0, 3, -1, True, 1.0):
        with pytest.raises(RuleInvalid):
            cc.at_least(count, of=[HOUSED, A >= 1])  # type: ignore[arg-type]
    with pytest.raises(RuleInvalid):
        cc.at_least(1, of=[])
    with pytest.raises(RuleInvalid):
        cc.at_least(1, of=[True])  # type: ignore[list-item]


def test_amounts_are_exact() -> None:
    """A float is refused, a decimal has one form, and another unit is refused."""
    for bad in (0.5, True, Decimal("nan"), Decimal("inf"), 3, -1, "1"):
        with pytest.raises(FactValueInvalid):
            HOURS.check(bad)
    for bound in (0.5, Decimal("nan"), Decimal("1e-10"), 10**12):
        with pytest.raises(FactValueInvalid):
            assert bound <= HOURS  # type: ignore[operator]
    for text in ("1e999999999", "-1e999999999", "1e-999999999", f"9.5{'0' * 40}1"):
        with pytest.raises(FactValueInvalid):
            assert Decimal(text) <= HOURS
    assert (Decimal("1.50") <= HOURS) == (Decimal("1.5") <= HOURS)
    assert canonical_json(Decimal("1.0") <= HOURS) == canonical_json(HOURS >= 1)
    assert HOURS.amount(1, unit="h") == 1
    with pytest.raises(FactValueInvalid, match="a number of h"):
        HOURS.amount(60, unit="min")
    with pytest.raises(FactValueInvalid):
        HOURS.amount(60, unit="h")


def test_declarations_are_checked() -> None:
    """Impossible ranges and units are refused where they are declared."""
    for wrong in ({"unit": ""}, {"unit": "two words"}, {"unit": "h", "lo": 3, "hi": 1}):
        with pytest.raises(FactInvalid):
            cc.Quantity("q", **wrong)
    for wrong in ({"unit": "h", "lo": 0.5}, {"unit": "h", "hi": "9"}):
        with pytest.raises(FactInvalid):
            cc.Quantity("q", **wrong)
    for lo in (0.5, True, "0"):
        with pytest.raises(FactInvalid):
            cc.Count("c", lo=lo)  # type: ignore[arg-type]
    for id in ("total", "at_least", "days_between"):
        with pytest.raises(FactInvalid):
            cc.Flag(id)


def test_ages_and_days_fit() -> None:
    """An age is 0 to 150 years; a day has no time."""
    age = cc.Age("age")
    assert age.fits(150)
    assert not age.fits(151)
    assert age.accepted() == "a whole number, 0 to 150"
    assert TODAY.fits(date(2026, 3, 2))
    assert not TODAY.fits(datetime(2026, 3, 2, tzinfo=UTC))
    assert "day" in TODAY.accepted()
    assert "day" in TODAY.bounds
    assert cc.Count("c", lo=3).accepted() == "a whole number, 3 or more"


def test_spans_speak() -> None:
    """Bounds are said in words."""
    words = ["anything", "3 or less", "2 or more", "2 to 3"]
    assert [str(Span(*ends)) for ends in ((None, None), (None, 3), (2, None), (2, 3))] == words
    assert Span(None, None).has(5)
    assert not Span(2, 3).has(1)
    assert not Span(2, 3).has(4)


def test_the_range_of_a_fact_is_known() -> None:
    """A bound outside the range is certain in ignorance, and the range is the evidence."""
    found, seen, needs = assess(A >= 0, cc.Facts.of({}))
    assert (found, needs) == (YES, ())
    assert seen == (Seen(fact="a", value=Span(0, 2), required="a >= 0"),)
    assert truth(A >= 3, cc.Facts.of({})) is NO
    assert truth(COUNT < 10**9, cc.Facts.of({})) is UNKNOWN
    assert truth(WHERE.one_of("home", "street"), cc.Facts.of({})) is YES


def test_bounds_must_fit() -> None:
    """Bounds of an unknown value lie in the range of the fact, the lower at most the upper."""
    for lo, hi in ((-1, None), (None, 3), (2, 1)):
        with pytest.raises(FactValueInvalid):
            cc.Facts.of({A: cc.Unknown(lo=lo, hi=hi)})
    facts = cc.Facts.of({A: cc.Unknown(lo=1, source="a score with items missing")})
    assert truth(A >= 1, cc.Facts.of({A: cc.Known(1, source="told")})) is YES
    _, seen, needs = assess(cc.total(A, B) >= 5, facts)
    assert [(item.fact, str(item.value)) for item in seen] == [("a", "1 to 2"), ("b", "0 to 2")]
    assert needs == ()
    _, seen, needs = assess(cc.total(A, B) >= 2, facts)
    assert [(item.fact, item.source) for item in seen] == [("a", "a score with items missing")]
    assert [need.fact for need in needs] == ["a", "b"]


def test_days_within_bounds() -> None:
    """A day known within bounds has a distance within bounds."""
    facts = cc.Facts.of({SEEN_ON: cc.Unknown(lo=MARCH[0], hi=MARCH[1]), TODAY: MARCH[2]})
    late = cc.days_between(SEEN_ON, TODAY)
    assert truth(late >= 1, facts) is YES
    assert truth(late >= 2, facts) is UNKNOWN
    assert truth(late >= 3, facts) is NO
    _, seen, _ = assess(late >= 1, facts)
    assert [str(item.value) for item in seen] == ["2026-03-01 to 2026-03-02", "2026-03-03"]
    assert truth(late >= 3, cc.Facts.of({TODAY: MARCH[2]})) is UNKNOWN


def test_nesting_is_bounded() -> None:
    """A rule nests 50 deep and no deeper; a wide one is as wide as wanted."""
    rule: Expression = HOUSED
    for _ in range(50):
        rule = Not(rule)
    with pytest.raises(RuleInvalid, match="deeper"):
        Not(rule)
    wide = All(tuple(bound <= A for bound in range(1000)))
    assert truth(wide, cc.Facts.of({A: 2})) is NO


@cc.criterion(id="attends", version="1", reads=[A, B], citation="invented")
def attends(facts: cc.Facts) -> cc.Truth:
    """Hold where one is as great as the other, if both are known."""
    match facts[A], facts[B]:
        case cc.Known(one), cc.Known(other):
            return YES if one >= other else NO
        case _:
            return UNKNOWN


def test_a_criterion_is_a_condition() -> None:
    """It joins with others, shows what it saw, and names what it needs."""
    rule = attends & (A >= 1)
    assert truth(rule, cc.Facts.of({A: 2, B: 1})) is YES
    assert truth(~attends, cc.Facts.of({A: 2, B: 1})) is NO
    found, seen, needs = assess(rule, cc.Facts.of({A: 2}))
    assert found is UNKNOWN
    assert [item.fact for item in seen] == ["a"]
    assert [need.fact for need in needs] == ["b"]
    assert {fact.id for fact in facts_read(rule)} == {"a", "b"}
    _, seen, needs = assess(~attends, cc.Facts.of({A: 0, B: 1}))
    assert [item.required for item in seen] == ["not attends", "not attends"]


def test_a_criterion_is_told_apart_by_its_version() -> None:
    """Its version stands for its code in its digest, and its name leads back to it."""
    other = Criterion(id="attends", version="2", reads=(A, B), function=attends.function)
    assert cc.digest(other) != cc.digest(attends)
    assert pickle.loads(pickle.dumps(attends)) is attends
    assert pickle.loads(pickle.dumps(attends & HOUSED)) == attends & HOUSED
    with pytest.raises(RuleInvalid):
        Criterion(id="attends", version="", reads=(), function=attends.function)
    with pytest.raises(FactInvalid):
        Criterion(id="Not A Name", version="1", reads=(), function=attends.function)


def test_a_criterion_keeps_to_what_it_declares() -> None:
    """Reading another fact, giving no truth and raising go through, the last with its name."""

    def of(function: Any) -> cc.Truth:
        rule = cc.criterion(id="wrong", version="1", reads=[A])(function)
        return truth(rule, cc.Facts.of({A: 1, B: 1}))

    with pytest.raises(UndeclaredFact):
        of(lambda facts: facts[B])
    with pytest.raises(TypeError, match="return a `Truth`"):
        of(lambda facts: True)
    with pytest.raises(ZeroDivisionError) as caught:
        of(lambda facts: 1 // 0)
    assert caught.value.__notes__ == ["raised by criterion `wrong` v1"]


def test_code_cannot_be_compiled() -> None:
    """A criterion is refused by the functions, known or not."""
    with pytest.raises(RuleInvalid, match="`attends` is code"):
        compiled([attends])
    with pytest.raises(RuleInvalid, match="code"):
        compiled([HOUSED & ~attends])


class _Alien(Expression):
    """A condition that is none of the algebra's."""


def test_only_conditions_of_the_algebra() -> None:
    """A class of somebody's own is refused, not passed over."""
    with pytest.raises(TypeError, match="not a condition of the algebra"):
        list(leaves(_Alien()))
    with pytest.raises(TypeError, match="not a condition of the algebra"):
        compiled([_Alien()])
    for function in (truth, assess):
        with pytest.raises(TypeError):
            function(_Alien(), cc.Facts.of({}))


class _Own(Leaf):
    """A leaf that somebody wrote, which the functions cannot be made of."""

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        return (A,)

    @property
    def text(self) -> str:
        return "own"

    def judge(self, found: Any) -> cc.Truth:
        return YES


def test_a_leaf_of_ones_own() -> None:
    """It is asked by the tree, and refused by the functions."""
    assert truth(_Own(), cc.Facts.of({})) is YES
    with pytest.raises(RuleInvalid):
        compiled([_Own()])


@pytest.mark.parametrize(
    ("fact", "rules", "values"),
    [
        (HOUSED, [], (True, False)),
        (WHERE, [], ("home", "street")),
        (A, [A >= 1], (0, 1, 2)),
        (COUNT, [COUNT >= 14, ~(COUNT < 3)], (0, 2, 3, 4, 13, 14, 15)),
        (cc.Count("c", hi=63), [], tuple(range(64))),
        (cc.Count("c", hi=64), [], (0, 64)),
        (HOURS, [HOURS >= 1, Decimal("1.5") > HOURS], None),
        (SEEN_ON, [MARCH[1] <= SEEN_ON], tuple(MARCH)),
        (TODAY, [cc.days_between(SEEN_ON, TODAY) >= 3], ()),
        (Fact("anything"), [], ()),
        (cc.Choice("free"), [cc.Choice("free").one_of("another")], ("another", "another-code")),
    ],
)
def test_values_that_rules_can_tell_apart(
    fact: Fact[Any], rules: list[Expression], values: tuple[Any, ...] | None
) -> None:
    """Each side of each bound is there, and every value of a short range."""
    found = representatives(fact, rules)
    if values is None:
        assert found == (0, Decimal("0.5"), 1, Decimal("1.25"), Decimal("1.5"), 2)
    else:
        assert found == values
    assert all(fact.fits(value) for value in found)


@given(expressions, st.sampled_from(list(ALL_VALUES)), known)
def test_representatives_are_enough(
    rule: Expression, fact: Fact[Any], told: dict[Fact[Any], Any]
) -> None:
    """Whatever a rule can be made to say by a fact, one of its representatives makes it say."""
    tried = representatives(fact, [rule])
    if not tried or any(isinstance(leaf, Compare) and len(leaf.facts) > 1 for leaf in leaves(rule)):
        return
    every = {truth(rule, cc.Facts.of({**told, fact: value})) for value in ALL_VALUES[fact]}
    some = {truth(rule, cc.Facts.of({**told, fact: value})) for value in tried}
    assert every <= some
