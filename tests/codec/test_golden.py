"""What the first schema wrote is read for ever: a record, a decision, a program of every part."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import carecontinuum as cc
from carecontinuum.codec import DOCUMENTS, SCHEMA, dumps, json_schema, loads
from carecontinuum.disclosure import disclosure_log
from carecontinuum.history import Disclosed, NotDisclosed
from carecontinuum.programs import Program

GOLDEN = Path(__file__).parent / "golden"
KINDS: dict[str, type[Any]] = {name: kind for kind, name in DOCUMENTS.items()}


@cc.policy(id="own", version="1", citation="x", reads=[cc.Choice("said")], on=["step_down"])
def own(request: cc.TransitionRequest, known: cc.Facts) -> None:
    """Say nothing."""


@cc.criterion(id="grown", version="1", reads=[cc.Age("age")])
def grown(known: cc.Facts) -> cc.Truth:
    """Tell nothing."""
    return cc.Truth.UNKNOWN


@pytest.mark.parametrize("name", ["record", "decision", "program"])
def test_what_the_first_schema_wrote_is_read_for_ever(name: str) -> None:
    """It is read, fits its JSON Schema, and while the schema is the first is written the same."""
    text = (GOLDEN / f"v1-{name}.json").read_text("utf-8").rstrip("\n")
    kind = KINDS[name]
    code = (own, grown) if kind is Program else ()
    found: Any = loads(kind, text, code=code)
    assert loads(kind, dumps(found), code=code) == found
    jsonschema.Draft202012Validator(json_schema(kind)).validate(json.loads(text))
    assert SCHEMA > 1 or dumps(found) == text


def test_what_was_written_of_disclosures_is_read_for_ever() -> None:
    """A log with a disclosure on consent, one on an exemption and two refusals is read and kept."""
    text = (GOLDEN / "v1-disclosures.json").read_text("utf-8").rstrip("\n")
    record = loads(cc.PatientRecord, text)
    kinds = [type(entry.value) for entry in disclosure_log(record)]
    assert kinds == [Disclosed, Disclosed, NotDisclosed, NotDisclosed]
    jsonschema.Draft202012Validator(json_schema(cc.PatientRecord)).validate(json.loads(text))
    assert SCHEMA > 1 or dumps(record) == text


def test_the_programs_digest_did_not_change() -> None:
    """A program that was kept has the digest that decisions name it by."""
    text = (GOLDEN / "v1-program.json").read_text("utf-8")
    found = loads(Program, text, code=[own, grown])
    assert (
        found.ref.digest
        == "sha256:1e7a910e3601197c689abb8e30250e628adf67d19f9e81dc36d09c6d8cabdb07"
    )
    assert json.loads(text)["policies"][1]["policies"][0] == {
        "id": "own",
        "type": "opaque",
        "version": "1",
    }
