"""Who is meant: people, servers, versions, and resources without an id."""

import json
from typing import Any

import pytest
from bundles import bundle, encounter, episode, patient, status
from importing import imported, only, passed, problems, read, stays

from carecontinuum.interchange.fhir import r4


def served(*entries: tuple[str, dict[str, Any]]) -> r4.Import:
    """Import resources, each with its full url."""
    listed = [{"fullUrl": url, "resource": resource} for url, resource in entries]
    return imported(json.dumps({"resourceType": "Bundle", "entry": listed}).encode())


def of(reference: str, id: str = "s-1") -> dict[str, Any]:
    """Make an encounter of whomever a reference means."""
    return encounter(id, "H0015", "2026-01-06", "2026-01-06", subject={"reference": reference})


A, B = "https://a.example/r4", "https://b.example/r4"


def test_one_id_on_two_servers_is_two_people() -> None:
    """The same id from two servers is two people, however each is referred to."""
    found = served(
        (f"{A}/Patient/1", patient("1")),
        (f"{B}/Patient/1/_history/2", patient("1")),
        (f"{A}/Encounter/s-1", of("Patient/1")),
        (f"{B}/Encounter/s-2", of("Patient/1", "s-2")),
        (f"{A}/Encounter/s-3", of(f"{B}/Patient/1", "s-3")),
    )
    assert found.patients == 2
    assert {id: record.version for id, record in found.records.items()} == {
        f"{A}/Patient/1": 2,
        f"{B}/Patient/1": 2,
    }


def test_a_stranger_on_another_server() -> None:
    """References to one id on two servers are two people also where neither is in the input."""
    found = read(of(f"{A}/Patient/1"), of(f"{B}/Patient/1/_history/7", "s-2"))
    assert sorted(found.records) == [f"{A}/Patient/1", f"{B}/Patient/1"]


def test_a_reference_that_could_mean_two_people() -> None:
    """A relative reference from nowhere, where two servers have that id, means nobody."""
    found = read(of(f"{A}/Patient/1"), of(f"{B}/Patient/1", "s-2"), of("Patient/1", "s-3"))
    assert problems(found) == [("subject", "no-patient")]
    assert len(found.records) == 2


def test_one_id_at_two_urls_is_two_people() -> None:
    """Two patients with one id and urls of their own are two, each referred to by url."""
    found = served(
        ("urn:uuid:1", patient("1")),
        ("urn:uuid:2", patient("1")),
        ("urn:uuid:3", of("urn:uuid:1")),
        ("urn:uuid:4", of("urn:uuid:2", "s-2")),
    )
    assert sorted(found.records) == ["urn:uuid:1", "urn:uuid:2"]


def test_somebody_who_is_not_in_the_input() -> None:
    """A person may be referred to by a urn alone."""
    assert list(read(of("urn:uuid:9")).records) == ["urn:uuid:9"]


@pytest.mark.parametrize(
    "reference", ["Group/1", "#p", "Patient/", "Patient?identifier=1", "Patient/a\x1b[1m", "\ud800"]
)
def test_who_is_nobody(reference: str) -> None:
    """A group, somebody contained, a search, or what cannot be printed is no one patient."""
    found = read(of(reference))
    assert (found.records, problems(found)) == ({}, [("subject", "no-patient")])


def test_a_urn_that_is_no_patient() -> None:
    """A url of the input that is something else than a patient is no patient."""
    found = served(
        ("urn:uuid:1", {"resourceType": "Group", "id": "1"}), ("urn:uuid:2", of("urn:uuid:1"))
    )
    assert problems(found) == [("subject", "no-patient")]


def test_resources_without_an_id() -> None:
    """Without an id the url names a resource, and without a url what is read of it."""
    bare = of("Patient/kim-sample")
    del bare["id"]
    assert only(served(("urn:uuid:7", bare))).id == "inferred/urn:uuid:7"
    once = read(bare)
    assert only(once).id.startswith("inferred/Encounter/sha256:")
    moved = read(patient(), bare)
    assert moved.records == once.records
    again = read(bare, {**bare, "note": "x"})
    assert again.records == once.records
    assert passed(again)["Encounter", "stands there again and says the same"] == 1


@pytest.mark.parametrize("id", ["", 7, "a/b", "line\nbreak", "\ud800"])
def test_what_is_no_id(id: object) -> None:
    """An id that is no text, or that cannot be part of a reference, is none."""
    found = read({**of("Patient/kim-sample"), "id": id})
    assert only(found).id.startswith("inferred/Encounter/sha256:")


def test_an_url_that_cannot_be_printed_names_nothing() -> None:
    """A full url that cannot be printed is none."""
    bare = of("Patient/kim-sample")
    del bare["id"]
    assert "sha256:" in only(served(("urn:\ud800", bare))).id


def version(code: str, updated: object = None) -> dict[str, Any]:
    """Make a version of one encounter."""
    meta = {} if updated is None else {"meta": {"lastUpdated": updated}}
    return {**encounter("s-1", code, "2026-01-06", "2026-01-06"), **meta}


def test_the_version_last_updated_is_read() -> None:
    """Of several versions of a resource the one last updated is read, wherever it stands."""
    old, new = version("H0015", "2026-01-07T10:00:00Z"), version("H0035", "2026-01-07T11:00:00Z")
    for found in (read(old, new), read(new, old), read(old, new, version("H0018", "soon"))):
        assert stays(found)[0][0] == "php"
        assert found.problems == ()
        assert passed(found)["Encounter", "an earlier version"] >= 1


def test_versions_of_which_none_is_later() -> None:
    """Where nothing says which version is later, the first is read and the other listed."""
    for meta in ({}, {"meta": 3}):
        found = read({**version("H0015"), **meta}, {**version("H0035"), **meta})
        assert stays(found)[0][0] == "iop"
        assert ("", "repeated") in [
            (problem.path.partition("resource.")[2], problem.code) for problem in found.problems
        ]


def test_places_are_referred_to_alike() -> None:
    """An organization's url and its id are one place."""
    here = {"reference": f"{A}/Organization/o"}
    found = read(
        episode(status("active", "2026-01-01"), managingOrganization=here),
        encounter(
            "s-1",
            "H0015",
            "2026-01-06",
            "2026-01-06",
            serviceProvider={"reference": "Organization/o"},
            episodeOfCare=[{"reference": "EpisodeOfCare/e-1"}],
        ),
    )
    assert {stay.site.organisation for stay in only(found).stays if stay.site} == {"Organization/o"}


def test_a_bundle_without_urls_is_one_server() -> None:
    """An absolute reference means the resource with that id where only one server is named."""
    content = bundle(patient("1"), of(f"{A}/Patient/1"))
    assert imported(content).patients == 1
