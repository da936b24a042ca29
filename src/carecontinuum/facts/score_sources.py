"""What the patient's assessments say: sources that score them by an instrument."""

from collections.abc import Iterable
from typing import ClassVar

import attrs

from carecontinuum.errors import listed
from carecontinuum.facts.errors import SourceInvalid
from carecontinuum.facts.sources import RecordView
from carecontinuum.history import Recorded
from carecontinuum.records import Assessment, Instrument, Score, score
from carecontinuum.rules import Known, Span, Unknown

__all__ = ["InstrumentBand", "InstrumentChange", "InstrumentScore"]


def _check(source: str, what: str, id: str, known: Iterable[str]) -> None:
    names = tuple(known)
    if id not in names:
        says = f"the instrument has no {what} `{id}`; it has {listed(names)}"
        raise SourceInvalid(source=source, says=says)


def _assessments(view: RecordView, instrument: Instrument) -> list[Recorded[Assessment]]:
    return [one for one in view.care.assessments if one.value.instrument == instrument.id]


def _too_old(view: RecordView, one: Recorded[Assessment], within_days: int | None) -> bool:
    if within_days is None:
        return False
    return (view.today - one.at.day(view.calendar.zone)).days > within_days


def _words(view: RecordView, one: Recorded[Assessment]) -> str:
    return f"`{one.value.instrument}` on {one.at.day(view.calendar.zone)}"


def _latest(
    view: RecordView, instrument: Instrument, within_days: int | None
) -> Recorded[Assessment] | Unknown:
    """Give the last assessment, or say what is needed in its place."""
    found = _assessments(view, instrument)
    if not found:
        return Unknown(would_supply=f"an assessment by `{instrument.id}`; none is recorded")
    if found[-1].value.edition != instrument.edition:
        says = f"an assessment by `{instrument.id}` in edition `{instrument.edition}`"
        return Unknown(would_supply=f"{says}; the last is by another")
    if _too_old(view, found[-1], within_days):
        says = f"an assessment by `{instrument.id}` of the last {within_days} days"
        return Unknown(would_supply=f"{says}; the last is older")
    return found[-1]


def _unassessed(scored: Score, instrument: Instrument, source: str) -> Unknown:
    says = f"{listed(scored.unassessed)} of `{instrument.id}`, which must be assessed"
    return Unknown(would_supply=says, source=source)


@attrs.frozen(order=False, kw_only=True)
class InstrumentScore:
    """A total of the last assessment by an instrument.

    With items missing it is unknown between its bounds; without one that must be assessed it is
    unknown, and has no bounds that a decision could rest on.

    Attributes:
        instrument: The instrument, in the edition whose scoring is used.
        total: The id of the total.
        within_days: How many days old the assessment may be; `None` takes any.

    Raises:
        SourceInvalid: The instrument has no such total.
    """

    TYPE: ClassVar[str] = "instrument-score"
    instrument: Instrument
    total: str = "total"
    within_days: int | None = None

    def __attrs_post_init__(self) -> None:
        _check(self.TYPE, "total", self.total, (one.id for one in self.instrument.totals))

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Score it."""
        last = _latest(view, self.instrument, self.within_days)
        if isinstance(last, Unknown):
            return last
        scored = score(self.instrument, last.value)
        source = _words(view, last)
        if scored.unassessed:
            return _unassessed(scored, self.instrument, source)
        total = scored.total(self.total)
        if total.value is not None:
            return Known(total.value, source=source)
        says = f"{listed(total.missing)} of `{self.instrument.id}`"
        return Unknown(would_supply=says, lo=total.span.lo, hi=total.span.hi, source=source)


@attrs.frozen(order=False, kw_only=True)
class InstrumentChange:
    """How much a total of the last assessment is above that of the one before; below is negative.

    Attributes:
        instrument: The instrument, in the edition whose scoring is used.
        total: The id of the total.
        within_days: How many days old the last assessment may be; `None` takes any.

    Raises:
        SourceInvalid: The instrument has no such total.
    """

    TYPE: ClassVar[str] = "instrument-change"
    instrument: Instrument
    total: str = "total"
    within_days: int | None = None

    def __attrs_post_init__(self) -> None:
        _check(self.TYPE, "total", self.total, (one.id for one in self.instrument.totals))

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Compare the two."""
        last = _latest(view, self.instrument, self.within_days)
        if isinstance(last, Unknown):
            return last
        earlier = [one for one in _assessments(view, self.instrument) if one is not last]
        if not earlier or earlier[-1].value.edition != last.value.edition:
            says = f"two assessments by `{self.instrument.id}` in one edition"
            return Unknown(would_supply=says)
        before, now = self._span(earlier[-1]), self._span(last)
        lo, hi = now.lo - before.hi, now.hi - before.lo
        source = f"{_words(view, earlier[-1])} and {_words(view, last)}"
        if lo == hi:
            return Known(lo, source=source)
        says = f"the items of `{self.instrument.id}` that were not rated"
        return Unknown(would_supply=says, lo=lo, hi=hi, source=source)

    def _span(self, one: Recorded[Assessment]) -> Span:
        return score(self.instrument, one.value).total(self.total).span


@attrs.frozen(order=False, kw_only=True)
class InstrumentBand:
    """The code of the band that the last assessment by an instrument is in.

    Attributes:
        instrument: The instrument, in the edition whose scoring is used.
        banding: The id of the banding, which is a policy: sources may disagree.
        within_days: How many days old the assessment may be; `None` takes any.

    Raises:
        SourceInvalid: The instrument has no such banding.
    """

    TYPE: ClassVar[str] = "instrument-band"
    instrument: Instrument
    banding: str
    within_days: int | None = None

    def __attrs_post_init__(self) -> None:
        _check(self.TYPE, "banding", self.banding, (one.id for one in self.instrument.bandings))

    def read(self, view: RecordView, /) -> Known[str] | Unknown:
        """Find it."""
        last = _latest(view, self.instrument, self.within_days)
        if isinstance(last, Unknown):
            return last
        scored = score(self.instrument, last.value)
        source = _words(view, last)
        if scored.unassessed:
            return _unassessed(scored, self.instrument, source)
        found = scored.banding(self.banding)
        if found.band is not None:
            return Known(found.band.code, source=source)
        says = f"{listed(scored.total(found.total).missing)} of `{self.instrument.id}`"
        return Unknown(would_supply=says, source=source)
