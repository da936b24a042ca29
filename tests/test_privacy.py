"""Nothing about a patient leaks, whatever is done with stores, codec, consent gate and caseload.

Every field that could identify somebody, of every body of an event, holds one word that is nowhere
else. Whatever is shown, raised, warned of, logged or printed is searched for it.
"""

import json
import logging
import pickle
import sqlite3
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest

import carecontinuum as cc
import recorded
from carecontinuum.caseload import Caseload
from carecontinuum.codec import CodecInvalid, dumps, loads, to_json
from carecontinuum.disclosure import (
    Clearance,
    DisclosureRefused,
    Under,
    accounting_of_disclosures,
    clear,
    disclosure_log,
)
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import Body, Event, Moved, Retracted
from carecontinuum.records import DisclosureRequest, Exemption, ExemptionClaimed, RecordKind
from carecontinuum.stores import EventStore, MemoryStore, SqliteStore, StoreUnavailable, StreamKey
from invented import DAY, START
from test_values import CANARY, OVERRIDDEN, PROGRAM, canary_event

KEY = StreamKey("north", CANARY)
RECORD = OVERRIDDEN.record
LATER = START + 30 * DAY
REQUEST = DisclosureRequest(
    episode_ids=("e-1",),
    scope=frozenset(RecordKind),
    recipient=recorded.PARTY,
    discloser=recorded.PARTY,
    purpose=recorded.REQUEST.purpose,
)
WITHIN = ExemptionClaimed(exemption=Exemption.WITHIN_THE_PROGRAM, justification=CANARY)


class Watch:
    """Everything that was shown while something was done."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.shown: list[str] = []
        self.errors: list[CareContinuumError] = []

    def show(self, *values: object) -> None:
        """Look at values as a program that logs them would."""
        for value in values:
            self.shown += [repr(value), str(value), f"{value}"]

    def raises(self, work: Callable[[], object], code: str | None = None) -> None:
        """Do what an error of ours comes of, and look at all that leads to it."""
        with pytest.raises(CareContinuumError) as caught:
            work()
        error = caught.value
        assert code in (None, error.code)
        self.errors.append(error)
        self.show(error, error.parts, error.args, *_leading_to(error))
        self.shown += _lines(error)
        self.show(pickle.loads(pickle.dumps(error)))

    def leaks(self) -> list[str]:
        """Give what shows somebody."""
        return [text for text in self.shown if CANARY in text]


def _leading_to(error: BaseException) -> Iterator[BaseException]:
    for one in (error.__cause__, error.__context__):
        if one is not None:
            yield one
            yield from _leading_to(one)


def _lines(error: BaseException) -> list[str]:
    """Format a traceback, without the lines of the tests, which may name the canary."""
    return [line for line in traceback.format_exception(error) if "/tests/" not in line]


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Watch]:
    """Watch what is shown, every log, warning and print among it, and search it at the end."""
    found = Watch()
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for name in [*logging.root.manager.loggerDict]:
            caplog.set_level(logging.DEBUG, logger=name)
        yield found
    printed = capfd.readouterr()
    found.shown += [*(str(one.message) for one in warned), printed.out, printed.err, caplog.text]
    found.shown += [f"{one.__dict__}" for one in caplog.records]
    assert found.shown
    assert found.leaks() == []


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> EventStore:
    """Give a store of each kind with the record in it."""
    found = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "care.db")
    found.append(KEY, RECORD.events, expected_version=0)
    return found


def desk(store: EventStore, **more: Any) -> Caseload:
    """Give a caseload over a store, with a clock that stands."""
    given: dict[str, Any] = {"tenant": "north", "clock": lambda: LATER}
    return Caseload([PROGRAM], store=store, **{**given, **more})


def test_a_leak_is_found() -> None:
    """An error of ours that another led to, even `from None`, shows what the other held."""

    def leaks() -> None:
        try:
            int(CANARY)
        except ValueError:
            raise StoreUnavailable(says="it is away") from None

    found = Watch()
    found.raises(leaks)
    assert found.leaks()


def test_every_body_holds_the_canary() -> None:
    """The record has each body of the closed union, and what is kept of it has the canary."""
    assert {type(event.body) for event in RECORD.events} == set(get_args(Body))
    assert all(CANARY in dumps(event) for event in RECORD.events)


def test_stores_show_nobody(watch: Watch, store: EventStore) -> None:
    """Neither a store, nor a key, an event, a place on the feed, a head, a fault or a record."""
    assert store.load(KEY) == RECORD.events
    feed = store.feed()
    watch.show(store, KEY, *store.load(KEY), *feed, *store.heads(), *store.streams())
    watch.show(*store.verify(), *store.verify([attrs.evolve(next(store.heads()), version=99)]))
    watch.show(RECORD, RECORD.care, *RECORD.care.consents, *RECORD.episodes.values())


def test_conflicts_show_nobody(watch: Watch, store: EventStore) -> None:
    """A lost race, an id used twice and another patient's event are told without anybody."""
    new = canary_event("new", Moved(level="op"), 31)
    watch.raises(lambda: store.append(KEY, [new], expected_version=3), "CC511")
    other = canary_event("b-2", Moved(level="op"), 31)
    watch.raises(lambda: store.append(KEY, [other], expected_version=RECORD.version), "CC303")
    elsewhere = attrs.evolve(new, patient_id=f"{CANARY}-2")
    watch.raises(lambda: store.append(KEY, [elsewhere], expected_version=RECORD.version), "CC302")
    assert store.load(KEY) == RECORD.events


def test_only_the_body_and_the_key_are_stored_with_somebody(tmp_path: Path) -> None:
    """No other column has it: an event's own id is opaque, and so is a hash."""
    SqliteStore(tmp_path / "care.db").append(KEY, RECORD.events, expected_version=0)
    with closing(sqlite3.connect(tmp_path / "care.db")) as connection:
        found = connection.execute("SELECT * FROM events")
        names = [column[0] for column in found.description]
        rows = found.fetchall()
    holding = {
        name for row in rows for name, value in zip(names, row, strict=True) if CANARY in str(value)
    }
    assert holding == {"body", "stream"}


def test_a_locked_file_shows_nobody(watch: Watch, tmp_path: Path) -> None:
    """Who waits in vain for another writer is told so, and nothing else."""
    path = tmp_path / "care.db"
    store = SqliteStore(path, wait=0.01)
    store.append(KEY, RECORD.events, expected_version=0)
    new = canary_event("new", Moved(level="op"), 31)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        watch.raises(lambda: store.append(KEY, [new], expected_version=RECORD.version), "CC512")


DAMAGE = {
    "no JSON": "substr(body, 3)",
    "half": "substr(body, 1, length(body) / 2)",
    "another type": 'replace(body, \'"type":"event"\', \'"type":"CANARY-7731"\')',
    "no text": "CAST(x'ff43414e4152592d37373331' AS TEXT)",
    "a number": "7731",
    "a key more": 'replace(body, \'{"basis"\', \'{"CANARY-7731":"CANARY-7731","basis"\')',
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_a_damaged_row_shows_nobody(watch: Watch, tmp_path: Path, damage: str) -> None:
    """What cannot be read is refused without being repeated, and a check names its place alone."""
    path = tmp_path / "care.db"
    with SqliteStore(path) as store:
        store.append(KEY, RECORD.events, expected_version=0)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER IF EXISTS events_never_change")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(f"UPDATE events SET body = {damage} WHERE version = 4")  # noqa: S608
    store = SqliteStore(path)
    watch.raises(lambda: store.load(KEY))
    watch.raises(store.feed)
    watch.show(*store.verify())
    watch.raises(lambda: desk(store).for_patient(CANARY))


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the path of everything inside JSON data."""
    if path:
        yield path
    if isinstance(data, dict):
        parts: Iterator[tuple[Any, Any]] = iter(data.items())
    else:
        parts = enumerate(data if isinstance(data, list) else ())
    for key, item in parts:
        yield from leaves(item, (*path, key))


def test_the_codec_shows_nobody(watch: Watch) -> None:
    """Whatever stands where it should not, in any place of any body, is refused unrepeated."""
    refused = 0
    for event in {type(event.body): event for event in RECORD.events}.values():
        whole = json.dumps(to_json(event))
        for path in leaves(json.loads(whole)):
            for wrong in ([CANARY], {CANARY: CANARY}):
                data = json.loads(whole)
                place = data
                for step in path[:-1]:
                    place = place[step]
                place[path[-1]] = wrong
                refused += _refused(watch, json.dumps(data))
    assert refused > 500


def _refused(watch: Watch, text: str) -> bool:
    try:
        loads(Event, text)
    except CodecInvalid as error:
        watch.show(error, error.parts, *_leading_to(error))
        watch.shown += _lines(error)
        return True
    return False


def test_the_gate_shows_nobody(watch: Watch, store: EventStore) -> None:
    """Neither its refusal, nor a clearance, what is told, or the log, shows anybody."""
    caseload = desk(store)
    given: dict[str, Any] = {"at": LATER, "calendar": PROGRAM.calendar}
    merged = [cc.PatientRecord.of(CANARY)]
    unders: tuple[Under, ...] = (None, CANARY, recorded.CLAIM)
    for under in unders:
        watch.raises(partial(clear, RECORD, REQUEST, under=under, **given), "CC710")
        watch.raises(partial(caseload.disclose, CANARY, REQUEST, by=CANARY, under=under), "CC710")
    cleared = clear(RECORD, REQUEST, under=WITHIN, merged=merged, **given)
    watch.show(cleared, *cleared.events(RECORD, at=LATER), *cleared.notes(RECORD, at=LATER))
    watch.raises(lambda: attrs.evolve(cleared), "CC711")
    watch.raises(lambda: pickle.dumps(cleared), "CC711")
    watch.raises(lambda: Clearance(record=RECORD), "CC711")
    watch.raises(lambda: cleared.events(RECORD.as_of(known=START), at=LATER), "CC712")
    watch.raises(lambda: cleared.events(RECORD, at=LATER + DAY), "CC713")
    told = caseload.disclose(CANARY, REQUEST, by=CANARY, under=WITHIN)
    assert CANARY in json.dumps(dict(told.document))
    after = caseload.for_patient(CANARY)
    watch.show(told, *disclosure_log(after), *accounting_of_disclosures(after))
    assert isinstance(watch.errors[0], DisclosureRefused)
    watch.show(*watch.errors[0].reasons, watch.errors[0].refused)


def test_the_caseload_shows_nobody(watch: Watch, store: EventStore) -> None:
    """Refused commands, bad calls and a listener that fails are told without anybody."""

    def fails(*_: object) -> None:
        raise RuntimeError(CANARY)

    caseload = desk(store, listeners=[fails])
    caseload.record(CANARY, Moved(level="op"), at=LATER, by=CANARY, episode_id="e-1", note=CANARY)
    asked: dict[str, Any] = {"at": LATER, "by": CANARY}
    watch.raises(lambda: caseload.request(CANARY, cc.step_down(to="op", note=CANARY), **asked))
    watch.raises(lambda: caseload.request("nobody", cc.step_down(to="op"), **asked), "CC701")
    watch.raises(lambda: caseload.retract(CANARY, "nothing", by=CANARY))
    watch.raises(
        lambda: caseload.report(CANARY, canary_event("b-2", Retracted(event_id="b-1"), 31))
    )
    naive = datetime(2026, 3, 2)  # noqa: DTZ001
    watch.raises(lambda: caseload.admit(CANARY, to="iop", at=naive, by=CANARY), "CC110")
    watch.show(caseload.census(LATER), *caseload.feed(), *caseload.records())
