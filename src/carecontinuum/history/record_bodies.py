"""What an event can say of a patient's care besides where it goes on: records of care.

Each may name an episode or concern the patient alone. A record that is recorded again under the id
it has says it anew: the one that occurred last is believed.
"""

from typing import ClassVar, TypeAlias, get_args

import attrs

from carecontinuum.records import (
    AftercarePlan,
    Assessment,
    Attendance,
    Authorization,
    Consent,
    IntakeAssessment,
    Patient,
    RelapsePreventionPlan,
    TreatmentPlan,
)

__all__ = [
    "RECORD_BODIES",
    "AftercarePlanRecorded",
    "AssessmentRecorded",
    "AttendanceRecorded",
    "AuthorizationRecorded",
    "ConsentRecorded",
    "IntakeRecorded",
    "PatientRecorded",
    "RecordBody",
    "RelapsePreventionPlanRecorded",
    "TreatmentPlanRecorded",
]


@attrs.frozen(order=False, kw_only=True)
class PatientRecorded:
    """Who the patient is was recorded.

    Attributes:
        patient: The patient.
    """

    TYPE: ClassVar[str] = "patient-recorded"
    patient: Patient


@attrs.frozen(order=False, kw_only=True)
class IntakeRecorded:
    """An intake assessment was made.

    Attributes:
        intake: What was found.
    """

    TYPE: ClassVar[str] = "intake-recorded"
    intake: IntakeAssessment


@attrs.frozen(order=False, kw_only=True)
class AssessmentRecorded:
    """An assessment by an instrument was made.

    Attributes:
        assessment: What was rated.
    """

    TYPE: ClassVar[str] = "assessment-recorded"
    assessment: Assessment


@attrs.frozen(order=False, kw_only=True)
class TreatmentPlanRecorded:
    """A treatment plan was written, changed, or reviewed without a change.

    Attributes:
        plan: The plan as it is from now on.
    """

    TYPE: ClassVar[str] = "treatment-plan-recorded"
    plan: TreatmentPlan


@attrs.frozen(order=False, kw_only=True)
class RelapsePreventionPlanRecorded:
    """A relapse-prevention plan was written, changed, or reviewed without a change.

    Attributes:
        plan: The plan as it is from now on.
    """

    TYPE: ClassVar[str] = "relapse-prevention-plan-recorded"
    plan: RelapsePreventionPlan


@attrs.frozen(order=False, kw_only=True)
class AftercarePlanRecorded:
    """An aftercare plan was written, or what came of its check-ins was added.

    Attributes:
        plan: The plan as it is from now on.
    """

    TYPE: ClassVar[str] = "aftercare-plan-recorded"
    plan: AftercarePlan


@attrs.frozen(order=False, kw_only=True)
class AttendanceRecorded:
    """Sessions were planned, or what came of them was told.

    Attributes:
        attendance: The sessions; one that was recorded before is said anew.
    """

    TYPE: ClassVar[str] = "attendance-recorded"
    attendance: Attendance


@attrs.frozen(order=False, kw_only=True)
class AuthorizationRecorded:
    """A payer was asked, or answered.

    Attributes:
        authorization: What was asked for and agreed to, as it is from now on.
    """

    TYPE: ClassVar[str] = "authorization-recorded"
    authorization: Authorization


@attrs.frozen(order=False, kw_only=True)
class ConsentRecorded:
    """A consent was given, changed or revoked.

    Attributes:
        consent: The consent as it is from now on.
    """

    TYPE: ClassVar[str] = "consent-recorded"
    consent: Consent


RecordBody: TypeAlias = (
    PatientRecorded
    | IntakeRecorded
    | AssessmentRecorded
    | TreatmentPlanRecorded
    | RelapsePreventionPlanRecorded
    | AftercarePlanRecorded
    | AttendanceRecorded
    | AuthorizationRecorded
    | ConsentRecorded
)
"""A record of the patient's care."""

RECORD_BODIES: frozenset[type] = frozenset(get_args(RecordBody))
"""The classes of all of them."""
