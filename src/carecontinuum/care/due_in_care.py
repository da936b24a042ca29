"""What is due in care itself: reassessment, contact, check-ins, plans, sessions and moves."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from carecontinuum.care.contact import last_contact
from carecontinuum.care.deadlines import Due, DueKind
from carecontinuum.care.looking import Looking
from carecontinuum.datatypes import Precision, When
from carecontinuum.history import EpisodeOfCare, Recorded
from carecontinuum.records import PlanStatus, TreatmentPlan

__all__ = ["check_ins", "contact", "moves", "plans", "reassessments", "sessions"]

REASSESS = (
    "a return to use asks for a reassessment; it may support a step up, and never ends care by "
    "itself"
)
NOT_EXPECTED = ("pass", "therapeutic", "medical", "incarceration")
"""The kinds of leave during which nobody is missed."""


def reassessments(looking: Looking) -> Iterator[Due]:
    """Give the episodes in which nobody has assessed anew since the last return to use."""
    for episode in looking.view.episodes.values():
        if not episode.is_open or not episode.returns_to_use:
            continue
        latest = max(episode.returns_to_use, key=_over)
        if not _assessed_since(looking, episode, _over(latest)):
            by = _day(looking, latest) + timedelta(days=looking.deadlines.reassessment)
            yield from looking.due(DueKind.REASSESSMENT, by, REASSESS, episode_id=episode.id)


def _over(when: When) -> datetime:
    """Give the moment from which something had happened for certain."""
    return when.instant if when.precision is Precision.INSTANT else when.next_day().instant


def _assessed_since(looking: Looking, episode: EpisodeOfCare, moment: datetime) -> bool:
    care = looking.view.care.about(episode.id)
    times = [
        *(review.at for review in episode.reviews),
        *(one.value.at for one in care.assessments),
        *(one.value.at for one in care.intakes),
    ]
    return any(moment <= when.instant <= looking.at for when in times)


def _day(looking: Looking, when: When) -> date:
    return when.day(looking.calendar.zone)


def contact(looking: Looking) -> Iterator[Due]:
    """Tell by when somebody must be in contact, while the patient is expected in care."""
    expected = [episode for episode in looking.view.episodes.values() if _is_expected(episode)]
    if not expected:
        return
    found = last_contact(looking.view, looking.at, calendar=looking.calendar)
    if found.day is None:
        yield from looking.due(DueKind.CONTACT, looking.today, "no contact is recorded")
        return
    because = f"the last contact known was {found.how}"
    if found.maybe is not None:
        because += "; nobody has told of a later session"
    by = found.day + timedelta(days=looking.deadlines.contact)
    yield from looking.due(DueKind.CONTACT, by, because)


def _is_expected(episode: EpisodeOfCare) -> bool:
    leave = episode.leave
    return episode.is_in_care and (leave is None or leave.kind not in NOT_EXPECTED)


def check_ins(looking: Looking) -> Iterator[Due]:
    """Give the check-ins that are open, also those of an episode that has ended."""
    for one in looking.view.care.aftercare_plans:
        for check_in in one.value.check_ins:
            if check_in.outcome is None:
                yield from looking.due(
                    DueKind.CHECK_IN,
                    check_in.due,
                    "a check-in of the aftercare plan is open",
                    episode_id=one.episode_id,
                    event_id=one.event_id,
                )


def plans(looking: Looking) -> Iterator[Due]:
    """Give the plans to be written, reviewed and signed."""
    yield from _plans_missing(looking)
    for plan in looking.view.care.treatment_plans:
        if _is_in_force(looking, plan):
            yield from _plan_due(looking, plan)
    for prevention in looking.view.care.relapse_prevention_plans:
        by = prevention.value.review_due
        if by is not None and looking.goes_on(prevention.episode_id):
            yield from looking.due(
                DueKind.PLAN_REVIEW,
                by,
                "the relapse-prevention plan names the day of its review",
                episode_id=prevention.episode_id,
                event_id=prevention.event_id,
            )


def _is_in_force(looking: Looking, one: Recorded[TreatmentPlan]) -> bool:
    over = one.value.ends is not None and one.value.ends < looking.today
    active = one.value.status is PlanStatus.ACTIVE
    return active and not over and looking.goes_on(one.episode_id)


def _plans_missing(looking: Looking) -> Iterator[Due]:
    for episode in looking.view.episodes.values():
        care = looking.view.care.about(episode.id)
        has_one = any(_is_in_force(looking, one) for one in care.treatment_plans)
        if episode.is_in_care and episode.admitted_at and not has_one and not care.aftercare_plans:
            days = timedelta(days=looking.deadlines.treatment_plan)
            by = _day(looking, episode.admitted_at) + days
            because = "the patient is in care, and no treatment plan is in force"
            yield from looking.due(DueKind.TREATMENT_PLAN, by, because, episode_id=episode.id)


def _plan_due(looking: Looking, one: Recorded[TreatmentPlan]) -> Iterator[Due]:
    written = _day(looking, one.at)
    review = written + timedelta(days=looking.deadlines.plan_review)
    because = "the treatment plan names no day of its review"
    if one.value.review_due is not None:
        review, because = one.value.review_due, "the treatment plan names the day of its review"
    yield from looking.due(
        DueKind.PLAN_REVIEW, review, because, episode_id=one.episode_id, event_id=one.event_id
    )
    if not one.value.signatures:
        yield from looking.due(
            DueKind.SIGNATURE,
            written + timedelta(days=looking.deadlines.signature),
            "the treatment plan is in force and nobody has signed it",
            episode_id=one.episode_id,
            event_id=one.event_id,
        )


def sessions(looking: Looking) -> Iterator[Due]:
    """Give the sessions that have begun and of which nobody has said what came."""
    for session in looking.view.care.sessions:
        if session.is_unsettled(looking.at):
            by = looking.calendar.day(session.end)
            because = f"nobody has said what came of a session: {session.kind.value}"
            yield from looking.due(DueKind.SESSION_OUTCOME, by, because)


def moves(looking: Looking) -> Iterator[Due]:
    """Give the proposed moves with a day on which they should happen."""
    for episode in looking.view.episodes.values():
        for move in episode.pending:
            if move.target_date is not None:
                by = move.target_date.last_day(looking.calendar.zone)
                because = f"a proposed move should happen: {move.kind.value}"
                yield from looking.due(DueKind.PENDING_MOVE, by, because, episode_id=episode.id)
