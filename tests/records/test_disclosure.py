"""What a disclosure is asked with: parties, requests, claimed exemptions."""

from typing import Any

import pytest

from carecontinuum.records import (
    Consent,
    ConsentPurpose,
    DisclosureRequest,
    Exemption,
    ExemptionClaimed,
    NoConsent,
    Party,
    RecordInvalid,
    RecordKind,
)
from recorded import CLAIM, PARTY, REQUEST, consent, problems


def request(**changes: Any) -> DisclosureRequest:
    """Make a request with changes."""
    given: dict[str, Any] = {
        "episode_ids": ("e-1",),
        "scope": {RecordKind.ASSESSMENTS},
        "recipient": PARTY,
        "discloser": PARTY,
        "purpose": ConsentPurpose.TREATMENT,
    }
    return DisclosureRequest(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"episode_ids": ()}, ("episode_ids", "empty")),
        ({"episode_ids": ("a", "b", "a")}, ("episode_ids[2].id", "repeated")),
        ({"episode_ids": "e-1"}, ("episode_ids", "not-a-tuple")),
        ({"episode_ids": ({},)}, ("episode_ids[0]", "empty")),
        ({"scope": "assessments"}, ("scope", "not-a-set")),
        ({"scope": 5}, ("scope", "not-a-set")),
        ({"recipient": "Dr. Invented"}, ("recipient", "wrong-type")),
        ({"discloser": None}, ("discloser", "wrong-type")),
        ({"scope": ()}, ("scope", "empty")),
        ({"scope": ("notes",)}, ("scope", "unknown-value")),
        ({"purpose": "treatment"}, ("purpose", "unknown-value")),
    ],
)
def test_a_request_must_say_what_it_is(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    """Episodes, kinds of records and a purpose are named, each once and each known."""
    with pytest.raises(RecordInvalid) as caught:
        request(**changes)
    assert list(problems(caught.value)) == [expected]


def test_a_scope_is_a_set() -> None:
    """The order in which kinds are named does not matter."""
    kinds = [RecordKind.NOTES, RecordKind.INTAKES]
    assert request(scope=kinds) == request(scope=reversed(kinds))
    assert consent(scope=kinds).scope == frozenset(kinds)


def test_a_consent_covers_known_kinds() -> None:
    """A word of one's own is no kind of record."""
    with pytest.raises(RecordInvalid) as caught:
        consent(scope=("everything",))
    assert list(problems(caught.value)) == [("scope", "unknown-value")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": " "}, ("name", "empty")),
        ({"name": "a", "classes": ("",)}, ("classes[0]", "empty")),
        ({"name": "a", "classes": "doctors"}, ("classes", "not-a-tuple")),
        ({"name": "a", "classes": None}, ("classes", "not-a-tuple")),
    ],
)
def test_a_party_has_a_name(given: dict[str, Any], expected: tuple[str, str]) -> None:
    """Neither the name nor a class may say nothing, as it would match what a consent leaves out."""
    with pytest.raises(RecordInvalid) as caught:
        Party(**given)
    assert list(problems(caught.value)) == [expected]


def test_a_claim_names_a_known_exemption() -> None:
    """There are no others."""
    with pytest.raises(RecordInvalid) as caught:
        ExemptionClaimed(exemption="curiosity", no_consent="lost")  # type: ignore[arg-type]
    assert list(problems(caught.value)) == [
        ("exemption", "unknown-value"),
        ("no_consent", "unknown-value"),
    ]


def test_what_a_claim_lacks() -> None:
    """An emergency asks for more than the others."""
    assert CLAIM.lacking == ()
    bare = ExemptionClaimed(exemption=Exemption.MEDICAL_EMERGENCY)
    assert bare.lacking == ("justification", "no_consent", "affiliation")
    assert ExemptionClaimed(exemption=Exemption.RESEARCH).lacking == ("justification",)
    assert REQUEST.scope == {RecordKind.ASSESSMENTS, RecordKind.NOTES}


@pytest.mark.parametrize(
    ("exemption", "citation"),
    [
        (Exemption.MEDICAL_EMERGENCY, "42 CFR 2.51"),
        (Exemption.RESEARCH, "42 CFR 2.52"),
        (Exemption.AUDIT_AND_EVALUATION, "42 CFR 2.53"),
        (Exemption.WITHIN_THE_PROGRAM, "42 CFR 2.12(c)(3)"),
        (Exemption.QUALIFIED_SERVICE_ORGANIZATION, "42 CFR 2.12(c)(4)"),
        (Exemption.CRIME_ON_PREMISES_OR_STAFF, "42 CFR 2.12(c)(5)"),
        (Exemption.CHILD_ABUSE_REPORT, "42 CFR 2.12(c)(6)"),
        (Exemption.COURT_ORDER, "42 CFR 2.64, 2.65"),
    ],
)
def test_where_an_exemption_is_written(exemption: Exemption, citation: str) -> None:
    """Each has its section."""
    assert exemption.citation == citation


def test_stored_codes_stay() -> None:
    """Histories hold these words, so none of them ever changes."""
    assert [one.value for one in Exemption] == [
        "medical-emergency",
        "research",
        "audit-and-evaluation",
        "within-the-program",
        "qualified-service-organization",
        "crime-on-premises-or-staff",
        "child-abuse-report",
        "court-order",
    ]
    assert [one.value for one in NoConsent] == [
        "not-obtainable",
        "program-closed-in-a-declared-disaster",
    ]
    assert [one.value for one in RecordKind] == [
        "patient",
        "course-of-care",
        "placement-reviews",
        "legal-status",
        "returns-to-use",
        "intakes",
        "assessments",
        "treatment-plans",
        "relapse-prevention-plans",
        "aftercare-plans",
        "attendance",
        "authorizations",
        "consents",
        "notes",
    ]


def test_a_list_is_taken_as_it_is_now() -> None:
    """What somebody does to a list later changes no request, no party and no consent."""
    ids, classes, names = ["e-1"], ["doctors"], ["Somebody"]
    asked = request(episode_ids=ids)
    party = Party(name="a", classes=classes)
    given = Consent(id="c-1", recipients=names)
    for values in (ids, classes, names):
        values.append("more")
    assert asked.episode_ids == ("e-1",)
    assert party.classes == ("doctors",)
    assert given.recipients == ("Somebody",)


@pytest.mark.parametrize("name", ["justification", "affiliation"])
def test_what_is_claimed_is_a_text(name: str) -> None:
    """A number justifies nothing."""
    with pytest.raises(RecordInvalid) as caught:
        ExemptionClaimed(exemption=Exemption.RESEARCH, **{name: 5})  # type: ignore[arg-type]
    assert [(one.path, one.code) for one in caught.value.problems] == [(name, "wrong-type")]
