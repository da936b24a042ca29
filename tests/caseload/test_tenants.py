"""One organisation never sees what another keeps, whatever it asks or tells."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.stores import EventStore, MemoryStore, SqliteStore, StreamKey
from carecontinuum.stores.sql import SqlStore
from caseload.every_command import COMMANDS, FIRST_COMMANDS, NOW, QUERIES, begun, opened
from invented import DAY

SOUTH = StreamKey("south", "p-1")


@pytest.fixture(params=["memory", "sqlite", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[EventStore]:
    """Give a store of each kind, in which the south has a patient of the same id."""
    with ExitStack() as opened_here:
        found: EventStore = MemoryStore()
        if request.param == "sqlite":
            found = opened_here.enter_context(SqliteStore(f"{tmp_path}/care.db"))
        elif request.param == "sql":
            sql = opened_here.enter_context(SqlStore(f"sqlite:///{tmp_path}/sql.db"))
            sql.migrate()
            found = sql
        begun(found, tenant="south")
        yield found


@pytest.fixture
def north(store: EventStore) -> Caseload:
    """Give the north, which has no patients yet."""
    return opened(store)


@pytest.mark.parametrize("name", [*COMMANDS, *QUERIES])
def test_a_patient_of_the_south_is_not_there_for_the_north(
    name: str, north: Caseload, store: EventStore
) -> None:
    """Each call finds no such patient, and leaves the other's history as it is."""
    before = store.load(SOUTH)
    try:
        found = {**COMMANDS, **QUERIES}[name](north)
    except cc.CareContinuumError as error:
        assert getattr(error, "episodes", ()) == ()
        assert getattr(error, "pending", ()) == ()
    else:
        assert name in {"report", "record a merge", "options"}
        assert name == "options" or found.record.version == 1
    assert store.load(SOUTH) == before


@pytest.mark.parametrize("name", [*COMMANDS, *FIRST_COMMANDS])
def test_the_same_ids_are_used_in_both(name: str, north: Caseload, store: EventStore) -> None:
    """Patients, episodes, events and requests of one id in two organisations are strangers."""
    begun(store)
    before = store.load(SOUTH)
    call = {**COMMANDS, **FIRST_COMMANDS}[name]
    call(north)
    assert store.load(SOUTH) == before
    call(opened(store, tenant="south"))
    assert any(item.event.id == "x-1" for item in north.feed())
    assert list(store.verify()) == []


def test_lists_are_of_one_organisation(north: Caseload) -> None:
    """Records, census, feed and what is due are empty for who has no patients."""
    assert list(north.records()) == []
    assert north.census(NOW).in_care == 0
    assert north.feed() == ()
    assert list(north.review_due(NOW + 30 * DAY)) == []
    assert north.for_patient("p-1").version == 0


def test_no_trick_of_the_names_reaches_the_other(store: EventStore) -> None:
    """A tenant and a patient are two parts of a key, however they are written."""
    for tenant in ("", "south/p-1", "SOUTH", "%", "south' OR '1'='1"):
        other = opened(store, tenant=tenant)
        for patient in ("p-1", "south/p-1", "../south/p-1", "%", "p-1' OR '1'='1"):
            assert other.for_patient(patient).version == 0
        assert other.feed() == ()
