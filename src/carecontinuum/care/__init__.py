"""Care in the program: drafting a plan, what does not fit, what is due, and what closing leaves."""

from carecontinuum.care.contact import LastContact, last_contact, lost_to_contact
from carecontinuum.care.deadlines import Deadlines, Due, DueKind
from carecontinuum.care.drafting import PlanDraft, draft_plan
from carecontinuum.care.episode_closing import Closing, Handling, Hanging, HangingKind, closing
from carecontinuum.care.findings import CareFinding, care_findings
from carecontinuum.care.fitting import (
    PlannedHours,
    RoleConflict,
    age_group_on,
    plan_conflicts,
    planned_hours,
    session_conflicts,
)
from carecontinuum.care.lines import ILLUSTRATIVE, Line, Proposal
from carecontinuum.care.what_is_due import due

__all__ = [
    "ILLUSTRATIVE",
    "CareFinding",
    "Closing",
    "Deadlines",
    "Due",
    "DueKind",
    "Handling",
    "Hanging",
    "HangingKind",
    "LastContact",
    "Line",
    "PlanDraft",
    "PlannedHours",
    "Proposal",
    "RoleConflict",
    "age_group_on",
    "care_findings",
    "closing",
    "draft_plan",
    "due",
    "last_contact",
    "lost_to_contact",
    "plan_conflicts",
    "planned_hours",
    "session_conflicts",
]
