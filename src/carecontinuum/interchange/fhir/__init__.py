"""HL7 FHIR; the release is in the module's name, since releases break each other."""
