"""Declared facts, conditions over them, and three-valued truth; knows nothing of care."""

from carecontinuum.rules.comparisons import Compare, Op, Term
from carecontinuum.rules.criteria import Criterion, criterion
from carecontinuum.rules.errors import (
    FactInvalid,
    FactsMissing,
    FactValueInvalid,
    RuleInvalid,
    RuleTextInvalid,
    UndeclaredFact,
)
from carecontinuum.rules.evaluation import Assessed, assess, truth
from carecontinuum.rules.expressions import (
    All,
    AnyOf,
    AtLeast,
    Expression,
    Leaf,
    Not,
    at_least,
    facts_read,
    leaves,
)
from carecontinuum.rules.fact import Fact
from carecontinuum.rules.facts import Facts
from carecontinuum.rules.kinds import (
    Age,
    Choice,
    Count,
    Date,
    Flag,
    NumberFact,
    OneOf,
    Ordinal,
    Quantity,
)
from carecontinuum.rules.terms import DaysBetween, Total, days_between, total
from carecontinuum.rules.text import parse_rule, rule_text
from carecontinuum.rules.truth import Truth
from carecontinuum.rules.values import Known, Need, Seen, Span, Unknown, Value

__all__ = [
    "Age",
    "All",
    "AnyOf",
    "Assessed",
    "AtLeast",
    "Choice",
    "Compare",
    "Count",
    "Criterion",
    "Date",
    "DaysBetween",
    "Expression",
    "Fact",
    "FactInvalid",
    "FactValueInvalid",
    "Facts",
    "FactsMissing",
    "Flag",
    "Known",
    "Leaf",
    "Need",
    "Not",
    "NumberFact",
    "OneOf",
    "Op",
    "Ordinal",
    "Quantity",
    "RuleInvalid",
    "RuleTextInvalid",
    "Seen",
    "Span",
    "Term",
    "Total",
    "Truth",
    "UndeclaredFact",
    "Unknown",
    "Value",
    "assess",
    "at_least",
    "criterion",
    "days_between",
    "facts_read",
    "leaves",
    "parse_rule",
    "rule_text",
    "total",
    "truth",
]
