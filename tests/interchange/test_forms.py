"""The forms an input may have, and where in it a resource stands."""

import json
from pathlib import Path

import pytest
from bundles import patient

from carecontinuum.interchange.fhir import r4

PATIENT = json.dumps(patient()).encode()


def paths(content: bytes) -> list[tuple[str, str]]:
    """Give the path and type of each resource found."""
    return [(found.path, found.type) for found in r4.read_resources(content)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n"])
def test_one_resource_a_line(end: bytes) -> None:
    """Resources on lines of their own are read, as bulk exports have them."""
    assert paths(PATIENT + end + PATIENT + end) == [("[0]", "Patient"), ("[1]", "Patient")]


def test_only_line_feeds_end_a_line() -> None:
    """A separator inside a text, which other readers take for the end of a line, ends none."""
    odd = '{"resourceType": "Patient", "id": "\u2028"}'.encode()
    assert len(paths(PATIENT + b"\n" + odd)) == 2


def test_bundles_are_opened() -> None:
    """Bundles inside bundles are opened, in the order given; what is no resource is found so."""
    inner = b'{"resourceType": "Bundle", "entry": [{"resource": ' + PATIENT + b"}]}"
    whole = b'{"resourceType": "Bundle", "entry": [{"resource": ' + inner + b'}, {"fullUrl": 5}]}'
    assert paths(whole) == [
        ("entry[0].resource.entry[0].resource", "Patient"),
        ("entry[1].resource", "(none)"),
    ]


def test_bundles_may_be_nested_deeply() -> None:
    """Bundles nested as deeply as JSON may be are opened without running out of stack."""
    depth = 200
    opened = b'{"resourceType": "Bundle", "entry": [{"resource": '
    ((path, _),) = paths(opened * depth + PATIENT + b"}]}" * depth)
    assert path.count("entry[0].resource") == depth


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (PATIENT + PATIENT, "not JSON at line 1, column 48"),
        (b'{\n"a": 1}\n{}', "not JSON at line 3, column 1"),
        (PATIENT + b"\n" + PATIENT + b"\n{Kim}", "not JSON on line 3, column 2"),
        (PATIENT + b'\n{"id": "kim", "id": "lee"}', "a key stands twice in one object"),
        (PATIENT + b"\n" + b"[" * 200_000, "nested too deeply to be FHIR, on line 2"),
        (b'{"id": -Infinity}', "NaN and Infinity are not JSON"),
        (PATIENT.decode().encode("utf-16"), "not UTF-8 at byte 0"),
    ],
)
def test_the_place_is_told(content: bytes, says: str) -> None:
    """What cannot be read says why and where, repeats nothing of it, and drags nothing along."""
    with pytest.raises(r4.FhirUnreadable) as caught:
        r4.read_resources(content)
    assert caught.value.says.startswith(says)
    assert "im" not in caught.value.says.replace("twice", "").replace("times", "")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("content", [b"[{}, 5]", b'{"resourceType": "Kim Sample"}'])
def test_what_names_no_type_is_not_fhir(content: bytes) -> None:
    """Objects without a type, or with one that is no name of a type, are not FHIR."""
    with pytest.raises(r4.NotFhir, match="accepted are") as caught:
        r4.read_resources(content)
    assert "Kim" not in str(caught.value)


def test_a_name_no_file_can_have() -> None:
    """A path that no file can have is refused like a missing file."""
    with pytest.raises(r4.FhirUnreadable, match="no file can have this name"):
        r4.read_resources(Path("a\0b"))


def test_the_limit_is_exact() -> None:
    """An input of exactly the limit is read."""
    assert r4.read_resources(PATIENT, max_bytes=len(PATIENT))
    with pytest.raises(r4.FhirUnreadable, match="read it in parts"):
        r4.read_resources(PATIENT, max_bytes=len(PATIENT) - 1)
