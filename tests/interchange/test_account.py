"""What was not understood: nothing is dropped in silence, and nothing is told of a patient."""

import json
from typing import Any

import pytest
from bundles import bundle, concept, encounter, episode, patient, status
from importing import imported, only, passed, problems, read

from carecontinuum.interchange.fhir import r4

NOT_READ = "element not read"


def test_elements_are_counted_by_path() -> None:
    """Elements that are not read are counted by their path, however deep they stand."""
    subject = {"reference": "Patient/kim-sample", "display": "Kim Sample"}
    types = [{**concept("H0015"), "text": "evenings"}]
    types[0]["coding"][0]["userSelected"] = True
    found = read(encounter("a", "", "2026-01-06", "2026-01-06", subject=subject, type=types))
    assert passed(found) == {
        ("Encounter.class", NOT_READ): 1,
        ("Encounter.subject.display", NOT_READ): 1,
        ("Encounter.type.text", NOT_READ): 1,
        ("Encounter.type.coding.userSelected", NOT_READ): 1,
    }


def test_a_bundles_own_elements_are_counted() -> None:
    """What a bundle says beside its resources is counted, and so are bundles inside it."""
    inner = {"resourceType": "Bundle", "total": 1, "entry": [{"resource": patient()}]}
    entries: list[Any] = [
        {"resource": inner, "response": {"status": "200"}},
        {"request": {"method": "DELETE", "url": "Patient/x"}},
    ]
    whole = {"resourceType": "Bundle", "type": "batch-response", "entry": entries}
    found = imported(json.dumps(whole).encode())
    assert passed(found) == {
        ("(none)", "resource type not read"): 1,
        ("Bundle.entry.request", NOT_READ): 1,
        ("Bundle.entry.response", NOT_READ): 1,
        ("Bundle.total", NOT_READ): 1,
    }


def test_further_pages_are_listed() -> None:
    """A bundle that is one page of several says so."""
    links = [{"relation": "self", "url": "x"}, 5, {"relation": "next", "url": "y"}]
    whole = {"resourceType": "Bundle", "link": links, "entry": [{"resource": patient()}]}
    found = imported(json.dumps(whole).encode())
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("link[1]", "not-an-object"),
        ("link[2]", "more-pages"),
    ]


@pytest.mark.parametrize(
    ("changes", "listed"),
    [
        ({"type": "x"}, [("type", "not-a-list")]),
        ({"type": ["x"]}, [("type[0]", "not-an-object")]),
        ({"type": [{"coding": {}}]}, [("type[0].coding", "not-a-list")]),
        ({"identifier": [{"value": 7}]}, [("identifier[0].value", "not-text")]),
        ({"identifier": [{"value": ""}]}, [("identifier[0].value", "not-text")]),
        ({"managingOrganization": "x"}, [("managingOrganization", "not-an-object")]),
        ({"id": 7}, [("id", "not-text")]),
    ],
)
def test_misshapen_elements_are_listed(changes: dict[str, Any], listed: list[Any]) -> None:
    """An element of another shape than FHIR's is listed and passed over; the rest is read."""
    found = read({**episode(status("active", "2026-01-01")), **changes})
    assert problems(found) == listed
    assert only(found).status.value == "active"


def test_a_history_of_another_shape_is_listed() -> None:
    """A status history that is no list, or holds what is no object, is listed."""
    found = read({**episode(period={"start": "2026-01-01"}), "statusHistory": "x"})
    assert problems(found) == [("statusHistory", "not-a-list")]
    found = read({**episode(period={"start": "2026-01-01"}), "statusHistory": [None]})
    assert problems(found) == [("statusHistory[0]", "not-an-object")]


def test_a_bundle_of_another_shape_is_listed() -> None:
    """Among other bundles one without a list of entries is listed."""
    broken = {"resourceType": "Bundle", "entry": "x"}
    content = json.dumps([broken, patient()]).encode()
    assert imported(content).patients == 1
    nested = bundle(patient(), {**broken, "id": "b"}, {"resourceType": "Bundle", "id": "c"})
    assert imported(nested).patients == 1


def test_problems_stand_in_the_order_of_the_input() -> None:
    """Problems are listed in the order of the input: the tenth entry after the second."""
    found = read(*(encounter(f"s-{n}", "H0015", None) for n in range(12)))
    assert [problem.path.split(".")[0] for problem in found.problems] == [
        f"entry[{n}]" for n in range(12)
    ]


def test_a_code_is_named_by_its_most_frequent_words() -> None:
    """A code that stands there under several words is one code, named by the most frequent."""
    displays = ["Evening", "Group", "Evening"]
    found = read(
        *(
            encounter(f"s-{n}", "", None, type=[concept("EVE", "urn:x", words)])
            for n, words in enumerate(displays)
        )
    )
    assert passed(found)["Encounter.type urn:x|EVE (Evening)", "code not mapped"] == 3


CANARY = "Kim-Sample-1961"


def test_nothing_is_told_of_a_patient() -> None:
    """Neither problems, counts nor reprs hold a value, an id or a name of the input."""
    found = read(
        {"resourceType": f"{CANARY}'s"},
        patient(CANARY, **{f"{CANARY} key": 1}, deceasedDateTime=CANARY),
        encounter(CANARY, "H0015", CANARY, CANARY, subject={"reference": CANARY}, status=CANARY),
        encounter(f"{CANARY}2", "H0015", CANARY, CANARY),
        encounter(f"{CANARY}3", "H0015", "2027-01-01", None, status="in-progress"),
        encounter(f"{CANARY}4", "H0015", "2026-01-01", "2026-01-01", subject={"id": CANARY}),
        {**episode(status(CANARY, CANARY), id=CANARY, status=CANARY), "period": CANARY},
        {**episode(status("active", "2027-01-01")), "id": f"{CANARY}5"},
        {
            **episode(status("active", "2026-01-01")),
            "id": f"{CANARY}6",
            "identifier": [{"value": CANARY}],
        },
    )
    assert len(found.problems) >= 8
    for shown in (repr(found), str(found.problems), str(found.not_understood)):
        assert CANARY not in shown
    assert ("(none)", "resource type not read") in passed(found)
    assert ("Patient.(not an element)", NOT_READ) in passed(found)


def test_what_cannot_be_printed_is_replaced() -> None:
    """Text that would disturb a terminal, or cannot be written at all, is replaced."""
    odd = [{"value": "7\x1b[31m\ud800"}]
    found = read(
        episode(
            status("active", "2026-01-01"), identifier=odd, type=[concept("\x07", "urn:\ud800")]
        )
    )
    assert [identifier.value for identifier in only(found).identifiers] == ["7\ufffd[31m\ufffd"]
    json.dumps(r4.import_data(found), ensure_ascii=False).encode()
