"""Whatever is told in whatever order, with whatever goes wrong: each thing is kept exactly once."""

import contextlib
from datetime import timedelta

from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.stores import MemoryStore, StreamKey
from caseload.every_command import COMMANDS, Clock, begun, opened
from caseload.test_told_again import Watched, kept

PATIENT = StreamKey("north", "p-1")
WENT = ("well", "answer lost", "told twice at once", "clock back")


def told(caseload: Caseload, name: str, id: str) -> None:
    """Tell a caseload something; that it is refused is an answer."""
    with contextlib.suppress(cc.CareContinuumError):
        COMMANDS[name](caseload, id)


def tell(store: Watched, clock: Clock, name: str, id: str, went: str) -> None:
    """Tell something, with what goes wrong, and again where its answer was lost."""
    clock.at += timedelta(hours=-30 if went == "clock back" else 1)
    caseload = opened(store, clock)
    if went == "answer lost":
        store.loses_the_answer = True
    elif went == "told twice at once":
        earlier = Clock(clock.at - timedelta(minutes=1))
        store.first = lambda one: told(opened(one, earlier), name, id)
    told(caseload, name, id)
    store.loses_the_answer, store.first = False, None
    if went == "answer lost":
        told(caseload, name, id)


@given(st.lists(st.tuples(st.sampled_from(sorted(COMMANDS)), st.sampled_from(WENT)), max_size=8))
def test_each_thing_is_kept_exactly_once(things: list[tuple[str, str]]) -> None:
    """Nothing is there twice or out of order, and telling all of it again keeps nothing more."""
    store, clock = Watched(), Clock()
    begun(store, clock)
    for number, (name, went) in enumerate(things):
        tell(store, clock, name, f"c-{number}", went)
    after = kept(store)
    assert len(set(after)) == len(after)
    recorded = [item.event.recorded_at for item in store.feed()]
    assert recorded == sorted(recorded)
    assert list(store.verify()) == []
    clock.at += timedelta(days=1)
    for number, (name, _) in enumerate(things):
        if {f"c-{number}", f"c-{number}/decision"} & set(after):
            told(opened(store, clock), name, f"c-{number}")
    assert kept(store) == after


@given(st.lists(st.sampled_from(sorted(COMMANDS)), max_size=8))
def test_what_is_kept_does_not_depend_on_who_is_asked(names: list[str]) -> None:
    """One caseload, or a new one for each command: the histories are the same."""
    one, many = MemoryStore(), MemoryStore()
    same = begun(one)
    begun(many)
    for number, name in enumerate(names):
        told(same, name, f"c-{number}")
        told(opened(many), name, f"c-{number}")
    assert one.load(PATIENT) == many.load(PATIENT)
