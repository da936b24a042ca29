"""Ready-made policies of clinical judgement: assessment, review, placement and stability."""

from typing import Unpack

from carecontinuum.policies.policies import RulePolicy
from carecontinuum.policies.ready_made.facts import (
    DAYS_SINCE_ASSESSMENT,
    LOWER_REVIEWS,
    MEDICALLY_STABLE,
    PLACEMENT_SUPPORTS_TARGET,
    REQUESTED_LEVEL,
    WITHDRAWAL_RISK,
)
from carecontinuum.policies.ready_made.settings import (
    LESS_INTENSIVE,
    NOT_MORE_INTENSIVE,
    REACHES_A_LEVEL,
    Settings,
    ready_made,
)

__all__ = [
    "consecutive_lower_reviews",
    "placement_supports_target",
    "recent_assessment",
    "withdrawal_and_medical_stability",
]


def recent_assessment(*, within_days: int, **settings: Unpack[Settings]) -> RulePolicy:
    """Require an assessment of the last so many days.

    Judges `step_down`, `lateral` and `aftercare`, unless `on` says otherwise.

    Args:
        within_days: How old the latest assessment may be; 0 is today's.
        settings: See `Settings`.

    Examples:
        >>> from carecontinuum.policies.ready_made import DAYS_SINCE_ASSESSMENT
        >>> policy = recent_assessment(within_days=30, citation="Acme handbook 2.1")
        >>> policy.reads == {DAYS_SINCE_ASSESSMENT}
        True
    """
    return ready_made(
        DAYS_SINCE_ASSESSMENT <= within_days,
        settings,
        name="recent-assessment",
        on=NOT_MORE_INTENSIVE,
        says=f"an assessment of the last {within_days} days",
    )


def consecutive_lower_reviews(*, count: int = 2, **settings: Unpack[Settings]) -> RulePolicy:
    """Require that the latest reviews in a row recommend a level below the present one.

    One review that does is often followed by one that does not, and a person moved on each goes
    down and up again. Judges `step_down` and `aftercare`, unless `on` says otherwise.

    Args:
        count: How many reviews.
        settings: See `Settings`.
    """
    return ready_made(
        LOWER_REVIEWS >= count,
        settings,
        name="consecutive-lower-reviews",
        on=LESS_INTENSIVE,
        says=f"{count} reviews in a row that recommend a lower level",
    )


def placement_supports_target(**settings: Unpack[Settings]) -> RulePolicy:
    """Require that the placement criteria support the level asked for.

    Judges every move that reaches a level and is no step up, unless `on` says otherwise; of an
    admission that names no level it says nothing, since the level is found afterwards.

    Args:
        settings: See `Settings`.
    """
    return ready_made(
        PLACEMENT_SUPPORTS_TARGET,
        settings,
        name="placement-supports-target",
        on=REACHES_A_LEVEL,
        says="the placement criteria support the level asked for",
        applies=~REQUESTED_LEVEL.one_of(""),
    )


def withdrawal_and_medical_stability(
    *, risk_at_most: int = 1, **settings: Unpack[Settings]
) -> RulePolicy:
    """Require medical stability and a low withdrawal risk.

    Judges `step_down` and `aftercare`, unless `on` says otherwise; admission to care that manages
    withdrawal needs neither. The risk must be assessed: an unstable patient is refused without it,
    and nobody is let through.

    Args:
        risk_at_most: The greatest risk, from 0, none, to 4, the gravest.
        settings: See `Settings`.
    """
    return ready_made(
        MEDICALLY_STABLE & (WITHDRAWAL_RISK <= risk_at_most),
        settings,
        name="withdrawal-and-medical-stability",
        on=LESS_INTENSIVE,
        says=f"medically stable, with a withdrawal risk of at most {risk_at_most} of 4",
    )
