"""Asking rules and policies themselves about all cases, to show a fault without `verify`.

Rules judge partial knowledge, so that a fact is given a value only where its absence leaves the
answer unknown: far fewer cases than there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from carecontinuum.continuum import TransitionKind
from carecontinuum.decisions import Verdict
from carecontinuum.policies import TransitionPolicy, combined_verdict
from carecontinuum.programs import Program
from carecontinuum.rules import Facts, Truth, Value, truth
from carecontinuum.rules.cells import representatives
from carecontinuum.verification.hours import is_inside, weekly_hours
from carecontinuum.verification.report import Finding
from carecontinuum.verification.thresholds import rules_of
from carecontinuum.verification.values import cases_of
from carecontinuum.verification.ways import fixed, request_on, unfixed, ways_of
from carecontinuum.verification.witness import CasesWitness, Way

__all__ = ["Values", "cases_show", "known", "verdict"]

Values: TypeAlias = Mapping[str, Value]
Test: TypeAlias = Callable[[Values], Truth]
Said: TypeAlias = Callable[[Values], Verdict | None]
Tried: TypeAlias = Mapping[str, tuple[Value, ...]]


def known(program: Program, values: Values) -> Facts:
    """Give facts with the values that are given by their ids."""
    facts = program.facts
    return Facts.of({facts[id]: value for id, value in values.items() if id in facts})


def verdict(program: Program, way: Way, values: Values) -> Verdict | None:
    """Give the verdict of the policies on a move; `None` where none has anything to say."""
    return _said(program, program.policies_on(way.kind), way, values)


def _said(
    program: Program, policies: Iterable[TransitionPolicy], way: Way, values: Values
) -> Verdict | None:
    """Give what policies say of a move, of which the move itself tells some values."""
    told = {id: some[0] for id, some in fixed(program, way).items() if some}
    request, facts = request_on(way), known(program, {**told, **values})
    reasons = [reason for policy in policies if (reason := policy(request, facts)) is not None]
    return combined_verdict(reasons) if reasons else None


def cases_show(program: Program, finding: Finding, witness: CasesWitness) -> bool:
    """Tell whether what is claimed of all cases is so, in the program as it is given.

    Its rules may have changed since, so that values which they tell apart are tried as well.
    """
    tried = _values(program, finding, witness)
    policies = {policy.ref.id: policy for policy in program.policies}
    concerned = [policies[id] for id in finding.rules if id in policies]
    if finding.code == "ungoverned":
        return all(_never_speak(program, [way], program.policies, tried) for way in witness.ways)
    if len(concerned) < len(finding.rules) or _is_placed(program, finding, witness):
        return _rules_show(program, finding, tried)
    match finding.code:
        case "closed-route":
            return all(_never_opens(program, way, concerned, tried) for way in witness.ways)
        case "never-fires":
            return _never_speak(program, ways_of(program.continuum), concerned, tried)
        case "hours-outside":
            return all(_never_opens(program, way, concerned, tried) for way in witness.ways)
        case "redundant":
            return all(_adds_nothing(tried, *some) for some in _each(program, concerned))
        case _:
            return any(_contradict(tried, *some) for some in _each(program, concerned))


def _is_placed(program: Program, finding: Finding, witness: CasesWitness) -> bool:
    """Tell whether a finding is about placement rules, whatever policies are called."""
    rules = {rule.id for rule in program.placement.rules} if program.placement else set[str]()
    return not witness.ways and set(finding.rules) <= rules


def _values(program: Program, finding: Finding, witness: CasesWitness) -> Tried:
    kinds = {way.kind for way in witness.ways}
    ids = set(finding.rules) or {p.ref.id for kind in kinds for p in program.policies_on(kind)}
    asked = [condition for id, condition in rules_of(program) if id in ids]
    limits = unfixed(program)
    found = {id: list(values) for id, values in witness.values.items()}
    for id, values in cases_of(asked, limits).values.items():
        more = limits[id] if id in limits else representatives(program.facts[id], asked)
        found.setdefault(id, []).extend((*values, *more))
    if finding.code == "hours-outside":
        level = program.continuum.level(finding.levels[0])
        weekly = weekly_hours(program) & set(found)
        found |= {id: [v for v in found[id] if is_inside(level, v)] for id in weekly}
    return {id: tuple(dict.fromkeys(values)) for id, values in found.items()}


def _never(
    test: Test, tried: Tried, *, given: Values | None = None, undecided: bool = False
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


def _free(program: Program, way: Way, tried: Tried) -> Tried:
    """Give the values of the facts that a move does not tell by itself."""
    told = fixed(program, way)
    return {id: values for id, values in tried.items() if id not in told}


def _judging(policies: Iterable[TransitionPolicy], way: Way) -> list[TransitionPolicy]:
    return [policy for policy in policies if policy.on is None or way.kind.value in policy.on]


def _never_opens(
    program: Program, way: Way, policies: Iterable[TransitionPolicy], tried: Tried
) -> bool:
    """Tell whether some policies never permit a move; undetermined for good is not open."""
    said = partial(_said, program, _judging(policies, way), way)

    def opens(values: Values) -> Truth:
        found = said(values)
        if found is Verdict.UNDETERMINED:
            return Truth.UNKNOWN
        return Truth.NO if found is Verdict.FORBID else Truth.YES

    return _never(opens, _free(program, way, tried), undecided=True)


def _never_speak(
    program: Program, ways: Iterable[Way], policies: Iterable[TransitionPolicy], tried: Tried
) -> bool:
    """Tell whether policies have nothing to say of moves, each of those that it judges."""
    return all(
        _never(partial(_speaks, partial(_said, program, [policy], way)), _free(program, way, tried))
        for way in ways
        for policy in _judging(policies, way)
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


def _rules_show(program: Program, finding: Finding, tried: Tried) -> bool:
    """Tell whether the first rule never holds, or never without one of the others."""
    placed = program.placement.rules if program.placement else ()
    rules = {rule.id: rule.rule for rule in placed}
    if not set(finding.rules) <= set(rules):
        return False

    def holds(id: str) -> Test:
        return lambda values: truth(rules[id], known(program, values))

    first, *others = finding.rules
    return _never(_together(holds(first), *(_not(holds(other)) for other in others)), tried)


def _each(program: Program, policies: Sequence[TransitionPolicy]) -> Iterator[list[Said]]:
    """Give what each policy says of each kind of move that all judge, wherever it leads."""

    def said(policy: TransitionPolicy, way: Way, values: Values) -> Verdict | None:
        reason = policy(request_on(way), known(program, values))
        return None if reason is None else reason.verdict

    for way in [Way(kind=kind) for kind in TransitionKind]:
        if len(_judging(policies, way)) == len(policies):
            yield [partial(said, policy, way) for policy in policies]


def _adds_nothing(tried: Tried, weak: Said, *strong: Said) -> bool:
    """Tell whether a policy forbids and says nothing where another does not."""
    forbids = partial(_says, Verdict.FORBID)
    others = [_not(partial(forbids, one)) for one in strong]
    tests = [_together(partial(forbids, weak), *others)]
    tests += [_together(partial(_speaks, weak), _not(partial(_speaks, one))) for one in strong]
    return all(_never(test, tried) for test in tests)


def _contradict(tried: Tried, one: Said, other: Said) -> bool:
    """Tell whether each of two policies can permit, both can speak, and never both permit."""
    permits: list[Test] = [partial(_says, Verdict.PERMIT, said) for said in (one, other)]
    can = [*permits, _together(partial(_speaks, one), partial(_speaks, other))]
    return not any(_never(test, tried) for test in can) and _never(_together(*permits), tried)
