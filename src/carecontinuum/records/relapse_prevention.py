"""The relapse-prevention plan: what leads back to use, and what helps against it."""

from collections.abc import Iterator
from datetime import date

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.records.checking import a_day, a_text, a_whole, refuse
from carecontinuum.records.patient import Contact
from carecontinuum.records.treatment_plan import Signature

__all__ = ["RelapsePreventionPlan"]

PARTS = (
    "triggers",
    "warning_signs",
    "high_risk_situations",
    "coping_steps",
    "routines",
    "supports",
    "crisis_contacts",
)


@attrs.frozen(order=False, kw_only=True)
class RelapsePreventionPlan:
    """One version of a patient's relapse-prevention plan, in the patient's own words.

    Attributes:
        id: Its id, which all its versions share; never shown in a repr.
        version: 1, 2, 3 and so on.
        triggers: What brings on cravings; never shown in a repr.
        warning_signs: What shows early that things go wrong; never shown in a repr.
        high_risk_situations: Where and with whom it is hardest; never shown in a repr.
        coping_steps: What to do then, in this order; never shown in a repr.
        routines: What keeps the days steady; never shown in a repr.
        supports: Who helps, peers among them; never shown in a repr.
        crisis_contacts: Whom to call in a crisis; never shown in a repr.
        review_due: The day by which it is to be reviewed; `None` if not set. Never in a repr.
        signatures: Who signed; never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.

    Examples:
        >>> plan = RelapsePreventionPlan(
        ...     id="rp", triggers=("paydays",), coping_steps=("call the sponsor",)
        ... )
        >>> plan.gaps
        ('warning_signs', 'high_risk_situations', 'routines', 'supports', 'crisis_contacts')
    """

    id: str = attrs.field(repr=False)
    version: int = 1
    triggers: tuple[str, ...] = attrs.field(default=(), repr=False)
    warning_signs: tuple[str, ...] = attrs.field(default=(), repr=False)
    high_risk_situations: tuple[str, ...] = attrs.field(default=(), repr=False)
    coping_steps: tuple[str, ...] = attrs.field(default=(), repr=False)
    routines: tuple[str, ...] = attrs.field(default=(), repr=False)
    supports: tuple[Contact, ...] = attrs.field(default=(), repr=False)
    crisis_contacts: tuple[Contact, ...] = attrs.field(default=(), repr=False)
    review_due: date | None = attrs.field(default=None, repr=False)
    signatures: tuple[Signature, ...] = attrs.field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the relapse-prevention plan", _problems(self))

    @property
    def gaps(self) -> tuple[str, ...]:
        """The parts in which nothing stands yet."""
        return tuple(name for name in PARTS if not getattr(self, name))


def _problems(plan: RelapsePreventionPlan) -> Iterator[Problem]:
    yield from a_text("id", plan.id)
    yield from a_whole("version", plan.version, lo=1)
    yield from a_day("review_due", plan.review_due)
    for name in PARTS[:5]:
        for n, text in enumerate(getattr(plan, name)):
            yield from a_text(f"{name}[{n}]", text)
