"""Consent: what it must say, and when it holds."""

from datetime import date
from typing import Any

import pytest

from carecontinuum.records import Consent, ConsentPurpose, RecordInvalid
from recorded import MONDAY, consent, problems

SIGNED = date(2031, 3, 3)
OPEN: dict[str, Any] = {"expired_on": None, "revoked_on": None}


def test_what_a_consent_must_say() -> None:
    """An empty form lacks every element, a complete one none."""
    assert Consent(id="c").lacking == (
        "patient",
        "granted_by",
        "disclosers",
        "what",
        "recipients",
        "purpose",
        "signed_on",
        "expires_on",
        "tells_of_revocation",
    )
    assert consent().lacking == ()
    assert consent(participants=()).lacking == ("participants",)
    assert consent(participants=(" ",)).lacking == ("participants",)
    assert consent(recipients=("", " ")).lacking == ("recipients",)
    assert consent(tells_of_redisclosure=False).lacking == ("tells_of_redisclosure",)
    asked = consent(tells_of_redisclosure=False, purpose=ConsentPurpose.PATIENT_REQUEST)
    assert asked.lacking == ()


@pytest.mark.parametrize(
    ("changes", "day", "holds"),
    [
        (OPEN, date(2031, 3, 2), False),
        (OPEN, SIGNED, True),
        (OPEN, date(2040, 1, 1), True),
        ({**OPEN, "revoked_on": date(2031, 8, 1)}, date(2031, 7, 31), True),
        ({**OPEN, "revoked_on": date(2031, 8, 1)}, date(2031, 8, 1), False),
        ({**OPEN, "expired_on": date(2031, 9, 1)}, date(2031, 8, 31), True),
        ({**OPEN, "expired_on": date(2031, 9, 1)}, date(2031, 9, 1), False),
        ({**OPEN, "expires_on": date(2031, 12, 31)}, date(2031, 12, 31), True),
        ({**OPEN, "expires_on": date(2031, 12, 31)}, date(2032, 1, 1), False),
        ({**OPEN, "expires_when": "", "never_expires": True}, date(2099, 1, 1), True),
        ({**OPEN, "what": ""}, SIGNED, False),
    ],
)
def test_when_a_consent_holds(changes: dict[str, Any], day: date, *, holds: bool) -> None:
    """It holds from its signature to its end, and not from the day it is revoked."""
    assert consent(**changes).is_in_force(day) is holds


def test_an_unsigned_consent_never_holds() -> None:
    """Without a signature there is no consent."""
    assert not consent(signed_on=None).is_in_force(SIGNED)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"id": "", "grantor": "court", "purpose": "tpo", "signed_on": MONDAY},
            [
                ("id", "empty"),
                ("grantor", "unknown-value"),
                ("purpose", "unknown-value"),
                ("signed_on", "not-a-day"),
            ],
        ),
        ({"never_expires": True}, [("never_expires", "contradiction")]),
        (
            {
                "never_expires": True,
                "expires_when": "",
                "purpose": ConsentPurpose.LEGAL_PROCEEDINGS,
            },
            [("never_expires", "needs-an-end"), ("expired_on", "no-event")],
        ),
        (
            {
                "expires_on": date(2031, 3, 2),
                "expired_on": date(2031, 3, 2),
                "revoked_on": date(2031, 3, 2),
            },
            [("expires_on", "backwards"), ("expired_on", "backwards"), ("revoked_on", "backwards")],
        ),
    ],
)
def test_a_consent_that_contradicts_itself(changes: dict[str, Any], told: object) -> None:
    """An end before the beginning, two ends that exclude each other, and misfits are told."""
    with pytest.raises(RecordInvalid) as caught:
        consent(**changes)
    assert list(problems(caught.value)) == told
