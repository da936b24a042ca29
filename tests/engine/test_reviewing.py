"""Placement reviews: recommended and selected are both recorded, and read by policies."""

from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.continuum import Track, UnknownLevel
from carecontinuum.engine import NothingRecommended, Reviewed, facts_for, review_placement
from carecontinuum.facts import ConsecutiveLowerReviews, PlacementSupportsTarget, RecordView
from carecontinuum.history import (
    Admitted,
    EventConflict,
    EventInvalid,
    Moved,
    NoSuchEpisode,
    PlacementReviewed,
)
from carecontinuum.policies import PlacementCriteria, PlacementRule
from carecontinuum.policies.ready_made import consecutive_lower_reviews, readings_for
from carecontinuum.rules import Known, Span, Unknown
from invented import DAY, RISK, START, event, program, record

CRITERIA = PlacementCriteria(
    id="invented.criteria",
    version="2",
    rules=(
        PlacementRule(id="res", level="res", rule=RISK >= 3),
        PlacementRule(id="iop", level="iop", rule=RISK >= 2),
        PlacementRule(id="op", level="op", rule=RISK >= 0),
    ),
)
POLICIES = (consecutive_lower_reviews(),)
PROGRAM = program(*POLICIES, readings=readings_for(POLICIES), placement=CRITERIA)
RECORD = record((Admitted(level="res"), 0), (Moved(level="iop"), 10))


def review(whole: cc.PatientRecord, day: int, *, id: str | None = None, **more: Any) -> Reviewed:
    """Review the placement of the invented episode."""
    return review_placement(
        whole,
        program=more.pop("program", PROGRAM),
        episode_id="e-1",
        at=START + day * DAY,
        id=id or f"review-{day}",
        by="dr",
        **more,
    )


def step_down(whole: cc.PatientRecord, day: int) -> cc.Verdict:
    """Decide a step down to outpatient care."""
    return cc.decide(
        whole,
        cc.step_down(to="op"),
        program=PROGRAM,
        episode_id="e-1",
        at=START + day * DAY,
        by="dr",
    ).verdict


def test_a_review_records_what_was_recommended() -> None:
    """The event holds the levels left, whether one was settled on, and the criteria."""
    found = review(RECORD, 12, stated={RISK: 1})
    (kept,) = found.record.episodes["e-1"].reviews
    assert (kept.levels, kept.settled, kept.track) == (("op",), True, Track.TREATMENT)
    assert kept.criteria == "invented.criteria v2"
    assert found.recommendation.level == "op"
    assert found.events[0].program == PROGRAM.ref


def test_a_review_in_ignorance_leaves_levels_open() -> None:
    """Without the rating, every level from the floor to the ceiling is kept as possible."""
    found = review(RECORD, 12)
    (kept,) = found.record.episodes["e-1"].reviews
    assert kept.levels == ("op", "iop", "res")
    assert not kept.settled


def test_the_same_review_again_records_nothing() -> None:
    """A review is idempotent by its id; the same id for another review is a conflict."""
    once = review(RECORD, 12, stated={RISK: 1})
    again = review(once.record, 12, stated={RISK: 1})
    assert again.events == ()
    assert again.record.version == once.record.version
    with pytest.raises(EventConflict):
        review(once.record, 12, stated={RISK: 2})


def test_a_discrepancy_needs_a_reason() -> None:
    """Another level than recommended is selected with a coded reason, and only then with one."""
    kept = review(
        RECORD, 12, stated={RISK: 1}, selected="iop", discrepancy_reason="clinical-judgement"
    )
    assert kept.record.episodes["e-1"].reviews[0].discrepancy_reason == "clinical-judgement"
    refused: list[tuple[dict[str, str], str]] = [
        ({"selected": "iop"}, "no-reason"),
        ({"selected": "iop", "discrepancy_reason": "mood"}, "unknown-reason"),
        ({"selected": "op", "discrepancy_reason": "payer"}, "no-discrepancy"),
        ({"discrepancy_reason": "payer"}, "no-discrepancy"),
    ]
    for given, code in refused:
        with pytest.raises(EventInvalid) as caught:
            review(RECORD, 12, stated={RISK: 1}, **given)
        assert [problem.code for problem in caught.value.problems] == [code]
    with pytest.raises(UnknownLevel):
        review(RECORD, 12, stated={RISK: 1}, selected="moon", discrepancy_reason="payer")


@pytest.mark.parametrize(
    "body",
    [PlacementReviewed(levels=()), PlacementReviewed(levels=("op", "iop"), settled=True)],
)
def test_a_review_says_what_was_left(body: PlacementReviewed) -> None:
    """A review of no level at all, or settled on two, is refused."""
    with pytest.raises(EventInvalid, match="levels-left"):
        event("r", body, 12)


def test_two_lower_reviews_in_a_row_open_the_step_down() -> None:
    """One noisy review moves nobody; the second in a row does; a higher one starts again."""
    once = review(RECORD, 12, stated={RISK: 1}).record
    assert step_down(once, 13) is cc.Verdict.FORBID
    twice = review(once, 14, stated={RISK: 0}).record
    assert step_down(twice, 15) is cc.Verdict.PERMIT
    higher = review(twice, 16, stated={RISK: 3}).record
    assert step_down(higher, 17) is cc.Verdict.FORBID
    back = review(higher, 18, stated={RISK: 1}).record
    assert step_down(back, 19) is cc.Verdict.FORBID


def test_an_open_review_is_no_lower_review() -> None:
    """A review that left levels open counts only where a clinician selected a lower one."""
    opened = review(review(RECORD, 12, stated={RISK: 1}).record, 13).record
    assert step_down(opened, 15) is cc.Verdict.FORBID
    selected = review(review(RECORD, 12, stated={RISK: 1}).record, 13, selected="op").record
    assert step_down(selected, 15) is cc.Verdict.PERMIT


def view(whole: cc.PatientRecord, day: int, **more: Any) -> RecordView:
    """View the record as of a day."""
    at = START + day * DAY
    seen = whole.as_of(occurred=at)
    return RecordView(
        record=seen,
        episode=seen.episodes["e-1"],
        at=at,
        calendar=PROGRAM.calendar,
        continuum=more.pop("continuum", PROGRAM.continuum),
        **more,
    )


def asked(to: str) -> cc.TransitionRequest:
    """Make a request for a level."""
    return cc.TransitionRequest(
        episode_id="e-1",
        kind=cc.TransitionKind.STEP_DOWN,
        origin="iop",
        target=to,
        at=START,
        by=cc.Actor("dr"),
        move=cc.step_down(to=to),
    )


def test_reviews_before_the_present_level_do_not_count() -> None:
    """Reviews at an earlier level, or of another track, say nothing of this one."""
    early = review(RECORD, 5, stated={RISK: 0}, recorded_at=START + 11 * DAY).record
    late = review(early, 12, stated={RISK: 0}).record
    other = late.append(
        event("r", PlacementReviewed(levels=(None,), settled=True, track=Track.RECOVERY), 13)
    )
    assert ConsecutiveLowerReviews().read(view(other, 14)) == Known(
        1, source="placement reviews at `iop`"
    )


def test_no_level_and_off_the_map() -> None:
    """A review that found no level found less; one of a level off the map did not."""
    none = RECORD.append(event("a", PlacementReviewed(levels=(None,), settled=True), 12))
    found = ConsecutiveLowerReviews().read(view(none, 13))
    assert isinstance(found, Known)
    assert found.value == 1
    moon = RECORD.append(event("a", PlacementReviewed(levels=("moon",), settled=True), 12))
    found = ConsecutiveLowerReviews().read(view(moon, 13))
    assert isinstance(found, Known)
    assert found.value == 0


def test_reviews_need_a_map() -> None:
    """Without a map, or without a level on it, nothing can be ranked."""
    assert isinstance(ConsecutiveLowerReviews().read(view(RECORD, 12, continuum=None)), Unknown)
    unplaced = record((Admitted(), 0))
    assert isinstance(ConsecutiveLowerReviews().read(view(unplaced, 12)), Unknown)
    moon = record((Admitted(level="moon"), 0))
    assert isinstance(ConsecutiveLowerReviews().read(view(moon, 12)), Unknown)


def test_the_latest_review_supports_a_target_or_not() -> None:
    """A target is supported by a settled review, denied by one that ruled it out, else unknown."""
    source = PlacementSupportsTarget()

    def says(whole: cc.PatientRecord, to: str) -> bool | None:
        found = source.read(view(whole, 20, request=asked(to)))
        return found.value if isinstance(found, Known) else None

    assert says(RECORD, "op") is None
    settled = review(RECORD, 12, stated={RISK: 1}).record
    assert says(settled, "op") is True
    assert says(settled, "res") is False
    assert says(settled, "after") is None
    assert says(settled, "moon") is None
    opened = review(settled, 13).record
    assert says(opened, "op") is None
    assert isinstance(source.read(view(settled, 20)), Unknown)


def test_facts_of_a_record_can_be_recommended_on() -> None:
    """Facts are read from the record, or stated by whoever asks, bounds included."""
    given = {"program": PROGRAM, "episode_id": "e-1", "at": START + 12 * DAY}
    facts = facts_for(RECORD, stated={RISK: 3}, **given)  # type: ignore[arg-type]
    assert cc.recommend(PROGRAM, facts)[0].level == "res"
    nothing = facts_for(RECORD, **given)  # type: ignore[arg-type]
    assert cc.recommend(PROGRAM, nothing)[0].ceiling == "res"
    with pytest.raises(NoSuchEpisode):
        facts_for(RECORD, program=PROGRAM, episode_id="e-9", at=START)


def test_the_track_is_that_of_the_level() -> None:
    """Unplaced people are reviewed for treatment; a track without rules is refused."""
    unplaced = record((Admitted(), 0))
    assert review(unplaced, 3, stated={RISK: 2}).recommendation.level == "iop"
    moon = record((Admitted(level="moon"), 0))
    assert review(moon, 3, stated={RISK: 2}).recommendation.level == "iop"
    recovery = record((Admitted(level="after"), 0))
    with pytest.raises(NothingRecommended) as caught:
        review(recovery, 3)
    assert "`treatment`" in str(caught.value)
    with pytest.raises(NothingRecommended):
        review(RECORD, 12, program=program())


def test_a_review_recorded_late_is_true_earlier() -> None:
    """A review has two clocks: when it was made, and when it was recorded."""
    found = review(RECORD, 12, stated={RISK: 1}, recorded_at=START + 14 * DAY)
    (made,) = found.events
    assert made.recorded_at == START + 14 * DAY
    assert found.record.as_of(known=START + 13 * DAY).episodes["e-1"].reviews == ()


def test_bounds_show_in_the_explanation() -> None:
    """A rating known within bounds narrows the levels and is shown as bounds."""
    facts = cc.Facts.of({RISK: Unknown(lo=2, hi=3)})
    (found,) = cc.recommend(PROGRAM, facts)
    assert (found.floor, found.ceiling) == ("iop", "res")
    assert found.drivers[0].seen[0].value == Span(2, 3)
    assert "2 to 3" in found.explain()
