"""Several policies as one, and the verdict of many."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, ClassVar

import attrs

from carecontinuum.decisions import PolicyRef, Reason, TransitionRequest, Verdict
from carecontinuum.errors import listed
from carecontinuum.policies.errors import PolicyInvalid
from carecontinuum.policies.protocol import TransitionPolicy, facts_of
from carecontinuum.rules import Fact, Facts

__all__ = ["CombinedPolicy", "all_of", "any_of", "combined_verdict"]


# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_PERMIT, _FORBID = Verdict.PERMIT, Verdict.FORBID


def combined_verdict(reasons: Iterable[Reason]) -> Verdict:
    """Give the gravest verdict of at least one: FORBID before UNDETERMINED before PERMIT."""
    gravest = _PERMIT
    for reason in reasons:
        verdict = reason.verdict
        if verdict is _FORBID:
            return verdict
        if verdict is not _PERMIT:
            gravest = verdict
    return gravest


def _mildest_verdict(reasons: Iterable[Reason]) -> Verdict:
    mildest = Verdict.FORBID
    for reason in reasons:
        if reason.verdict is Verdict.PERMIT:
            return Verdict.PERMIT
        if reason.verdict is Verdict.UNDETERMINED:
            mildest = Verdict.UNDETERMINED
    return mildest


_RULES: dict[str, Callable[[Iterable[Reason]], Verdict]] = {
    "all": combined_verdict,
    "any": _mildest_verdict,
}


@attrs.frozen(order=False, kw_only=True)
class CombinedPolicy:
    """Several policies that answer as one; it abstains when all of them do.

    Attributes:
        ref: Its id and version.
        how: `all`: each must permit; `any`: one that permits is enough.
        policies: The policies combined.
        citation: Where the combination comes from.
        overridable_by: The roles that may override the whole.
    """

    TYPE: ClassVar[str] = "combined"
    ref: PolicyRef
    how: str
    policies: tuple[TransitionPolicy, ...]
    citation: str = ""
    overridable_by: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        if not self.ref.id:
            raise PolicyInvalid(policy=self.ref.id, says="the id is empty; give it a text")
        if self.how not in _RULES:
            says = f"no way to combine `{self.how}`; accepted are {listed(_RULES)}"
            raise PolicyInvalid(policy=self.ref.id, says=says)
        if not self.policies:
            raise PolicyInvalid(policy=self.ref.id, says="it combines nothing; name a policy")

    @property
    def on(self) -> frozenset[str] | None:
        """The kinds of move any of them judges; `None` is every kind."""
        return self._on

    @cached_property
    def _on(self) -> frozenset[str] | None:
        found: set[str] = set()
        for part in self.policies:
            if part.on is None:
                return None
            found |= part.on
        return frozenset(found)

    @property
    def reads(self) -> frozenset[Fact[Any]]:
        """The facts any of them reads, in its condition too."""
        return self._reads

    @cached_property
    def _reads(self) -> frozenset[Fact[Any]]:
        return frozenset(fact for part in self.policies for fact in facts_of(part))

    @property
    def applies(self) -> None:
        """Nothing: each part has its own condition."""
        return

    @property
    def definition(self) -> object | None:
        """All of it as data; `None` where a part is code."""
        opaque = any(part.definition is None for part in self.policies)
        return None if opaque else self

    def __call__(self, request: TransitionRequest, facts: Facts, /) -> Reason | None:
        """Judge a request by each part that judges its kind; `None` abstains."""
        asked = (part for part in self.policies if part.on is None or request.kind in part.on)
        parts = tuple(reason for part in asked if (reason := part(request, facts)) is not None)
        if not parts:
            return None
        verdict = _RULES[self.how](parts)
        needs = (need for part in parts for need in part.needs)
        return Reason(
            policy=self.ref,
            verdict=verdict,
            says=f"{self.how} of {len(parts)}",
            needs=tuple(needs) if verdict is Verdict.UNDETERMINED else (),
            citation=self.citation,
            overridable_by=self.overridable_by,
            parts=parts,
        )


def all_of(
    *policies: TransitionPolicy,
    id: str,
    version: str = "1",
    citation: str = "",
    overridable_by: Iterable[str] = (),
) -> CombinedPolicy:
    """Combine policies so that each that has something to say must permit.

    Raises:
        PolicyInvalid: No policy was given, or the id is empty.
    """
    return CombinedPolicy(
        ref=PolicyRef(id=id, version=version),
        how="all",
        policies=policies,
        citation=citation,
        overridable_by=frozenset(overridable_by),
    )


def any_of(
    *policies: TransitionPolicy,
    id: str,
    version: str = "1",
    citation: str = "",
    overridable_by: Iterable[str] = (),
) -> CombinedPolicy:
    """Combine policies so that one that permits is enough.

    Raises:
        PolicyInvalid: No policy was given, or the id is empty.
    """
    return CombinedPolicy(
        ref=PolicyRef(id=id, version=version),
        how="any",
        policies=policies,
        citation=citation,
        overridable_by=frozenset(overridable_by),
    )
