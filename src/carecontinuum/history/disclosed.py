"""The log of disclosures: what was told to whom on what ground, and what was not told, and why.

Neither entry is ever amended: what was told stays told, and what was refused was refused.
"""

from enum import Enum
from typing import ClassVar, TypeAlias, get_args

import attrs

from carecontinuum.records import DisclosureRequest, Exemption, ExemptionClaimed

__all__ = [
    "DISCLOSURE_LOG",
    "Disclosed",
    "DisclosureGround",
    "DisclosureLog",
    "NotDisclosed",
    "WhyNot",
    "WhyNotCode",
]


class DisclosureGround(Enum):
    """On what ground records were told."""

    CONSENT = "consent"
    EXEMPTION = "exemption"
    NOT_PART_2 = "not-part-2"


class WhyNotCode(Enum):
    """Why records are not told, coded; our own codes."""

    NO_SUCH_EPISODE = "no-such-episode"
    ENTERED_IN_ERROR = "entered-in-error"
    MERGED_RECORD_MISSING = "merged-record-missing"
    EXEMPTION_INCOMPLETE = "exemption-incomplete"
    NOT_WITHIN_THE_PROGRAM = "not-within-the-program"
    LEGAL_PROCEEDINGS = "legal-proceedings"
    NOTES_NEED_THEIR_OWN = "notes-need-their-own"
    NO_CONSENT = "no-consent"
    NO_SUCH_CONSENT = "no-such-consent"
    LACKS_ELEMENTS = "lacks-elements"
    NOT_SIGNED_YET = "not-signed-yet"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ANOTHER_PATIENT = "another-patient"
    ANOTHER_EPISODE = "another-episode"
    OTHER_DISCLOSER = "other-discloser"
    OTHER_RECIPIENT = "other-recipient"
    OTHER_PURPOSE = "other-purpose"
    PURPOSE_IN_WORDS = "purpose-in-words"
    OTHER_SCOPE = "other-scope"
    SCOPE_IN_WORDS = "scope-in-words"


@attrs.frozen(order=False, kw_only=True)
class WhyNot:
    """One reason why records are not told.

    Attributes:
        code: The reason.
        consent_id: The consent that it speaks of; `None` for the request as a whole. Never shown in
            a repr.
        lacking: The elements that a consent or a claimed exemption lacks.
    """

    code: WhyNotCode
    consent_id: str | None = attrs.field(default=None, repr=False)
    lacking: tuple[str, ...] = ()


@attrs.frozen(order=False, kw_only=True)
class Disclosed:
    """Records were cleared to be told, and count as told from then on.

    Attributes:
        request: Who was told what, by whom and what for.
        consent_id: The consent; `None` where there was another ground. Never shown in a repr.
        exemption: The exemption claimed; `None` where there was another ground.
        digest: The digest of the document that was told; never shown in a repr.
    """

    TYPE: ClassVar[str] = "disclosed"
    request: DisclosureRequest
    consent_id: str | None = attrs.field(default=None, repr=False)
    exemption: ExemptionClaimed | None = None
    digest: str = attrs.field(default="", repr=False)

    @property
    def ground(self) -> DisclosureGround:
        """On what ground: neither a consent nor an exemption is needed outside Part 2."""
        if self.consent_id is not None:
            return DisclosureGround.CONSENT
        if self.exemption is not None:
            return DisclosureGround.EXEMPTION
        return DisclosureGround.NOT_PART_2

    @property
    def is_within_the_program(self) -> bool:
        """Whether it was a use within the program, which is logged and is no disclosure."""
        within = Exemption.WITHIN_THE_PROGRAM
        return self.exemption is not None and self.exemption.exemption is within


@attrs.frozen(order=False, kw_only=True)
class NotDisclosed:
    """Records were asked for and not told.

    Attributes:
        request: Who would have been told what, by whom and what for.
        reasons: Why not; one at least.
        consent_id: The one consent that was to be looked at; `None` for any. Never shown in a repr.
        exemption: The exemption claimed; `None` if none was.
    """

    TYPE: ClassVar[str] = "not-disclosed"
    request: DisclosureRequest
    reasons: tuple[WhyNot, ...]
    consent_id: str | None = attrs.field(default=None, repr=False)
    exemption: ExemptionClaimed | None = None


DisclosureLog: TypeAlias = Disclosed | NotDisclosed
"""An entry of the log of disclosures."""

DISCLOSURE_LOG: frozenset[type] = frozenset(get_args(DisclosureLog))
"""The classes of both."""
