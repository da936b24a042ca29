"""What was not understood: counted and listed, never dropped in silence."""

from collections import Counter
from collections.abc import Iterable

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Coding
from carecontinuum.interchange.fhir.r4.reading import Found

__all__ = ["Account", "NotUnderstood"]

_PATIENT = ("resourceType", "id", "deceasedDateTime")
_EPISODE = ("resourceType", "id", "identifier", "status", "statusHistory", "type", "patient")
_ENCOUNTER = ("resourceType", "id", "status", "type", "serviceType", "subject", "episodeOfCare")

READ: dict[str, frozenset[str]] = {
    "Patient": frozenset(_PATIENT),
    "EpisodeOfCare": frozenset((*_EPISODE, "period", "managingOrganization")),
    "Encounter": frozenset((*_ENCOUNTER, "period", "serviceProvider")),
}
"""The elements that are read, by resource type; every other one is counted."""


@attrs.frozen(order=False, kw_only=True)
class NotUnderstood:
    """Something in the input that was not read, or not mapped.

    Attributes:
        what: A resource type, an element as in `Encounter.reasonCode`, or a code.
        why: Why it was not.
        count: How often it stood there.
    """

    what: str
    why: str
    count: int


class Account:
    """Counts what is passed over and collects what is wrong."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.problems: list[Problem] = []
        self.check_ups: Counter[str] = Counter()
        self._passed: Counter[tuple[str, str]] = Counter()

    def passed(self, what: str, why: str) -> None:
        """Count something that was not read or not mapped."""
        self._passed[what, why] += 1

    def problem(self, path: str, code: str, says: str) -> None:
        """Collect something that is wrong; `says` holds nothing about a patient."""
        self.problems.append(Problem(path, code, says))

    def unread(self, found: Found) -> None:
        """Count the elements of a resource that are not read."""
        known = READ.get(found.type)
        if known is None:
            self.passed(found.type, "resource type not read")
            return
        for name in found.resource:
            if name not in known:
                self.passed(f"{found.type}.{name}", "element not read")

    def unmapped(self, element: str, codings: Iterable[Coding]) -> None:
        """Count codes that the code map does not have."""
        any_code = False
        for coding in codings:
            any_code = True
            words = f" ({coding.display})" if coding.display else ""
            self.passed(f"{element} {coding.system or ''}|{coding.code}{words}", "code not mapped")
        if not any_code:
            self.passed(element, "no code in it")

    def not_understood(self) -> tuple[NotUnderstood, ...]:
        """Give what was passed over, most frequent first."""
        counted = sorted(self._passed.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            NotUnderstood(what=what, why=why, count=count) for (what, why), count in counted
        )
