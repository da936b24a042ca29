"""What the readers of one input share."""

from datetime import datetime, tzinfo

import attrs

from carecontinuum.continuum import Continuum
from carecontinuum.datatypes import Coding
from carecontinuum.interchange.fhir.r4.account import Account
from carecontinuum.interchange.fhir.r4.codemap import CodeMap, Placement
from carecontinuum.interchange.fhir.r4.references import References

__all__ = ["Context"]


@attrs.frozen(order=False, kw_only=True)
class Context:
    """What is needed to read a resource.

    Attributes:
        code_map: What outside codes may mean.
        continuum: The map whose levels they mean.
        zone: Where a date without a time happened.
        known_at: The moment the input is told for, in UTC.
        references: Which resource a reference means.
        account: Takes what is wrong and what is passed over.
    """

    code_map: CodeMap
    continuum: Continuum
    zone: tzinfo
    known_at: datetime
    references: References
    account: Account

    def place(self, codings: tuple[Coding, ...]) -> Placement | None:
        """Give the levels that codings leave possible; `None` if none of them is mapped."""
        return self.code_map.place(codings, self.continuum)

    def count_unmapped(self, element: str, codings: tuple[Coding, ...]) -> None:
        """Count the codes of an element that nobody maps."""
        for coding in codings:
            if self.code_map.meaning(coding, self.continuum) is None:
                self.account.unmapped(element, coding)

    def count_check_up(self, placement: Placement) -> None:
        """Count what the code map says is not behavioral care, by code."""
        for meaning in placement.meanings:
            words = f" ({meaning.display})" if meaning.display else ""
            self.account.check_ups[f"{meaning.code}{words}"] += 1
