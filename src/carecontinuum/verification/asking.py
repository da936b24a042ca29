"""Asking rules and policies themselves about all cases, to show a fault without `verify`.

Rules judge partial knowledge, so that a fact is given a value only where its absence leaves the
answer unknown: far fewer cases than there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from carecontinuum.continuum import TransitionKind
from carecontinuum.decisions import Verdict
from carecontinuum.policies import TransitionPolicy, combined_verdict
from carecontinuum.programs import Program
from carecontinuum.rules import Expression, Facts, Truth, Value, truth
from carecontinuum.verification.report import Finding
from carecontinuum.verification.ways import fixed, request_on, ways_of
from carecontinuum.verification.witness import CasesWitness, Way

__all__ = ["Values", "cases_show", "known", "verdict"]

Values: TypeAlias = Mapping[str, Value]
Test: TypeAlias = Callable[[Values], Truth]
Said: TypeAlias = Callable[[Values], Verdict | None]
Never: TypeAlias = Callable[[Test], bool]


def known(program: Program, values: Values) -> Facts:
    """Give facts with the values that are given by their ids."""
    facts = program.facts
    return Facts.of({facts[id]: value for id, value in values.items() if id in facts})


def verdict(program: Program, way: Way, values: Values) -> Verdict | None:
    """Give the verdict of the policies on a move; `None` where none has anything to say."""
    return _said(program, program.policies_on(way.kind), way, {**_given(program, way), **values})


def _given(program: Program, way: Way) -> Values:
    """Give what a move tells by itself."""
    return {id: tried[0] for id, tried in fixed(program, way).items() if tried}


def _said(
    program: Program, policies: Iterable[TransitionPolicy], way: Way, values: Values
) -> Verdict | None:
    request, facts = request_on(way), known(program, values)
    reasons = [reason for policy in policies if (reason := policy(request, facts)) is not None]
    return combined_verdict(reasons) if reasons else None


def cases_show(program: Program, finding: Finding, witness: CasesWitness) -> bool:
    """Tell whether what is claimed of all cases is so."""
    never = partial(_never, tried=witness.values)
    match finding.code:
        case "closed-route":
            return _closed_show(program, finding, witness)
        case "ungoverned":
            return all(
                never(partial(_speaks, partial(verdict, program, way))) for way in witness.ways
            )
        case _ if not witness.ways and _placed(program, finding):
            return _rules_show(program, finding, witness)
        case _:
            return _policies_show(program, finding, witness)


def _never(
    test: Test,
    tried: Mapping[str, tuple[Value, ...]],
    *,
    given: Values | None = None,
    undecided: bool = False,
) -> bool:
    """Tell whether no case passes a test; one that is decided already is not divided further.

    Args:
        test: Tells of what is given whether it passes.
        tried: The values of each fact to try.
        given: The values of some facts.
        undecided: What to tell of a case that all values leave undecided.
    """
    values = given or {}
    told = test(values)
    if told is not Truth.UNKNOWN:
        return told is Truth.NO
    rest = [id for id, some in tried.items() if id not in values and some]
    if not rest:
        return undecided
    return all(
        _never(test, tried, given={**values, rest[0]: value}, undecided=undecided)
        for value in tried[rest[0]]
    )


def _speaks(said: Said, values: Values) -> Truth:
    """Tell whether there is anything to say."""
    found = said(values)
    if found is None:
        return Truth.NO
    return Truth.UNKNOWN if found is Verdict.UNDETERMINED else Truth.YES


def _says(wanted: Verdict, said: Said, values: Values) -> Truth:
    found = said(values)
    if found is Verdict.UNDETERMINED:
        return Truth.UNKNOWN
    return Truth.YES if found is wanted else Truth.NO


def _together(*tests: Test) -> Test:
    return lambda values: Truth.all(test(values) for test in tests)


def _not(test: Test) -> Test:
    return lambda values: test(values).negated()


def _placed(program: Program, finding: Finding) -> dict[str, Expression]:
    """Give the placement rules concerned, where they are what a finding is about."""
    rules = program.placement.rules if program.placement else ()
    return {rule.id: rule.rule for rule in rules if rule.id in finding.rules}


def _rules_show(program: Program, finding: Finding, witness: CasesWitness) -> bool:
    """Tell whether the first rule never holds, or never without one of the others."""
    rules = _placed(program, finding)
    if set(rules) != set(finding.rules):
        return False

    def holds(id: str) -> Test:
        return lambda values: truth(rules[id], known(program, values))

    first, *others = finding.rules
    test = _together(holds(first), *(_not(holds(other)) for other in others))
    return _never(test, witness.values)


def _closed_show(program: Program, finding: Finding, witness: CasesWitness) -> bool:
    """Tell whether the policies concerned never open the moves; undetermined is not open."""
    policies = [policy for policy in program.policies if policy.ref.id in finding.rules]

    def opens(way: Way, values: Values) -> Truth:
        asked = [policy for policy in policies if _judges(policy, way.kind)]
        return _opens(_said(program, asked, way, {**_given(program, way), **values}))

    return all(_never(partial(opens, way), witness.values, undecided=True) for way in witness.ways)


def _opens(found: Verdict | None) -> Truth:
    if found is Verdict.UNDETERMINED:
        return Truth.UNKNOWN
    return Truth.NO if found is Verdict.FORBID else Truth.YES


def _policies_show(program: Program, finding: Finding, witness: CasesWitness) -> bool:
    """Tell whether the policies concerned do what is claimed of them."""
    policies = {policy.ref.id: policy for policy in program.policies}
    if not set(finding.rules) <= set(policies):
        return False
    concerned = [policies[id] for id in finding.rules]
    never: Never = partial(_never, tried=witness.values)
    match finding.code:
        case "never-fires":
            ways = [w for w in ways_of(program.continuum) if _judges(concerned[0], w.kind)]
            said = _each_on(program, concerned, ways)
            return all(never(partial(_speaks, one)) for one, *_ in said)
        case "hours-outside":
            said = _each_on(program, concerned, witness.ways)
            return all(never(partial(_says, Verdict.PERMIT, one)) for one, *_ in said)
        case "redundant":
            return all(_adds_nothing(never, *some) for some in _each(program, concerned))
        case _:
            return any(_contradict(never, *some) for some in _each(program, concerned))


def _judges(policy: TransitionPolicy, kind: TransitionKind) -> bool:
    return policy.on is None or kind.value in policy.on


def _each_on(
    program: Program, policies: Iterable[TransitionPolicy], ways: Iterable[Way]
) -> Iterator[list[Said]]:
    """Give what each policy says of each move, with what the move tells by itself."""

    def said(policy: TransitionPolicy, way: Way, values: Values) -> Verdict | None:
        return _said(program, (policy,), way, {**_given(program, way), **values})

    for way in ways:
        yield [partial(said, policy, way) for policy in policies]


def _each(program: Program, policies: Iterable[TransitionPolicy]) -> Iterator[list[Said]]:
    """Give what each policy says of each kind of move that all judge, wherever it leads."""
    some = list(policies)
    for kind in TransitionKind:
        if all(_judges(policy, kind) for policy in some):
            way = Way(kind=kind)
            yield [partial(_said, program, (policy,), way) for policy in some]


def _adds_nothing(never: Never, weak: Said, *strong: Said) -> bool:
    """Tell whether a policy forbids and says nothing where another does not."""
    forbids = partial(_says, Verdict.FORBID)
    if not never(_together(partial(forbids, weak), *(_not(partial(forbids, s)) for s in strong))):
        return False
    return all(
        never(_together(partial(_speaks, weak), _not(partial(_speaks, one)))) for one in strong
    )


def _contradict(never: Never, one: Said, other: Said) -> bool:
    """Tell whether each of two policies can permit, both can speak, and never both permit."""
    permits: list[Test] = [partial(_says, Verdict.PERMIT, said) for said in (one, other)]
    both_speak = _together(partial(_speaks, one), partial(_speaks, other))
    can = [*permits, both_speak]
    return not any(never(test) for test in can) and never(_together(*permits))
