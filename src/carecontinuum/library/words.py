"""How a problem speaks of what somebody wrote."""

from collections.abc import Iterable
from difflib import get_close_matches

from carecontinuum.canonical import Problem
from carecontinuum.errors import listed

__all__ = ["code_problems", "guess", "shown", "unknown"]

LONGEST = 60
"""How much of what somebody wrote is repeated, in characters."""
FEW = 8
"""How many names are listed even where one of them was probably meant."""


def shown(text: str) -> str:
    """Repeat a text: in backticks, on one line, not too long."""
    line = "".join(character if character.isprintable() else "?" for character in text[:LONGEST])
    return f"`{line}`" if len(text) <= LONGEST else f"`{line}...`"


def guess(name: str, names: Iterable[str]) -> str:
    """Ask whether the nearest name was meant; empty if none is near."""
    near = get_close_matches(name[:LONGEST], list(names), n=1)
    return f"did you mean {shown(near[0])}?" if near else ""


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """Say that there is no such thing, guess which was meant, and list those that exist."""
    known = tuple(names)
    hint = guess(name, known)
    exist = f"there are {listed(known)}"
    told = (hint, exist) if len(known) <= FEW else (hint or exist,)
    return f"no {what} {shown(name)}; {' '.join(filter(None, told))}"


def code_problems(path: str, code: str) -> Iterable[Problem]:
    """Give the problem of an id or a code that nobody could tell from another by eye, if any."""
    if not code.isprintable() or code != code.strip():
        says = "neither blanks around it nor characters that cannot be seen"
        yield Problem(path, "unusable-code", f"{shown(code)}: an id or a code has {says}")
