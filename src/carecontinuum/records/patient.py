"""Who the patient is, as far as care needs it; an id is enough."""

from collections.abc import Iterator
from datetime import date
from enum import Enum

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Identifier
from carecontinuum.records.checking import a_day, a_member, a_text, refuse

__all__ = ["Contact", "Gender", "Patient"]


class Gender(Enum):
    """FHIR's administrative gender."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNKNOWN = "unknown"


@attrs.frozen(order=False, kw_only=True)
class Patient:
    """A patient. Only the id is needed; nothing of it is ever shown in a repr.

    Attributes:
        id: An opaque id.
        name: The name as it is written; empty if not told.
        birth_date: The day of birth; `None` if not told.
        gender: The administrative gender; `None` if not told.
        identifiers: Identifiers that other systems gave.

    Raises:
        RecordInvalid: With every problem found.
    """

    id: str = attrs.field(repr=False)
    name: str = attrs.field(default="", repr=False)
    birth_date: date | None = attrs.field(default=None, repr=False)
    gender: Gender | None = attrs.field(default=None, repr=False)
    identifiers: tuple[Identifier, ...] = attrs.field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the patient", _patient_problems(self))

    def age_on(self, day: date) -> int | None:
        """Give the age in completed years on a day; `None` if no birth date is known.

        Somebody born on 29 February is a year older on 1 March of a year without that day.

        Examples:
            >>> Patient(id="p-1", birth_date=date(2004, 2, 29)).age_on(date(2026, 2, 28))
            21
        """
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _patient_problems(patient: Patient) -> Iterator[Problem]:
    yield from a_text("id", patient.id)
    yield from a_day("birth_date", patient.birth_date)
    if patient.gender is not None:
        yield from a_member("gender", patient.gender, Gender)


@attrs.frozen(order=False, kw_only=True)
class Contact:
    """Somebody who stands by the patient, or a service that can be called.

    Attributes:
        name: Who; never shown in a repr.
        relationship: What they are to the patient, as in `sponsor`; never shown in a repr.
        telecom: How they are reached; never shown in a repr.

    Raises:
        RecordInvalid: The name is empty.
    """

    name: str = attrs.field(repr=False)
    relationship: str = attrs.field(default="", repr=False)
    telecom: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the contact", a_text("name", self.name))
