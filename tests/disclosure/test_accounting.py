"""The accounting of disclosures, and the log that it is read from."""

from datetime import datetime, timedelta

import pytest

import carecontinuum as cc
from carecontinuum.datatypes import NaiveDatetime
from carecontinuum.disclosure import (
    DisclosureRefused,
    accounting_of_disclosures,
    disclose,
    disclosure_log,
    log_refusal,
)
from carecontinuum.records import Exemption, Party
from disclosure.telling import NOW, ask, asked_on, claim, consent, consented, request
from invented import DAY

TICK = timedelta(microseconds=1)


def logged() -> cc.PatientRecord:
    """Make a record with a disclosure, an internal use and a refusal, a day apart."""
    record = consented(consent())
    within = Exemption.WITHIN_THE_PROGRAM
    given = ((request(), None), (asked_on(within), claim(within)))
    for number, (asked, under) in enumerate(given):
        at = NOW + number * DAY
        cleared = ask(record, asked, at=at, under=under)
        record = record.append(
            disclose(record, cleared, at=at, by="dr-example", id=f"d-{number}").event
        )
    at = NOW + 2 * DAY
    with pytest.raises(DisclosureRefused) as caught:
        ask(record, request(recipient=Party(name="Someone")), at=at)
    return record.append(log_refusal(record, caught.value, at=at, by="dr-example", id="d-2"))


RECORD = logged()


def test_the_accounting_lists_disclosures_alone() -> None:
    """A use within the program is logged and is no disclosure; a refusal told nobody anything."""
    found = accounting_of_disclosures(RECORD)
    assert [one.event_id for one in found] == ["d-0"]
    assert found[0].value.request == request()
    assert found[0].value.consent_id == "c-1"
    assert found[0].at.instant == NOW
    assert [one.event_id for one in disclosure_log(RECORD)] == ["d-0", "d-1", "d-2"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (NOW, NOW + 2 * DAY, 3),
        (NOW + TICK, None, 2),
        (None, NOW, 1),
        (None, NOW - TICK, 0),
        (NOW + 2 * DAY, None, 1),
        (NOW + 2 * DAY + TICK, None, 0),
    ],
)
def test_bounds_are_inclusive(
    since: datetime | None, until: datetime | None, expected: int
) -> None:
    """An entry on a bound is within it."""
    assert len(disclosure_log(RECORD, since=since, until=until)) == expected
    accounted = accounting_of_disclosures(RECORD, since=since, until=until)
    within = (since is None or since <= NOW) and (until is None or until >= NOW)
    assert len(accounted) == within


def test_a_bound_without_a_zone_is_refused() -> None:
    """Nobody can tell which moment it is."""
    naive = datetime(2026, 3, 12)  # noqa: DTZ001
    with pytest.raises(NaiveDatetime, match="`since`"):
        disclosure_log(RECORD, since=naive)
    with pytest.raises(NaiveDatetime, match="`until`"):
        accounting_of_disclosures(RECORD, until=naive)


def test_a_view_s_log_is_what_was_known_then() -> None:
    """An accounting of an earlier moment lists what had been logged by then."""
    for view in (RECORD.as_of(known=NOW), RECORD.as_of(occurred=NOW)):
        assert [one.event_id for one in disclosure_log(view)] == ["d-0"]
        assert [one.event_id for one in disclosure_log(view, until=NOW + DAY)] == ["d-0"]
        assert disclosure_log(view, until=NOW - TICK) == ()
