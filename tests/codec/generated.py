"""Generated values of any class that has JSON, made from the types of its attributes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

import attrs
from hypothesis import reject, strategies as st

import carecontinuum as cc
from carecontinuum.codec.kinds import fields_of, parts_of
from carecontinuum.datatypes import Precision
from carecontinuum.decisions import Decision
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import Body, Decided, Event
from carecontinuum.rules import Span
from recorded import RECORDS

ZONES = [
    UTC,
    ZoneInfo("UTC"),
    ZoneInfo("Pacific/Apia"),
    ZoneInfo("America/New_York"),
    timezone(timedelta(hours=5, minutes=30)),
    timezone(-timedelta(hours=3, seconds=7)),
]
EARLY = datetime(1900, 1, 2)  # noqa: DTZ001
LATE = datetime(2100, 1, 2)  # noqa: DTZ001
BODIES = get_args(Body)
instants = st.datetimes(EARLY, LATE, timezones=st.just(UTC))
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@st.composite
def whens(draw: st.DrawFn) -> cc.When:
    """Generate a moment: an instant in any zone, or a day, a month or a year."""
    zone = draw(st.sampled_from(ZONES))
    if draw(st.booleans()):
        return cc.When.of(draw(instants).astimezone(zone))
    precision = draw(st.sampled_from([p for p in Precision if p is not Precision.INSTANT]))
    return cc.When.on(draw(days), zone=zone, precision=precision)


decimals = st.decimals(allow_nan=False, allow_infinity=False)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    int: st.integers(0, 9) | st.integers(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    date: days,
    time: st.times(),
    datetime: instants,
    Decimal: decimals,
    NoneType: st.none(),
    cc.When: whens(),
    Span: st.builds(Span, st.none() | st.integers() | days, st.none() | decimals),
}


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Generate values of a declared type."""
    if kind in SCALARS:
        return SCALARS[kind]
    if (parts := parts_of(kind)) is not None:
        return st.one_of([of(part) for part in parts])
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and arguments[-1] is not ...:
        return st.tuples(*map(of, arguments))
    if origin is tuple:
        return st.lists(of(arguments[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(of(arguments[0]), max_size=3)
    if origin is Mapping:
        return st.dictionaries(of(arguments[0]), of(arguments[1]), max_size=2)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return st.deferred(lambda: records(kind))


@st.composite
def records(draw: st.DrawFn, kind: type[Any]) -> Any:
    """Generate values of a class; one that its constructor refuses becomes an invented record."""
    samples: list[Any] = [record for record in RECORDS if type(record) is kind]
    keep: bool = draw(st.booleans())
    if samples and keep:
        return draw(st.sampled_from(samples))
    given: dict[str, Any] = {
        field.alias or field.name: draw(of(field.type))
        for field in fields_of(kind)
        if field.default is attrs.NOTHING or draw(st.booleans())
    }
    try:
        return kind(**given)
    except (CareContinuumError, TypeError):
        return draw(st.sampled_from(samples)) if samples else reject()


@st.composite
def events(draw: st.DrawFn, kinds: Any = BODIES) -> Event:
    """Generate an event of one of some kinds of body."""
    body = draw(of(draw(st.sampled_from(kinds))))
    patient = body.decision.patient_id if isinstance(body, Decided) else draw(st.text(min_size=1))
    try:
        return Event(
            id=draw(st.text(min_size=1)),
            patient_id=patient,
            occurred_at=draw(whens()),
            recorded_at=LATE.replace(tzinfo=UTC),
            by=draw(of(cc.Actor)),
            body=body,
            episode_id=draw(st.sampled_from([None, "episode-1"])),
            note=draw(st.text()),
            site=draw(of(cc.Site | None)),
            identifiers=draw(of(tuple[cc.Identifier, ...])),
            source=draw(of(fields_of(Event)[-3].type)),
        )
    except CareContinuumError:
        reject()


decided = of(Decision)
