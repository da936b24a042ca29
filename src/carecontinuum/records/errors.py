"""What can be wrong with a record of care, an instrument, or an assessment scored by it."""

from carecontinuum.canonical import Invalid

__all__ = ["AssessmentMisfit", "InstrumentInvalid", "RecordInvalid"]


class RecordInvalid(Invalid):
    """A record of a patient's care contradicts itself; all problems are listed, with no values."""

    code = "CC130"


class InstrumentInvalid(Invalid):
    """An instrument contradicts itself; all problems are listed."""

    code = "CC131"


class AssessmentMisfit(Invalid):
    """An assessment is not one by this instrument; all problems are listed, with no values."""

    code = "CC132"
