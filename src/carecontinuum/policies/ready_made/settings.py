"""What every ready-made policy takes beside its own numbers."""

from collections.abc import Iterable
from typing import TypedDict

from carecontinuum.continuum import TransitionKind
from carecontinuum.policies.policies import RulePolicy, requires
from carecontinuum.rules import Expression

__all__ = [
    "ILLUSTRATIVE",
    "LESS_INTENSIVE",
    "NOT_MORE_INTENSIVE",
    "REACHES_A_LEVEL",
    "Settings",
    "both",
    "ready_made",
]

ILLUSTRATIVE = "illustrative, not medical advice"
"""The citation of a policy whose rule or number is this library's own."""

LESS_INTENSIVE = (TransitionKind.STEP_DOWN, TransitionKind.AFTERCARE)
"""The kinds of move to less intensive care."""

NOT_MORE_INTENSIVE = (TransitionKind.STEP_DOWN, TransitionKind.LATERAL, TransitionKind.AFTERCARE)
"""The kinds of move from level to level that are no step up."""

REACHES_A_LEVEL = (TransitionKind.ADMIT, TransitionKind.PLACE, *NOT_MORE_INTENSIVE)
"""The kinds of move that reach a level and are no step up."""


class Settings(TypedDict, total=False):
    """What may be set on every ready-made policy; what is left out is as its description says.

    Attributes:
        id: The policy's id.
        version: Its version; `1` if left out. Raise it when a number of yours changes.
        on: The kinds of move it judges; `None` is every kind.
        says: Its words.
        citation: Where its rule comes from: a payer's manual, a state's regulation, your handbook.
        applies: A condition under which it applies, beside its own if it has one.
        overridable_by: The roles that may override it; nobody's if left out.
    """

    id: str
    version: str
    on: Iterable[str] | None
    says: str
    citation: str
    applies: Expression | None
    overridable_by: Iterable[str]


def ready_made(
    rule: Expression,
    settings: Settings,
    *,
    name: str,
    on: Iterable[str],
    says: str,
    about: str = "",
    applies: Expression | None = None,
    citation: str = ILLUSTRATIVE,
) -> RulePolicy:
    """Make a ready-made policy: what is given here, where no setting says otherwise.

    Args:
        rule: What must hold.
        settings: What the caller set.
        name: Its name, the last part of its id.
        on: The kinds of move it judges.
        says: Its words.
        about: What tells it apart from another of the same name, as a level; appended to the id.
        applies: Its own condition; the caller's is joined to it with `&`.
        citation: Where its rule comes from.
    """
    given: Settings = {
        "id": f"carecontinuum.{name}.{about}" if about else f"carecontinuum.{name}",
        "on": on,
        "says": says,
        "citation": citation,
        **settings,
    }
    given["applies"] = both(applies, settings.get("applies"))
    return requires(rule, **given)


def both(first: Expression | None, second: Expression | None) -> Expression | None:
    """Join two conditions, either of which may be missing."""
    if first is None or second is None:
        return first if second is None else second
    return first & second
