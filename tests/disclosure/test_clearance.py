"""A clearance: made by the gate alone, for one record, for some minutes."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.disclosure import (
    NOTICE,
    PART_2_LABELS,
    STANDARD_LABELS,
    VALID_FOR,
    Clearance,
    ClearanceForged,
    ClearanceMisfit,
    ClearanceOver,
)
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import (
    Admitted,
    AssessmentRecorded,
    DisclosureGround,
    EventSource,
    Moved,
)
from carecontinuum.records import Exemption, RecordKind
from disclosure.telling import (
    ASSESSED,
    CALENDAR,
    KINDS,
    NOW,
    ask,
    asked_on,
    claim,
    consent,
    consented,
    recorded,
    request,
)
from invented import DAY, event

RECORD = consented(consent())
CLEARED = ask(RECORD)
STANDARD = request(episode_ids=("e-2",))
TICK = timedelta(microseconds=1)

FORGERIES: dict[str, Callable[[], object]] = {
    "nothing": Clearance,
    "by hand": lambda: Clearance(record=RECORD, request=request(), at=NOW),
    "changed": lambda: attrs.evolve(CLEARED, request=request()),  # type: ignore[call-arg]
    "changed to the same": lambda: attrs.evolve(CLEARED),
    "copied": lambda: copy.copy(CLEARED),
    "deeply copied": lambda: copy.deepcopy([CLEARED]),
    "kept": lambda: pickle.dumps(CLEARED),
    "kept plainly": lambda: pickle.dumps(CLEARED, protocol=0),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=list(FORGERIES))
def test_only_the_gate_makes_one(forge: Callable[[], object]) -> None:
    """Making, changing, copying and keeping one is refused, by one error with its own code."""
    with pytest.raises(ClearanceForged, match="CC711"):
        forge()


def test_one_is_not_edited() -> None:
    """No field of it is set or deleted, and none is added."""
    for name in [*(field.name for field in attrs.fields(Clearance)), "more"]:
        with pytest.raises(AttributeError):
            setattr(CLEARED, name, None)
    with pytest.raises(AttributeError):
        del CLEARED.request
    assert ask(RECORD) != CLEARED
    assert len({CLEARED, CLEARED}) == 1


def test_one_shows_nobody() -> None:
    """Its repr has neither names nor ids nor days."""
    shown = repr(ask(RECORD, under="c-1"))
    assert "p-1" not in shown
    assert "e-1" not in shown
    assert "Sample" not in shown
    assert "Invented" not in shown
    assert "2026" not in shown
    assert "attendance" not in shown


def test_one_is_for_one_version_of_one_record() -> None:
    """Another patient's record, and one to which something was added, are refused."""
    assert CLEARED.events(consented(consent()), at=NOW)
    later = RECORD.append(event("more", Admitted(), 11, episode_id="e-4"))
    for other in (later, recorded(), RECORD.as_of(occurred=NOW)):
        with pytest.raises(ClearanceMisfit, match="CC712"):
            CLEARED.events(other, at=NOW)
        with pytest.raises(ClearanceMisfit):
            CLEARED.notes(other, at=NOW)


def test_one_holds_for_some_minutes() -> None:
    """From the moment it is given up to its end, and not at its end."""
    assert CLEARED.valid_until == NOW + VALID_FOR
    assert CLEARED.events(RECORD, at=NOW)
    assert CLEARED.events(RECORD, at=CLEARED.valid_until - TICK)
    for at in (NOW - TICK, CLEARED.valid_until, NOW + DAY):
        with pytest.raises(ClearanceOver, match="CC713"):
            CLEARED.events(RECORD, at=at)
        with pytest.raises(ClearanceOver):
            CLEARED.notes(RECORD, at=at)


def test_one_ends_with_its_day() -> None:
    """A consent's last day is not stretched past midnight where care is given."""
    record = consented(consent(expires_on=date(2026, 3, 12)))
    late = datetime(2026, 3, 13, 3, 50, tzinfo=UTC)
    assert CALENDAR.day(late) == date(2026, 3, 12)
    assert ask(record, at=late).valid_until == datetime(2026, 3, 13, 4, tzinfo=UTC)


def test_what_goes_with_records() -> None:
    """The notice goes with what is under Part 2 and leaves the program; labels go with all."""
    assert NOTICE == "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    for cleared in (CLEARED, ask(RECORD, under=claim(Exemption.COURT_ORDER))):
        assert (cleared.notice, cleared.labels) == (NOTICE, PART_2_LABELS)
    inside = Exemption.WITHIN_THE_PROGRAM
    within = ask(RECORD, asked_on(inside), under=claim(inside))
    assert (within.notice, within.labels) == ("", PART_2_LABELS)
    standard = ask(RECORD, STANDARD)
    assert (standard.notice, standard.labels) == ("", STANDARD_LABELS)
    assert [label.code for label in STANDARD_LABELS] == ["BH"]
    assert [label.code for label in PART_2_LABELS] == ["42CFRPart2", "SUD", "ETHUD"]


def test_a_clearance_says_its_ground() -> None:
    """A consent, an exemption, or that the episode is not under Part 2."""
    assert CLEARED.ground is DisclosureGround.CONSENT
    research = ask(RECORD, under=claim(Exemption.RESEARCH))
    assert research.ground is DisclosureGround.EXEMPTION
    assert ask(RECORD, STANDARD).ground is DisclosureGround.NOT_PART_2


def test_the_events_it_covers() -> None:
    """The kinds of its scope, of its episodes and of the patient alone, without free text."""
    found = CLEARED.events(RECORD, at=NOW)
    assert [one.id for one in found] == ["admitted", "assessed", "attended"]
    assert {one.note for one in found} == {""}
    assert CLEARED.notes(RECORD, at=NOW) == ()
    both = ask(RECORD, request(episode_ids=("e-1", "e-2"), scope=KINDS))
    assert [one.id for one in both.events(RECORD, at=NOW)][-1] == "other"
    standard = ask(RECORD, STANDARD)
    assert [one.id for one in standard.events(RECORD, at=NOW)] == ["other"]


def test_the_notes_it_covers() -> None:
    """Only a scope that names them has them, of every event of the episode that has one."""
    record = consented(consent(counselling_notes=True))
    cleared = ask(record, request(scope={RecordKind.NOTES}))
    assert cleared.events(record, at=NOW) == ()
    found = cleared.notes(record, at=NOW)
    texts = ["came with her brother", "said she is afraid"]
    assert [(one.event_id, one.text) for one in found] == [
        ("admitted", texts[0]),
        ("assessed", texts[1]),
    ]
    assert found[0].at == RECORD.by_id["admitted"].occurred_at
    assert found[0].by == RECORD.by_id["admitted"].by
    assert texts[0] not in repr(found)


def test_an_earlier_episode_is_named_only_where_it_is_asked_for() -> None:
    """That care went on before says something of the episode before, which may be under Part 2."""
    again = Admitted(level="op", confidentiality="standard", readmission_of="e-1")
    record = RECORD.append(event("again", again, 7, episode_id="e-3"))
    for ids, earlier in ((("e-3",), None), (("e-1", "e-3"), "e-1")):
        asked = request(episode_ids=ids)
        found = ask(record, asked, under=claim(Exemption.RESEARCH)).events(record, at=NOW)
        (body,) = (one.body for one in found if one.id == "again")
        assert body == attrs.evolve(again, readmission_of=earlier)


def test_what_stands_around_an_event_goes_with_the_course_of_care() -> None:
    """A reason or an identifier says more than the scope does; a message's id is nobody's."""
    more: dict[str, Any] = {
        "episode_id": "e-1",
        "reason_code": "return-to-use",
        "identifiers": (cc.Identifier(system="urn:x", value="77"),),
        "source": EventSource(system="ehr", message_id="m-1"),
    }
    moved = event("moved", Moved(level="op"), 7, **more)
    again = event("again", AssessmentRecorded(assessment=ASSESSED), 7, **more)
    record = RECORD.append(moved, again)
    found = {one.id: one for one in ask(record).events(record, at=NOW)}
    assert found["moved"] == attrs.evolve(moved, source=None)
    bare = attrs.evolve(again, source=None, reason_code=None, identifiers=())
    assert found["again"] == bare


def test_no_class_is_made_from_it() -> None:
    """One that was would be made without the gate, and nothing fills one that was not."""
    with pytest.raises(ClearanceForged):
        type("Mine", (Clearance,), {})
    assert not hasattr(Clearance, "__attrs_init__")
    assert not hasattr(Clearance, "__setstate__")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (
            ClearanceForged,
            "a clearance is made by `clear` alone, and is neither copied nor kept; ask for one",
        ),
        (
            ClearanceMisfit,
            "the clearance is for another record, or another version of it; ask for one for this",
        ),
        (ClearanceOver, "the clearance does not hold at this moment; ask for one now"),
    ],
)
def test_what_is_said_of_a_clearance_that_is_none(
    kind: type[CareContinuumError], says: str
) -> None:
    """Each says what is wrong and what is possible now."""
    assert str(kind()) == f"{kind.code}: {says}"
