"""Invented FHIR resources of the shapes that exports have."""

import json
from typing import Any

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
SNOMED = "http://snomed.info/sct"
OWN = "urn:carecontinuum:level:community"

Resource = dict[str, Any]


def concept(code: str, system: str = HCPCS, display: str | None = None) -> Resource:
    """Make a CodeableConcept of one coding."""
    coding = {"system": system, "code": code}
    return {"coding": [coding if display is None else {**coding, "display": display}]}


def patient(id: str = "kim-sample", **more: Any) -> Resource:
    """Make a patient."""
    return {"resourceType": "Patient", "id": id, **more}


def encounter(
    id: str, code: str, start: str | None, end: str | None = None, **more: Any
) -> Resource:
    """Make an encounter of the invented patient."""
    period = {name: value for name, value in (("start", start), ("end", end)) if value is not None}
    given: Resource = {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [concept(code)],
        "subject": {"reference": "Patient/kim-sample"},
        "period": period,
    }
    return {**given, **more}


def status(code: str, start: str | None = None, end: str | None = None) -> Resource:
    """Make an entry of a status history."""
    period = {name: value for name, value in (("start", start), ("end", end)) if value is not None}
    return {"status": code, "period": period}


def episode(*history: Resource, **more: Any) -> Resource:
    """Make an episode of care of the invented patient, active now."""
    given: Resource = {
        "resourceType": "EpisodeOfCare",
        "id": "e-1",
        "status": "active",
        "patient": {"reference": "Patient/kim-sample"},
    }
    return {**given, **({"statusHistory": list(history)} if history else {}), **more}


def bundle(*resources: Resource, urls: bool = False) -> bytes:
    """Make a bundle, with full urls that references may use."""
    entries = [
        {"fullUrl": f"urn:uuid:{item['id']}", "resource": item} if urls else {"resource": item}
        for item in resources
    ]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(whole).encode()
