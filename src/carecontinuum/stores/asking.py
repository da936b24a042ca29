"""What a store is asked for: a stream, a page of the feed, a file. The part every store shares."""

from os import PathLike, fspath

from carecontinuum.arguments import WrongArgument, a_text, an_instance, kind_of, unicode_text
from carecontinuum.stores.chain import StreamKey

__all__ = ["a_file", "a_page", "a_stream"]

_CURSORS = 2**63 - 1
"""The last place on the feed that a database can number."""
_LONGEST = 2**31 - 1
"""The longest page that a database can be asked for."""
_FORGETS = "the name of a file; `MemoryStore` is what keeps events only while it lives"


def a_stream(key: StreamKey) -> StreamKey:
    """Give a stream's key back, if it is one: another would be a stream without events.

    Raises:
        WrongArgument: It is none, or what it holds is no text, no Unicode, or names nobody.
    """
    found = an_instance("key", key, StreamKey, "a `StreamKey`")
    _without_nul("tenant", unicode_text("tenant", found.tenant))
    _without_nul("patient_id", a_text("patient_id", found.patient_id))
    return found


def _without_nul(field: str, text: str) -> str:
    """Refuse a text with the character that PostgreSQL and names of files cannot hold."""
    if "\0" in text:
        raise WrongArgument(field=field, found="a text with a NUL in it", needed="one without")
    return text


def a_version(expected_version: int) -> int:
    """Give a version back, if it is a whole number from 0.

    Raises:
        WrongArgument: It is none.
    """
    return _whole("expected_version", expected_version, 0, _LONGEST)


def seconds(field: str, value: float) -> float:
    """Give a number of seconds back, if it is one from 0.

    Raises:
        WrongArgument: It is none.
    """
    needed = "a number of seconds from 0"
    number = an_instance(field, value, (int, float), needed)
    if isinstance(number, bool) or not 0 <= number < _LONGEST:
        raise WrongArgument(field=field, found="out of range", needed=needed)
    return number


def a_page(after: int, limit: int) -> tuple[int, int]:
    """Give a cursor and a number of events back, if they are: nothing found would be the end.

    Raises:
        WrongArgument: One is no whole number, or out of range.
    """
    return _whole("after", after, 0, _CURSORS), _whole("limit", limit, 0, _LONGEST)


def _whole(field: str, value: object, lo: int, hi: int) -> int:
    needed = f"a whole number from {lo} to {hi}"
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongArgument(field=field, found=kind_of(value), needed=needed)
    if not lo <= value <= hi:
        raise WrongArgument(field=field, found="out of range", needed=needed)
    return value


def a_file(path: str | PathLike[str]) -> str:
    """Give the name of a file: what SQLite takes for none is forgotten when it is closed.

    Raises:
        WrongArgument: It is no path, or names no file.
    """
    an_instance("path", path, (str, PathLike), _FORGETS)
    name = an_instance("path", fspath(path), str, _FORGETS)
    if name in ("", ":memory:"):
        found = "a store in memory" if name else "empty"
        raise WrongArgument(field="path", found=found, needed=_FORGETS)
    return _without_nul("path", unicode_text("path", name, _FORGETS))
