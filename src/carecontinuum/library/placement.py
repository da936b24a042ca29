"""From a document to placement criteria."""

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Period
from carecontinuum.library.documents import PlacementDocument, PlacementRuleDocument
from carecontinuum.library.policies import Declared, rule_of
from carecontinuum.library.words import code_problems
from carecontinuum.policies import PlacementCriteria, PlacementInvalid, PlacementRule, RulePolicy
from carecontinuum.policies.ready_made import consecutive_lower_reviews

__all__ = ["criteria_of", "review_policies"]


def criteria_of(
    document: PlacementDocument,
    declared: Declared,
    found: list[Problem],
    *,
    id: str,
    version: str,
    effective: Period,
) -> PlacementCriteria | None:
    """Make placement criteria; what is wrong is added to `found`, and then there are none.

    Args:
        document: What the file says.
        declared: The facts that rules may name.
        found: Where problems are added.
        id: The program's id, for criteria that have none of their own.
        version: The program's version, likewise.
        effective: When they apply.
    """
    before = len(found)
    made = [
        _rule(rule, f"placement.rules[{i}]", declared, found)
        for i, rule in enumerate(document.rules)
    ]
    rules = tuple(rule for rule in made if rule is not None)
    if len(found) > before:
        return None
    try:
        return PlacementCriteria(
            id=id if document.id is None else document.id,
            version=version if document.version is None else document.version,
            rules=rules,
            default=document.default,
            effective=effective,
            licence=document.licence,
            citations=document.citations,
        )
    except PlacementInvalid as invalid:
        found += [
            Problem(f"placement.{problem.path}", problem.code, problem.says)
            for problem in invalid.problems
        ]
    return None


def review_policies(document: PlacementDocument, found: list[Problem]) -> tuple[RulePolicy, ...]:
    """Give the policy that asks for several reviews before a step down, if any is asked for."""
    count = document.consecutive_reviews
    if count < 0:
        says = "a number of reviews is 0 or more; 0 asks for none"
        found.append(Problem("placement.consecutive_reviews", "out-of-range", says))
    return (consecutive_lower_reviews(count=count),) if count > 0 else ()


def _rule(
    document: PlacementRuleDocument, path: str, declared: Declared, found: list[Problem]
) -> PlacementRule | None:
    found += code_problems(f"{path}.id", document.id)
    if not document.citation:
        says = "`citation` is empty; give it a text"
        found.append(Problem(f"{path}.citation", "empty", says))
    rule = rule_of(document.when, f"{path}.when", declared, found)
    if rule is None:
        return None
    return PlacementRule(
        id=document.id,
        level=document.level,
        rule=rule,
        says=document.says,
        citation=document.citation,
    )
