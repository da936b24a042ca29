"""What calls are given: what is of the wrong kind is told where it enters, by its name.

Nothing that was given is repeated, for it may say who a patient is: its kind is.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from carecontinuum.errors import CareContinuumError, listed

__all__ = [
    "AWARE",
    "MomentOutOfRange",
    "NaiveDatetime",
    "UnreadableDate",
    "WrongArgument",
    "a_text",
    "an_instance",
    "kind_of",
    "only_known",
    "optional_texts",
    "unicode_text",
]

T = TypeVar("T")

_TEXT = "a text that says something"
AWARE = "an aware datetime, as in `datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo('America/New_York'))`"
"""What is needed where a time is given."""


class WrongArgument(CareContinuumError, TypeError):
    """An argument is of another kind than is needed, or says nothing."""

    code = "CC113"
    field: str
    found: str
    needed: str

    def __init__(self, *, field: str, found: str, needed: str) -> None:
        """Name the argument, what it is in words that do not repeat it, and what is needed."""
        self.field = field
        self.found = found
        self.needed = needed
        super().__init__(field=field, found=found, needed=needed)

    def message(self) -> str:
        """Name the argument, what it is and what is needed."""
        return f"`{self.field}` is {self.found}; needed is {self.needed}"


class NaiveDatetime(CareContinuumError):
    """A time was given without a time zone, or a date for a time."""

    code = "CC110"
    field: str
    takes_day: bool

    def __init__(self, *, field: str, takes_day: bool = False) -> None:
        """Name the argument that held the time, and tell whether it takes a day."""
        self.field = field
        self.takes_day = takes_day
        super().__init__(field=field, takes_day=takes_day)

    def message(self) -> str:
        """Name the argument and show how to give a zone."""
        day = ", or a day as `When.on(day, zone=...)`" if self.takes_day else ""
        return f"`{self.field}` has no time zone; give {AWARE}{day}"


class MomentOutOfRange(CareContinuumError):
    """A time lies at the end of the calendar, where clocks of other zones cannot show it."""

    code = "CC112"
    field: str

    def __init__(self, *, field: str) -> None:
        """Name the argument that held the time."""
        self.field = field
        super().__init__(field=field)

    def message(self) -> str:
        """Name the argument and the years that are taken."""
        return (
            f"`{self.field}` is not in the years 0002 to 9998; systems write the years 0001 and "
            "9999 for what is open or not known, which is `None` here"
        )


class UnreadableDate(CareContinuumError):
    """A text is not a FHIR date or dateTime."""

    code = "CC111"

    def message(self) -> str:
        """Say which forms are read; the text itself may be somebody's birthday."""
        return (
            "not a FHIR date or dateTime; accepted are `YYYY`, `YYYY-MM`, `YYYY-MM-DD` and "
            "`YYYY-MM-DDThh:mm:ss` with a zone (`Z` or `+hh:mm`), in the years 0002 to 9998"
        )


def kind_of(value: object) -> str:
    """Say of which kind a value is, as in "of the kind `bytes`"."""
    return "`None`" if value is None else f"of the kind `{type(value).__name__}`"


def an_instance(field: str, value: object, kind: type[T] | tuple[type[T], ...], needed: str) -> T:
    """Give a value back, if it is of a kind.

    Args:
        field: The name of the argument.
        value: What was given.
        kind: The kind, or several.
        needed: What is needed, in words.

    Raises:
        WrongArgument: It is of another kind.
    """
    if not isinstance(value, kind):
        raise WrongArgument(field=field, found=kind_of(value), needed=needed)
    return value


def unicode_text(field: str, value: object, needed: str = "a text") -> str:
    """Give a text back, if it is one of Unicode; it may be empty.

    Raises:
        WrongArgument: It is no text, or holds half of a character.
    """
    text = an_instance(field, value, str, needed)
    if not _is_unicode(text):
        raise WrongArgument(field=field, found="no Unicode", needed=needed)
    return text


def a_text(field: str, value: object, needed: str = _TEXT) -> str:
    """Give a text back, if it is one of Unicode that says something.

    Raises:
        WrongArgument: It is no text, or empty, or blank.
    """
    text = unicode_text(field, value, needed)
    if not text.strip():
        raise WrongArgument(field=field, found="blank" if text else "empty", needed=needed)
    return text


def optional_texts(owner: object, *fields: str) -> None:
    """Raise if an attribute of a value is neither a text of Unicode nor `None`.

    Raises:
        WrongArgument: One is not.
    """
    for field in fields:
        if (value := getattr(owner, field)) is not None:
            unicode_text(field, value, "a text, or `None`")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def only_known(method: str, given: Mapping[str, object], keywords: Any) -> None:
    """Raise if a method was given a keyword that it does not have, or lacks one.

    Python would name the function that the keywords are handed on to.

    Args:
        method: The method, as its caller names it.
        given: The keywords, and what each was given.
        keywords: The `TypedDict` of those that it hands on.

    Raises:
        WrongArgument: It was given another, or lacks one.
    """
    known = keywords.__required_keys__ | keywords.__optional_keys__
    for name in given:
        if name not in known:
            needed = f"one of {listed(sorted(known))}, besides those that it names"
            raise WrongArgument(field=name, found=f"no argument of `{method}`", needed=needed)
    for name in sorted(keywords.__required_keys__ - given.keys()):
        raise WrongArgument(field=name, found=f"not given to `{method}`", needed="a value of it")
