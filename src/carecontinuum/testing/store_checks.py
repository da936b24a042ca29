"""The promises of an event store, as checks that a test suite of yours can run on a store of yours.

    @pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)
    def test_my_store(check, tmp_path):
        check(lambda: MyStore(tmp_path / "store"))

Each check makes one store and expects it to be empty. That `verify` finds what was taken out shows
only where something is: `taken_out_is_told` asks for a function that does it by other means.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from threading import Barrier
from typing import Any, TypeAlias

from attrs import evolve

from carecontinuum.history import (
    AnotherPatientsEvent,
    Event,
    EventConflict,
    Moved,
    RecordedBackwards,
)
from carecontinuum.stores import EventStore, Head, MemoryStore, StreamChanged, StreamKey
from carecontinuum.testing.varied_events import varied_events

__all__ = [
    "STORE_CHECKS",
    "Check",
    "MakeStore",
    "PromiseBroken",
    "TakeOut",
    "invented_events",
    "taken_out_is_told",
]

MakeStore: TypeAlias = Callable[[], EventStore]
"""Makes a store, which is expected to be empty."""
Check: TypeAlias = Callable[[MakeStore], None]
"""Raises `PromiseBroken` where a store does not keep a promise."""
TakeOut: TypeAlias = Callable[[EventStore, StreamKey, int], None]
"""Takes the event at a version out of a store, as somebody with a right to the disk could."""

KEY = StreamKey("north-example", "p-1")
OTHER = StreamKey("south-example", "p-1")
START = datetime(2026, 3, 2, 15, tzinfo=UTC)


class PromiseBroken(AssertionError):
    """A store does not keep a promise."""


def _expect(kept: object, promise: str) -> None:
    if not kept:
        raise PromiseBroken(promise)


def invented_events(count: int, *, begin: int = 0, patient_id: str = "p-1") -> list[Event]:
    """Make events of an invented patient, an hour apart, with ids `e-0`, `e-1` and so on.

    Args:
        count: How many.
        begin: The number of the first.
        patient_id: Whose.
    """
    return [
        Event(
            id=f"e-{number}",
            patient_id=patient_id,
            episode_id="episode-1",
            occurred_at=START + number * timedelta(hours=1),
            recorded_at=START + number * timedelta(hours=1),
            by="dr-example",
            body=Moved(level=("iop", "op")[number % 2]),
            note="kept as it is: \u00e9 \N{SNOWMAN} \U0001f642",
        )
        for number in range(begin, begin + count)
    ]


def events_come_back(make: MakeStore) -> None:
    """What was appended is loaded, equal and in order, and of one stream alone."""
    store = make()
    events = invented_events(5)
    _expect(store.load(KEY) == (), "a stream that is not has no events")
    _expect(store.version(KEY) == 0, "a stream that is not has version 0")
    _expect(store.append(KEY, events, expected_version=0) == 5, "append gives the version")
    store.append(OTHER, events[:1], expected_version=0)
    _expect(store.load(KEY) == tuple(events), "events come back as they were")
    _expect(store.version(KEY) == 5, "the version counts the events")
    _expect(store.load(OTHER) == tuple(events[:1]), "tenants are kept apart")


def all_of_an_event_comes_back(make: MakeStore) -> None:
    """Every field is kept, whatever it says and in whatever order things occurred."""
    store = make()
    events = varied_events(12)
    store.append(KEY, events[:7], expected_version=0)
    store.append(KEY, events[7:], expected_version=7)
    _expect(store.load(KEY) == tuple(events), "all of an event comes back, in its place")
    _expect([item.event for item in store.feed()] == events, "on the feed, too")
    _expect(store.append(KEY, events, expected_version=0) == 12, "and is known again")


def any_iterable_is_taken(make: MakeStore) -> None:
    """Events may come from anything that gives them once; of one that fails nothing is kept."""
    store = make()
    events = invented_events(5)
    _expect(store.append(KEY, iter(events[:3]), expected_version=0) == 3, "an iterator is taken")
    _expect(store.load(KEY) == tuple(events[:3]), "all that it gives is kept")

    def failing() -> Iterator[Event]:
        yield events[3]
        raise LookupError

    with suppress(LookupError):
        store.append(KEY, failing(), expected_version=3)
    _expect(store.version(KEY) == 3, "of events that cannot all be had, none is kept")


def somebody_else_s_event_is_refused(make: MakeStore) -> None:
    """An event goes to the stream of its own patient, and nothing of its batch to any other."""
    store = make()
    others = invented_events(1, begin=1, patient_id="p-2")
    try:
        store.append(KEY, [*invented_events(1), *others], expected_version=0)
    except AnotherPatientsEvent:
        _expect(store.version(KEY) == 0, "a refused batch writes nothing")
    else:
        raise PromiseBroken("an event about somebody else is refused")


def nothing_appended_is_nothing(make: MakeStore) -> None:
    """No events leave the stream as it is, whatever version is expected."""
    store = make()
    _expect(store.append(KEY, [], expected_version=7) == 0, "nothing appended is no change")
    _expect(not list(store.streams()), "nothing appended makes no stream")


def a_retry_is_harmless(make: MakeStore) -> None:
    """The same events again change nothing, whatever version is expected."""
    store = make()
    events = invented_events(3)
    store.append(KEY, events, expected_version=0)
    _expect(store.append(KEY, events, expected_version=0) == 3, "a retry gives the version")
    _expect(store.append(KEY, events[1:2], expected_version=0) == 3, "so does one of a part")
    more = invented_events(1, begin=3)
    _expect(store.append(KEY, [*events, *more], expected_version=3) == 4, "only the new is added")
    _expect(store.load(KEY) == (*events, *more), "nothing is there twice")


def the_same_told_in_another_zone_is_the_same(make: MakeStore) -> None:
    """A retry whose moments are told in another zone is the same event, and what is kept stays."""
    store = make()
    event = invented_events(1)[0]
    store.append(KEY, [event], expected_version=0)
    elsewhere = timezone(timedelta(hours=-5))
    told = evolve(event, occurred_at=event.occurred_at.instant.astimezone(elsewhere))
    _expect(store.append(KEY, [told], expected_version=0) == 1, "equal events are one")
    _expect(store.append(KEY, [event, told], expected_version=0) == 1, "in one batch too")


def another_content_is_a_conflict(make: MakeStore) -> None:
    """An id that is there with other content is refused, and nothing is written."""
    store = make()
    store.append(KEY, invented_events(2), expected_version=0)
    changed = invented_events(1, begin=7)[0]
    clash = Event(
        id="e-1",
        patient_id=changed.patient_id,
        episode_id=changed.episode_id,
        occurred_at=changed.occurred_at,
        recorded_at=changed.recorded_at,
        by=changed.by,
        body=changed.body,
    )
    twice = evolve(changed, note="another")
    for batch in ([clash], [changed, clash], [changed, twice]):
        try:
            store.append(KEY, batch, expected_version=2)
        except EventConflict:
            _expect(store.version(KEY) == 2, "a refused batch writes nothing")
        else:
            raise PromiseBroken("another content under one id is a conflict")


def a_record_can_be_made_of_what_is_kept(make: MakeStore) -> None:
    """What was recorded before what it would follow is refused, in a batch and behind the end."""
    store = make()
    early, middle, late = invented_events(3)
    store.append(KEY, [middle], expected_version=0)
    for batch in ([early], [late, evolve(middle, id="e-9")]):
        try:
            store.append(KEY, batch, expected_version=1)
        except RecordedBackwards:
            _expect(store.version(KEY) == 1, "a refused batch writes nothing")
        else:
            raise PromiseBroken("`recorded_at` never goes backwards")
    _expect(store.append(KEY, [middle, late], expected_version=1) == 2, "but a retry is harmless")


def a_lost_race_is_told(make: MakeStore) -> None:
    """Whoever expects another version is told so, and nothing is written."""
    store = make()
    store.append(KEY, invented_events(2), expected_version=0)
    for expected in (0, 1, 3):
        try:
            store.append(KEY, invented_events(2, begin=2), expected_version=expected)
        except StreamChanged as changed:
            _expect((changed.expected, changed.found) == (expected, 2), "both versions are told")
        else:
            raise PromiseBroken("a lost race is told")
    _expect(store.version(KEY) == 2, "a lost race writes nothing")


def writers_never_overwrite(make: MakeStore) -> None:
    """Several threads append to one stream: every event is there exactly once."""
    store = make()

    together = Barrier(4, timeout=60)

    def write(number: int) -> None:
        seen = store.version(KEY)
        together.wait()
        for invented in invented_events(10, begin=number * 10):
            event = evolve(invented, recorded_at=START + timedelta(days=9))
            while (kept := _append_after(store, event, seen)) is None:
                seen = store.version(KEY)
            seen = kept

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    ids = [event.id for event in store.load(KEY)]
    _expect(sorted(ids) == sorted(f"e-{n}" for n in range(40)), "every event is there once")


def _append_after(store: EventStore, event: Event, version: int) -> int | None:
    """Append an event; give the version after, or `None` where another wrote first."""
    try:
        return store.append(KEY, [event], expected_version=version)
    except StreamChanged:
        return None


def the_feed_misses_nothing(make: MakeStore) -> None:
    """The feed gives all events of all streams once, in the order they were kept, page by page."""
    store = make()
    _expect(store.feed() == (), "an empty store has an empty feed")
    store.append(KEY, invented_events(3), expected_version=0)
    store.append(OTHER, invented_events(2), expected_version=0)
    store.append(KEY, invented_events(2, begin=3), expected_version=3)
    seen: list[tuple[StreamKey, int]] = []
    cursor = 0
    while page := store.feed(after=cursor, limit=2):
        _expect(len(page) <= 2, "a page is no longer than asked")
        _expect(all(item.cursor > cursor for item in page), "cursors only grow")
        cursor = page[-1].cursor
        seen += [(item.key, item.version) for item in page]
    expected = [(KEY, 1), (KEY, 2), (KEY, 3), (OTHER, 1), (OTHER, 2), (KEY, 4), (KEY, 5)]
    _expect(seen == expected, "the feed misses nothing")
    _expect(store.feed(after=cursor) == (), "after the end there is nothing")
    store.append(OTHER, invented_events(1, begin=2), expected_version=2)
    late = store.feed(after=cursor)
    _expect([(item.key, item.version) for item in late] == [(OTHER, 3)], "what is new comes later")


def what_is_no_page_is_refused(make: MakeStore) -> None:
    """A cursor that is none is refused, and so is a length: nothing found would be the end.

    The stores of this library raise `WrongArgument`, which is a `TypeError`.
    """
    store = make()
    store.append(KEY, invented_events(2), expected_version=0)
    wrongs: tuple[Any, ...] = (None, "1", 1.5, True, -1, 2**70)
    for wrong in wrongs:
        _refuses(partial(store.feed, after=wrong), "what is no cursor is refused")
        _refuses(partial(store.feed, limit=wrong), "what is no number of events is refused")


def what_is_no_key_is_refused(make: MakeStore) -> None:
    """A patient's id that is none is refused, and not repeated: it would be a patient unknown."""
    store = make()
    events = invented_events(1)
    wrongs: tuple[Any, ...] = (None, 5, b"p-1", "", " ", "\ud800")
    for wrong in wrongs:
        key = StreamKey("north-example", wrong)
        for asks in (store.load, store.version):
            _refuses(partial(asks, key), "what is no patient's id is not read")
        appends = partial(store.append, key, events, expected_version=0)
        _refuses(appends, "what is no patient's id is not written")


def _refuses(ask: Callable[[], object], promise: str) -> None:
    try:
        ask()
    except (TypeError, ValueError) as error:
        _expect(not isinstance(error, UnicodeError), "what is refused is not repeated")
    else:
        raise PromiseBroken(promise)


def streams_are_listed(make: MakeStore) -> None:
    """Every stream is listed once, in order, with its head."""
    store = make()
    keys = sorted(StreamKey(tenant, f"p-{n}") for tenant in ("a", "b") for n in range(3))
    for key in reversed(keys):
        store.append(key, invented_events(1, patient_id=key.patient_id), expected_version=0)
    _expect(list(store.streams()) == keys, "every stream is listed once, in order")
    _expect([head.key for head in store.heads()] == keys, "every stream has a head")


def heads_are_those_of_every_store(make: MakeStore) -> None:
    """The same history has the same hashes wherever it is kept."""
    store, memory = make(), MemoryStore()
    for kept in (store, memory):
        kept.append(KEY, varied_events(6), expected_version=0)
        kept.append(OTHER, invented_events(2), expected_version=0)
    _expect(list(store.heads()) == list(memory.heads()), "hashes are those of every store")


def heads_are_kept_to(make: MakeStore) -> None:
    """A history verifies against its chain and its earlier heads, and not against another's."""
    store = make()
    store.append(KEY, invented_events(3), expected_version=0)
    heads = list(store.heads())
    _expect([head.version for head in heads] == [3], "a head has the version of its stream")
    store.append(KEY, invented_events(2, begin=3), expected_version=3)
    _expect(list(store.verify(heads)) == [], "what was appended to still fits earlier heads")
    later = list(store.heads())
    _expect(later[0].hash != heads[0].hash, "each event changes the hash")
    wrong = [type(head)(key=head.key, version=head.version, hash="0" * 64) for head in heads]
    _expect(_codes(store, wrong) == ["changed"], "a head that does not fit is told")
    beyond = [type(head)(key=head.key, version=9, hash=head.hash) for head in heads]
    _expect(_codes(store, beyond) == ["cut"], "a history that was cut is told by its head")


def _codes(store: EventStore, heads: list[Head]) -> list[str]:
    return [fault.code for fault in store.verify(heads)]


def taken_out_is_told(make: MakeStore, take_out: TakeOut) -> None:
    """An event taken out is told by the chain, the first too; the last is by a head.

    Args:
        make: Makes a store, which is expected to be empty.
        take_out: Takes an event out of it by other means.

    Raises:
        PromiseBroken: It is not told.
    """
    store = make()
    keys = [StreamKey("north-example", f"p-{number}") for number in range(4)]
    for key in keys:
        events = invented_events(3, patient_id=key.patient_id)
        store.append(key, events, expected_version=0)
    heads = list(store.heads())
    for version, key in enumerate(keys[:3], 1):
        take_out(store, key, version)
    told = {fault.key for fault in store.verify()}
    _expect(told == set(keys[:2]), "an event taken out is told where it is missing")
    against = {fault.key for fault in store.verify(heads)}
    _expect(against == set(keys[:3]), "a tail that was cut off is told by a head")


STORE_CHECKS: tuple[Check, ...] = (
    events_come_back,
    all_of_an_event_comes_back,
    any_iterable_is_taken,
    somebody_else_s_event_is_refused,
    nothing_appended_is_nothing,
    a_retry_is_harmless,
    the_same_told_in_another_zone_is_the_same,
    another_content_is_a_conflict,
    a_record_can_be_made_of_what_is_kept,
    a_lost_race_is_told,
    writers_never_overwrite,
    the_feed_misses_nothing,
    what_is_no_page_is_refused,
    what_is_no_key_is_refused,
    streams_are_listed,
    heads_are_those_of_every_store,
    heads_are_kept_to,
)
"""Every check."""
