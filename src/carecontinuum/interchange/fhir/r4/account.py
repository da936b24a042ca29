"""What was not understood: counted and listed, never dropped in silence."""

import re
from collections import Counter
from collections.abc import Iterable

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Coding

__all__ = ["Account", "NotUnderstood"]

_NUMBER = re.compile(r"(\d+)")


@attrs.frozen(order=False, kw_only=True)
class NotUnderstood:
    """Something in the input that was not read, or not mapped.

    Attributes:
        what: A resource type, an element as in `Encounter.reasonCode`, or a code.
        why: Why it was not.
        count: How often it stood there.
    """

    what: str
    why: str
    count: int


class Account:
    """Counts what is passed over and collects what is wrong."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.check_ups: Counter[str] = Counter()
        self._problems: dict[Problem, None] = {}
        self._passed: Counter[tuple[str, str]] = Counter()
        self._displays: dict[str, Counter[str]] = {}

    def passed(self, what: str, why: str) -> None:
        """Count something that was not read or not mapped."""
        self._passed[what, why] += 1

    def problem(self, path: str, code: str, says: str) -> None:
        """Collect something that is wrong; `says` holds nothing about a patient."""
        self._problems[Problem(path, code, says)] = None

    def unmapped(self, element: str, coding: Coding) -> None:
        """Count a code that the code map does not have."""
        what = f"{element} {coding.system or ''}|{coding.code}"
        self.passed(what, "code not mapped")
        self._displays.setdefault(what, Counter())[coding.display or ""] += 1

    def problems(self) -> tuple[Problem, ...]:
        """Give what is wrong, in the order of the input."""
        return tuple(sorted(self._problems, key=_in_order))

    def not_understood(self) -> tuple[NotUnderstood, ...]:
        """Give what was passed over, most frequent first."""
        counted = sorted(self._passed.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            NotUnderstood(what=self._shown(what), why=why, count=count)
            for (what, why), count in counted
        )

    def _shown(self, what: str) -> str:
        """Give a code with the words that stand beside it most often."""
        displays: Iterable[tuple[str, int]] = self._displays.get(what, Counter()).items()
        words = min(displays, key=lambda item: (-item[1], item[0]), default=("", 0))[0]
        return f"{what} ({words})" if words else what


def _in_order(problem: Problem) -> tuple[list[str | int], str, str]:
    parts = _NUMBER.split(problem.path)
    path = [int(part) if index % 2 else part for index, part in enumerate(parts)]
    return path, problem.code, problem.says
