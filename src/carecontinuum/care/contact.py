"""When the patient was last in contact, and whether contact is lost: derived, never stored."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import attrs

from carecontinuum.datatypes import Calendar, utc
from carecontinuum.history import (
    Admitted,
    AssessmentRecorded,
    IntakeRecorded,
    PatientRecord,
    Returned,
)
from carecontinuum.records import CheckInOutcome
from carecontinuum.rules import Truth

__all__ = ["LastContact", "last_contact", "lost_to_contact"]

SEEN: Mapping[type, str] = {
    Admitted: "an admission",
    Returned: "a return from leave",
    IntakeRecorded: "an intake assessment",
    AssessmentRecorded: "an assessment",
}
"""What cannot happen without the patient, in words."""


@attrs.frozen(order=False, kw_only=True)
class LastContact:
    """When the patient was last in contact.

    Attributes:
        day: The last local day on which the patient is known to have been in contact; `None` if
            no contact is recorded. Never shown in a repr.
        how: What the contact was, in words; empty if none is recorded.
        maybe: The local day of a later session of which nobody has said what came; `None` if there
            is none. Never shown in a repr.
    """

    day: date | None = attrs.field(default=None, repr=False)
    how: str = ""
    maybe: date | None = attrs.field(default=None, repr=False)


def last_contact(record: PatientRecord, at: datetime, *, calendar: Calendar) -> LastContact:
    """Tell when the patient was last in contact, of what had happened by a moment.

    A session that was attended, a check-in that reached the patient, an admission, a return from
    leave, an intake and an assessment are contacts.

    Args:
        record: The patient's record.
        at: The moment, an aware datetime.
        calendar: Whose zone counts.

    Raises:
        NaiveDatetime: The moment has no zone.
    """
    moment = utc(at)
    view = record.as_of(occurred=moment)
    today = calendar.day(moment)
    known = [*_events(view, calendar), *_sessions(view, moment, calendar), *_check_ins(view)]
    day, how = max((one for one in known if one[0] <= today), default=(None, ""))
    untold = [session.end for session in view.care.sessions if session.is_unsettled(moment)]
    maybe = calendar.day(max(untold)) if untold else None
    is_later = maybe is not None and (day is None or maybe > day)
    return LastContact(day=day, how=how, maybe=maybe if is_later else None)


def _events(view: PatientRecord, calendar: Calendar) -> Iterator[tuple[date, str]]:
    for event in view.believed:
        if (how := SEEN.get(type(event.body))) is not None:
            yield event.occurred_at.day(calendar.zone), how


def _sessions(
    view: PatientRecord, moment: datetime, calendar: Calendar
) -> Iterator[tuple[date, str]]:
    times = [there for one in view.care.sessions if (there := one.present) is not None]
    went = [min(end, moment) for start, end in times if start <= moment]
    if went:
        yield calendar.day(max(went)), "a session"


def _check_ins(view: PatientRecord) -> Iterator[tuple[date, str]]:
    for plan in view.care.aftercare_plans:
        for check_in in plan.value.check_ins:
            if check_in.outcome is CheckInOutcome.REACHED and check_in.done is not None:
                yield check_in.done, "a check-in"


def lost_to_contact(
    record: PatientRecord, at: datetime, *, calendar: Calendar, after_days: int
) -> Truth:
    """Tell whether more than so many days have passed since the last contact.

    Args:
        record: The patient's record.
        at: The moment, an aware datetime.
        calendar: Whose zone counts.
        after_days: How many days without contact are still none lost.

    Returns:
        Unknown where no contact is recorded, or where a session of which nobody has told may have
        been one.

    Raises:
        NaiveDatetime: The moment has no zone.
    """
    found = last_contact(record, at, calendar=calendar)
    today = calendar.day(at)
    if found.day is not None and (today - found.day).days <= after_days:
        return Truth.NO
    may_be = found.maybe is not None and (today - found.maybe).days <= after_days
    return Truth.UNKNOWN if found.day is None or may_be else Truth.YES
