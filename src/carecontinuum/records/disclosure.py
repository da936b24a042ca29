"""What somebody asks to be told of a patient, and on which exemption from consent."""

from collections.abc import Iterable, Iterator
from enum import Enum

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.records.checking import (
    a_member,
    a_text,
    each_once,
    refuse,
    says_something,
    several,
    texts,
)
from carecontinuum.records.consent import (
    ConsentPurpose,
    RecordKind,
    kinds_problems,
    record_kinds,
)

__all__ = [
    "DisclosureRequest",
    "Exemption",
    "ExemptionClaimed",
    "NoConsent",
    "Party",
]


class Exemption(Enum):
    """The grounds on which records may be told without consent, as the library knows them.

    Whether a ground's conditions are met is for whoever claims it to judge and to justify.
    """

    MEDICAL_EMERGENCY = "medical-emergency"
    RESEARCH = "research"
    AUDIT_AND_EVALUATION = "audit-and-evaluation"
    WITHIN_THE_PROGRAM = "within-the-program"
    QUALIFIED_SERVICE_ORGANIZATION = "qualified-service-organization"
    CRIME_ON_PREMISES_OR_STAFF = "crime-on-premises-or-staff"
    CHILD_ABUSE_REPORT = "child-abuse-report"
    COURT_ORDER = "court-order"

    @property
    def citation(self) -> str:
        """Where the exemption is written."""
        return _CITATIONS[self]


_CITATIONS = {
    Exemption.MEDICAL_EMERGENCY: "42 CFR 2.51",
    Exemption.RESEARCH: "42 CFR 2.52",
    Exemption.AUDIT_AND_EVALUATION: "42 CFR 2.53",
    Exemption.WITHIN_THE_PROGRAM: "42 CFR 2.12(c)(3)",
    Exemption.QUALIFIED_SERVICE_ORGANIZATION: "42 CFR 2.12(c)(4)",
    Exemption.CRIME_ON_PREMISES_OR_STAFF: "42 CFR 2.12(c)(5)",
    Exemption.CHILD_ABUSE_REPORT: "42 CFR 2.12(c)(6)",
    Exemption.COURT_ORDER: "42 CFR 2.64, 2.65",
}


class NoConsent(Enum):
    """Why there is no consent in a medical emergency."""

    NOT_OBTAINABLE = "not-obtainable"
    PROGRAM_CLOSED = "program-closed-in-a-declared-disaster"


@attrs.frozen(order=False, kw_only=True)
class ExemptionClaimed:
    """An exemption from consent, with why whoever claims it holds that it applies.

    Attributes:
        exemption: The exemption.
        justification: How its conditions are met, in words; in a medical emergency, the nature of
            the emergency. Never shown in a repr.
        no_consent: In a medical emergency, why there is no consent.
        affiliation: In a medical emergency, the health care facility that the recipient belongs to;
            never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.
    """

    exemption: Exemption
    justification: str = attrs.field(default="", repr=False)
    no_consent: NoConsent | None = None
    affiliation: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the exemption claimed", _claim_problems(self))

    @property
    def lacking(self) -> tuple[str, ...]:
        """What must be stated and is not; empty where the claim is complete."""
        needed = ["justification"]
        if self.exemption is Exemption.MEDICAL_EMERGENCY:
            needed += ["no_consent", "affiliation"]
        return tuple(name for name in needed if not says_something(getattr(self, name)))


def _claim_problems(claim: ExemptionClaimed) -> Iterator[Problem]:
    yield from a_member("exemption", claim.exemption, Exemption)
    if claim.no_consent is not None:
        yield from a_member("no_consent", claim.no_consent, NoConsent)
    for name in ("justification", "affiliation"):
        if not isinstance(getattr(claim, name), str):
            yield Problem(name, "wrong-type", "a text is needed")


@attrs.frozen(order=False, kw_only=True)
class Party:
    """Somebody who tells or is told: a person or an organisation, and what it is.

    Names are compared with those in a consent letter for letter.

    Attributes:
        name: The name; never shown in a repr.
        classes: The classes it belongs to, as in `my treating providers`; never shown in a repr.

    Raises:
        RecordInvalid: The name or a class is empty.
    """

    name: str = attrs.field(repr=False)
    classes: tuple[str, ...] = attrs.field(default=(), converter=texts, repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the party", _party_problems(self))

    def is_among(self, names: Iterable[str], *, by_class: bool = True) -> bool:
        """Tell whether names in a consent mean this party; `by_class` if a class is enough."""
        return not {self.name, *(self.classes if by_class else ())}.isdisjoint(names)


def _party_problems(party: Party) -> Iterator[Problem]:
    yield from a_text("name", party.name)
    yield from several("classes", party.classes)


@attrs.frozen(order=False, kw_only=True)
class DisclosureRequest:
    """Who is to be told what about a patient, by whom and what for.

    Attributes:
        episode_ids: The episodes of care whose records are asked for; never shown in a repr.
        scope: The kinds of records asked for; never shown in a repr.
        recipient: Who is to be told.
        discloser: The program that tells.
        purpose: What for.

    Raises:
        RecordInvalid: With every problem found.
    """

    episode_ids: tuple[str, ...] = attrs.field(converter=texts, repr=False)
    scope: frozenset[RecordKind] = attrs.field(converter=record_kinds, repr=False)
    recipient: Party
    discloser: Party
    purpose: ConsentPurpose

    def __attrs_post_init__(self) -> None:
        refuse("the disclosure request", _request_problems(self))


def _request_problems(request: DisclosureRequest) -> Iterator[Problem]:
    if not request.episode_ids:
        yield Problem("episode_ids", "empty", "name the episodes of care")
    wrong = tuple(several("episode_ids", request.episode_ids))
    yield from wrong or each_once("episode_ids", request.episode_ids)
    if not request.scope:
        yield Problem("scope", "empty", "name the kinds of records")
    yield from kinds_problems("scope", request.scope)
    for name in ("recipient", "discloser"):
        if not isinstance(getattr(request, name), Party):
            yield Problem(name, "wrong-type", "a `Party` is needed")
    yield from a_member("purpose", request.purpose, ConsentPurpose)
