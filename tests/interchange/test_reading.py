"""Reading inputs: what is refused, and that nothing of it is repeated."""

import json
import os
import time
from pathlib import Path

import pytest
from bundles import bundle, encounter, patient
from hypothesis import given, strategies as st

from carecontinuum.errors import CareContinuumError
from carecontinuum.interchange.fhir import r4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b'{"resourceType": "Patient", "name": CANARY}', "line 1, column 37"),
        (b'{"a": 1, "a": 2}', "a key stands twice"),
        (b'{"a": NaN}', "NaN and Infinity"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "a number no computer can hold"),
        (b'{"resourceType": "Patient"}\nnothing', "not JSON on line 2"),
        (b"{} {}", "not JSON at line 1"),
    ],
    ids=["empty", "blank", "bytes", "text", "repeated", "nan", "deep", "number", "lines", "two"],
)
def test_what_is_no_json_is_refused(content: bytes, says: str) -> None:
    """What cannot be read as JSON is refused with the place, and is not repeated."""
    with pytest.raises(r4.FhirUnreadable) as caught:
        r4.read_resources(content)
    assert says in str(caught.value)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"3",
        b"null",
        b'"text"',
        b"{}",
        b'{"resourceType": 3}',
        b"[]",
        b'{"resourceType": "Bundle"}',
        b'{"resourceType": "Bundle", "entry": {}}',
        b'{"resourceType": "Bundle", "entry": []}',
    ],
)
def test_json_that_is_not_fhir_is_refused(content: bytes) -> None:
    """JSON without a resource is refused."""
    with pytest.raises(r4.NotFhir):
        r4.read_resources(content)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file and a folder are refused with the reason."""
    with pytest.raises(r4.FhirUnreadable, match="No such file"):
        r4.read_resources(tmp_path / "missing.json")
    with pytest.raises(r4.FhirUnreadable):
        r4.read_resources(tmp_path)


def test_size_has_a_limit(tmp_path: Path) -> None:
    """An input larger than the limit is refused before it is parsed."""
    file = tmp_path / "large.json"
    file.write_bytes(bundle(patient()))
    with pytest.raises(r4.FhirUnreadable, match="larger than 10 bytes"):
        r4.read_resources(file, max_bytes=10)
    with pytest.raises(r4.FhirUnreadable, match="larger than 10 bytes"):
        r4.read_resources(file.read_bytes(), max_bytes=10)


def test_all_forms_are_read(tmp_path: Path) -> None:
    """A bundle, a resource, a list, and a resource a line are read, a byte order mark or not."""
    one = json.dumps(patient()).encode()
    assert [found.path for found in r4.read_resources(one)] == [""]
    assert [found.path for found in r4.read_resources(b"[" + one + b"," + one + b"]")] == [
        "[0]",
        "[1]",
    ]
    assert len(r4.read_resources(one + b"\n\n" + one + b"\n")) == 2
    assert r4.read_resources(b"\xef\xbb\xbf" + one)[0].type == "Patient"
    file = tmp_path / "bundle.json"
    file.write_bytes(bundle(patient(), urls=True))
    (found,) = r4.read_resources(file)
    assert (found.path, found.url) == ("entry[0].resource", "urn:uuid:kim-sample")
    assert "kim-sample" not in repr(found)


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Any bytes are read or refused as ours; nothing else happens."""
    try:
        r4.read_resources(content)
    except CareContinuumError as error:
        assert error.code in {"CC600", "CC601"}


def test_a_large_bundle_is_read_in_bounded_time() -> None:
    """A bundle of fifty megabytes is read and accounted for."""
    filler = {"resourceType": "Observation", "note": [{"text": "x" * 2_000}]}
    entries = [{**filler, "id": f"o-{n}"} for n in range(25_000)]
    content = bundle(patient(), encounter("s-1", "H0015", "2026-01-01", "2026-01-31"), *entries)
    assert len(content) > 50_000_000
    began = time.perf_counter()
    assert len(r4.read_resources(content)) == 25_002
    assert time.perf_counter() - began < 60


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a file it may not read")
def test_a_file_without_permission(tmp_path: Path) -> None:
    """A file that may not be read is refused with the reason."""
    file = tmp_path / "secret.json"
    file.write_bytes(b"{}")
    file.chmod(0)
    with pytest.raises(r4.FhirUnreadable, match="Permission denied"):
        r4.read_resources(file)
