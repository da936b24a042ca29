"""What is due or overdue in the care of a patient, derived from the record and never stored."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import chain

from carecontinuum.care import due_in_care, due_papers
from carecontinuum.care.deadlines import Deadlines, Due, optional_deadlines
from carecontinuum.care.looking import Looking
from carecontinuum.datatypes import Calendar, a_calendar, utc
from carecontinuum.history import PatientRecord

__all__ = ["due"]

_PARTS: tuple[Callable[[Looking], Iterator[Due]], ...] = (
    due_in_care.reassessments,
    due_in_care.contact,
    due_in_care.check_ins,
    due_in_care.plans,
    due_in_care.sessions,
    due_in_care.moves,
    due_papers.authorizations,
    due_papers.consents,
)


def due(
    record: PatientRecord,
    at: datetime,
    *,
    calendar: Calendar,
    deadlines: Deadlines | None = None,
) -> tuple[Due, ...]:
    """Give what is due or overdue, the longest overdue first.

    What a record says itself counts: the review day of a plan, the days of check-ins, the last day
    of an authorisation and the lead days of its review. For the rest `deadlines` says how many days
    are left. Nothing is due of somebody who has died.

    Args:
        record: The patient's record.
        at: The moment, an aware datetime; what happened later is not looked at.
        calendar: Whose zone counts.
        deadlines: The days left for what has no day of its own; `None` is the illustrative ones.

    Raises:
        NaiveDatetime: The moment has no zone.
        WrongArgument: The calendar is no `Calendar`, or the deadlines no `Deadlines`.
    """
    moment = utc(at)
    a_calendar(calendar)
    optional_deadlines(deadlines)
    view = record.as_of(occurred=moment)
    if view.death is not None:
        return ()
    looking = Looking(view=view, at=moment, calendar=calendar, deadlines=deadlines or Deadlines())
    return tuple(sorted(chain.from_iterable(part(looking) for part in _PARTS), key=_order))


def _order(one: Due) -> tuple[date, str, str, str]:
    return one.by, one.kind.value, one.episode_id or "", one.event_id or ""
