"""Declared facts, conditions over them, and three-valued truth; knows nothing of care."""

from carecontinuum.rules.errors import (
    FactInvalid,
    FactValueInvalid,
    RuleInvalid,
    RuleTextInvalid,
    UndeclaredFact,
)
from carecontinuum.rules.evaluation import Assessed, assess, truth
from carecontinuum.rules.expressions import (
    All,
    AnyOf,
    Choice,
    Compare,
    Count,
    Expression,
    Fact,
    Flag,
    Not,
    NumberFact,
    OneOf,
    Op,
    Ordinal,
    facts_read,
)
from carecontinuum.rules.text import parse_rule, rule_text
from carecontinuum.rules.truth import Truth
from carecontinuum.rules.values import Facts, Known, Need, Seen, Unknown

__all__ = [
    "All",
    "AnyOf",
    "Assessed",
    "Choice",
    "Compare",
    "Count",
    "Expression",
    "Fact",
    "FactInvalid",
    "FactValueInvalid",
    "Facts",
    "Flag",
    "Known",
    "Need",
    "Not",
    "NumberFact",
    "OneOf",
    "Op",
    "Ordinal",
    "RuleInvalid",
    "RuleTextInvalid",
    "Seen",
    "Truth",
    "UndeclaredFact",
    "Unknown",
    "assess",
    "facts_read",
    "parse_rule",
    "rule_text",
    "truth",
]
