"""What an event can say: a closed union, one body a fact."""

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

import attrs

from carecontinuum.arguments import a_text, an_instance
from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import Coding, When, optional_moment
from carecontinuum.decisions import ProgramRef
from carecontinuum.history.decided import Decided
from carecontinuum.history.disclosed import DisclosureLog
from carecontinuum.history.proposals import (
    MoveAccepted,
    MoveDeclined,
    MoveProposed,
    MoveWithdrawn,
)
from carecontinuum.history.record_bodies import RecordBody
from carecontinuum.history.reviewed import PlacementReviewed

__all__ = [
    "LEAVE_KINDS",
    "Admitted",
    "Amendment",
    "Body",
    "Cancelled",
    "Change",
    "Corrected",
    "Decided",
    "Discharged",
    "EnteredInError",
    "LeaveStarted",
    "LegalStatusRecorded",
    "LevelPlaced",
    "MoveAccepted",
    "MoveDeclined",
    "MoveProposed",
    "MoveWithdrawn",
    "Moved",
    "PatientsMerged",
    "PatientsUnmerged",
    "ProgramAdopted",
    "Referred",
    "Relocated",
    "Retracted",
    "ReturnToUse",
    "Returned",
    "ServiceEnded",
    "ServiceStarted",
    "Unplaced",
    "Waitlisted",
]

LEAVE_KINDS = ("pass", "therapeutic", "medical", "incarceration", "awol")
"""The kinds of leave; leave is not involuntary hold, which is a legal status."""


@attrs.frozen(order=False, kw_only=True)
class Referred:
    """Somebody was referred; the episode is planned.

    Attributes:
        referral_source: Who referred, coded; `None` if not told.
    """

    TYPE: ClassVar[str] = "referred"
    referral_source: Coding | None = None


@attrs.frozen(order=False, kw_only=True)
class Waitlisted:
    """The person waits for a place."""

    TYPE: ClassVar[str] = "waitlisted"


@attrs.frozen(order=False, kw_only=True)
class Cancelled:
    """The episode came to nothing before anybody was admitted."""

    TYPE: ClassVar[str] = "cancelled"


@attrs.frozen(order=False, kw_only=True)
class Admitted:
    """The person was admitted.

    Attributes:
        level: The level of care; `None` while it is not known or not chosen.
        candidates: Levels it may be, where the source does not tell them apart.
        readmission_of: The earlier episode this one follows.
        proposal_id: The pending proposal it carried out.
        confidentiality: `part2` for substance-use records, else `standard`.
    """

    TYPE: ClassVar[str] = "admitted"
    level: str | None = None
    candidates: tuple[str, ...] = ()
    readmission_of: str | None = None
    proposal_id: str | None = None
    confidentiality: str = "part2"


@attrs.frozen(order=False, kw_only=True)
class LevelPlaced:
    """A person who was admitted without a level has one now.

    Attributes:
        level: The level of care.
    """

    TYPE: ClassVar[str] = "level-placed"
    level: str


@attrs.frozen(order=False, kw_only=True)
class Unplaced:
    """From now on the level is not known, though the episode goes on.

    Attributes:
        candidates: Levels it may be.
    """

    TYPE: ClassVar[str] = "unplaced"
    candidates: tuple[str, ...] = ()


@attrs.frozen(order=False, kw_only=True)
class Moved:
    """The person moved to another level of care.

    Attributes:
        level: The level reached.
        kind: The kind of move as it was told; `None` if it was not.
        proposal_id: The pending proposal it carried out.
    """

    TYPE: ClassVar[str] = "moved"
    level: str
    kind: TransitionKind | None = None
    proposal_id: str | None = None


@attrs.frozen(order=False, kw_only=True)
class Relocated:
    """The place changed and the level did not; the place is the event's `site`."""

    TYPE: ClassVar[str] = "relocated"


@attrs.frozen(order=False, kw_only=True)
class LeaveStarted:
    """The person went on leave; the level is kept for the return.

    Attributes:
        kind: One of `LEAVE_KINDS`; `None` if not told.
        expected_return: When the person is expected back.
    """

    TYPE: ClassVar[str] = "leave-started"
    kind: str | None = None
    expected_return: When | None = attrs.field(default=None, converter=optional_moment)


@attrs.frozen(order=False, kw_only=True)
class Returned:
    """The person came back from leave.

    Attributes:
        level: The level returned to; `None` is the one that was left.
    """

    TYPE: ClassVar[str] = "returned"
    level: str | None = None


@attrs.frozen(order=False, kw_only=True)
class ServiceStarted:
    """A service beside the level began: a recovery residence, medication inside a program.

    Attributes:
        service_id: Its id within the episode.
        service: What it is.
        ends_with_episode: Whether it ends when the episode does.
    """

    TYPE: ClassVar[str] = "service-started"
    service_id: str
    service: Coding
    ends_with_episode: bool = True


@attrs.frozen(order=False, kw_only=True)
class ServiceEnded:
    """A service beside the level ended.

    Attributes:
        service_id: Its id within the episode.
    """

    TYPE: ClassVar[str] = "service-ended"
    service_id: str


@attrs.frozen(order=False, kw_only=True)
class Discharged:
    """The episode ended; the reason is the event's `reason_code`.

    Attributes:
        kind: The kind of discharge, as in `planned` or `against-advice`.
        last_contact: When the person was last seen.
        destination: Where the person went, coded.
        administrative_at: When the papers were closed, where that was another day.
    """

    TYPE: ClassVar[str] = "discharged"
    kind: str
    last_contact: When | None = attrs.field(default=None, converter=optional_moment)
    destination: str | None = None
    administrative_at: When | None = attrs.field(default=None, converter=optional_moment)


@attrs.frozen(order=False, kw_only=True)
class EnteredInError:
    """The whole episode should never have been recorded."""

    TYPE: ClassVar[str] = "entered-in-error"


@attrs.frozen(order=False, kw_only=True)
class LegalStatusRecorded:
    """On what legal ground the person is in care, from now on.

    Attributes:
        status: `voluntary`, `involuntary` or `court-ordered`.
        until: When it lapses; `None` if not told.
    """

    TYPE: ClassVar[str] = "legal-status"
    status: str
    until: When | None = attrs.field(default=None, converter=optional_moment)


@attrs.frozen(order=False, kw_only=True)
class ReturnToUse:
    """The person used again. It asks for reassessment; it never ends care by itself.

    Attributes:
        substance: What was used, coded; `None` if not told.
    """

    TYPE: ClassVar[str] = "return-to-use"
    substance: Coding | None = attrs.field(default=None, repr=False)


def _pairs(value: Mapping[str, str] | tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


@attrs.frozen(order=False, kw_only=True)
class ProgramAdopted:
    """From now on the episode is judged by this program version.

    Attributes:
        program: The program, version and digest.
        level_map: Old level code and new, for levels whose code changed.
    """

    TYPE: ClassVar[str] = "program-adopted"
    program: ProgramRef
    level_map: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_pairs)

    def __attrs_post_init__(self) -> None:
        an_instance("program", self.program, ProgramRef, "a `ProgramRef`, as `Program.ref`")


@attrs.frozen(order=False, kw_only=True)
class PatientsMerged:
    """Another patient turned out to be this one; both histories stay as they are.

    Attributes:
        patient_id: The other patient.
    """

    TYPE: ClassVar[str] = "patients-merged"
    patient_id: str = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        a_text("patient_id", self.patient_id)


@attrs.frozen(order=False, kw_only=True)
class PatientsUnmerged:
    """The merge with another patient was a mistake.

    Attributes:
        patient_id: The other patient.
    """

    TYPE: ClassVar[str] = "patients-unmerged"
    patient_id: str = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        a_text("patient_id", self.patient_id)


Change: TypeAlias = (
    Referred
    | Waitlisted
    | Cancelled
    | Admitted
    | LevelPlaced
    | Unplaced
    | Moved
    | Relocated
    | LeaveStarted
    | Returned
    | ServiceStarted
    | ServiceEnded
    | MoveProposed
    | MoveAccepted
    | MoveDeclined
    | MoveWithdrawn
    | Discharged
    | EnteredInError
    | LegalStatusRecorded
    | ReturnToUse
    | PlacementReviewed
    | ProgramAdopted
)
"""A fact about an episode of care."""


@attrs.frozen(order=False, kw_only=True)
class Corrected:
    """An earlier event was wrong; it stays recorded, and what is given here is believed instead.

    Attributes:
        event_id: The event it corrects.
        occurred_at: When it truly happened; `None` leaves it.
        body: What truly happened, or the record as it should have been; `None` leaves it.
    """

    TYPE: ClassVar[str] = "corrected"
    event_id: str
    occurred_at: When | None = attrs.field(default=None, converter=optional_moment)
    body: Change | RecordBody | None = None


@attrs.frozen(order=False, kw_only=True)
class Retracted:
    """An earlier event did not happen; it stays recorded and is no longer believed.

    Attributes:
        event_id: The event it retracts; a correction or a retraction can be retracted too.
    """

    TYPE: ClassVar[str] = "retracted"
    event_id: str


Amendment: TypeAlias = Corrected | Retracted
"""What is said of an earlier event."""

Body: TypeAlias = (
    Change | RecordBody | Amendment | Decided | PatientsMerged | PatientsUnmerged | DisclosureLog
)
"""Everything an event can say."""
