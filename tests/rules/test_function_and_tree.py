"""The functions made of conditions and the tree agree on every comparison of every term."""

import copy
import functools
import itertools
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.rules import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Criterion,
    DaysBetween,
    Expression,
    Fact,
    Need,
    Op,
    RuleInvalid,
    Seen,
    Span,
    Term,
    Total,
    assess,
    rule_text,
    truth,
)
from carecontinuum.rules.cells import representatives
from carecontinuum.rules.comparisons import GREATEST, number
from carecontinuum.rules.compiling import compiled

YES, NO, UNKNOWN = cc.Truth.YES, cc.Truth.NO, cc.Truth.UNKNOWN
BOUNDS = {YES: (0, 0), NO: (1, 1), UNKNOWN: (1, 0)}
Found = dict[Fact[Any], Any]

FIRST, SECOND, THIRD = (date(2026, 3, day) for day in (1, 2, 3))


def _spans(lo: Any, middle: Any, hi: Any) -> list[Any]:
    """Give a value known, not at all, and from one side, both sides or exactly."""
    ends = [(lo, middle), (middle, None), (None, middle), (middle, middle)]
    return [None, lo, middle, hi, *(cc.Unknown(lo=least, hi=most) for least, most in ends)]


def _terms() -> list[tuple[Term[Any], dict[Fact[Any], list[Any]], list[Any]]]:
    """Give each kind of term, what may be found of its facts, and bounds to compare it with."""
    a, b = cc.Ordinal("a", lo=1, hi=3), cc.Ordinal("b", lo=1, hi=3)
    count, dose = cc.Count("c"), cc.Quantity("d", unit="mg")
    start, end = cc.Date("start"), cc.Date("end")
    days = _spans(FIRST, SECOND, THIRD)
    return [
        (a, {a: _spans(1, 2, 3)}, [0, 1, 2, 3, 4]),
        (Total((a, b)), {a: _spans(1, 2, 3), b: _spans(1, 2, 3)}, [1, 2, 3, 4, 6, 7]),
        (count, {count: _spans(0, 5, 9)}, [-1, 0, 5, 9]),
        (dose, {dose: _spans(0, Decimal("0.5"), 2)}, [-1, 0, Decimal("0.5"), 2]),
        (Total((dose,)), {dose: _spans(0, Decimal("0.5"), 2)}, [-1, 0, Decimal("0.5"), 2]),
        (start, {start: days}, [date.min, FIRST, SECOND, date.max]),
        (DaysBetween(start, end), {start: days, end: days}, [-2, -1, 0, 1, 4_000_000]),
    ]


def _given(found: Found) -> dict[str, Any]:
    values = ((fact.id, value) for fact, value in found.items())
    return {
        id: Span(value.lo, value.hi) if isinstance(value, cc.Unknown) else value
        for id, value in values
    }


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("op", Op, ids=lambda op: op.name)
def test_every_comparison_of_every_term(number: int, op: Op) -> None:
    """Known, unknown or between bounds: function and tree say the same of it and of its denial."""
    term, may_be, bounds = _terms()[number]
    for bound, values in itertools.product(bounds, itertools.product(*may_be.values())):
        rule = Compare(term, op, bound)
        found = {f: v for f, v in zip(may_be, values, strict=True) if v is not None}
        facts = cc.Facts.of(found)
        answer = truth(rule, facts)
        assert compiled([rule]).bounds(_given(found)) == BOUNDS[answer]
        assert truth(~rule, facts) is answer.negated()
        assert assess(rule, facts)[0] is answer
        assert assess(~rule, facts)[0] is answer.negated()
        if not any(v is None or isinstance(v, cc.Unknown) for v in values):
            assert compiled([rule]).first(_given(found)) == BOUNDS[answer][0]
        else:
            inside = {truth(rule, cc.Facts.of(full)) for full in _completions(found, may_be)}
            assert answer is UNKNOWN or inside == {answer}


def _completions(found: Found, may_be: dict[Fact[Any], list[Any]]) -> list[Found]:
    """Give the ways in which some known values could turn out to be within what is found."""
    ways: list[list[tuple[Fact[Any], Any]]] = []
    for fact, values in may_be.items():
        known = [value for value in values if fact.fits(value)]
        limits = found.get(fact)
        if isinstance(limits, cc.Unknown):
            known = [value for value in known if Span(limits.lo, limits.hi).has(value)]
        elif limits is not None:
            known = [limits]
        ways.append([(fact, value) for value in known])
    return [dict(way) for way in itertools.product(*ways)]


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("values", list(itertools.product([True, False, None], repeat=3)))
def test_so_many_hold_or_do_not(count: int, values: tuple[bool | None, ...]) -> None:
    """At least so many, and its denial, are what counting says, and show what decided."""
    flags = [cc.Flag(id) for id in "xyz"]
    rule = cc.at_least(count, of=flags)
    found: Found = {f: v for f, v in zip(flags, values, strict=True) if v is not None}
    facts = cc.Facts.of(found)
    least, most = values.count(True), 3 - values.count(False)
    answer = YES if least >= count else NO if most < count else UNKNOWN
    assert truth(rule, facts) is answer
    denied, seen, needs = assess(~rule, facts)
    assert denied is answer.negated()
    assert assess(rule, facts)[0] is answer
    assert compiled([rule]).bounds(_given(found)) == BOUNDS[answer]
    assert compiled([~rule]).bounds(_given(found)) == BOUNDS[answer.negated()]
    assert bool(needs) == (answer is UNKNOWN)
    assert all(item.required.startswith("not ") for item in seen)


@pytest.mark.parametrize("codes", [("home", "street"), ("home",)])
def test_a_choice_among_all_its_codes(codes: tuple[str, ...]) -> None:
    """Whatever a choice is, it is one of all its codes; of any text nothing is certain."""
    where, remark = cc.Choice("where", codes=("home", "street")), cc.Choice("remark")
    answer = YES if len(codes) == len(where.codes) else UNKNOWN
    for rule, expected in ((where.one_of(*codes), answer), (remark.one_of(*codes), UNKNOWN)):
        assert truth(rule, cc.Facts.of({})) is expected
        assert compiled([rule]).bounds({}) == BOUNDS[expected]
        assert compiled([rule]).bounds({"where": "home", "remark": "home"}) == BOUNDS[YES]
    every = remark.one_of("home", "street")
    assert compiled([every]).bounds({}) == BOUNDS[UNKNOWN]


def test_evidence_and_needs_say_where_from() -> None:
    """A value seen has its source, a need who would supply it, known by itself or with others."""
    a, b = cc.Ordinal("a", hi=4), cc.Ordinal("b", hi=4)
    facts = cc.Facts.of({a: cc.Known(2, source="sheet 1"), b: cc.Unknown(would_supply="ask")})
    _, seen, needs = assess(a >= 1, facts)
    assert seen == (Seen(fact="a", value=2, required="a >= 1", source="sheet 1"),)
    _, seen, needs = assess(cc.total(a, b) >= 5, facts)
    required = "total(a, b) >= 5"
    assert seen == (Seen(fact="a", value=2, required=required, source="sheet 1"),)
    assert needs == (Need(fact="b", would_supply="ask", required=required),)


def test_only_a_range_that_decided_is_evidence() -> None:
    """The range of a number decides a comparison; of days, and for a criterion, it shows nothing.

    A criterion sees that the number is not known, and says what it says all the same.
    """
    a, seen_on = cc.Ordinal("a", hi=4), cc.Date("seen_on")
    sure = cc.criterion(id="sure", version="1", reads=[a])(lambda facts: YES)
    assert assess(sure, cc.Facts.of({})) == (YES, (), ())
    assert assess(seen_on >= date.min, cc.Facts.of({})) == (YES, (), ())
    assert assess(a >= 0, cc.Facts.of({}))[1] == (
        Seen(fact="a", value=Span(0, 4), required="a >= 0"),
    )


def test_comparisons_are_what_they_are_called() -> None:
    """Each way to compare has an operator of its own."""
    a = cc.Count("a")
    assert [a <= 3, a < 3, a >= 3, a > 3] == [
        Compare(a, op, 3) for op in (Op.LE, Op.LT, Op.GE, Op.GT)
    ]
    assert [a.equals(3), a.differs(3)] == [Compare(a, Op.EQ, 3), Compare(a, Op.NE, 3)]


def test_ends_belong_to_a_span() -> None:
    """A span has its ends, and between two limits it is what both leave."""
    span = Span(2, 3)
    assert [span.has(value) for value in (1, 2, 3, 4)] == [False, True, True, False]
    assert Span(None, None).within(1, 2) == Span(1, 2)
    assert Span(1, 2).within(None, None) == Span(1, 2)
    assert Span(1, 4).within(2, 3) == Span(2, 3) == Span(2, 3).within(1, 4)


def test_short_ranges_are_given_whole() -> None:
    """A range is as long as it is, wherever it begins."""
    rare = cc.Count("c", lo=1_000, hi=1_002)
    assert representatives(rare, []) == (1_000, 1_001, 1_002)
    long = cc.Count("c", lo=-40, hi=40)
    assert representatives(long, [long >= 0]) == (-40, -1, 0, 1, 40)


def test_a_criterion_without_a_name_is_copied() -> None:
    """A criterion made of a function that no name leads to is copied as other values are."""
    nameless = Criterion(id="own", version="1", reads=(), function=functools.partial(_always, YES))
    assert copy.copy(nameless) == copy.deepcopy(nameless) == nameless
    assert truth(copy.copy(nameless), cc.Facts.of({})) is YES


def _always(answer: cc.Truth, facts: cc.Facts) -> cc.Truth:
    return answer


def test_a_total_of_one_amount() -> None:
    """A total is the sum of its parts, however many, and exact."""
    dose, other = cc.Quantity("dose", unit="mg"), cc.Quantity("other", unit="mg")
    both: Expression = cc.total(dose, other).equals(Decimal("0.3"))
    facts = cc.Facts.of({dose: Decimal("0.1"), other: Decimal("0.2")})
    assert truth(both, facts) is YES
    assert rule_text(both) == "total(dose, other) == 0.3"


def test_bounds_up_to_the_greatest_are_taken() -> None:
    """Twelve digits and nine places are taken, on either side of nought; more are not."""
    dose, days = cc.Quantity("dose", unit="mg"), cc.days_between(cc.Date("a"), cc.Date("b"))
    for bound in (GREATEST, -GREATEST, Decimal("0.123456789"), Decimal("-0.123456789")):
        assert dose.takes(bound)
    for term in (days, cc.Count("c"), cc.total(cc.Count("c"))):
        assert term.takes(GREATEST)
        assert term.takes(-GREATEST)
        assert not term.takes(GREATEST + 1)
    for bound in (GREATEST + 1, -GREATEST - 1, Decimal("0.1234567891")):
        assert not dose.takes(bound)


def test_a_decimal_that_is_whole_is_a_whole_number() -> None:
    """A whole decimal becomes a whole number, unless that would fill the memory."""
    assert type(number(Decimal("9.00"))) is int
    assert type(number(Decimal("1e100"))) is int
    assert type(number(Decimal("1e101"))) is Decimal


@pytest.mark.parametrize(
    "join",
    [
        lambda part: All((part,)),
        lambda part: AnyOf((part,)),
        lambda part: AtLeast(1, (part,)),
    ],
    ids=["all", "any", "at-least"],
)
def test_joins_nest_fifty_deep(join: Callable[[Expression], Expression]) -> None:
    """Fifty joins one in another are taken, and no more."""
    rule: Expression = cc.Flag("stable")
    for _ in range(50):
        rule = join(rule)
    with pytest.raises(RuleInvalid, match="deeper than 50"):
        join(rule)


def test_a_criterion_says_where_it_comes_from() -> None:
    """A criterion has the citation it is given, or none."""
    cited = cc.criterion(id="own", version="1", reads=[], citation="Book 7")(lambda facts: YES)
    plain = cc.criterion(id="own", version="1", reads=[])(lambda facts: YES)
    assert (cited.citation, plain.citation) == ("Book 7", "")
