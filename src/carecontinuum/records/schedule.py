"""Hours of the week that are taken, and where two plans take the same ones."""

from collections.abc import Iterator
from datetime import time

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.records.checking import a_whole, refuse

__all__ = ["WeeklySlot"]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@attrs.frozen(order=False, kw_only=True)
class WeeklySlot:
    """Some hours of one day of every week, on the clocks of the place of care.

    Attributes:
        weekday: Monday 0 to Sunday 6.
        start: When they begin; never shown in a repr.
        end: When they end, on the same day; never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.
    """

    weekday: int = attrs.field(repr=False)
    start: time = attrs.field(repr=False)
    end: time = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the weekly slot", _problems(self))

    @property
    def minutes(self) -> int:
        """How long it is on a day on which the clocks do not change, in whole minutes."""
        return _minute(self.end) - _minute(self.start)

    def overlaps(self, other: "WeeklySlot") -> bool:
        """Tell whether the two share any time; one that begins as the other ends does not."""
        return self.weekday == other.weekday and self.start < other.end and other.start < self.end

    @property
    def text(self) -> str:
        """Its words, as in `Monday 17:00 to 20:00`."""
        return f"{DAYS[self.weekday]} {self.start:%H:%M} to {self.end:%H:%M}"


def _minute(value: time) -> int:
    return value.hour * 60 + value.minute


def _problems(slot: WeeklySlot) -> Iterator[Problem]:
    yield from a_whole("weekday", slot.weekday, lo=0, hi=6)
    if slot.start.tzinfo is not None or slot.end.tzinfo is not None:
        says = "a time of the week is on the clocks of the place of care; give no zone"
        yield Problem("", "has-zone", says)
    elif slot.end <= slot.start:
        says = "it ends before it begins; split a slot that goes past midnight in two"
        yield Problem("end", "backwards", says)
