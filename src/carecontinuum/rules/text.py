"""The text form of a rule: read, checked and printed, never evaluated as code.

    medically_stable and withdrawal_risk <= 1 and not (setting in ("street", "shelter"))

A rule is made of facts that were declared, whole numbers, quoted codes, `and`, `or`, `not`, `in`,
the six comparisons and parentheses. `not` binds tightest, then `and`, then `or`.
"""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

import attrs

from carecontinuum.errors import listed
from carecontinuum.rules.errors import FactValueInvalid, RuleTextInvalid
from carecontinuum.rules.expressions import (
    All,
    AnyOf,
    Choice,
    Compare,
    Expression,
    Fact,
    Flag,
    Not,
    NumberFact,
    OneOf,
    Op,
)

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "parse_rule", "rule_text"]

MAX_LENGTH = 10_000
"""The longest rule text that is read, in characters."""
MAX_DEPTH = 50
"""How deep parentheses and `not` may nest."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?\d{1,12}(?!\w))|(?P<name>[A-Za-z_]\w*)|"(?P<code>[^"\\\n]*)"
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
            _fail(start, "expected a fact, a whole number, a code in double quotes or an operator")
        kind = match.lastgroup
        start = match.end() - len(match[0].lstrip())
        found.append(_Token(kind, match[kind], start))
        position = match.end()
    return [*found, _Token("end", "", end)]


class _Parser:
    """Recursive descent over the tokens, one method a rule of the grammar."""

    def __init__(self, text: str, facts: Mapping[str, Fact[Any]]) -> None:
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
        fact = self._facts.get(token.text)
        match fact:
            case None:
                known = listed(tuple(sorted(self._facts)))
                _fail(token.position, f"no fact `{token.text}`; declared are {known}")
            case Flag():
                return fact
            case NumberFact():
                return self._comparison(fact)
            case Choice():
                return self._membership(fact)
            case _:
                _fail(token.position, f"`{token.text}` cannot be compared in a rule's text")

    def _comparison(self, fact: NumberFact) -> Expression:
        op = self._take()
        if op.kind != "mark" or op.text not in {known.value for known in Op}:
            _fail(op.position, f"expected a comparison of `{fact.id}` with a number")
        bound = self._take()
        if bound.kind != "number":
            _fail(bound.position, "expected a whole number of at most 12 digits")
        return Compare(fact, Op(op.text), int(bound.text))

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


def parse_rule(text: str, facts: Mapping[str, Fact[Any]]) -> Expression:
    """Read a rule's text.

    Args:
        text: The rule, at most `MAX_LENGTH` characters.
        facts: The declared facts under the names the text uses.

    Raises:
        RuleTextInvalid: It is not a rule; with the place and the cause.

    Examples:
        >>> from carecontinuum.rules import Count
        >>> rule = parse_rule("days_at_level >= 14", {"days_at_level": Count("days_at_level")})
        >>> rule_text(rule)
        'days_at_level >= 14'
    """
    return _Parser(text, facts).whole()


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
        case Compare() | Flag() | OneOf():
            return expression.text
        case Not(part=part):
            return f"not {_single_text(part)}"
        case _:
            return f"({_either_text(expression)})"
