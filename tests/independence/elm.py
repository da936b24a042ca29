"""Rules and facts in HL7's Expression Logical Model (ELM), which CQL engines evaluate.

Each condition becomes the ELM expression of the same meaning; there is no ELM operator for
`at_least`, which is written out as an `Or` over every way to choose so many parts. A missing fact
is `null`, and so is what is made of it: ELM knows nothing of the range of a fact. What a range
decides is compared by telling the engine the span of a missing number instead, as the
*uncertainty* that CQL itself reckons with between dates of unequal precision.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import reduce
from itertools import combinations
from typing import Any, TypeAlias

from carecontinuum.rules import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Date,
    DaysBetween,
    Expression,
    Fact,
    Flag,
    Not,
    NumberFact,
    OneOf,
    Op,
    Quantity,
    Term,
    Total,
    facts_read,
)

__all__ = ["RULE", "Elm", "condition", "library"]

Elm: TypeAlias = dict[str, Any]

RULE = "Rule"
"""The name of the one expression of a library."""

_OPERATORS = {
    Op.LE: "LessOrEqual",
    Op.LT: "Less",
    Op.GE: "GreaterOrEqual",
    Op.GT: "Greater",
    Op.EQ: "Equal",
    Op.NE: "NotEqual",
}


def library(rule: Expression) -> Elm:
    """Make a library of one rule, with a parameter for each fact that it reads."""
    facts = sorted({fact.id for fact in facts_read(rule)})  # untyped, as an uncertainty must be
    return {
        "library": {
            "identifier": {"id": "CareContinuum"},
            "schemaIdentifier": {"id": "urn:hl7-org:elm", "version": "r1"},
            "parameters": {"def": [{"name": id, "accessLevel": "Public"} for id in facts]},
            "statements": {
                "def": [
                    {
                        "name": RULE,
                        "context": "Unfiltered",
                        "accessLevel": "Public",
                        "expression": condition(rule),
                    }
                ]
            },
        }
    }


def condition(expression: Expression) -> Elm:
    """Give the ELM expression of a condition.

    Raises:
        TypeError: The condition has no counterpart: a criterion is code.
    """
    match expression:
        case All(parts=parts):
            return _joined("And", map(condition, parts))
        case AnyOf(parts=parts):
            return _joined("Or", map(condition, parts))
        case AtLeast(count=count, parts=parts):
            ways = combinations(map(condition, parts), count)
            return _joined("Or", (_joined("And", way) for way in ways))
        case Not(part=part):
            return {"type": "Not", "operand": condition(part)}
        case Compare(term=term, op=op, bound=bound):
            return _binary(_OPERATORS[op], _term(term), _literal(_exact(term, bound)))
        case OneOf(fact=fact, codes=codes):
            return _joined("Or", (_binary("Equal", _fact(fact), _literal(c)) for c in codes))
        case Flag():
            return _fact(expression)
        case _:
            raise TypeError(f"{type(expression).__name__} has no counterpart in ELM")


def _term(term: Term[Any]) -> Elm:
    match term:
        case Total(parts=parts):
            return _joined("Add", map(_fact, parts))
        case DaysBetween(start=start, end=end):
            return _binary("DifferenceBetween", _fact(start), _fact(end)) | {"precision": "Day"}
        case NumberFact() | Quantity() | Date():
            return _fact(term)
        case _:
            raise TypeError(f"{type(term).__name__} has no counterpart in ELM")


def _exact(term: Term[Any], bound: Any) -> Any:
    """Give the bound of an amount as a decimal, also where it is whole."""
    amount = any(isinstance(fact, Quantity) for fact in term.facts)
    return Decimal(bound) if amount else bound


def _fact(fact: Fact[Any]) -> Elm:
    return {"type": "ParameterRef", "name": fact.id}


def _binary(operator: str, left: Elm, right: Elm) -> Elm:
    return {"type": operator, "operand": [left, right]}


def _joined(operator: str, parts: Iterable[Elm]) -> Elm:
    return reduce(lambda left, right: _binary(operator, left, right), parts)


def _literal(value: int | Decimal | str | date) -> Elm:
    match value:
        case date():
            parts = {"year": value.year, "month": value.month, "day": value.day}
            return {"type": "Date"} | {name: _literal(part) for name, part in parts.items()}
        case str():
            kind = "String"
        case Decimal():
            kind = "Decimal"
        case int():
            kind = "Integer"
    type_name = f"{{urn:hl7-org:elm-types:r1}}{kind}"
    return {"type": "Literal", "valueType": type_name, "value": str(value)}
