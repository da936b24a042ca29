"""Misuse of placement criteria and of what they recommend.

Each function is one mistake; the comment above the wrong line says what must catch it, as in
`rules.py`.
"""

import attrs

import carecontinuum as cc
from carecontinuum.engine import Recommendation, recommend
from carecontinuum.policies.placement import PlacementCriteria, PlacementRule
from carecontinuum.rules import Facts, Ordinal

risk = Ordinal("risk", hi=4)
high = PlacementRule(id="high", level="iop", rule=risk >= 3)
criteria = PlacementCriteria(id="acme", version="1", rules=[high], default="op")
program = attrs.evolve(
    cc.shipped_program("community"), policies=(), readings=(), placement=criteria
)
advice = recommend(program, Facts.of({risk: 3}))


def rule_by_position() -> PlacementRule:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return PlacementRule("high", "iop", risk >= 3)


def rule_without_a_level() -> PlacementRule:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return PlacementRule(id="high", rule=risk >= 3)


def equality_for_a_rule() -> PlacementRule:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return PlacementRule(id="high", level="iop", rule=risk == 4)


def text_for_a_rule() -> PlacementRule:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return PlacementRule(id="high", level="iop", rule="risk >= 3")


def level_for_a_code() -> PlacementRule:
    iop = cc.LevelOfCare(code="iop", display="IOP", setting=cc.Setting.AMBULATORY, intensity=2)
    # caught by mypy: arg-type · pyright: reportArgumentType
    return PlacementRule(id="high", level=iop, rule=risk >= 3)


def one_rule_for_several() -> PlacementCriteria:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: TypeError
    return PlacementCriteria(id="acme", version="1", rules=high)


def rules_of_one_id() -> PlacementCriteria:
    # caught by import: PlacementInvalid
    return PlacementCriteria(id="acme", version="1", rules=[high, high])


def level_off_the_map() -> cc.Program:
    nowhere = attrs.evolve(criteria, default="nowhere")
    # caught by import: ProgramInvalid
    return attrs.evolve(program, placement=nowhere)


def advice_as_a_bool() -> str:
    # caught by pyright: reportGeneralTypeIssues · import: TypeError
    return "placed" if advice[0] else "open"


def advice_of_a_track_unread() -> str | None:
    # caught by mypy: attr-defined · pyright: reportAttributeAccessIssue · import: AttributeError
    return advice.level


def level_taken_for_granted() -> str:
    # caught by mypy: return-value · pyright: reportReturnType
    return advice[0].level


def changed_floor() -> None:
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    advice[0].floor = "op"


def facts_by_name() -> tuple[Recommendation, ...]:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: KeyError
    return recommend(program, {"risk": 3})
