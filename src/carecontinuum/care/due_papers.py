"""What is due with payers and consents: what ends, and what is to be asked for before it does."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from carecontinuum.care.deadlines import Due, DueKind
from carecontinuum.care.looking import Looking
from carecontinuum.history import Recorded
from carecontinuum.records import Authorization, AuthorizationStatus, Consent

__all__ = ["authorizations", "consents"]


def authorizations(looking: Looking) -> Iterator[Due]:
    """Give the authorisations that end with nothing granted to follow, and the reviews before.

    Only those for a level that the patient is at, or for none in particular, are looked at.
    """
    levels = looking.levels
    found = [
        one
        for one in looking.view.care.authorizations
        if _matters(one.value, levels) and looking.goes_on(one.episode_id)
    ]
    for one in found:
        last = one.value.last_day
        if last is not None and one.value.is_granted:
            after = [other.value for other in found if _follows(other.value, last)]
            if not any(other.is_granted for other in after):
                yield from _ending(looking, one, last, asked=bool(after))


def _matters(one: Authorization, levels: frozenset[str | None]) -> bool:
    return bool(levels) and (one.level is None or one.level in levels or None in levels)


def _follows(other: Authorization, last: date) -> bool:
    """Tell whether another covers, or would cover, the day after a last one."""
    following = last + timedelta(days=1)
    reaches = other.last_day is None or other.last_day >= following
    wanted = other.is_granted or other.status is AuthorizationStatus.REQUESTED
    return wanted and reaches and other.first_day <= following


def _ending(
    looking: Looking, one: Recorded[Authorization], last: date, *, asked: bool
) -> Iterator[Due]:
    lead = one.value.review_lead_days
    if lead and not asked and looking.today <= last:
        yield from looking.due(
            DueKind.AUTHORIZATION_REVIEW,
            last - timedelta(days=lead),
            "the payer wants the next request so many days before the authorisation ends",
            episode_id=one.episode_id,
            event_id=one.event_id,
        )
    because = "the authorisation ends and none follows it"
    if asked:
        because = "the authorisation ends; the next was asked for, and the payer has not answered"
    yield from looking.due(
        DueKind.AUTHORIZATION_END,
        last,
        because,
        episode_id=one.episode_id,
        event_id=one.event_id,
    )


def consents(looking: Looking) -> Iterator[Due]:
    """Give the consents that end by a day, where none for the same purpose goes on after it."""
    found = looking.view.care.consents
    for one in found:
        last = one.value.expires_on
        if last is None or _was_ended(one.value) or not looking.goes_on(one.episode_id):
            continue
        if not _goes_on([other.value for other in found], one.value, last):
            yield from looking.due(
                DueKind.CONSENT_END,
                last,
                "the consent ends and none for its purpose follows it",
                episode_id=one.episode_id,
                event_id=one.event_id,
            )


def _was_ended(consent: Consent) -> bool:
    """Tell whether it was revoked, or was never whole: its last day says nothing then."""
    return consent.revoked_on is not None or consent.expired_on is not None or bool(consent.lacking)


def _goes_on(others: Sequence[Consent], consent: Consent, last: date) -> bool:
    following = last + timedelta(days=1)
    return any(
        other.purpose is consent.purpose and other.is_in_force(following) for other in others
    )
