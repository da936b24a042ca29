"""Ready-made policies: the rules that most programs have, each with its numbers to be set.

Each is a function that makes a `RulePolicy`, so it is evaluated, explained, proved and digested as
a rule of one's own. None judges a step up unless `on` says so: more intensive care is not made
conditional. `readings_for` gives the sources of the facts that they read.
"""

from carecontinuum.policies.ready_made.documents import (
    aftercare_plan_present,
    authorization_covers,
    consent_present,
    plan_current_and_reviewed,
    relapse_prevention_plan_present,
)
from carecontinuum.policies.ready_made.facts import (
    AFTERCARE_PLAN,
    AUTHORIZATION_COVERS,
    CONSENT_TO_TREATMENT,
    DAYS_AT_LEVEL,
    DAYS_SINCE_ASSESSMENT,
    DAYS_SINCE_PLAN_REVIEW,
    LEVEL,
    LOWER_REVIEWS,
    MEDICALLY_STABLE,
    PLACEMENT_SUPPORTS_TARGET,
    READINGS,
    RELAPSE_PREVENTION_PLAN,
    REQUESTED_DISCHARGE,
    REQUESTED_LEVEL,
    TREATMENT_PLAN,
    WEEKLY_HOURS,
    WITHDRAWAL_RISK,
    level_elsewhere,
    readings_for,
)
from carecontinuum.policies.ready_made.judgement import (
    consecutive_lower_reviews,
    placement_supports_target,
    recent_assessment,
    withdrawal_and_medical_stability,
)
from carecontinuum.policies.ready_made.settings import ILLUSTRATIVE, Settings
from carecontinuum.policies.ready_made.stays import (
    hours_within_band,
    maximum_days_at_level,
    minimum_days_at_level,
    no_overlap,
)

__all__ = [
    "AFTERCARE_PLAN",
    "AUTHORIZATION_COVERS",
    "CONSENT_TO_TREATMENT",
    "DAYS_AT_LEVEL",
    "DAYS_SINCE_ASSESSMENT",
    "DAYS_SINCE_PLAN_REVIEW",
    "ILLUSTRATIVE",
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
    "Settings",
    "aftercare_plan_present",
    "authorization_covers",
    "consecutive_lower_reviews",
    "consent_present",
    "hours_within_band",
    "level_elsewhere",
    "maximum_days_at_level",
    "minimum_days_at_level",
    "no_overlap",
    "placement_supports_target",
    "plan_current_and_reviewed",
    "readings_for",
    "recent_assessment",
    "relapse_prevention_plan_present",
    "withdrawal_and_medical_stability",
]
