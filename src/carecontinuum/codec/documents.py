"""Writing and reading what stands by itself: an event, a record, a decision, a program."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any, Generic, Literal, NoReturn, TypeVar, cast, overload

import attrs
from cattrs.errors import BaseValidationError

from carecontinuum.arguments import an_instance
from carecontinuum.canonical import Json, Problem
from carecontinuum.codec.converting import Code, Conversion
from carecontinuum.codec.errors import CodecInvalid, Misfit
from carecontinuum.codec.explaining import ExplainingConversion
from carecontinuum.codec.kinds import DOCUMENTS, SCHEMA, OpaquePolicy
from carecontinuum.codec.problems import Path, problems_of, unknown_in
from carecontinuum.codec.prompt import PromptConversion
from carecontinuum.codec.upcasting import upcast
from carecontinuum.errors import CareContinuumError, listed
from carecontinuum.policies import TransitionPolicy
from carecontinuum.rules import Criterion

__all__ = ["REFUSALS", "Kept", "check_kind", "dumps", "from_json", "loads", "to_json"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Opaque = TransitionPolicy | Criterion
REFUSALS = (
    Misfit,
    BaseValidationError,
    CareContinuumError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
)
"""What is raised of a value that has no JSON, or of JSON that is no value."""


@attrs.frozen(order=False)
class Kept(Generic[T_co]):
    """A value with what its JSON held besides; writing it writes all of it again.

    Attributes:
        value: The value.
        unknown: The path of each key that no class has, and what stood there; never in a repr.
    """

    value: T_co
    unknown: tuple[tuple[Path, Json], ...] = attrs.field(default=(), repr=False, hash=False)


@cache
def _conversion() -> Conversion:
    return Conversion(DOCUMENTS)


@cache
def _prompt_conversion() -> PromptConversion:
    return PromptConversion(DOCUMENTS)


@cache
def _explaining_conversion() -> ExplainingConversion:
    return ExplainingConversion(DOCUMENTS)


def _kept(value: object) -> Kept[object]:
    return cast("Kept[object]", value) if isinstance(value, Kept) else Kept(value)


def to_json(value: object) -> dict[str, Json]:
    """Give the JSON of an event, a record, a decision or a program.

    Empty defaults are left out. A policy that is code stands by its id and version alone.

    Args:
        value: The value, or a `Kept` one.

    Raises:
        CodecInvalid: Something in it has no JSON, as text that is no Unicode.
    """
    kept = _kept(value)
    check_kind(type(kept.value))
    written: dict[str, Json] = {}
    problems: list[Problem] = []
    try:
        written = _conversion().giver(type(kept.value))(kept.value)
        for path, item in kept.unknown:
            _place(written, path)[path[-1]] = _copied(item)
    except REFUSALS as error:
        problems = list(problems_of(error))
    if problems:
        _refuse(_places(kept.value) or problems)
    return written


def _places(value: object) -> list[Problem]:
    """Write a value again, slowly, to collect every problem with its place."""
    try:
        _explaining_conversion().giver(type(value))(value)
    except REFUSALS as error:
        return [problem for problem in problems_of(error) if problem.path]
    return []


def check_kind(kind: type) -> None:
    """Raise if a class is none of those that stand by themselves.

    Raises:
        CodecInvalid: It is not.
    """
    if kind not in DOCUMENTS:
        names = listed(document.__name__ for document in DOCUMENTS)
        _refuse([Problem("", "unknown-kind", f"a `{kind.__name__}` is none of {names}")])


def dumps(value: object) -> str:
    """Write a value as JSON text: the same text for the same value, on every machine.

    Args:
        value: An event, a record, a decision, a program, or one that was `Kept`.

    Raises:
        CodecInvalid: Something in it has no JSON, as text that is no Unicode.

    Examples:
        >>> from carecontinuum.codec import dumps, loads
        >>> from carecontinuum.decisions import Decision
        >>> loads(Decision, '{"schema": 7, "type": "decision"}')
        Traceback (most recent call last):
        ...
        carecontinuum.codec.errors.CodecInvalid: CC500: the JSON of a `decision` has 1 problem
          (whole): it has schema 7, this version of the library reads up to 1 [newer-schema]
    """
    data = to_json(value)
    try:
        text = _ENCODER.encode(data)
        text.encode()
    except (ValueError, RecursionError):
        text = ""
    if not text:
        says = "a text in it is no Unicode, a number is too long, or it is too deep"
        _refuse(_places(_kept(value).value) or [Problem("", "no-unicode", says)])
    return text


@overload
def from_json(
    kind: type[T], data: object, *, unknown: Literal["refuse"] = ..., code: Iterable[Opaque] = ...
) -> T: ...
@overload
def from_json(
    kind: type[T], data: object, *, unknown: Literal["keep"], code: Iterable[Opaque] = ...
) -> Kept[T]: ...
def from_json(
    kind: type[T],
    data: object,
    *,
    unknown: Literal["refuse", "keep"] = "refuse",
    code: Iterable[Opaque] = (),
) -> T | Kept[T]:
    """Make a value of JSON data.

    Args:
        kind: `Event`, `PatientRecord`, `Decision` or `Program`.
        data: What `json.loads` gives.
        unknown: Whether a key that no class has is refused, or kept and written again. With
            `keep` the value comes as a `Kept`.
        code: The policies and criteria that are code and may be named in a program.

    Raises:
        CodecInvalid: With every problem and its path; no value is repeated.
    """
    check_kind(kind)
    given = {_named(item): item for item in code}
    if not given:
        try:
            whole = _prompt_conversion().taker(kind)(data, kind)
        except REFUSALS:
            pass  # Read again below, slowly, to collect every problem with its place.
        else:
            return whole if unknown == "refuse" else Kept(whole)
    return _read(kind, data, unknown=unknown, code=given)


def _read(
    kind: type[T], data: object, *, unknown: Literal["refuse", "keep"], code: Code
) -> T | Kept[T]:
    """Read JSON data, and collect every problem with its place."""
    take = (Conversion([kind], code) if code else _conversion()).taker(kind)
    found: Any = None
    problems: list[Problem] = []
    paths: list[Path] = []
    try:
        found = take(data, kind)
    except REFUSALS as error:
        problems = list(problems_of(error))
        paths = list(unknown_in(error)) if unknown == "keep" else []
    if paths:
        rest, extras = _without(data, paths)
        return Kept(cast("T", _read(kind, rest, unknown="refuse", code=code)), extras)
    if problems:
        _refuse(problems, subject=f"the JSON of a `{DOCUMENTS[kind]}`")
    return found if unknown == "refuse" else Kept(found)


@overload
def loads(
    kind: type[T],
    text: str | bytes,
    *,
    unknown: Literal["refuse"] = ...,
    code: Iterable[Opaque] = ...,
) -> T: ...
@overload
def loads(
    kind: type[T], text: str | bytes, *, unknown: Literal["keep"], code: Iterable[Opaque] = ...
) -> Kept[T]: ...
def loads(
    kind: type[T],
    text: str | bytes,
    *,
    unknown: Literal["refuse", "keep"] = "refuse",
    code: Iterable[Opaque] = (),
) -> T | Kept[T]:
    """Make a value of JSON text; the arguments are those of `from_json`.

    Raises:
        WrongArgument: It is neither text nor bytes.
        CodecInvalid: With every problem and its path; no value is repeated.
    """
    check_kind(kind)
    an_instance("text", text, (str, bytes, bytearray), "JSON text, or its bytes")
    data: object = None
    problem: Problem | None = None
    try:
        decoder = _EXACT_DECODER if unknown == "keep" else _DECODER
        data = decoder.decode(text if isinstance(text, str) else text.decode())
    except Misfit as misfit:
        problem = Problem("", misfit.code, misfit.says)
    except (ValueError, RecursionError):
        problem = Problem("", "unreadable", "it is no JSON text")
    if problem is not None:
        _refuse([problem], subject=f"the JSON of a `{DOCUMENTS[kind]}`")
    if unknown == "keep":
        return from_json(kind, data, unknown="keep", code=code)
    return from_json(kind, data, code=code)


def _refuse(problems: Iterable[Problem], *, subject: str = "the value") -> NoReturn:
    raise CodecInvalid(subject=subject, problems=problems)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Misfit("repeated", "an object has a key twice")
    return found


def _constant(_: str) -> NoReturn:
    raise Misfit("not-finite", "a number is not finite")


def _fraction(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _constant(text)


def _exact(text: str) -> float:
    """Refuse digits that would be lost when what is kept is written again."""
    number = _fraction(text)
    if Decimal(text) != Decimal(repr(number)):
        raise Misfit("too-exact", "a number has more digits than can be kept")
    return number


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_fraction
)
_EXACT_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_exact
)


def _named(item: Opaque) -> tuple[type, str, str]:
    if isinstance(item, Criterion):
        return Criterion, item.id, item.version
    return OpaquePolicy, item.ref.id, item.ref.version


def _upcasted(data: Any) -> Any:
    """Give JSON in which each document is as the latest version writes it."""
    if isinstance(data, list):
        return [_upcasted(item) for item in cast("list[object]", data)]
    if not isinstance(data, dict):
        return data
    found = cast("dict[str, Any]", data)
    kind = str(found.get("type"))
    if kind in DOCUMENTS.values() and "schema" in found:
        found = {**upcast(found, kind), "type": kind, "schema": SCHEMA}
    return {key: _upcasted(item) for key, item in found.items()}


def _without(data: object, paths: Iterable[Path]) -> tuple[object, tuple[tuple[Path, Json], ...]]:
    """Give JSON without what stands at some paths, and what stood there."""
    rest = _copied(data, _upcasted)
    return rest, tuple((path, _place(rest, path).pop(path[-1])) for path in paths)


def _copied(data: object, change: Callable[[Any], Any] = lambda data: data) -> Any:
    """Copy JSON data, and refuse what is none."""
    copied: Any = None
    try:
        text = json.dumps(data, ensure_ascii=False)
        text.encode()
        copied = _DECODER.decode(text)
        same = copied == data
        copied = change(copied)
    except REFUSALS:
        same = False
    if not same:
        _refuse([Problem("", "no-json", "it is no JSON data, or it is too deep")])
    return copied


def _place(data: Any, path: Path) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data
