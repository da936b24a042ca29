"""Reading FHIR R4: episodes of care from EpisodeOfCare, or from placed Encounters."""

from carecontinuum.interchange.fhir.r4.account import NotUnderstood
from carecontinuum.interchange.fhir.r4.codemap import (
    CodeMap,
    CodeMeaning,
    Confidence,
    Placement,
    level_system,
    read_code_map,
    shipped_code_map,
)
from carecontinuum.interchange.fhir.r4.errors import (
    CodeMapInvalid,
    FhirUnreadable,
    NotFhir,
    UnknownCodeMap,
)
from carecontinuum.interchange.fhir.r4.importing import Import, import_resources
from carecontinuum.interchange.fhir.r4.reading import MAX_BYTES, Found, read_resources
from carecontinuum.interchange.fhir.r4.views import (
    fhir_end,
    import_data,
    status_end,
    status_history,
    stay_end,
)

__all__ = [
    "MAX_BYTES",
    "CodeMap",
    "CodeMapInvalid",
    "CodeMeaning",
    "Confidence",
    "FhirUnreadable",
    "Found",
    "Import",
    "NotFhir",
    "NotUnderstood",
    "Placement",
    "UnknownCodeMap",
    "fhir_end",
    "import_data",
    "import_resources",
    "level_system",
    "read_code_map",
    "read_resources",
    "shipped_code_map",
    "status_end",
    "status_history",
    "stay_end",
]
