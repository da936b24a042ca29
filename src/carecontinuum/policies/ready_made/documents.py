"""Ready-made policies of what must be on file: plans, authorisation and consent."""

from typing import Unpack

from carecontinuum.continuum import TransitionKind
from carecontinuum.policies.policies import RulePolicy
from carecontinuum.policies.ready_made.facts import (
    AFTERCARE_PLAN,
    AUTHORIZATION_COVERS,
    CONSENT_TO_TREATMENT,
    DAYS_SINCE_PLAN_REVIEW,
    RELAPSE_PREVENTION_PLAN,
    REQUESTED_DISCHARGE,
    TREATMENT_PLAN,
)
from carecontinuum.policies.ready_made.settings import (
    LESS_INTENSIVE,
    NOT_MORE_INTENSIVE,
    REACHES_A_LEVEL,
    Settings,
    ready_made,
)

__all__ = [
    "aftercare_plan_present",
    "authorization_covers",
    "consent_present",
    "plan_current_and_reviewed",
    "relapse_prevention_plan_present",
]


def plan_current_and_reviewed(*, within_days: int, **settings: Unpack[Settings]) -> RulePolicy:
    """Require a treatment plan in force that was reviewed in the last so many days.

    Judges `step_down`, `lateral` and `aftercare`, unless `on` says otherwise.

    Args:
        within_days: How long ago the latest review of the plan may be; 0 is today's.
        settings: See `Settings`.
    """
    return ready_made(
        TREATMENT_PLAN & (DAYS_SINCE_PLAN_REVIEW <= within_days),
        settings,
        name="plan-current-and-reviewed",
        on=NOT_MORE_INTENSIVE,
        says=f"a treatment plan in force, reviewed in the last {within_days} days",
    )


def relapse_prevention_plan_present(**settings: Unpack[Settings]) -> RulePolicy:
    """Require a relapse prevention plan.

    Judges `step_down` and `aftercare`, unless `on` says otherwise.

    Args:
        settings: See `Settings`.
    """
    return ready_made(
        RELAPSE_PREVENTION_PLAN,
        settings,
        name="relapse-prevention-plan-present",
        on=LESS_INTENSIVE,
        says="a relapse prevention plan before less intensive care",
    )


def aftercare_plan_present(**settings: Unpack[Settings]) -> RulePolicy:
    """Require an aftercare plan before aftercare and before a planned discharge.

    Judges `aftercare` and `discharge`, unless `on` says otherwise. It has nothing to say of any
    discharge but a planned one: nobody is kept from leaving against advice.

    Args:
        settings: See `Settings`.
    """
    return ready_made(
        AFTERCARE_PLAN,
        settings,
        name="aftercare-plan-present",
        on=(TransitionKind.AFTERCARE, TransitionKind.DISCHARGE),
        says="an aftercare plan before aftercare and before a planned discharge",
        applies=REQUESTED_DISCHARGE.one_of("", "planned"),
    )


def authorization_covers(**settings: Unpack[Settings]) -> RulePolicy:
    """Require an authorisation for the level asked for on the day of the move.

    Judges every move that reaches a level and is no step up, unless `on` says otherwise. A payer
    that asks for none is left out by `applies`.

    Args:
        settings: See `Settings`.
    """
    return ready_made(
        AUTHORIZATION_COVERS,
        settings,
        name="authorization-covers",
        on=REACHES_A_LEVEL,
        says="an authorisation covers the level asked for on the day of the move",
    )


def consent_present(**settings: Unpack[Settings]) -> RulePolicy:
    """Require consent to treatment at the level asked for.

    Judges `admit` and `place`, unless `on` says otherwise. Care on another legal ground than
    consent is left out by `applies`.

    Args:
        settings: See `Settings`.
    """
    return ready_made(
        CONSENT_TO_TREATMENT,
        settings,
        name="consent-present",
        on=(TransitionKind.ADMIT, TransitionKind.PLACE),
        says="consent to treatment at the level asked for",
    )
