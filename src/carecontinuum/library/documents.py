"""The classes of a program file: what may be written where.

What a file says in the shape of the library's own records, as a level of care, is read straight
into these. A name that Python keeps for itself has an underscore here and none in the file.
"""

from datetime import date
from enum import Enum
from typing import TypeAlias

import attrs

from carecontinuum.continuum import (
    STANDARD_DISCHARGE_KINDS,
    AgeGroup,
    DischargeKind,
    DischargeReason,
    LevelOfCare,
    TransitionKind,
)
from carecontinuum.decisions import Verdict
from carecontinuum.programs import Licence, Purpose

__all__ = [
    "FORMAT",
    "CalendarDocument",
    "Codes",
    "ContinuumDocument",
    "EffectiveDocument",
    "FactDocument",
    "FactType",
    "PlacementDocument",
    "PlacementRuleDocument",
    "PolicyDocument",
    "ProgramDocument",
    "RouteDocument",
    "SourceDocument",
    "UngovernedDocument",
    "Weekday",
]

FORMAT = 1
"""The format of program files that this version reads."""

Codes: TypeAlias = str | tuple[str, ...]
"""The code of a level, a list of codes, or `*` for every level."""


class Weekday(Enum):
    """The first day of a week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class FactType(Enum):
    """What values a fact can have."""

    COUNT = "count"
    ORDINAL = "ordinal"
    AGE = "age"
    QUANTITY = "quantity"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"


@attrs.frozen(order=False, kw_only=True)
class EffectiveDocument:
    """When the program applies, whole days in the zone of its calendar.

    Attributes:
        from_: The first day it applies; without it, since ever.
        until: The first day it no longer does; without it, for good.
    """

    from_: date | None = None
    until: date | None = None


@attrs.frozen(order=False, kw_only=True)
class CalendarDocument:
    """How the program counts days and weeks.

    Attributes:
        zone: The IANA time zone of the place of care, as in `America/New_York`.
        week_starts: The first day of the week.
        leave_counts: Whether days on leave count as days at the level.
    """

    zone: str
    week_starts: Weekday = Weekday.MONDAY
    leave_counts: bool = True


@attrs.frozen(order=False, kw_only=True)
class ContinuumDocument:
    """How an episode begins, rests and ends on the map.

    Attributes:
        id: The map's id; the program's own when left out.
        version: The map's version; the program's own when left out.
        entry: The levels an episode may begin at.
        aftercare: The levels that are aftercare; a move to one is of that kind.
        discharge_from: The levels a decided discharge may leave.
        leave_from: The levels a person may go on leave from.
        citations: Where the map comes from.
    """

    id: str | None = None
    version: str | None = None
    entry: Codes = ()
    aftercare: Codes = ()
    discharge_from: Codes = ()
    leave_from: Codes = ()
    citations: tuple[str, ...] = ()


@attrs.frozen(order=False, kw_only=True)
class RouteDocument:
    """Routes from one or several levels to one or several others.

    Every pair of different levels is a route; lists and `*` skip the pairs of a level with itself.

    Attributes:
        from_: The levels the routes leave.
        to: The levels they reach.
        kind: The kind of move; needed across tracks, where no rank says it.
        citation: Why the routes exist.
    """

    from_: Codes
    to: Codes
    kind: TransitionKind | None = None
    citation: str = ""


@attrs.frozen(order=False, kw_only=True)
class SourceDocument:
    """Where a fact is read.

    Attributes:
        kind: The name of a built-in source, as in `days-at-level`.
        asked_of: For `stated`: who would know it, in words.
        within_days: For `returns-to-use`: count only those of the last so many days. For what an
            instrument says: how many days old the assessment may be.
        levels: For `level-elsewhere`, which needs it: the codes of the levels looked for.
        instrument: For what an instrument says, which needs it: the id of a shipped one, or of one
            that is given when the file is read.
        total: For `instrument-score` and `instrument-change`: the id of a total; `total` when left
            out.
        banding: For `instrument-band`, which needs it: the id of a banding.
        weeks: For `hours-received` and `hours-fit-level`: how many whole weeks; 1 when left out.
        age_group: For `hours-fit-level`: whose band, where a level has several; adults' when left
            out.
    """

    kind: str
    asked_of: str | None = None
    within_days: int | None = None
    levels: tuple[str, ...] | None = None
    instrument: str | None = None
    total: str | None = None
    banding: str | None = None
    weeks: int | None = None
    age_group: AgeGroup | None = None


@attrs.frozen(order=False, kw_only=True)
class FactDocument:
    """A fact that rules may name.

    Attributes:
        id: Its name in rules: small letters, digits and underscores.
        type: What values it can have.
        title: Its words for a reader.
        citation: Where its definition comes from.
        must_assess: Whether a decision waits for it even where logic no longer needs it.
        lo: For a number: the least value; 0 when left out.
        hi: For a number: the greatest value.
        unit: For a count or an ordinal: what is counted; for a quantity, which needs one, its UCUM
            code, as in `h`.
        anchors: For an ordinal: the words of each step from `lo` upwards.
        codes: For a choice: the codes it can have; any text when left out.
        source: Where it is read: a source's name or a table; `stated` when left out.
    """

    id: str
    type: FactType
    title: str = ""
    citation: str = ""
    must_assess: bool = False
    lo: float | None = None
    hi: float | None = None
    unit: str | None = None
    anchors: tuple[str, ...] | None = None
    codes: tuple[str, ...] | None = None
    source: str | SourceDocument = "stated"


@attrs.frozen(order=False, kw_only=True)
class PolicyDocument:
    """A policy made of a rule; it has either `requires` or `forbids`.

    Attributes:
        id: Its id, unique in the program.
        version: Its version.
        on: The kinds of move it judges; every kind when left out.
        requires: A rule's text: permits where it holds, forbids where it does not.
        forbids: A rule's text: forbids where it holds, permits where it does not.
        says: Its words; the rule's own text when left out.
        citation: Where its rule comes from.
        applies: A rule's text: the policy has nothing to say where it does not hold.
        overridable_by: The roles that may override it.
    """

    id: str
    citation: str
    version: str = "1"
    on: tuple[TransitionKind, ...] | None = None
    requires: str | None = None
    forbids: str | None = None
    says: str = ""
    applies: str | None = None
    overridable_by: tuple[str, ...] = ()


@attrs.frozen(order=False, kw_only=True)
class PlacementRuleDocument:
    """A rule that speaks for a level of care.

    Attributes:
        id: Its id, unique among the rules.
        level: The code of the level.
        when: The rule's text: what must hold.
        says: Its words; the rule's own text when left out.
        citation: Where it comes from.
    """

    id: str
    level: str
    when: str
    citation: str
    says: str = ""


@attrs.frozen(order=False, kw_only=True)
class PlacementDocument:
    """The rules by which a level of care is recommended; their order changes nothing.

    Attributes:
        id: The criteria's id; the program's own when left out.
        version: Their version; the program's own when left out.
        default: The level recommended when no rule of its track can hold; none when left out.
        consecutive_reviews: How many placement reviews in a row must have found a lower level
            before a step down or aftercare; 0 asks for none.
        effective: When they apply.
        licence: The licence of what is not one's own.
        citations: Where they come from.
        rules: The rules.
    """

    id: str | None = None
    version: str | None = None
    default: str | None = None
    consecutive_reviews: int = 2
    effective: EffectiveDocument = EffectiveDocument()
    licence: Licence | None = None
    citations: tuple[str, ...] = ()
    rules: tuple[PlacementRuleDocument, ...]


@attrs.frozen(order=False, kw_only=True)
class UngovernedDocument:
    """The answer where no policy has anything to say, in all or for a kind of move.

    Attributes:
        default: For every kind that is not named.
        refer: For a referral.
        waitlist: For a place on the waiting list.
        cancel: For the end of an episode before admission.
        admit: For an admission.
        place: For the first level of a person admitted without one.
        step_up: For a move to more intensive care.
        step_down: For a move to less intensive care.
        lateral: For a move to care of the same intensity.
        aftercare: For a move to aftercare.
        leave: For a leave.
        return_: For a return from leave.
        discharge: For a discharge.
    """

    default: Verdict
    refer: Verdict | None = None
    waitlist: Verdict | None = None
    cancel: Verdict | None = None
    admit: Verdict | None = None
    place: Verdict | None = None
    step_up: Verdict | None = None
    step_down: Verdict | None = None
    lateral: Verdict | None = None
    aftercare: Verdict | None = None
    leave: Verdict | None = None
    return_: Verdict | None = None
    discharge: Verdict | None = None


@attrs.frozen(order=False, kw_only=True)
class ProgramDocument:
    """A program file, whole.

    Attributes:
        format: The format of the file; this version reads 1.
        id: The program's id.
        version: Its version.
        title: Its words.
        purpose: Care, or a vocabulary only.
        notice: What every reader must be told.
        citations: Where it comes from.
        effective: When it applies.
        calendar: How it counts days and weeks.
        licence: The licence of what is not its own.
        continuum: How an episode begins, rests and ends on the map.
        levels: The levels of care, in the order they are shown.
        routes: The ways between them.
        discharge_kinds: The kinds of discharge; the standard ones when left out.
        discharge_reasons: The coded reasons for discharge; any code when left out.
        facts: The facts that rules may name.
        policies: The policies; their order changes no verdict.
        placement: The rules by which a level is recommended; it recommends none when left out.
        when_ungoverned: The answer where no policy has anything to say.
    """

    format: int
    id: str
    version: str
    title: str = ""
    purpose: Purpose = Purpose.CARE
    notice: str = ""
    citations: tuple[str, ...] = ()
    effective: EffectiveDocument = EffectiveDocument()
    calendar: CalendarDocument
    licence: Licence | None = None
    continuum: ContinuumDocument = ContinuumDocument()
    levels: tuple[LevelOfCare, ...]
    routes: tuple[RouteDocument, ...] = ()
    discharge_kinds: tuple[DischargeKind, ...] = STANDARD_DISCHARGE_KINDS
    discharge_reasons: tuple[DischargeReason, ...] = ()
    facts: tuple[FactDocument, ...] = ()
    policies: tuple[PolicyDocument, ...] = ()
    placement: PlacementDocument | None = None
    when_ungoverned: UngovernedDocument
