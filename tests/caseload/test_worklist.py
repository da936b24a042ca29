"""What is due of all patients, one record at a time."""

import tracemalloc
from collections.abc import Iterator

import pytest

import carecontinuum as cc
from carecontinuum.care import Deadlines, DueKind
from carecontinuum.caseload import CalendarNotNamed, Caseload
from carecontinuum.datatypes import NaiveDatetime
from carecontinuum.history import Admitted, Discharged, Event
from carecontinuum.stores import MemoryStore, SqliteStore, StreamKey
from caseload.every_command import DR, Clock, opened
from invented import DAY, START, event, program


def test_each_patient_with_something_due_is_listed() -> None:
    """Who was admitted long ago needs a plan and a contact; who was discharged needs nothing."""
    store = MemoryStore()
    caseload = opened(store, Clock(START + 60 * DAY))
    for name in ("p-1", "p-2", "p-3"):
        caseload.admit(name, to="iop", at=START, by=DR, episode_id="e-1")
    caseload.report("p-2", event("d", Discharged(kind="planned"), 9, patient_id="p-2"))
    opened(store, tenant="south").admit("p-9", to="iop", at=START, by=DR)
    found = list(caseload.review_due(START + 30 * DAY))
    assert [one.patient_id for one in found] == ["p-1", "p-3"]
    assert {due.kind for due in found[0].due} == {DueKind.TREATMENT_PLAN, DueKind.CONTACT}
    assert all(due.is_overdue for due in found[0].due)
    assert "p-1" not in repr(found)
    patient = Deadlines(ahead=0, treatment_plan=90, contact=90)
    assert list(caseload.review_due(START + 30 * DAY, deadlines=patient)) == []


def test_the_calendar_is_named_where_programs_differ() -> None:
    """Programs of two zones, or none at all, do not say which day it is."""
    store = MemoryStore()
    opened(store, tenant="").admit("p-1", to="iop", at=START, by=DR, episode_id="e-1")
    berlin = cc.Calendar(zone="Europe/Berlin")
    several = Caseload([program(), program(id="other", calendar=berlin)], store=store)
    with pytest.raises(CalendarNotNamed, match="`America/New_York`, `Europe/Berlin`"):
        several.review_due(START + 30 * DAY)
    with pytest.raises(CalendarNotNamed, match="are none"):
        Caseload([], store=store).review_due(START + 30 * DAY)
    assert [one.patient_id for one in several.review_due(START + 30 * DAY, calendar=berlin)]
    with pytest.raises(NaiveDatetime):
        several.review_due(START.replace(tzinfo=None), calendar=berlin)


class Endless(MemoryStore):
    """A store of many patients, none of whom is held in memory."""

    def streams(self) -> Iterator[StreamKey]:
        """Give three hundred streams."""
        return (StreamKey("", f"p-{number}") for number in range(300))

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Make a patient's events as they are asked for."""
        name = key.patient_id
        return tuple(
            event(f"a-{number}", Admitted(level="iop"), number / 50, patient_id=name)
            for number in range(50)
        )


def test_the_list_holds_one_record_at_a_time() -> None:
    """Fifteen thousand events of three hundred patients are gone through in three megabytes."""
    caseload = Caseload([program()], store=Endless())
    tracemalloc.start()
    try:
        assert sum(1 for _ in caseload.review_due(START + 30 * DAY)) == 300
        assert caseload.census(START + 30 * DAY).in_care == 300
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_the_end_of_with_closes_the_store(tmp_path: object) -> None:
    """A store that can be closed is closed; one that cannot needs nothing."""
    closed: list[str] = []

    class Closing(SqliteStore):
        def close(self) -> None:
            """Note it, and close."""
            closed.append(self.path)
            super().close()

    store = Closing(f"{tmp_path}/care.db")
    with Caseload([program()], store=store) as caseload:
        caseload.admit("p-1", to="iop", at=START, by=DR)
        assert closed == []
    assert closed == [store.path]
    with Caseload([program()], store=MemoryStore()) as other:
        assert not other.feed()
