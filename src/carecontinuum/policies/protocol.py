"""What a policy is, and what one says."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import attrs

from carecontinuum.decisions import PolicyRef, Reason, TransitionRequest, Verdict
from carecontinuum.rules import Expression, Fact, Facts, Need, Seen, facts_read

__all__ = ["Finding", "TransitionPolicy", "facts_of", "forbid", "permit", "undetermined"]


@attrs.frozen(order=False, kw_only=True)
class Finding:
    """What a policy function says; its id, version and citation are added by the policy.

    Attributes:
        verdict: The verdict.
        says: Why, in words that hold nothing about the patient.
        seen: The values looked at.
        needs: The missing facts.
    """

    verdict: Verdict
    says: str = ""
    seen: tuple[Seen, ...] = ()
    needs: tuple[Need, ...] = ()


def permit(says: str = "", *, seen: Iterable[Seen] = ()) -> Finding:
    """Say that nothing stands against the move."""
    return Finding(verdict=Verdict.PERMIT, says=says, seen=tuple(seen))


def forbid(says: str, *, seen: Iterable[Seen] = ()) -> Finding:
    """Say that the move must not be made, and why."""
    return Finding(verdict=Verdict.FORBID, says=says, seen=tuple(seen))


def undetermined(says: str, *, needs: Iterable[Fact[Any]] = ()) -> Finding:
    """Say that it cannot be told, and which facts would settle it."""
    missing = tuple(Need(fact=fact.id) for fact in needs)
    return Finding(verdict=Verdict.UNDETERMINED, says=says, needs=missing)


class TransitionPolicy(Protocol):
    """Anything with these members is a policy; there is nothing to inherit."""

    @property
    def ref(self) -> PolicyRef:
        """Its id and version."""
        ...

    @property
    def on(self) -> frozenset[str] | None:
        """The kinds of move it has something to say of; `None` is every kind."""
        ...

    @property
    def reads(self) -> frozenset[Fact[Any]]:
        """The facts it reads; reading any other raises."""
        ...

    @property
    def applies(self) -> Expression | None:
        """The condition under which it applies; `None` is always."""
        ...

    @property
    def definition(self) -> object | None:
        """All of it as data; `None` where it is code, and then its version stands for it."""
        ...

    def __call__(self, request: TransitionRequest, facts: Facts, /) -> Reason | None:
        """Judge a request; `None` abstains."""
        ...


def facts_of(policy: TransitionPolicy) -> Iterator[Fact[Any]]:
    """Give each fact a policy reads, for its verdict or to know whether it applies."""
    yield from policy.reads
    if policy.applies is not None:
        yield from facts_read(policy.applies)
