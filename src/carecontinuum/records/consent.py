"""Consent to disclose substance-use records: the elements that 42 CFR 2.31 asks for."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from typing import cast

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Actor, actor
from carecontinuum.records.checking import (
    a_day,
    a_member,
    a_text,
    in_order,
    refuse,
    says_something,
    several,
    texts,
)

__all__ = [
    "Consent",
    "ConsentPurpose",
    "GrantorKind",
    "RecordKind",
    "kinds_problems",
    "record_kinds",
]


class GrantorKind(Enum):
    """Who gives a consent."""

    PATIENT = "patient"
    PARENT = "parent"
    GUARDIAN = "guardian"
    COURT = "court"


class ConsentPurpose(Enum):
    """What records may be disclosed for."""

    TREATMENT_PAYMENT_OPERATIONS = "treatment-payment-operations"
    TREATMENT = "treatment"
    PAYMENT = "payment"
    OPERATIONS = "operations"
    PATIENT_REQUEST = "patient-request"
    LEGAL_PROCEEDINGS = "legal-proceedings"
    OTHER = "other"


class RecordKind(Enum):
    """Kinds of records that a disclosure can be limited to; codes of our own."""

    PATIENT = "patient"
    COURSE_OF_CARE = "course-of-care"
    PLACEMENT_REVIEWS = "placement-reviews"
    LEGAL_STATUS = "legal-status"
    RETURNS_TO_USE = "returns-to-use"
    INTAKES = "intakes"
    ASSESSMENTS = "assessments"
    TREATMENT_PLANS = "treatment-plans"
    RELAPSE_PREVENTION_PLANS = "relapse-prevention-plans"
    AFTERCARE_PLANS = "aftercare-plans"
    ATTENDANCE = "attendance"
    AUTHORIZATIONS = "authorizations"
    CONSENTS = "consents"
    NOTES = "notes"


def record_kinds(value: Iterable[RecordKind]) -> frozenset[RecordKind]:
    """Take kinds of records, each once; what cannot be some is for `kinds_problems`."""
    given = cast("object", value)
    is_some = isinstance(given, Iterable) and not isinstance(given, str)
    return frozenset(value) if is_some else cast("frozenset[RecordKind]", value)


def kinds_problems(path: str, kinds: object) -> Iterator[Problem]:
    """Take a set of kinds of records."""
    if not isinstance(kinds, frozenset):
        says = "kinds of records are needed, as in `{RecordKind.ASSESSMENTS}`"
        yield Problem(path, "not-a-set", says)
        return
    for kind in cast("frozenset[object]", kinds):
        yield from a_member(path, kind, RecordKind)


@attrs.frozen(order=False, kw_only=True)
class Consent:
    """A consent as it was written, complete or not; `lacking` names what it does not say.

    Attributes:
        id: Its id; never shown in a repr.
        patient: The patient's name or id as it stands there; never shown in a repr.
        grantor: What the person who gave it is.
        granted_by: The person who gave it; `None` if not told. Never shown in a repr.
        disclosers: Who may disclose, by name or by class; never shown in a repr.
        what: What may be disclosed, specifically; never shown in a repr.
        recipients: To whom, by name or by class; never shown in a repr.
        intermediary: The exchange it passes through; empty for none. Never shown in a repr.
        participants: Whom the intermediary may give it to; never shown in a repr.
        purpose: What for.
        counselling_notes: Whether it is for counselling notes, which need a consent of their own.
        tells_of_revocation: Whether it tells of the right to revoke it, and how.
        tells_of_redisclosure: Whether it tells that a recipient may pass records on.
        signed_on: The day it was signed; `None` if it was not. Never shown in a repr.
        expires_on: The last day it holds; `None` if no day is set. Never shown in a repr.
        expires_when: The event it ends with, in words; empty for none. Never shown in a repr.
        never_expires: Whether it says that it ends with nothing.
        expired_on: The day on which that event came; `None` if it has not. Never in a repr.
        revoked_on: The day it was revoked; `None` if it was not. Never shown in a repr.
        scope: The kinds of records that `what` comes to, which is what the consent gate compares;
            empty where it is in words only, and then no gate opens on it. Never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.
    """

    id: str = attrs.field(repr=False)
    patient: str = attrs.field(default="", repr=False)
    grantor: GrantorKind = GrantorKind.PATIENT
    granted_by: Actor | None = attrs.field(
        default=None, converter=attrs.converters.optional(actor), repr=False
    )
    disclosers: tuple[str, ...] = attrs.field(default=(), converter=texts, repr=False)
    what: str = attrs.field(default="", repr=False)
    recipients: tuple[str, ...] = attrs.field(default=(), converter=texts, repr=False)
    intermediary: str = attrs.field(default="", repr=False)
    participants: tuple[str, ...] = attrs.field(default=(), converter=texts, repr=False)
    purpose: ConsentPurpose | None = None
    counselling_notes: bool = False
    tells_of_revocation: bool = False
    tells_of_redisclosure: bool = False
    signed_on: date | None = attrs.field(default=None, repr=False)
    expires_on: date | None = attrs.field(default=None, repr=False)
    expires_when: str = attrs.field(default="", repr=False)
    never_expires: bool = False
    expired_on: date | None = attrs.field(default=None, repr=False)
    revoked_on: date | None = attrs.field(default=None, repr=False)
    scope: frozenset[RecordKind] = attrs.field(
        default=frozenset(), converter=record_kinds, repr=False
    )

    def __attrs_post_init__(self) -> None:
        refuse("the consent", _problems(self))

    @property
    def lacking(self) -> tuple[str, ...]:
        """The elements that it should have and does not; empty for a complete one."""
        return tuple(_lacking(self))

    def is_in_force(self, day: date) -> bool:
        """Tell whether records may be disclosed on it on a day.

        It holds from the day it was signed to its last day. From the day it is revoked, or on which
        the event came that it ends with, it holds no longer. One that lacks an element never does.
        """
        if self.lacking or self.signed_on is None or day < self.signed_on:
            return False
        ends = [end for end in (self.revoked_on, self.expired_on) if end is not None]
        over = self.expires_on is not None and self.expires_on < day
        return not over and all(day < end for end in ends)


_NEEDED = ("patient", "granted_by", "disclosers", "what", "recipients", "purpose", "signed_on")


def _lacking(consent: Consent) -> Iterator[str]:
    for name in _NEEDED:
        if not says_something(getattr(consent, name)):
            yield name
    if consent.intermediary and not says_something(consent.participants):
        yield "participants"
    ends = (consent.expires_on, consent.expires_when, consent.never_expires)
    if not any(map(says_something, ends)):
        yield "expires_on"
    if not consent.tells_of_revocation:
        yield "tells_of_revocation"
    if consent.purpose in _PASSED_ON and not consent.tells_of_redisclosure:
        yield "tells_of_redisclosure"


_PASSED_ON = (
    ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS,
    ConsentPurpose.TREATMENT,
    ConsentPurpose.PAYMENT,
    ConsentPurpose.OPERATIONS,
)
_DAYS = ("signed_on", "expires_on", "expired_on", "revoked_on")


def _problems(consent: Consent) -> Iterator[Problem]:
    yield from a_text("id", consent.id)
    yield from a_member("grantor", consent.grantor, GrantorKind)
    if consent.purpose is not None:
        yield from a_member("purpose", consent.purpose, ConsentPurpose)
    for name in ("disclosers", "recipients", "participants"):
        yield from several(name, getattr(consent, name), blank=True)
    yield from kinds_problems("scope", consent.scope)
    for key in _DAYS:
        yield from a_day(key, getattr(consent, key))
    yield from _end_problems(consent)


def _end_problems(consent: Consent) -> Iterator[Problem]:
    if consent.never_expires and (consent.expires_on or consent.expires_when):
        says = "it ends with nothing, and with something"
        yield Problem("never_expires", "contradiction", says)
    if consent.never_expires and consent.purpose not in (None, *_PASSED_ON):
        says = "only a consent for treatment, payment and operations may end with nothing"
        yield Problem("never_expires", "needs-an-end", says)
    if consent.expired_on is not None and not consent.expires_when:
        yield Problem("expired_on", "no-event", "`expires_when` says with what it ends")
    for key in ("expires_on", "expired_on", "revoked_on"):
        says = "it ended before it was signed"
        yield from in_order(key, consent.signed_on, getattr(consent, key), says)
