"""Values of frozen classes that are made in a short way are like all others."""

import copy
import pickle

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.codec import dumps
from carecontinuum.codec.stored import read_event
from carecontinuum.history import Event, Moved
from carecontinuum.history.episode import Stay
from carecontinuum.history.making import unfrozen
from invented import event, record

WHOLE = event("m", Moved(level="op"), 3, note="as it is", site=cc.Site(unit="west"))


def test_what_is_read_from_a_store_is_an_event_like_others() -> None:
    """It is equal, of one hash, printed, copied and pickled alike, and cannot be changed."""
    found = read_event(dumps(WHOLE))
    assert type(found) is Event
    assert (found, hash(found), repr(found)) == (WHOLE, hash(WHOLE), repr(WHOLE))
    assert copy.deepcopy(found) == pickle.loads(pickle.dumps(found)) == attrs.evolve(found) == WHOLE
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.note = "changed"  # type: ignore[misc]
    assert type(found.occurred_at) is cc.When
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.occurred_at.zone = None  # type: ignore[misc, assignment]


def test_a_stay_of_a_fold_is_a_stay_like_others() -> None:
    """It is equal to one that is made in the usual way, and cannot be changed."""
    stays = record(Moved(level="iop"), Moved(level="op")).episode("e-1").stays
    assert stays == tuple(Stay(**attrs.asdict(stay, recurse=False)) for stay in stays)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        stays[0].level = "res"  # type: ignore[misc]


def test_defaults_and_names_of_arguments_are_kept() -> None:
    """What is left out has its default, and what must be named must be."""

    @attrs.frozen(weakref_slot=False)
    class Bed:
        unit: str
        _label: str = attrs.field(default="none", kw_only=True)

    short = unfrozen(Bed)
    made = short("west", label="w-1")
    made.__class__ = Bed
    other = short("west")
    other.__class__ = Bed
    assert (made, other) == (Bed("west", label="w-1"), Bed("west"))
    with pytest.raises(TypeError):
        short("west", "w-1")  # type: ignore[call-arg]
