"""What is known of a patient's care: assessments, plans, attendance, authorisations, consents."""

from carecontinuum.records.aftercare import AftercarePlan, CheckIn, CheckInOutcome, SupportGroup
from carecontinuum.records.assessment import Assessment, NotRated, Rating
from carecontinuum.records.attendance import Attendance, AttendanceStatus, Session
from carecontinuum.records.authorization import (
    Authorization,
    AuthorizationStatus,
    AuthorizedUnit,
)
from carecontinuum.records.consent import Consent, ConsentPurpose, GrantorKind, RecordKind
from carecontinuum.records.disclosure import (
    DisclosureRequest,
    Exemption,
    ExemptionClaimed,
    NoConsent,
    Party,
)
from carecontinuum.records.errors import AssessmentMisfit, InstrumentInvalid, RecordInvalid
from carecontinuum.records.hours import (
    ReceivedHours,
    ReceivedWeek,
    hours_between,
    week_start,
    weekly_hours,
)
from carecontinuum.records.instrument import (
    Band,
    Banding,
    Indicator,
    Instrument,
    Item,
    ItemTotal,
)
from carecontinuum.records.intake import (
    DailyRole,
    IntakeAssessment,
    MentalHealthHistory,
    Role,
    Stressor,
    SubstanceUse,
    UseFrequency,
)
from carecontinuum.records.patient import Contact, Gender, Patient
from carecontinuum.records.relapse_prevention import RelapsePreventionPlan
from carecontinuum.records.schedule import WeeklySlot
from carecontinuum.records.scoring import (
    BandScore,
    IndicatorScore,
    Score,
    TotalScore,
    score,
)
from carecontinuum.records.treatment_plan import (
    Achievement,
    Goal,
    GoalLifecycle,
    Intervention,
    Objective,
    PlannedService,
    PlanStatus,
    ServiceKind,
    Signature,
    TreatmentPlan,
    TreatmentProblem,
)

__all__ = [
    "Achievement",
    "AftercarePlan",
    "Assessment",
    "AssessmentMisfit",
    "Attendance",
    "AttendanceStatus",
    "Authorization",
    "AuthorizationStatus",
    "AuthorizedUnit",
    "Band",
    "BandScore",
    "Banding",
    "CheckIn",
    "CheckInOutcome",
    "Consent",
    "ConsentPurpose",
    "Contact",
    "DailyRole",
    "DisclosureRequest",
    "Exemption",
    "ExemptionClaimed",
    "Gender",
    "Goal",
    "GoalLifecycle",
    "GrantorKind",
    "Indicator",
    "IndicatorScore",
    "Instrument",
    "InstrumentInvalid",
    "IntakeAssessment",
    "Intervention",
    "Item",
    "ItemTotal",
    "MentalHealthHistory",
    "NoConsent",
    "NotRated",
    "Objective",
    "Party",
    "Patient",
    "PlanStatus",
    "PlannedService",
    "Rating",
    "ReceivedHours",
    "ReceivedWeek",
    "RecordInvalid",
    "RecordKind",
    "RelapsePreventionPlan",
    "Role",
    "Score",
    "ServiceKind",
    "Session",
    "Signature",
    "Stressor",
    "SubstanceUse",
    "SupportGroup",
    "TotalScore",
    "TreatmentPlan",
    "TreatmentProblem",
    "UseFrequency",
    "WeeklySlot",
    "hours_between",
    "score",
    "week_start",
    "weekly_hours",
]
