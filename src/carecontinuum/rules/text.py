"""The text form of a rule: read, checked and printed, never evaluated as code.

    medically_stable and withdrawal_risk <= 1 and not (setting in ("street", "shelter"))
    total(stress, support) < 6 or at_least(2, housed, working, supported)
    days_between(assessed_on, today) <= 30 and weekly_hours >= 9.5 h

A rule is made of facts that were declared, criteria that were named, numbers, days, quoted codes,
`and`, `or`, `not`, `in`, the six comparisons, `total`, `at_least`, `days_between` and parentheses.
`not` binds tightest, then `and`, then `or`. A number may be followed by the unit of its fact.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias

import attrs

from carecontinuum.errors import listed
from carecontinuum.rules.comparisons import Compare, Op, Term, number
from carecontinuum.rules.criteria import Criterion
from carecontinuum.rules.errors import FactValueInvalid, RuleInvalid, RuleTextInvalid
from carecontinuum.rules.expressions import (
    MAX_DEPTH,
    All,
    AnyOf,
    AtLeast,
    Expression,
    Leaf,
    Not,
)
from carecontinuum.rules.fact import Fact
from carecontinuum.rules.kinds import Choice, Date, Flag, NumberFact, OneOf, Quantity
from carecontinuum.rules.terms import DaysBetween, Total, days_between, total

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "Nameable", "parse_rule", "rule_text"]

Nameable: TypeAlias = Fact[Any] | Criterion
"""What a rule's text can name."""

MAX_LENGTH = 10_000
"""The longest rule text that is read, in characters."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<day>\d{4}-\d\d-\d\d(?![\w.]))|(?P<number>-?\d{1,12}(?:\.\d{1,9})?(?![\w.]))|(?P<name>[A-Za-z_]\w*)|"(?P<code>[^"\\\n]*)"
    |(?P<mark><=|>=|==|!=|<|>|\(|\)|,))""",
    re.VERBOSE | re.ASCII,
)


@attrs.frozen
class _Token:
    kind: str
    text: str
    position: int


def _fail(position: int, says: str) -> NoReturn:
    raise RuleTextInvalid(position=position, says=says)


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAX_LENGTH:
        _fail(MAX_LENGTH, f"longer than {MAX_LENGTH} characters")
    found: list[_Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            _fail(start, "expected a fact, a number, a day, a code in double quotes or an operator")
        kind = match.lastgroup
        start = match.end() - len(match[0].lstrip())
        found.append(_Token(kind, match[kind], start))
        position = match.end()
    return [*found, _Token("end", "", end)]


class _Parser:
    """Recursive descent over the tokens, one method a rule of the grammar."""

    def __init__(self, text: str, facts: Mapping[str, Nameable]) -> None:
        self._left = _tokens(text)[::-1]
        self._facts = facts
        self._depth = 0

    def whole(self) -> Expression:
        found = self._either()
        if self._next.kind != "end":
            _fail(self._next.position, "expected `and`, `or` or the end")
        return found

    @property
    def _next(self) -> _Token:
        return self._left[-1]

    def _take(self) -> _Token:
        token = self._next
        if token.kind != "end":
            self._left.pop()
        return token

    def _takes(self, text: str) -> bool:
        if self._next.kind in {"name", "mark"} and self._next.text == text:
            self._left.pop()
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._takes(mark):
            _fail(self._next.position, f"expected `{mark}`")

    def _either(self) -> Expression:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self) -> Expression:
        parts = [self._denied()]
        while self._takes("and"):
            parts.append(self._denied())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _denied(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            _fail(self._next.position, f"nested deeper than {MAX_DEPTH}")
        try:
            if self._takes("not"):
                return Not(self._denied())
            if self._takes("("):
                inner = self._either()
                self._expect(")")
                return inner
            return self._condition()
        finally:
            self._depth -= 1

    def _condition(self) -> Expression:
        token = self._take()
        if token.kind != "name":
            _fail(token.position, "expected a fact, `not` or `(`")
        if token.text == "at_least":
            return self._count()
        if token.text in {"total", "days_between"}:
            return self._comparison(self._total(token) if token.text == "total" else self._days())
        match self._named(token):
            case (Flag() | Criterion()) as leaf:
                return leaf
            case (NumberFact() | Quantity() | Date()) as term:
                return self._comparison(term)
            case Choice() as choice:
                return self._membership(choice)
            case _:
                _fail(token.position, f"`{token.text}` cannot be compared in a rule's text")

    def _named(self, token: _Token) -> Nameable:
        named = self._facts.get(token.text)
        if named is None:
            known = listed(tuple(sorted(self._facts)))
            _fail(token.position, f"no fact `{token.text}`; declared are {known}")
        return named

    def _count(self) -> Expression:
        self._expect("(")
        count = self._take()
        if count.kind != "number" or not count.text.isdigit():
            _fail(count.position, "expected how many must hold, a whole number")
        parts: list[Expression] = []
        while self._takes(","):
            parts.append(self._either())
        self._expect(")")
        try:
            return AtLeast(int(count.text), tuple(parts))
        except RuleInvalid as invalid:
            says = invalid.says
        _fail(count.position, says)

    def _arguments(self) -> list[_Token]:
        self._expect("(")
        tokens = [self._argument()]
        while self._takes(","):
            tokens.append(self._argument())
        self._expect(")")
        return tokens

    def _argument(self) -> _Token:
        token = self._take()
        if token.kind != "name":
            _fail(token.position, "expected a fact")
        return token

    def _total(self, word: _Token) -> Total:
        parts = [self._fact(token, (NumberFact, Quantity)) for token in self._arguments()]
        try:
            return total(*parts)
        except RuleInvalid as invalid:
            says = invalid.says
        _fail(word.position, says)

    def _days(self) -> DaysBetween:
        tokens = self._arguments()
        if len(tokens) != _ENDS:
            _fail(tokens[-1].position, "expected two days, the earlier first")
        return days_between(*(self._fact(token, (Date,)) for token in tokens))

    def _fact(self, token: _Token, kinds: tuple[type[Any], ...]) -> Any:
        fact = self._named(token)
        if not isinstance(fact, kinds):
            _fail(token.position, f"`{token.text}` is a {fact.TYPE}, which has no place here")
        return fact

    def _comparison(self, term: Term[Any]) -> Expression:
        op = self._take()
        if op.kind != "mark" or op.text not in _OPS:
            _fail(op.position, f"expected a comparison of `{term.name}`, as in `>=`")
        token = self._take()
        bound = _bound(token)
        if bound is None or not term.takes(bound):
            _fail(token.position, f"expected {term.bounds.rstrip(',')}")
        self._unit(term)
        return Compare(term, _OPS[op.text], bound)

    def _unit(self, term: Term[Any]) -> None:
        """Take the unit after a number, if one is written: it must be the term's own."""
        token = self._next
        if token.kind in {"name", "code"} and token.text not in {"and", "or", "not", "in"}:
            unit = getattr(term.facts[0], "unit", "")
            if token.text != unit:
                _fail(token.position, f"the unit is `{unit}`" if unit else "expected no unit")
            self._left.pop()

    def _membership(self, fact: Choice) -> Expression:
        if self._takes("=="):
            return self._one_of(fact, [self._code()])
        if self._takes("!="):
            return Not(self._one_of(fact, [self._code()]))
        if not self._takes("in"):
            _fail(self._next.position, f"expected `==`, `!=` or `in` after `{fact.id}`")
        self._expect("(")
        codes = [self._code()]
        while self._takes(","):
            codes.append(self._code())
        self._expect(")")
        return self._one_of(fact, codes)

    def _code(self) -> _Token:
        token = self._take()
        if token.kind != "code":
            _fail(token.position, "expected a code in double quotes")
        return token

    def _one_of(self, fact: Choice, codes: list[_Token]) -> OneOf:
        for token in codes:
            if not fact.fits(token.text):
                refused = FactValueInvalid(fact=fact.id, accepted=fact.accepted())
                _fail(token.position, refused.message())
        return fact.one_of(*(token.text for token in codes))


def parse_rule(text: str, facts: Mapping[str, Nameable]) -> Expression:
    """Read a rule's text.

    Args:
        text: The rule, at most `MAX_LENGTH` characters.
        facts: The declared facts and named criteria under the names the text uses.

    Raises:
        RuleTextInvalid: It is not a rule; with the place and the cause.

    Examples:
        >>> from carecontinuum.rules import Count
        >>> rule = parse_rule("days_at_level >= 14", {"days_at_level": Count("days_at_level")})
        >>> rule_text(rule)
        'days_at_level >= 14'
    """
    return _Parser(text, facts).whole()


_OPS = {op.value: op for op in Op}
_ENDS = 2


def _bound(token: _Token) -> int | Decimal | date | None:
    if token.kind == "number":
        whole: int | Decimal = number(Decimal(token.text))
        return whole
    try:
        return date.fromisoformat(token.text) if token.kind == "day" else None
    except ValueError:
        _fail(token.position, "no such day")


def rule_text(expression: Expression) -> str:
    """Print a condition so that `parse_rule` gives it back."""
    return _either_text(expression)


def _alone(expression: Expression) -> Expression:
    """Take a condition out of joins that join nothing else."""
    while isinstance(expression, (All, AnyOf)) and len(expression.parts) == 1:
        expression = expression.parts[0]
    return expression


def _either_text(expression: Expression) -> str:
    expression = _alone(expression)
    if isinstance(expression, AnyOf):
        return " or ".join(_both_text(part) for part in expression.parts)
    return _both_text(expression)


def _both_text(expression: Expression) -> str:
    expression = _alone(expression)
    if isinstance(expression, All):
        return " and ".join(_single_text(part) for part in expression.parts)
    return _single_text(expression)


def _single_text(expression: Expression) -> str:
    expression = _alone(expression)
    match expression:
        case Leaf():
            return expression.text
        case AtLeast(count=count, parts=parts):
            return f"at_least({count}, {', '.join(map(_either_text, parts))})"
        case Not(part=part):
            return f"not {_single_text(part)}"
        case _:
            return f"({_either_text(expression)})"
