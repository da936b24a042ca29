"""From a document to facts, each bound to its source."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from carecontinuum.canonical import Problem
from carecontinuum.errors import listed
from carecontinuum.facts import (
    SOURCES,
    InstrumentBand,
    InstrumentChange,
    InstrumentScore,
    Reading,
    Source,
    SourceInvalid,
)
from carecontinuum.library.documents import FactDocument, FactType, SourceDocument
from carecontinuum.library.instruments import shipped_instrument, shipped_instruments
from carecontinuum.library.words import unknown
from carecontinuum.records import Instrument
from carecontinuum.rules import (
    Age,
    Choice,
    Count,
    Date,
    Fact,
    FactInvalid,
    Flag,
    Ordinal,
    Quantity,
)

__all__ = ["NAMES_OF_THE_MAP", "YIELDS", "reading_of"]

YIELDS: Mapping[str, FactType | None] = {
    "stated": None,
    "days-at-level": FactType.COUNT,
    "days-since-admission": FactType.COUNT,
    "days-on-leave": FactType.COUNT,
    "days-since-return-to-use": FactType.COUNT,
    "returns-to-use": FactType.COUNT,
    "days-since-discharge": FactType.COUNT,
    "other-open-episodes": FactType.COUNT,
    "level-elsewhere": FactType.CHOICE,
    "legal-status": FactType.CHOICE,
    "consecutive-lower-reviews": FactType.COUNT,
    "placement-supports-target": FactType.FLAG,
    "level": FactType.CHOICE,
    "requested-level": FactType.CHOICE,
    "requested-discharge": FactType.CHOICE,
    "instrument-score": FactType.COUNT,
    "instrument-change": FactType.COUNT,
    "instrument-band": FactType.CHOICE,
    "hours-received": FactType.QUANTITY,
    "hours-fit-level": FactType.FLAG,
    "missed-in-a-row": FactType.COUNT,
    "days-since-contact": FactType.COUNT,
    "days-since-plan-review": FactType.COUNT,
    "planned-weekly-hours": FactType.QUANTITY,
    "goals-met": FactType.COUNT,
    "goals-open": FactType.COUNT,
    "relapse-prevention-plan-ready": FactType.FLAG,
    "aftercare-plan-ready": FactType.FLAG,
    "check-ins-overdue": FactType.COUNT,
    "authorized-days-left": FactType.COUNT,
    "age": FactType.AGE,
}
"""The type of fact each source gives; `None` is any."""

NAMES_OF_THE_MAP = frozenset({"level", "level-elsewhere", "requested-level", "requested-discharge"})
"""The sources whose codes are the map's own: a file names none, and its rules use only those."""

_MADE: Mapping[FactType, Callable[..., Fact[Any]]] = {
    FactType.COUNT: Count,
    FactType.ORDINAL: Ordinal,
    FactType.AGE: Age,
    FactType.QUANTITY: Quantity,
    FactType.DATE: Date,
    FactType.FLAG: Flag,
    FactType.CHOICE: Choice,
}
_PARTS: Mapping[FactType, tuple[str, ...]] = {
    FactType.COUNT: ("lo", "hi", "unit"),
    FactType.ORDINAL: ("lo", "hi", "unit", "anchors"),
    FactType.AGE: ("lo", "hi"),
    FactType.QUANTITY: ("lo", "hi", "unit"),
    FactType.DATE: (),
    FactType.FLAG: (),
    FactType.CHOICE: ("codes",),
}
_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "stated": ("asked_of",),
    "returns-to-use": ("within_days",),
    "level-elsewhere": ("levels",),
    "instrument-score": ("instrument", "total", "within_days"),
    "instrument-change": ("instrument", "total", "within_days"),
    "instrument-band": ("instrument", "banding", "within_days"),
    "hours-received": ("weeks",),
    "hours-fit-level": ("weeks", "age_group"),
}
_NEEDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "level-elsewhere": (("levels", "name the levels looked for; needed is a list of codes"),),
    "instrument-score": (("instrument", "name the instrument"),),
    "instrument-change": (("instrument", "name the instrument"),),
    "instrument-band": (
        ("instrument", "name the instrument"),
        ("banding", "name the banding; sources may disagree about an instrument"),
    ),
}
_OF_INSTRUMENTS = frozenset({"instrument-score", "instrument-change"})
_EVERY = tuple(dict.fromkeys(name for names in _SETTINGS.values() for name in names))


def reading_of(
    document: FactDocument, path: str, found: list[Problem], own: Mapping[str, Instrument]
) -> Reading[Any] | None:
    """Make a fact with its source; what is wrong is added to `found`, and then there is none.

    Args:
        document: What the file says of the fact.
        path: Where it says so.
        found: What is wrong with the file.
        own: Instruments that are known besides the shipped ones, and before them, by id.
    """
    before = len(found)
    parts = _given(document, ("lo", "hi", "unit", "anchors", "codes"))
    found += _part_problems(document, parts, path)
    source = _source(document, path, found, own)
    found += _range_problems(document, path)
    if len(found) > before:
        return None
    kept = {name: _exact(value) for name, value in parts.items()}
    try:
        fact = _MADE[document.type](
            document.id,
            title=document.title,
            citation=document.citation,
            must_assess=document.must_assess,
            **kept,
        )
    except FactInvalid as invalid:
        found.append(Problem(path, "impossible-fact", invalid.says))
        return None
    return None if source is None else Reading(fact, source)


def _exact(value: object) -> object:
    """Take a number with a fraction for what is written, not for the nearest binary one."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _range_problems(document: FactDocument, path: str) -> Iterator[Problem]:
    if document.type is FactType.QUANTITY:
        if document.unit is None:
            says = "a quantity needs a `unit`, as in `h` or `mg`"
            yield Problem(f"{path}.unit", "missing", says)
        return
    for name in ("lo", "hi"):
        if isinstance(getattr(document, name), float):
            says = f"the values of a {document.type.value} are whole numbers"
            yield Problem(f"{path}.{name}", "wrong-type", says)


def _given(document: FactDocument | SourceDocument, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(document, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _part_problems(
    document: FactDocument, parts: Mapping[str, object], path: str
) -> Iterator[Problem]:
    accepted = _PARTS[document.type]
    for name in parts:
        if name not in accepted:
            says = f"a {document.type.value} has no `{name}`; it can have {listed(accepted)}"
            yield Problem(f"{path}.{name}", "not-of-this-type", says)


def _source(
    document: FactDocument, path: str, found: list[Problem], own: Mapping[str, Instrument]
) -> Source[Any] | None:
    source, where = document.source, f"{path}.source.kind"
    if isinstance(source, str):
        source, where = SourceDocument(kind=source), f"{path}.source"
    if source.kind not in YIELDS:
        found.append(Problem(where, "unknown-source", unknown("source", source.kind, YIELDS)))
        return None
    settings = _given(source, _EVERY)
    problems = [
        *_setting_problems(source.kind, settings, f"{path}.source"),
        *_fit_problems(document, source.kind, path),
    ]
    found += problems
    if problems or not _found_instrument(settings, own, f"{path}.source.instrument", found):
        return None
    return _made(document, source.kind, settings, path, found)


def _found_instrument(
    settings: dict[str, Any], own: Mapping[str, Instrument], path: str, found: list[Problem]
) -> bool:
    """Put the instrument in the place of its name; false where there is none of that name."""
    name = settings.get("instrument")
    if name is None:
        return True
    if name not in own and name not in shipped_instruments():
        known = dict.fromkeys((*own, *shipped_instruments()))
        found.append(Problem(path, "unknown-instrument", unknown("instrument", name, known)))
        return False
    settings["instrument"] = own[name] if name in own else shipped_instrument(name)
    return True


def _made(
    document: FactDocument, kind: str, settings: Mapping[str, Any], path: str, found: list[Problem]
) -> Source[Any] | None:
    """Make a source of settings that it takes."""
    about = {"fact": document.id} if kind == "stated" else {}
    try:
        source = SOURCES[kind](**about, **settings)
    except SourceInvalid as invalid:
        found.append(Problem(f"{path}.source", "unusable-source", invalid.says))
        return None
    found += _room_problems(document, source, path)
    return source


def _room_problems(document: FactDocument, source: Source[Any], path: str) -> Iterator[Problem]:
    """Give what keeps a fact from taking every value that an instrument can give it."""
    if isinstance(source, InstrumentScore | InstrumentChange):
        lo, hi = source.instrument.range_of(source.instrument.total(source.total))
        if isinstance(source, InstrumentChange):
            lo, hi = lo - hi, hi - lo
        limits = (document.lo or 0, hi if document.hi is None else document.hi)
        if lo < limits[0] or hi > limits[1]:
            says = f"its instrument gives {lo} to {hi}; set `lo` and `hi` to that"
            yield Problem(f"{path}.lo" if lo < limits[0] else f"{path}.hi", "limited", says)
    if isinstance(source, InstrumentBand) and document.codes is not None:
        bands = next(one.bands for one in source.instrument.bandings if one.id == source.banding)
        if missing := [band.code for band in bands if band.code not in document.codes]:
            says = f"its instrument also gives {listed(missing)}"
            yield Problem(f"{path}.codes", "limited", says)


def _setting_problems(kind: str, settings: Mapping[str, Any], path: str) -> Iterator[Problem]:
    accepted = _SETTINGS.get(kind, ())
    for name in settings:
        if name not in accepted:
            says = f"source `{kind}` has no `{name}`; it can have {listed(accepted)}"
            yield Problem(f"{path}.{name}", "not-of-this-source", says)
    if settings.get("within_days", 0) < 0:
        says = "a number of days is 0 or more; 0 is today alone"
        yield Problem(f"{path}.within_days", "out-of-range", says)
    for name, says in _NEEDED.get(kind, ()):
        if not settings.get(name):
            yield Problem(f"{path}.{name}", "missing", says)


def _fit_problems(document: FactDocument, kind: str, path: str) -> Iterator[Problem]:
    """Give what keeps a fact from taking every value that its source can give."""
    given = YIELDS[kind]
    if given is None:
        return
    if document.type is not given:
        says = f"source `{kind}` gives a {given.value}, so that is the type"
        yield Problem(f"{path}.type", "wrong-type", says)
        return
    if given is FactType.QUANTITY and document.unit not in (None, "h"):
        says = f"source `{kind}` gives hours; the unit is `h`"
        yield Problem(f"{path}.unit", "wrong-unit", says)
    for name in ("lo", "hi"):
        if getattr(document, name) is not None and kind not in _OF_INSTRUMENTS:
            says = f"source `{kind}` counts without limit; leave `{name}` out"
            yield Problem(f"{path}.{name}", "limited", says)
    if kind in NAMES_OF_THE_MAP and document.codes is not None:
        says = f"source `{kind}` gives the codes of the map; leave `codes` out"
        yield Problem(f"{path}.codes", "limited", says)
