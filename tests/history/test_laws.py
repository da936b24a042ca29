"""Laws of the history: the fold, amendments and the two clocks, over generated streams."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.history import (
    Body,
    Corrected,
    EpisodeOfCare,
    EpisodeStatus,
    PatientRecord,
    RecordedBackwards,
    Retracted,
    apply,
    believed,
    fold,
)
from invented import continuum, event
from strategies import ZONES, histories, moments

IN_CARE = {EpisodeStatus.ACTIVE, EpisodeStatus.ONHOLD}


Belief = tuple[str, cc.When, Body]


def naively_believed(events: list[cc.Event]) -> list[Belief]:
    """Give the believed events by asking of each event anew what is believed about it."""

    def stands(event: cc.Event) -> bool:
        return not any(
            isinstance(later.body, Retracted) and later.body.event_id == event.id and stands(later)
            for later in events[events.index(event) + 1 :]
        )

    def truly(event: cc.Event) -> Belief:
        occurred_at, body = event.occurred_at, event.body
        for later in events:
            said = later.body
            if isinstance(said, Corrected) and said.event_id == event.id and stands(later):
                occurred_at, body = said.occurred_at or occurred_at, said.body or body
        return event.id, occurred_at, body

    kept = [
        truly(event)
        for event in events
        if not isinstance(event.body, (Corrected, Retracted)) and stands(event)
    ]
    return sorted(kept, key=lambda item: item[1].instant)


@given(histories())
def test_belief_is_what_it_says(stream: list[cc.Event]) -> None:
    """An event is believed unless what retracts it is; the latest correction that stands counts."""
    found = [(event.id, event.occurred_at, event.body) for event in believed(stream)]
    assert found == naively_believed(stream)
    assert [event.by for event in believed(stream)] == [cc.Actor("field")] * len(found)


@given(histories())
def test_a_fold_is_step_by_step(stream: list[cc.Event]) -> None:
    """Folding is applying one event after the other, whatever they say and however many."""
    record = PatientRecord.of("p-1", stream)
    for id, events in record.streams.items():
        episode = EpisodeOfCare(id=id)
        for count, item in enumerate(events, 1):
            episode = apply(episode, item)
            assert fold(id, events[:count]) == episode
        assert record.episode(id) == episode


@given(histories(), st.data())
def test_in_pieces_is_at_once(stream: list[cc.Event], data: st.DataObject) -> None:
    """However a stream is cut into pieces, and however often it is looked at, it is the same."""
    whole, grown, start = PatientRecord.of("p-1", stream), PatientRecord.of("p-1"), 0
    while start < len(stream):
        size = data.draw(st.integers(1, 6))
        repeated = stream[max(0, start - data.draw(st.integers(0, 3))) : start]
        grown = grown.append(*repeated, *stream[start : start + size])
        if data.draw(st.booleans()):
            assert dict(grown.episodes) == {id: fold(id, s) for id, s in grown.streams.items()}
        start += size
    assert grown == whole
    assert grown.believed == whole.believed
    assert list(grown.streams.items()) == list(whole.streams.items())
    assert list(grown.episodes.items()) == list(whole.episodes.items())
    assert grown.merged_with == whole.merged_with


@given(histories(), st.data())
def test_recorded_time_never_runs_backwards(stream: list[cc.Event], data: st.DataObject) -> None:
    """A stream out of order is refused whole; the record stays what it was."""
    shuffled = data.draw(st.permutations(stream))
    empty = PatientRecord.of("p-1")
    times = [item.recorded_at for item in shuffled]
    ids = {item.id for item in shuffled}
    if times != sorted(times):
        facts = [i for i in shuffled if not isinstance(i.body, (Corrected, Retracted))]
        if (kept := [i.recorded_at for i in facts]) != sorted(kept):
            with pytest.raises(RecordedBackwards):
                empty.append(*facts)
    assert not ids & empty.by_id.keys()


@given(histories(), moments, moments)
def test_what_was_known_then_does_not_change(
    stream: list[cc.Event], known: datetime, occurred: datetime
) -> None:
    """What is recorded later never changes what was believed as of an earlier knowledge."""
    whole = PatientRecord.of("p-1", stream)
    early = PatientRecord.of("p-1", [i for i in stream if i.recorded_at <= known])
    view = whole.as_of(known=known, occurred=occurred)
    assert view == early.as_of(occurred=occurred)
    assert view.believed == early.as_of(occurred=occurred).believed
    assert whole.as_of(known=known) == early


@given(histories(), moments)
def test_a_later_bound_believes_more(stream: list[cc.Event], occurred: datetime) -> None:
    """What had occurred by a moment is the first part of all that is believed."""
    whole = PatientRecord.of("p-1", stream)
    view = whole.as_of(occurred=occurred)
    assert view.believed == whole.believed[: len(view.believed)]
    assert set(view.episodes) <= set(whole.episodes)


@given(histories(), st.data())
def test_a_retraction_undoes_and_another_redoes(
    stream: list[cc.Event], data: st.DataObject
) -> None:
    """An event that is retracted is as if it had not been, and back when that is retracted."""
    last = max((item.recorded_at for item in stream), default=None)
    targets = [item for item in stream if item.episode_id is not None]
    if last is None or not targets:
        return
    target = data.draw(st.sampled_from(targets))
    known: dict[str, Any] = {
        "recorded_at": last,
        "occurred_at": last,
        "episode_id": target.episode_id,
    }
    whole = PatientRecord.of("p-1", stream)
    undone = whole.append(event("x-1", Retracted(event_id=target.id), **known))
    assert target.id not in {item.id for item in undone.believed}
    redone = undone.append(event("x-2", Retracted(event_id="x-1"), **known))
    assert redone.believed == whole.believed
    assert dict(redone.episodes) == dict(whole.episodes)


@given(histories())
def test_episodes_are_consistent(stream: list[cc.Event]) -> None:
    """Periods follow each other; a stay is open while in care, a leave while on leave."""
    for episode in PatientRecord.of("p-1", stream).episodes.values():
        starts = [period.start.instant for period in episode.status_history]
        assert starts == sorted(starts)
        for periods in (episode.status_history, episode.stays, episode.leaves):
            assert all(period.end is not None for period in periods[:-1])
            for period in periods:
                assert period.end is None or period.start.instant <= period.end.instant
        if episode.status_history:
            assert episode.status_history[-1].status is episode.status
        is_open = bool(episode.stays) and episode.stays[-1].end is None
        assert not is_open or episode.status in IN_CARE
        assert (episode.level is not None) <= is_open
        if is_open:
            assert episode.stays[-1].level == episode.level
        on_leave = bool(episode.leaves) and episode.leaves[-1].end is None
        assert on_leave == (episode.status is EpisodeStatus.ONHOLD) == (episode.leave is not None)
        assert episode.level is None or not episode.candidates
        if episode.status.is_final:
            assert (episode.level, episode.pending, episode.is_open) == (None, (), False)


@given(histories(), moments, st.sampled_from(ZONES))
def test_days_are_counted_from_zero(stream: list[cc.Event], at: datetime, zone: ZoneInfo) -> None:
    """Days at a level are never negative; leave only takes days away."""
    view = PatientRecord.of("p-1", stream).as_of(occurred=at)
    for episode in view.episodes.values():
        counted = episode.days_at_level(at, cc.Calendar(zone=zone))
        without = episode.days_at_level(at, cc.Calendar(zone=zone, leave_counts=False))
        if counted is None or without is None:
            assert counted is without
        else:
            assert 0 <= without <= counted


@given(histories())
def test_every_misfit_names_a_believed_event(stream: list[cc.Event]) -> None:
    """Whatever was recorded can be held against the map, and each misfit names its event."""
    whole = PatientRecord.of("p-1", stream)
    ids = {item.id: item.episode_id for item in whole.believed}
    for found in cc.discrepancies(whole, continuum()):
        assert ids[found.event_id] == found.episode_id
        assert found.code
        assert found.says


@given(histories())
def test_consequences_are_what_changed(stream: list[cc.Event]) -> None:
    """Adding an event has consequences just for those events whose standing it changes."""
    whole = PatientRecord.of("p-1")
    for item in stream:
        found = cc.consequences(whole, item, continuum())
        assert {c.event_id for c in found} <= set(whole.by_id)
        after = whole.append(item)
        before = {d.event_id for d in cc.discrepancies(whole, continuum())}
        now = {d.event_id for d in cc.discrepancies(after, continuum())} - {item.id}
        changed = {c.event_id for c in found}
        assert now - before <= changed
        assert before - now <= changed
        if not isinstance(item.body, (Corrected, Retracted)) and (
            not whole.believed or item.occurred_at.instant >= whole.believed[-1].occurred_at.instant
        ):
            assert found == ()
        whole = after
