"""Authorisations: what a payer has agreed to pay for, and until when."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.records.checking import a_day, a_member, a_text, a_whole, in_order, refuse

__all__ = ["Authorization", "AuthorizationStatus", "AuthorizedUnit"]


class AuthorizationStatus(Enum):
    """What the payer has said; that one has expired is told by its last day."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PARTIAL = "partial"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class AuthorizedUnit(Enum):
    """What is counted."""

    DAYS = "days"
    HOURS = "hours"
    VISITS = "visits"
    UNITS = "units"


@attrs.frozen(order=False, kw_only=True)
class Authorization:
    """What a payer was asked for and has agreed to.

    Attributes:
        id: Its id; never shown in a repr.
        payer: Who pays; never shown in a repr.
        status: What the payer has said.
        level: The code of the level of care; `None` if it is for none.
        first_day: The first day it covers; never shown in a repr.
        last_day: The last day it covers; `None` if none is set. Never shown in a repr.
        unit: What is counted; `None` where only the days of the span are.
        requested: How many units were asked for; `None` if not told.
        approved: How many were agreed to; `None` if not told.
        review_lead_days: How many days before the last one the next request is due.
        number: The payer's own number; empty if not told. Never shown in a repr.
        reason_code: Why it was cut or denied, coded; `None` if not told. Never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.

    Examples:
        >>> found = Authorization(
        ...     id="au",
        ...     payer="Example Health",
        ...     status=AuthorizationStatus.APPROVED,
        ...     first_day=date(2026, 3, 2),
        ...     last_day=date(2026, 3, 31),
        ...     review_lead_days=7,
        ... )
        >>> found.days_left(date(2026, 3, 30)), found.review_due
        (2, datetime.date(2026, 3, 24))
    """

    id: str = attrs.field(repr=False)
    payer: str = attrs.field(repr=False)
    status: AuthorizationStatus
    level: str | None = None
    first_day: date = attrs.field(repr=False)
    last_day: date | None = attrs.field(default=None, repr=False)
    unit: AuthorizedUnit | None = None
    requested: int | None = None
    approved: int | None = None
    review_lead_days: int = 0
    number: str = attrs.field(default="", repr=False)
    reason_code: str | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the authorisation", _problems(self))

    @property
    def is_granted(self) -> bool:
        """Whether the payer agreed, to all or to a part."""
        return self.status in (AuthorizationStatus.APPROVED, AuthorizationStatus.PARTIAL)

    @property
    def review_due(self) -> date | None:
        """The day by which the next request is due; `None` where no last day is set."""
        if self.last_day is None:
            return None
        return self.last_day - timedelta(days=self.review_lead_days)

    def covers(self, day: date) -> bool:
        """Tell whether it was agreed to and covers a day."""
        within = self.first_day <= day and (self.last_day is None or day <= self.last_day)
        return self.is_granted and within

    def has_expired(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return self.last_day is not None and self.last_day < today

    def days_left(self, today: date) -> int | None:
        """Count the days it still covers, today included; `None` where no last day is set.

        Before its first day all of its days are left; what was not agreed to has none.
        """
        if not self.is_granted:
            return 0
        if self.last_day is None:
            return None
        return max((self.last_day - max(today, self.first_day)).days + 1, 0)

    def overlaps(self, other: "Authorization") -> bool:
        """Tell whether both were agreed to for one level and share a day."""
        mine, others = self.last_day or date.max, other.last_day or date.max
        share = self.first_day <= others and other.first_day <= mine
        return share and self.is_granted and other.is_granted and self.level == other.level


def _problems(found: Authorization) -> Iterator[Problem]:
    yield from a_text("id", found.id)
    yield from a_text("payer", found.payer)
    yield from a_member("status", found.status, AuthorizationStatus)
    yield from a_day("first_day", found.first_day)
    yield from a_day("last_day", found.last_day)
    says = "it ends before it begins"
    yield from in_order("last_day", found.first_day, found.last_day, says)
    if found.unit is not None:
        yield from a_member("unit", found.unit, AuthorizedUnit)
    yield from a_whole("review_lead_days", found.review_lead_days, lo=0)
    yield from _unit_problems(found)


def _unit_problems(found: Authorization) -> Iterator[Problem]:
    for key, count in (("requested", found.requested), ("approved", found.approved)):
        if count is not None:
            yield from a_whole(key, count, lo=0)
            if found.unit is None:
                yield Problem(key, "no-unit", "`unit` says what is counted")
    if found.approved and not found.is_granted:
        says = "units are agreed to, but the status says that nothing was"
        yield Problem("approved", "contradiction", says)
