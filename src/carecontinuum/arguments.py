"""What calls are given: what is of the wrong kind is told where it enters, by its name.

Nothing that was given is repeated, for it may say who a patient is: its kind is.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from carecontinuum.errors import CareContinuumError, listed

__all__ = ["WrongArgument", "a_text", "an_instance", "kind_of", "only_known", "unicode_text"]

T = TypeVar("T")

_TEXT = "a text that says something"


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
