"""Policies made of a rule, and policies made of a function."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, ClassVar, SupportsIndex

import attrs

from carecontinuum.continuum import TransitionKind
from carecontinuum.decisions import PolicyRef, Reason, TransitionRequest, Verdict
from carecontinuum.policies.errors import PolicyInvalid
from carecontinuum.policies.protocol import Finding
from carecontinuum.rules import (
    Expression,
    Fact,
    Facts,
    Need,
    Truth,
    Unknown,
    facts_read,
    rule_text,
)
from carecontinuum.rules.criteria import reduced_by_name
from carecontinuum.rules.evaluation import Assessor, assessor
from carecontinuum.rules.expressions import check_condition

__all__ = ["FunctionPolicy", "Judge", "RulePolicy", "forbids", "policy", "requires"]

# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_YES, _NO = Truth.YES, Truth.NO
_PERMIT, _FORBID, _UNDETERMINED = Verdict.PERMIT, Verdict.FORBID, Verdict.UNDETERMINED

Judge = Callable[[TransitionRequest, Facts], Finding | None]


def _kinds(on: Iterable[str] | None) -> frozenset[str] | None:
    return None if on is None else frozenset(str(kind) for kind in on)


def _condition(applies: Expression | None) -> Assessor | None:
    return None if applies is None else assessor(applies)


def _applicable(
    policy: "FunctionPolicy | RulePolicy", condition: Assessor | None, facts: Facts
) -> Reason | Truth:
    if policy.applies is None or condition is None:
        return Truth.YES
    applies, seen, needs = condition(facts)
    if applies is not Truth.UNKNOWN:
        return applies
    return Reason(
        policy=policy.ref,
        verdict=Verdict.UNDETERMINED,
        says=f"whether it applies is not known: {rule_text(policy.applies)}",
        seen=seen,
        needs=needs,
        citation=policy.citation,
        overridable_by=policy.overridable_by,
    )


def _check(ref: PolicyRef, on: frozenset[str] | None, *conditions: Expression | None) -> None:
    for condition in conditions:
        if condition is not None:
            check_condition(condition)
    if not ref.id:
        raise PolicyInvalid(policy=ref.id, says="the id is empty; give it a text")
    unknown = sorted((on or frozenset()) - {kind.value for kind in TransitionKind})
    if unknown:
        accepted = ", ".join(f"`{kind.value}`" for kind in TransitionKind)
        raise PolicyInvalid(
            policy=ref.id, says=f"no kind of move `{unknown[0]}`; accepted are {accepted}"
        )


@attrs.frozen(order=False, kw_only=True)
class FunctionPolicy:
    """A policy written as a function: opaque to proofs, and told apart by its version alone.

    Attributes:
        ref: Its id and version.
        on: The kinds of move it judges; `None` is every kind.
        reads: The facts it reads.
        citation: Where its rule comes from.
        applies: The condition under which it applies; `None` is always.
        overridable_by: The roles that may override it.
        judge: The function.
    """

    TYPE: ClassVar[str] = "function"
    ref: PolicyRef
    on: frozenset[str] | None = None
    reads: frozenset[Fact[Any]] = frozenset()
    citation: str = ""
    applies: Expression | None = None
    overridable_by: frozenset[str] = frozenset()
    judge: Judge = attrs.field(eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        _check(self.ref, self.on, self.applies)

    @property
    def definition(self) -> None:
        """Nothing: a function is not data."""
        return

    @cached_property
    def _condition(self) -> Assessor | None:
        return _condition(self.applies)

    @cached_property
    def _ids(self) -> frozenset[str]:
        conditions = () if self.applies is None else facts_read(self.applies)
        return frozenset(fact.id for fact in (*self.reads, *conditions))

    def __call__(self, request: TransitionRequest, facts: Facts, /) -> Reason | None:
        """Judge a request; `None` abstains. What the function raises goes through."""
        mine = facts.restricted(self._ids)
        applies = _applicable(self, self._condition, mine)
        if isinstance(applies, Reason):
            return applies
        found = None if applies is Truth.NO else self._judged(request, mine)
        if found is None:
            return None
        return Reason(
            policy=self.ref,
            verdict=found.verdict,
            says=found.says,
            seen=found.seen,
            needs=tuple(_supplied(need, mine) for need in found.needs),
            citation=self.citation,
            overridable_by=self.overridable_by,
        )

    def _judged(self, request: TransitionRequest, facts: Facts) -> Finding | None:
        try:
            found = self.judge(request, facts)
            _check_finding(found)
        except Exception as error:
            error.add_note(f"raised by policy `{self.ref.id}` v{self.ref.version}")
            raise
        return found

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        return reduced_by_name(self, self.judge) or super().__reduce_ex__(protocol)


def _check_finding(found: object) -> None:
    if found is not None and not isinstance(found, Finding):
        raise TypeError(
            f"a policy returned `{type(found).__name__}`; "
            "return `permit()`, `forbid()`, `undetermined()` or `None`"
        )


def _supplied(need: Need, facts: Facts) -> Need:
    if need.would_supply:
        return need
    found = facts.peek(need.fact)
    if isinstance(found, Unknown):
        return Need(fact=need.fact, would_supply=found.would_supply)
    return need


@attrs.frozen(order=False, kw_only=True)
class RulePolicy:
    """A policy made of a rule: data that is evaluated, printed and proved.

    Attributes:
        ref: Its id and version.
        rule: What must hold for a move to be permitted.
        on: The kinds of move it judges; `None` is every kind.
        says: Its words; empty means the rule's own text.
        citation: Where its rule comes from.
        applies: The condition under which it applies; `None` is always.
        overridable_by: The roles that may override it.
    """

    TYPE: ClassVar[str] = "rule"
    ref: PolicyRef
    rule: Expression
    on: frozenset[str] | None = None
    says: str = ""
    citation: str = ""
    applies: Expression | None = None
    overridable_by: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        check_condition(self.rule)
        _check(self.ref, self.on, self.applies)

    @property
    def reads(self) -> frozenset[Fact[Any]]:
        """The facts it reads."""
        return self._reads

    @cached_property
    def _reads(self) -> frozenset[Fact[Any]]:
        return frozenset(self._facts())

    def _facts(self) -> list[Fact[Any]]:
        conditions = () if self.applies is None else facts_read(self.applies)
        return [*facts_read(self.rule), *conditions]

    @property
    def definition(self) -> object:
        """All of it as data."""
        return self

    def _unassessed(self, facts: Facts) -> Iterator[Need]:
        for fact in self._must_assess:
            found = facts[fact]
            if isinstance(found, Unknown):
                yield Need(fact=fact.id, would_supply=found.would_supply)

    @cached_property
    def _must_assess(self) -> tuple[Fact[Any], ...]:
        return tuple(fact for fact in dict.fromkeys(self._facts()) if fact.must_assess)

    @cached_property
    def _assess(self) -> Assessor:
        return assessor(self.rule)

    @cached_property
    def _condition(self) -> Assessor | None:
        return _condition(self.applies)

    @cached_property
    def words(self) -> str:
        """Its words: those given, or the rule's own text."""
        return self.says or f"requires {rule_text(self.rule)}"

    def __call__(self, request: TransitionRequest, facts: Facts, /) -> Reason | None:  # noqa: ARG002
        """Judge a request; `None` abstains."""
        if self.applies is not None:
            applies = _applicable(self, self._condition, facts)
            if isinstance(applies, Reason):
                return applies
            if applies is _NO:
                return None
        holds, seen, needs = self._assess(facts)
        verdict = _verdict(holds)
        if verdict is _PERMIT and self._must_assess:
            missing = tuple(self._unassessed(facts))
            verdict, needs = (_UNDETERMINED, missing) if missing else (verdict, needs)
        return Reason(
            policy=self.ref,
            verdict=verdict,
            says=self.words,
            seen=seen,
            needs=needs,
            citation=self.citation,
            overridable_by=self.overridable_by,
        )


def _verdict(holds: Truth) -> Verdict:
    if holds is _YES:
        return _PERMIT
    return _FORBID if holds is _NO else _UNDETERMINED


def policy(
    *,
    id: str,
    version: str,
    citation: str,
    reads: Iterable[Fact[Any]] = (),
    on: Iterable[str] | None = None,
    applies: Expression | None = None,
    overridable_by: Iterable[str] = (),
) -> Callable[[Judge], FunctionPolicy]:
    """Turn a function into a policy.

    Args:
        id: The policy's id, as in `acme.family-session`.
        version: Its version; raise it whenever the function changes what it says.
        citation: Where its rule comes from.
        reads: The facts it reads.
        on: The kinds of move it judges; `None` is every kind.
        applies: The condition under which it applies; `None` is always.
        overridable_by: The roles that may override it.

    Raises:
        PolicyInvalid: The id is empty or a kind of move does not exist.
    """

    def wrap(judge: Judge) -> FunctionPolicy:
        return FunctionPolicy(
            ref=PolicyRef(id=id, version=version),
            on=_kinds(on),
            reads=frozenset(reads),
            citation=citation,
            applies=applies,
            overridable_by=frozenset(overridable_by),
            judge=judge,
        )

    return wrap


def requires(
    rule: Expression,
    *,
    id: str,
    citation: str,
    version: str = "1",
    on: Iterable[str] | None = None,
    says: str = "",
    applies: Expression | None = None,
    overridable_by: Iterable[str] = (),
) -> RulePolicy:
    """Make a policy that permits where a rule holds and forbids where it does not.

    Args:
        rule: What must hold.
        id: The policy's id.
        citation: Where its rule comes from.
        version: Its version.
        on: The kinds of move it judges; `None` is every kind.
        says: Its words; empty means the rule's own text.
        applies: The condition under which it applies; `None` is always.
        overridable_by: The roles that may override it.

    Raises:
        PolicyInvalid: The id is empty or a kind of move does not exist.
        RuleInvalid: The rule is no condition.
    """
    return RulePolicy(
        ref=PolicyRef(id=id, version=version),
        rule=rule,
        on=_kinds(on),
        says=says,
        citation=citation,
        applies=applies,
        overridable_by=frozenset(overridable_by),
    )


def forbids(
    rule: Expression,
    *,
    id: str,
    citation: str,
    version: str = "1",
    on: Iterable[str] | None = None,
    says: str = "",
    applies: Expression | None = None,
    overridable_by: Iterable[str] = (),
) -> RulePolicy:
    """Make a policy that forbids where a rule holds and permits where it does not.

    The arguments are those of `requires`.
    """
    return requires(
        ~rule,
        id=id,
        citation=citation,
        version=version,
        on=on,
        says=says or f"forbidden while {rule_text(rule)}",
        applies=applies,
        overridable_by=overridable_by,
    )
