"""The facts that the ready-made policies read, each with its source."""

from collections.abc import Iterable, Mapping
from typing import Any

from carecontinuum.facts import (
    ConsecutiveLowerReviews,
    DaysAtLevel,
    LevelElsewhere,
    LevelNow,
    PlacementSupportsTarget,
    Reading,
    RequestedDischarge,
    RequestedLevel,
    Source,
    StatedWithRequest,
)
from carecontinuum.policies.protocol import TransitionPolicy, facts_of
from carecontinuum.rules import Choice, Count, Fact, Flag, Ordinal, Quantity

__all__ = [
    "AFTERCARE_PLAN",
    "AUTHORIZATION_COVERS",
    "CONSENT_TO_TREATMENT",
    "DAYS_AT_LEVEL",
    "DAYS_SINCE_ASSESSMENT",
    "DAYS_SINCE_PLAN_REVIEW",
    "LEVEL",
    "LOWER_REVIEWS",
    "MEDICALLY_STABLE",
    "PLACEMENT_SUPPORTS_TARGET",
    "READINGS",
    "RELAPSE_PREVENTION_PLAN",
    "REQUESTED_DISCHARGE",
    "REQUESTED_LEVEL",
    "TREATMENT_PLAN",
    "WEEKLY_HOURS",
    "WITHDRAWAL_RISK",
    "level_elsewhere",
    "readings_for",
]

DAYS_AT_LEVEL = Count("days_at_level", unit="days", title="Days at the present level")
LEVEL = Choice("level", title="The present level")
REQUESTED_LEVEL = Choice("requested_level", title="The level asked for")
REQUESTED_DISCHARGE = Choice("requested_discharge", title="The kind of discharge asked for")
DAYS_SINCE_ASSESSMENT = Count(
    "days_since_assessment", unit="days", title="Days since the latest assessment"
)
LOWER_REVIEWS = Count(
    "consecutive_lower_reviews",
    unit="reviews",
    title="Latest reviews in a row that recommend a level below the present one",
)
PLACEMENT_SUPPORTS_TARGET = Flag(
    "placement_supports_target", title="The placement criteria support the level asked for"
)
WITHDRAWAL_RISK = Ordinal(
    "withdrawal_risk",
    hi=4,
    title="Withdrawal risk, from 0, none, to 4, the gravest",
    citation="illustrative, not medical advice",
    must_assess=True,
)
MEDICALLY_STABLE = Flag("medically_stable", title="Medically stable")
WEEKLY_HOURS = Quantity(
    "weekly_hours", unit="h", hi=168, title="Hours of service received in the latest full week"
)
TREATMENT_PLAN = Flag("treatment_plan", title="A treatment plan is in force")
DAYS_SINCE_PLAN_REVIEW = Count(
    "days_since_plan_review", unit="days", title="Days since the treatment plan was reviewed"
)
RELAPSE_PREVENTION_PLAN = Flag(
    "relapse_prevention_plan", title="A relapse prevention plan is in place"
)
AFTERCARE_PLAN = Flag("aftercare_plan", title="An aftercare plan is in place")
AUTHORIZATION_COVERS = Flag(
    "authorization_covers",
    title="An authorisation covers the level asked for on the day of the move",
)
CONSENT_TO_TREATMENT = Flag(
    "consent_to_treatment", title="Consent to treatment at the level asked for is in force"
)

_ELSEWHERE = "level_elsewhere"


def _stated(fact: Fact[Any], asked_of: str) -> Reading[Any]:
    return Reading(fact, StatedWithRequest(fact=fact.id, asked_of=asked_of))


READINGS: Mapping[str, Reading[Any]] = {
    reading.fact.id: reading
    for reading in (
        Reading(DAYS_AT_LEVEL, DaysAtLevel()),
        Reading(LEVEL, LevelNow()),
        Reading(REQUESTED_LEVEL, RequestedLevel()),
        Reading(REQUESTED_DISCHARGE, RequestedDischarge()),
        _stated(DAYS_SINCE_ASSESSMENT, "the clinician who assessed last"),
        Reading(LOWER_REVIEWS, ConsecutiveLowerReviews()),
        Reading(PLACEMENT_SUPPORTS_TARGET, PlacementSupportsTarget()),
        _stated(WITHDRAWAL_RISK, "a clinician's assessment of withdrawal risk, 0 to 4"),
        _stated(MEDICALLY_STABLE, "a clinician's assessment of medical stability"),
        _stated(WEEKLY_HOURS, "whoever keeps the attendance records"),
        _stated(TREATMENT_PLAN, "the counsellor who keeps the treatment plan"),
        _stated(DAYS_SINCE_PLAN_REVIEW, "the counsellor who keeps the treatment plan"),
        _stated(RELAPSE_PREVENTION_PLAN, "the counsellor who keeps the relapse prevention plan"),
        _stated(AFTERCARE_PLAN, "the counsellor who keeps the aftercare plan"),
        _stated(AUTHORIZATION_COVERS, "whoever keeps the payer's authorisations"),
        _stated(CONSENT_TO_TREATMENT, "whoever keeps the consents"),
    )
}
"""Each fact that a ready-made policy reads, with its source, by the fact's id.

`level_elsewhere` is not among them, since it depends on the levels that may not overlap.
"""


def level_elsewhere(levels: Iterable[str], *, group: str = "") -> Choice:
    """Declare which of some levels another open episode of the patient is at.

    Args:
        levels: The codes of the levels; the fact is one of them, or an empty code.
        group: Tells several such facts of one program apart: small letters and digits.

    Raises:
        FactInvalid: The group could not stand in a rule.
    """
    return Choice(
        f"{_ELSEWHERE}_{group}" if group else _ELSEWHERE,
        codes=("", *levels),
        title="The level of another open episode, of those that may not overlap",
    )


def readings_for(policies: Iterable[TransitionPolicy]) -> tuple[Reading[Any], ...]:
    """Give the readings of a program that has these policies, sorted by the fact's id.

    A fact that no ready-made policy declares gets none: name its source yourself, or leave it to
    be stated with the request. One of the same id and type as a ready-made fact is read as that.

    Examples:
        >>> from carecontinuum.policies.ready_made import minimum_days_at_level
        >>> [reading.source for reading in readings_for([minimum_days_at_level(days=14)])]
        [DaysAtLevel()]
    """
    read = {fact.id: fact for policy in policies for fact in facts_of(policy)}
    found = ((read[id], _source_of(read[id])) for id in sorted(read))
    return tuple(Reading(fact, source) for fact, source in found if source is not None)


def _source_of(fact: Fact[Any]) -> Source[Any] | None:
    if isinstance(fact, Choice) and fact == level_elsewhere(fact.codes[1:], group=_group(fact)):
        return LevelElsewhere(levels=fact.codes[1:])
    ready = READINGS.get(fact.id)
    return ready.source if ready is not None and type(ready.fact) is type(fact) else None


def _group(fact: Choice) -> str:
    return fact.id.removeprefix(_ELSEWHERE).removeprefix("_")
