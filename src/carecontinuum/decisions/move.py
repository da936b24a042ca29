"""What somebody asks for: a move, said in the words of the field."""

import attrs

from carecontinuum.arguments import an_instance, optional_texts, unicode_text
from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import Site, When, optional_moment

__all__ = [
    "A_MOVE",
    "CONFIDENTIALITIES",
    "Move",
    "admit",
    "aftercare",
    "cancel",
    "discharge",
    "lateral",
    "leave",
    "move",
    "place",
    "refer",
    "return_from_leave",
    "step_down",
    "step_up",
    "waitlist",
]

CONFIDENTIALITIES = ("part2", "standard")
"""How confidential an episode's records are: `part2` under 42 CFR Part 2, else `standard`."""


A_MOVE = "a `Move`, as `step_down(to=...)` gives"
"""What is needed where a move is asked for."""


@attrs.frozen(order=False, kw_only=True)
class Move:
    """A move as it is asked for; the functions of this module make each kind.

    Attributes:
        kind: The kind of move; `None` for a move between levels whose kind the map shall say.
        to: The code of the level to reach; `None` where the kind needs none.
        reason_code: A coded reason.
        note: Free text; never shown in a repr.
        site: Where the care will be given; `None` leaves the place as it is.
        proposal_id: The pending proposal it carries out.
        discharge_kind: For a discharge, its kind, as in `planned`.
        destination: For a discharge, where the person goes, coded.
        last_contact: For a discharge, when the person was last seen.
        leave_kind: For a leave, its kind, as in `pass` or `medical`.
        expected_return: For a leave, when the person is expected back.
        readmission_of: For an admission, the earlier episode it follows.
        confidentiality: For an admission, one of `CONFIDENTIALITIES`; `None` is `part2`.

    Raises:
        WrongArgument: One is of another kind.
    """

    kind: TransitionKind | None = None
    to: str | None = None
    reason_code: str | None = None
    note: str = attrs.field(default="", repr=False)
    site: Site | None = None
    proposal_id: str | None = None
    discharge_kind: str | None = None
    destination: str | None = None
    last_contact: When | None = attrs.field(default=None, converter=optional_moment)
    leave_kind: str | None = None
    expected_return: When | None = attrs.field(default=None, converter=optional_moment)
    readmission_of: str | None = None
    confidentiality: str | None = None

    def __attrs_post_init__(self) -> None:
        optional_texts(self, *_TEXTS)
        unicode_text("note", self.note)
        if self.kind is not None:
            an_instance("kind", self.kind, TransitionKind, "a `TransitionKind`, or `None`")
        if self.site is not None:
            an_instance("site", self.site, Site, "a `Site`, or `None`")


_TEXTS = (
    "to",
    "reason_code",
    "proposal_id",
    "discharge_kind",
    "destination",
    "leave_kind",
    "readmission_of",
    "confidentiality",
)


def step_up(
    *,
    to: str,
    reason_code: str | None = None,
    note: str = "",
    site: Site | None = None,
    proposal_id: str | None = None,
) -> Move:
    """Ask for more intensive care."""
    return Move(
        kind=TransitionKind.STEP_UP,
        to=to,
        reason_code=reason_code,
        note=note,
        site=site,
        proposal_id=proposal_id,
    )


def step_down(
    *,
    to: str,
    reason_code: str | None = None,
    note: str = "",
    site: Site | None = None,
    proposal_id: str | None = None,
) -> Move:
    """Ask for less intensive care."""
    return Move(
        kind=TransitionKind.STEP_DOWN,
        to=to,
        reason_code=reason_code,
        note=note,
        site=site,
        proposal_id=proposal_id,
    )


def lateral(
    *,
    to: str,
    reason_code: str | None = None,
    note: str = "",
    site: Site | None = None,
    proposal_id: str | None = None,
) -> Move:
    """Ask for another level of the same intensity."""
    return Move(
        kind=TransitionKind.LATERAL,
        to=to,
        reason_code=reason_code,
        note=note,
        site=site,
        proposal_id=proposal_id,
    )


def aftercare(
    *,
    to: str,
    reason_code: str | None = None,
    note: str = "",
    site: Site | None = None,
    proposal_id: str | None = None,
) -> Move:
    """Ask for aftercare: a level, not an end."""
    return Move(
        kind=TransitionKind.AFTERCARE,
        to=to,
        reason_code=reason_code,
        note=note,
        site=site,
        proposal_id=proposal_id,
    )


def move(
    *,
    to: str,
    reason_code: str | None = None,
    note: str = "",
    site: Site | None = None,
    proposal_id: str | None = None,
) -> Move:
    """Ask for another level; the map says of which kind the move is."""
    return Move(
        kind=None,
        to=to,
        reason_code=reason_code,
        note=note,
        site=site,
        proposal_id=proposal_id,
    )


def admit(
    *,
    to: str | None = None,
    reason_code: str | None = None,
    note: str = "",
    site: Site | None = None,
    proposal_id: str | None = None,
    readmission_of: str | None = None,
    confidentiality: str | None = None,
) -> Move:
    """Ask for admission, to a level or, with none given, to intake without a level yet.

    The episode is under 42 CFR Part 2 unless `confidentiality` is `standard`.
    """
    return Move(
        kind=TransitionKind.ADMIT,
        to=to,
        reason_code=reason_code,
        note=note,
        site=site,
        proposal_id=proposal_id,
        readmission_of=readmission_of,
        confidentiality=confidentiality,
    )


def place(*, to: str, reason_code: str | None = None, note: str = "") -> Move:
    """Ask for the first level of a person who was admitted without one."""
    return Move(kind=TransitionKind.PLACE, to=to, reason_code=reason_code, note=note)


def discharge(
    kind: str = "planned",
    *,
    reason_code: str | None = None,
    destination: str | None = None,
    last_contact: When | None = None,
    note: str = "",
) -> Move:
    """Ask for the end of the episode; `kind` is one of the continuum's kinds of discharge."""
    return Move(
        kind=TransitionKind.DISCHARGE,
        discharge_kind=kind,
        reason_code=reason_code,
        destination=destination,
        last_contact=last_contact,
        note=note,
    )


def leave(
    kind: str | None = None,
    *,
    expected_return: When | None = None,
    reason_code: str | None = None,
    note: str = "",
) -> Move:
    """Ask for leave; the level is kept for the return."""
    return Move(
        kind=TransitionKind.LEAVE,
        leave_kind=kind,
        expected_return=expected_return,
        reason_code=reason_code,
        note=note,
    )


def return_from_leave(
    *, to: str | None = None, reason_code: str | None = None, note: str = ""
) -> Move:
    """Ask for the return from leave, to the level that was left or to another."""
    return Move(kind=TransitionKind.RETURN, to=to, reason_code=reason_code, note=note)


def refer(*, reason_code: str | None = None, note: str = "") -> Move:
    """Ask for a referral: the episode is planned."""
    return Move(kind=TransitionKind.REFER, reason_code=reason_code, note=note)


def waitlist(*, reason_code: str | None = None, note: str = "") -> Move:
    """Ask for a place on the waiting list."""
    return Move(kind=TransitionKind.WAITLIST, reason_code=reason_code, note=note)


def cancel(*, reason_code: str | None = None, note: str = "") -> Move:
    """Ask for the end of an episode before anybody was admitted."""
    return Move(kind=TransitionKind.CANCEL, reason_code=reason_code, note=note)
