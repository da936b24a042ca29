"""Scoring an assessment: exact where everything is rated, a span where something is missing."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.records.assessment import Assessment, NotRated
from carecontinuum.records.errors import AssessmentMisfit
from carecontinuum.records.instrument import Band, Banding, Instrument, Item, ItemTotal
from carecontinuum.rules import Facts, Span, Truth, truth

__all__ = ["BandScore", "IndicatorScore", "Score", "TotalScore", "score"]


@attrs.frozen(order=False, kw_only=True)
class TotalScore:
    """What a total is, or can still be.

    Attributes:
        id: The total's id in the instrument.
        span: All it can be; both ends are equal where it is known. Never shown in a repr.
        missing: The ids of the items without a rating.
        from_mean: Whether the mean of the rated items stands in for those that are missing.
    """

    id: str
    span: Span = attrs.field(repr=False)
    missing: tuple[str, ...] = ()
    from_mean: bool = False

    @property
    def value(self) -> int | None:
        """The total; `None` where it is not known."""
        lo: int = self.span.lo
        return lo if lo == self.span.hi else None


@attrs.frozen(order=False, kw_only=True)
class BandScore:
    """The bands of one banding that a total is, or can still be in.

    Attributes:
        id: The banding's id in the instrument.
        total: The id of the total it is about.
        bands: The bands, from the least upwards; one where it is known. Never shown in a repr.
    """

    id: str
    total: str
    bands: tuple[Band, ...] = attrs.field(repr=False)

    @property
    def band(self) -> Band | None:
        """The band; `None` where it is not known."""
        return self.bands[0] if len(self.bands) == 1 else None


@attrs.frozen(order=False, kw_only=True)
class IndicatorScore:
    """Whether an indicator holds.

    Attributes:
        id: The indicator's id in the instrument.
        holds: Yes, no, or unknown while items it depends on are missing. Never shown in a repr.
    """

    id: str
    holds: Truth = attrs.field(repr=False)


@attrs.frozen(order=False, kw_only=True)
class Score:
    """All that an assessment says by its instrument.

    Attributes:
        totals: Each total of the instrument, in its order.
        bands: Each banding, in its order.
        indicators: Each indicator, in its order.
        unassessed: The ids of the items that must be assessed and were not.
    """

    totals: tuple[TotalScore, ...]
    bands: tuple[BandScore, ...]
    indicators: tuple[IndicatorScore, ...]
    unassessed: tuple[str, ...] = ()

    def total(self, id: str) -> TotalScore:
        """Give the score of a total that the instrument has."""
        return next(total for total in self.totals if total.id == id)

    def banding(self, id: str) -> BandScore:
        """Give the score by a banding that the instrument has."""
        return next(found for found in self.bands if found.id == id)

    def indicator(self, id: str) -> IndicatorScore:
        """Give the score of an indicator that the instrument has."""
        return next(found for found in self.indicators if found.id == id)


def score(instrument: Instrument, assessment: Assessment) -> Score:
    """Score an assessment by its instrument.

    A total of which an item is missing is a span, unless the instrument says how others stand in
    for it. No rule stands in for an item that must be assessed.

    Args:
        instrument: The instrument, in the edition that was used.
        assessment: What was rated.

    Raises:
        AssessmentMisfit: The assessment is by another instrument or edition, rates an item that
            this one does not have, or gives an item a value it cannot have.

    Examples:
        >>> from datetime import UTC, datetime
        >>> pain = Instrument(
        ...     id="invented",
        ...     edition="1",
        ...     items=(Item(id="rest", values=(0, 1, 2)), Item(id="work", values=(0, 1, 2))),
        ...     totals=(ItemTotal(id="total", items=("rest", "work")),),
        ... )
        >>> found = Assessment(
        ...     id="a-1",
        ...     instrument="invented",
        ...     edition="1",
        ...     ratings={"rest": 1},
        ...     at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        ... )
        >>> print(score(pain, found).total("total").span)
        1 to 3
    """
    if problems := tuple(_problems(instrument, assessment)):
        subject = f"the assessment by `{instrument.id}`"
        raise AssessmentMisfit(subject=subject, problems=problems)
    ratings = _ratings(instrument, assessment)
    totals = tuple(_total(instrument, total, ratings) for total in instrument.totals)
    spans = {total.id: total.span for total in totals}
    facts = Facts.of(
        {item.fact: ratings[item.id] for item in instrument.items if item.id in ratings}
    )
    return Score(
        totals=totals,
        bands=tuple(_bands(banding, spans[banding.total]) for banding in instrument.bandings),
        indicators=tuple(
            IndicatorScore(id=found.id, holds=truth(found.rule, facts))
            for found in instrument.indicators
        ),
        unassessed=tuple(
            item.id for item in instrument.items if item.must_assess and item.id not in ratings
        ),
    )


def _problems(instrument: Instrument, assessment: Assessment) -> Iterator[Problem]:
    if assessment.instrument != instrument.id:
        says = f"it is by another instrument; needed is one by `{instrument.id}`"
        yield Problem("instrument", "another-instrument", says)
        return
    if assessment.edition != instrument.edition:
        says = f"it is by another edition; this is edition `{instrument.edition}`"
        yield Problem("edition", "another-edition", says)
        return
    items = {item.id: item for item in instrument.items}
    for n, rating in enumerate(assessment.ratings):
        item = items.get(rating.item)
        if item is None:
            yield Problem(f"ratings[{n}].item", "unknown-item", "the instrument has no such item")
        elif rating.value is not None and rating.value not in item.values:
            says = f"`{item.id}` takes {', '.join(map(str, item.values))}"
            yield Problem(f"ratings[{n}].value", "out-of-range", says)


def _ratings(instrument: Instrument, assessment: Assessment) -> Mapping[str, int]:
    """Give what each item was rated, or stands for where the instrument itself skips it."""
    found = dict(assessment.rated)
    for id, why in assessment.not_rated.items():
        stands_for = instrument.item(id).when_skipped
        if why is NotRated.SKIPPED and stands_for is not None:
            found[id] = stands_for
    return found


def _total(instrument: Instrument, total: ItemTotal, ratings: Mapping[str, int]) -> TotalScore:
    items = [instrument.item(id) for id in total.items]
    rated = [item.counted(ratings[item.id]) for item in items if item.id in ratings]
    missing = [item for item in items if item.id not in ratings]
    names = tuple(item.id for item in missing)
    if missing and _mean_stands_in(total, missing):
        mean = _mean(rated, len(items))
        return TotalScore(id=total.id, span=Span(mean, mean), missing=names, from_mean=True)
    least = sum(rated) + sum(item.values[0] for item in missing)
    most = sum(rated) + sum(item.values[-1] for item in missing)
    return TotalScore(id=total.id, span=Span(least, most), missing=names)


def _mean_stands_in(total: ItemTotal, missing: Sequence[Item]) -> bool:
    return len(missing) <= total.mean_for and not any(item.must_assess for item in missing)


def _mean(rated: Sequence[int], count: int) -> int:
    """Give the total of so many items of the mean rating: the nearest whole one, halves up."""
    return (2 * sum(rated) * count + len(rated)) // (2 * len(rated))


def _bands(banding: Banding, span: Span) -> BandScore:
    possible = [band for band in banding.bands if band.lo <= span.hi and span.lo <= band.hi]
    return BandScore(id=banding.id, total=banding.total, bands=tuple(possible))
