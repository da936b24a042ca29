"""Conditions that tell no difference, and facts that must be assessed to no purpose."""

from collections.abc import Iterator

from carecontinuum.policies import facts_of
from carecontinuum.programs import Program
from carecontinuum.rules import Criterion, Expression, Facts, Leaf, Truth, leaves, truth
from carecontinuum.verification.report import Finding, found
from carecontinuum.verification.rulings import conditions
from carecontinuum.verification.witness import LeafWitness, NameWitness

__all__ = ["must_assess_findings", "rules_of", "threshold_findings"]


def rules_of(program: Program) -> Iterator[tuple[str, Expression]]:
    """Give each condition of a program with the id of its policy or placement rule."""
    for policy in program.policies:
        for condition in conditions(policy):
            yield policy.ref.id, condition
    for rule in program.placement.rules if program.placement else ():
        yield rule.id, rule.rule


def threshold_findings(program: Program) -> Iterator[Finding]:
    """Give the comparisons that are so, or not so, whatever their facts are."""
    seen: set[tuple[str, Leaf]] = set()
    for id, condition in rules_of(program):
        for leaf in leaves(condition):
            if isinstance(leaf, Criterion) or (id, leaf) in seen:
                continue
            seen.add((id, leaf))
            always = truth(leaf, Facts.of({}))
            if always is not Truth.UNKNOWN:
                witness = LeafWitness(condition=leaf.text, always=always is Truth.YES)
                says = f"in `{id}`, {witness}, by the range of what it compares"
                yield found("threshold-out-of-range", says, witness, rules=(id,))


def must_assess_findings(program: Program) -> Iterator[Finding]:
    """Give the facts that must be assessed, but that no rule reads or no reading supplies."""
    read = {fact.id for policy in program.policies for fact in facts_of(policy)}
    read |= {fact.id for fact in program.placement.facts} if program.placement else set()
    supplied = {reading.fact.id for reading in program.readings}
    for id, fact in sorted(program.facts.items()):
        if not fact.must_assess:
            continue
        witness = NameWitness(what="fact", id=id)
        if id not in read:
            says = f"`{id}` must be assessed, but no rule reads it: no decision waits for it"
            yield found("must-assess-unread", says, witness)
        if id not in supplied:
            says = f"`{id}` must be assessed, and no reading says where: it is asked of the request"
            yield found("must-assess-unsupplied", says, witness)
