"""Every error of the rules says, word for word, what was wrong and what is accepted."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.rules import (
    AnyOf,
    Expression,
    Fact,
    FactInvalid,
    FactsMissing,
    FactValueInvalid,
    Not,
    NumberFact,
    RuleInvalid,
    RuleTextInvalid,
    UndeclaredFact,
    assess,
    leaves,
    truth,
)
from carecontinuum.rules.compiling import compiled

Make = Callable[[], object]


class _Foreign(Expression):
    """A condition that is none of the algebra's."""


def _facts() -> dict[str, Fact[Any]]:
    found: list[Fact[Any]] = [
        cc.Count("days"),
        cc.Ordinal("risk", hi=4),
        cc.Quantity("hours", unit="h", hi=168),
        cc.Quantity("dose", unit="mg"),
        cc.Date("seen_on"),
        cc.Date("today"),
        cc.Flag("stable"),
        cc.Choice("living", codes=("home", "street")),
        cc.Choice("remark"),
        Fact("thing"),
    ]
    return {fact.id: fact for fact in found}


def _fact(id: str) -> Any:
    return _facts()[id]


def _raised(make: Make) -> cc.CareContinuumError:
    with pytest.raises(cc.CareContinuumError) as caught:
        make()
    return caught.value


@pytest.mark.parametrize(
    ("make", "fact", "says"),
    [
        (lambda: cc.Count("Days"), "Days", None),
        (lambda: cc.Flag("total"), "total", None),
        (lambda: NumberFact("n", lo=1, hi=0), "n", "`hi` 0 is less than `lo` 1"),
        (lambda: NumberFact("n", hi=Any), "n", "`lo` and `hi` are each a whole number"),  # type: ignore[arg-type]
        (lambda: cc.Quantity("q", unit="h", lo=2, hi=1), "q", "`hi` 1 is less than `lo` 2"),
        (
            lambda: cc.Quantity("q", unit="h", hi=0.5),
            "q",
            "`lo` and `hi` are each a whole number or a Decimal",
        ),
        (lambda: cc.Quantity("q", unit=""), "q", "a quantity needs a `unit`, as in `h` or `mg`"),
        (lambda: cc.Quantity("r", unit="a\n"), "r", "a quantity needs a `unit`, as in `h` or `mg`"),
        (lambda: cc.Quantity("s", unit="a b"), "s", "a quantity needs a `unit`, as in `h` or `mg`"),
        (lambda: cc.Ordinal("o"), "o", "a rating needs a greatest value, `hi`"),
        (
            lambda: cc.Ordinal("o", lo=1, hi=2, anchors=("low",)),
            "o",
            "give an anchor for each step, or none",
        ),
    ],
)
def test_a_fact_that_cannot_be(make: Make, fact: str, says: str | None) -> None:
    """What is wrong with a declaration is said with the fact's id."""
    says = says or ("an id is small letters, digits and underscores, and no word of the rule text")
    error = _raised(make)
    assert error == FactInvalid(fact=fact, says=says)
    assert isinstance(error, FactInvalid)
    assert (error.fact, error.says) == (fact, says)
    assert str(error) == f"CC120: fact `{fact}`: {says}"


@pytest.mark.parametrize(
    ("fact", "accepted"),
    [
        ("days", "a whole number, 0 or more"),
        ("risk", "a whole number, 0 to 4"),
        ("hours", "a number of h, 0 to 168"),
        ("dose", "a number of mg, 0 or more"),
        ("seen_on", "a day (`datetime.date`, without a time)"),
        ("stable", "true or false"),
        ("living", "one of `home`, `street`"),
        ("remark", "a code"),
        ("thing", "any value"),
    ],
)
def test_a_value_that_does_not_fit(fact: str, accepted: str) -> None:
    """What a fact accepts is said, and the value is not."""
    error = _raised(lambda: _fact(fact).check(None))
    assert error == FactValueInvalid(fact=fact, accepted=accepted)
    assert isinstance(error, FactValueInvalid)
    assert (error.fact, error.accepted) == (fact, accepted)
    assert str(error) == (
        f"CC121: the value given for `{fact}` does not fit; accepted is {accepted}"
    )


@pytest.mark.parametrize(
    ("make", "fact", "accepted"),
    [
        (
            lambda: _fact("days") >= Decimal("0.5"),
            "days",
            "a whole number of at most 12 digits as a bound",
        ),
        (
            lambda: _fact("hours") >= Decimal("1e-10"),
            "hours",
            "a whole number or a Decimal, of at most 12 digits and 9 places, as a bound",
        ),
        (lambda: _fact("seen_on") >= 3, "seen_on", "a day (`datetime.date`) as a bound"),
        (
            lambda: cc.days_between(_fact("seen_on"), _fact("today")) >= Decimal("0.5"),  # type: ignore[operator]
            "days_between(seen_on, today)",
            "a whole number of days, of at most 12 digits, as a bound",
        ),
        (
            lambda: cc.total(_fact("days"), _fact("risk")) >= Decimal("0.5"),
            "total(days, risk)",
            "a whole number of at most 12 digits as a bound",
        ),
        (
            lambda: cc.Facts.of({_fact("days"): cc.Unknown(lo=2, hi=1)}),
            "days",
            "a lower bound at most the upper",
        ),
        (lambda: _fact("hours").amount(1, unit="min"), "hours", "a number of h, 0 to 168"),
        (lambda: _fact("living").one_of("moon"), "living", "one of `home`, `street`"),
        (
            lambda: _fact("remark").one_of('a"b'),
            "remark",
            "a printable code without quotes and backslashes",
        ),
    ],
)
def test_a_bound_that_does_not_fit(make: Make, fact: str, accepted: str) -> None:
    """A bound, a unit or a code that does not fit is an error that says which does."""
    assert _raised(make) == FactValueInvalid(fact=fact, accepted=accepted)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (cc.total, "a total needs at least one number to add"),
        (
            lambda: cc.total(_fact("stable")),
            "a `Flag` cannot be added; give numbers",
        ),
        (
            lambda: cc.total(_fact("hours"), _fact("dose")),
            "a total of different units: `h`, `mg`",
        ),
        (
            lambda: cc.total(_fact("risk"), _fact("dose")),
            "a total of different units: no unit, `mg`",
        ),
        (lambda: cc.total(_fact("days"), _fact("days")), "a total adds each fact once"),
        (
            lambda: cc.days_between(_fact("days"), _fact("today")),
            "a `Count` is no day; give two `Date` facts",
        ),
        (
            lambda: AnyOf(()),
            "a condition that joins others needs at least one of them",
        ),
        (
            lambda: Not(True),  # type: ignore[arg-type]
            "a `bool` is no condition; write `fact.equals(3)` for `fact == 3`",
        ),
        (
            lambda: cc.at_least(3, of=[_fact("stable"), _fact("days") >= 1]),
            "at least how many of 2: a whole number from 1 to that",
        ),
        (
            lambda: _nested(51),
            "conditions nest deeper than 50; join more of them in one",
        ),
        (
            lambda: cc.criterion(id="own", version="", reads=[])(_unjudged),
            "criterion `own` needs a version",
        ),
        (
            lambda: compiled([cc.criterion(id="own", version="1", reads=[])(_unjudged)]),
            "`own` is code of its own, and cannot be made into other code",
        ),
    ],
)
def test_a_rule_that_cannot_be(make: Make, says: str) -> None:
    """What is wrong with a condition is said."""
    error = _raised(make)
    assert error == RuleInvalid(says=says)
    assert str(error) == f"CC124: {says}"


def _nested(depth: int) -> Expression:
    rule: Expression = _fact("stable")
    for _ in range(depth):
        rule = ~rule
    return rule


def _unjudged(facts: cc.Facts) -> cc.Truth:
    raise AssertionError


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("x" * 10_001, 10_000, "longer than 10000 characters"),
        (
            "days >= 3 ;",
            10,
            "expected a fact, a number, a day, a code in double quotes or an operator",
        ),
        ("stable 3", 7, "expected `and`, `or` or the end"),
        ("(stable", 7, "expected `)`"),
        ("(" * 51 + "stable" + ")" * 51, 50, "nested deeper than 50"),
        ("3", 0, "expected a fact, `not` or `(`"),
        ("thing", 0, "`thing` cannot be compared in a rule's text"),
        (
            "dais >= 3",
            0,
            (
                "no fact `dais`; declared are `days`, `dose`, `hours`, `living`, `remark`, `risk`, "
                "`seen_on`, `stable`, `thing`, `today`"
            ),
        ),
        ("at_least(x)", 9, "expected how many must hold, a whole number"),
        ("at_least(2, stable)", 9, "at least how many of 1: a whole number from 1 to that"),
        ("total(3)", 6, "expected a fact"),
        ("total(days, days) < 3", 0, "a total adds each fact once"),
        ("total(stable) < 3", 6, "`stable` is a flag, which has no place here"),
        ("days_between(seen_on) < 3", 13, "expected two days, the earlier first"),
        ("days_between(seen_on, days) < 3", 22, "`days` is a count, which has no place here"),
        ("days 3", 5, "expected a comparison of `days`, as in `>=`"),
        ("days >= stable", 8, "expected a whole number of at most 12 digits"),
        (
            "hours >= stable",
            9,
            "expected a whole number or a Decimal, of at most 12 digits and 9 places",
        ),
        ("seen_on >= 2026-02-30", 11, "no such day"),
        ("days >= 3 h", 10, "expected no unit"),
        ("seen_on >= 2026-03-02 h", 22, "expected no unit"),
        ("days >= 3 not stable", 10, "expected `and`, `or` or the end"),
        ("days >= 3 in", 10, "expected `and`, `or` or the end"),
        ('days "<=" 3', 5, "expected a comparison of `days`, as in `>=`"),
        ("hours >= 3 kg", 11, "the unit is `h`"),
        ("living", 6, "expected `==`, `!=` or `in` after `living`"),
        ("living in home", 10, "expected `(`"),
        ("living == home", 10, "expected a code in double quotes"),
        (
            'living == "moon"',
            10,
            "the value given for `living` does not fit; accepted is one of `home`, `street`",
        ),
    ],
)
def test_a_text_that_cannot_be_read(text: str, position: int, says: str) -> None:
    """Where a text stops being a rule is said, and what was expected there."""
    error = _raised(lambda: cc.parse_rule(text, _facts()))
    assert error == RuleTextInvalid(position=position, says=says)
    assert isinstance(error, RuleTextInvalid)
    assert (error.position, error.says) == (position, says)
    assert str(error) == f"CC123: rule text, character {position}: {says}"


def test_a_fact_that_was_not_declared() -> None:
    """A fact read without being declared is named, with those that were."""
    some = cc.Facts.of({}).restricted(frozenset({"risk", "days"}))
    error = _raised(lambda: some[_fact("stable")])
    assert error == UndeclaredFact(fact="stable", declared=("days", "risk"))
    assert isinstance(error, UndeclaredFact)
    assert (error.fact, error.declared) == ("stable", ("days", "risk"))
    assert str(error) == (
        "CC122: fact `stable` was read without being declared; add it to `reads`, "
        "which now has `days`, `risk`"
    )


def test_facts_that_are_missing() -> None:
    """Missing facts are named, with what can be asked instead."""
    error = FactsMissing(facts=("days", "risk"))
    assert error == FactsMissing(facts=("days", "risk")) != FactsMissing(facts=("days",))
    assert error.facts == ("days", "risk")
    assert str(error) == (
        "CC125: not known: `days`, `risk`; ask for `bounds`, which missing facts may widen"
    )


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: bool(_fact("days") >= 3),
            "a condition has no bool: use `&`, `|`, `~`, not `and`, `or`, `not`",
        ),
        (
            lambda: bool(cc.Truth.YES),
            "a truth has three values; compare it: `is Truth.YES`",
        ),
        (
            lambda: bool(cc.Known(3)),
            "what is found of a fact is `Known` or `Unknown`; match it and read `.value`",
        ),
        (
            lambda: bool(cc.Unknown()),
            "what is found of a fact is `Known` or `Unknown`; match it and read `.value`",
        ),
        (
            lambda: truth(_Foreign(), cc.Facts.of({})),
            "_Foreign is not a condition of the algebra",
        ),
        (
            lambda: assess(_Foreign(), cc.Facts.of({})),
            "_Foreign is not a condition of the algebra",
        ),
        (lambda: list(leaves(_Foreign())), "_Foreign is not a condition of the algebra"),
        (
            lambda: truth(
                cc.criterion(id="own", version="1", reads=[])(lambda facts: 3),  # type: ignore[arg-type, return-value]
                cc.Facts.of({}),
            ),
            "criterion `own` returned `int`; return a `Truth`",
        ),
    ],
    ids=range(8),
)
def test_a_mistake_in_code(make: Make, says: str) -> None:
    """What Python would take in silence is a `TypeError` that says what to write."""
    with pytest.raises(TypeError) as caught:
        make()
    assert str(caught.value) == says


def test_what_is_just_possible_is_accepted() -> None:
    """A range of one value, an anchor for each step of any scale, and a plain unit are fine."""
    assert NumberFact("n", lo=2, hi=2).fits(2)
    assert cc.Ordinal("o", lo=1, hi=3, anchors=("low", "middle", "high")).hi == 3
    assert cc.Quantity("q", unit="mg/dL").unit == "mg/dL"
    assert cc.Date("d").fits(date(2026, 3, 2))


def test_a_text_of_the_greatest_length_is_read() -> None:
    """Ten thousand characters are read."""
    assert cc.parse_rule("stable".ljust(10_000), _facts()) == _fact("stable")


@pytest.mark.parametrize(
    "text",
    [
        "(stable) and " * 60 + "(" * 50 + "stable" + ")" * 50,
        "(" * 25 + "(stable) and " + "(" * 26 + "stable" + ")" * 51,
        "not stable and " * 60 + "not " * 50 + "stable",
    ],
    ids=["after-groups", "within-groups", "after-denials"],
)
def test_depth_is_counted_anew_behind_each_group(text: str) -> None:
    """However many groups went before, what nests too deep is refused; what does not is read."""
    error = _raised(lambda: cc.parse_rule(text, _facts()))
    assert isinstance(error, RuleTextInvalid)
    assert error.says == "nested deeper than 50"
    shallow = "((stable)) and " * 200 + "(" * 40 + "stable" + ")" * 40
    assert isinstance(cc.parse_rule(shallow, _facts()), Expression)
