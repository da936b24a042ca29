"""A decision: what was asked, what each policy said, and what follows."""

from collections.abc import Iterator
from datetime import datetime
from typing import NoReturn

import attrs

from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import Actor
from carecontinuum.decisions.move import Move
from carecontinuum.decisions.verdict import Verdict
from carecontinuum.errors import CareContinuumError, listed
from carecontinuum.rules import Need, Seen, Value

__all__ = [
    "Decision",
    "NotOnTheMap",
    "PolicyRef",
    "ProgramRef",
    "Reason",
    "Stated",
    "TransitionForbidden",
    "TransitionRefused",
    "TransitionRequest",
    "TransitionUndetermined",
]


@attrs.frozen(order=False, kw_only=True)
class PolicyRef:
    """Which policy, in which version.

    Attributes:
        id: Its id, as in `acme.stable`.
        version: Its version.
    """

    id: str
    version: str = "1"

    def __str__(self) -> str:
        return f"{self.id} v{self.version}"


@attrs.frozen(order=False, kw_only=True)
class ProgramRef:
    """Which program, in which version, with which content.

    Attributes:
        id: The program's id.
        version: Its version.
        digest: The digest of its canonical form.
    """

    id: str
    version: str
    digest: str


@attrs.frozen(order=False, kw_only=True)
class Stated:
    """A fact that whoever asks vouches for.

    Attributes:
        fact: The fact's id.
        value: Its value; never shown in a repr.
        source: Where they have it from, in words; never shown in a repr.
    """

    fact: str
    value: Value = attrs.field(repr=False)
    source: str = attrs.field(default="", repr=False)


@attrs.frozen(order=False, kw_only=True)
class TransitionRequest:
    """A move asked for, with where the episode stood.

    Attributes:
        episode_id: The episode it concerns.
        kind: The kind of move.
        origin: The level it would leave; `None` before placement.
        target: The level it would reach; `None` where there is none.
        at: When the move is to happen, in UTC.
        by: Who asks.
        move: The move as it was asked for.
        stated: Facts that came with the request.
    """

    episode_id: str
    kind: TransitionKind
    origin: str | None
    target: str | None
    at: datetime
    by: Actor
    move: Move
    stated: tuple[Stated, ...] = ()


@attrs.frozen(order=False, kw_only=True)
class Reason:
    """What one policy said.

    Attributes:
        policy: The policy.
        verdict: Its verdict.
        says: Its words.
        seen: The values it looked at that decided it.
        needs: The missing facts that would settle it.
        citation: Where its rule comes from.
        overridable_by: The roles that may override it; empty if nobody may.
        parts: For a combination of policies, what each of them said.
    """

    policy: PolicyRef
    verdict: Verdict
    says: str = ""
    seen: tuple[Seen, ...] = ()
    needs: tuple[Need, ...] = ()
    citation: str = ""
    overridable_by: frozenset[str] = frozenset()
    parts: "tuple[Reason, ...]" = ()


@attrs.frozen(order=False, kw_only=True)
class Decision:
    """What a program answers to a request, with every reason.

    Attributes:
        patient_id: Whom it is about; never shown in a repr.
        request: What was asked.
        program: The program, version and digest that answered.
        record_version: How many events of the patient's history it had seen.
        verdict: The answer.
        reasons: What each policy said that had something to say.
        on_the_map: Whether the continuum has the move at all.
    """

    patient_id: str = attrs.field(repr=False)
    request: TransitionRequest
    program: ProgramRef
    record_version: int
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    on_the_map: bool = True

    def __bool__(self) -> NoReturn:
        raise TypeError("a decision has three verdicts; read `.verdict` or call `.require()`")

    @property
    def needs(self) -> tuple[Need, ...]:
        """The missing facts that would settle it, each once."""
        if self.verdict is not Verdict.UNDETERMINED:
            return ()
        found: dict[str, Need] = {}
        for reason in self.reasons:
            for need in reason.needs:
                found.setdefault(need.fact, need)
        return tuple(found.values())

    def require(self) -> "Decision":
        """Give the decision back if it permits the move.

        Raises:
            NotOnTheMap: The continuum has no such move from here.
            TransitionForbidden: A policy forbids it.
            TransitionUndetermined: Something is missing.
        """
        if self.verdict is Verdict.PERMIT:
            return self
        if not self.on_the_map:
            raise NotOnTheMap(decision=self)
        if self.verdict is Verdict.FORBID:
            raise TransitionForbidden(decision=self)
        raise TransitionUndetermined(decision=self)

    def explain(self) -> str:
        """Say why, in lines: each reason with the value seen, the value needed and its source.

        The text holds values from the patient's record; it is for whoever may see them.
        """
        return "\n".join(_lines(self))

    def headline(self) -> str:
        """Say what was asked and what the answer is, without anything about the patient."""
        return f"{describe(self.request)}: {self.verdict.value}"


def describe(request: TransitionRequest) -> str:
    """Say what was asked, as in "step_down from `iop` to `op`"."""
    origin = f" from `{request.origin}`" if request.origin else ""
    target = f" to `{request.target}`" if request.target else ""
    return f"{request.kind.value}{origin}{target}"


_MARKS = {Verdict.PERMIT: "+", Verdict.FORBID: "-", Verdict.UNDETERMINED: "?"}


def _lines(decision: Decision) -> Iterator[str]:
    yield decision.headline()
    for reason in decision.reasons:
        yield from _reason_lines(reason, "  ")


def _reason_lines(reason: Reason, indent: str) -> Iterator[str]:
    cited = f" ({reason.citation})" if reason.citation else ""
    says = f": {reason.says}" if reason.says else ""
    yield f"{indent}{_MARKS[reason.verdict]} {reason.policy}{says}{cited}"
    for seen in reason.seen:
        source = f", from {seen.source}" if seen.source else ""
        asked = f", needed {seen.required}" if seen.required else ""
        yield f"{indent}    {seen.fact}: {seen.value}{asked}{source}"
    for need in reason.needs:
        asked = f", needed {need.required}" if need.required else ""
        by = f"; {need.would_supply}" if need.would_supply else ""
        yield f"{indent}    {need.fact}: not known{asked}{by}"
    for part in reason.parts:
        yield from _reason_lines(part, indent + "    ")


class TransitionRefused(CareContinuumError):
    """A move was asked for and not permitted; the decision says why.

    The message holds nothing about the patient; `decision.explain()` does.
    """

    code = "CC400"
    decision: Decision

    def __init__(self, *, decision: "Decision") -> None:
        """Keep the decision."""
        self.decision = decision
        super().__init__(decision=decision)

    def message(self) -> str:
        """Name the move and what each policy that stood against it said."""
        against = [
            f"{reason.policy}: {reason.says}" if reason.says else str(reason.policy)
            for reason in self.decision.reasons
            if reason.verdict is not Verdict.PERMIT
        ]
        return "; ".join([self.decision.headline(), *against])


class NotOnTheMap(TransitionRefused):
    """The continuum has no such move from where the episode stands."""

    code = "CC401"


class TransitionForbidden(TransitionRefused):
    """At least one policy forbids the move."""

    code = "CC402"


class TransitionUndetermined(TransitionRefused):
    """No policy forbids the move, but something that must be known is not."""

    code = "CC403"

    def message(self) -> str:
        """Name the move and the facts that are missing."""
        missing = tuple(need.fact for need in self.decision.needs)
        if not missing:
            return super().message()
        return f"{self.decision.headline()}; it would take {listed(missing)}"
