"""The tree of errors: every class has a code of its own and an entry in the documentation."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import carecontinuum
from carecontinuum.errors import CareContinuumError

ROOT = Path(__file__).parents[2]


def _load_everything() -> None:
    for module in pkgutil.walk_packages(carecontinuum.__path__, "carecontinuum."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def _tree(cls: type[CareContinuumError]) -> list[type[CareContinuumError]]:
    return [cls, *(found for sub in cls.__subclasses__() for found in _tree(sub))]


_load_everything()
ERRORS = sorted(set(_tree(CareContinuumError)), key=lambda cls: cls.code)


def test_codes_are_unique() -> None:
    """No two errors share a code."""
    codes = [cls.code for cls in ERRORS]
    assert len(codes) == len(set(codes)), codes


@pytest.mark.parametrize("cls", ERRORS, ids=lambda cls: cls.__name__)
def test_every_error_is_documented(cls: type[CareContinuumError]) -> None:
    """Each error has an entry under its code and name on the page of errors."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    assert re.search(rf"^### {cls.code} `{cls.__name__}`$", page, re.MULTILINE)


def test_drawn_tree_is_the_tree() -> None:
    """The tree drawn on the page of errors is the tree of the classes."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    drawn = page.split("```text\n")[1].split("```")[0].strip().splitlines()
    assert [line.rstrip() for line in drawn] == list(_drawn(CareContinuumError, 0))


def _drawn(cls: type[CareContinuumError], depth: int) -> list[str]:
    subs = sorted(set(cls.__subclasses__()), key=lambda sub: sub.code)
    line = "  " * depth + f"{cls.code} {cls.__name__}"
    return [line, *(found for sub in subs for found in _drawn(sub, depth + 1))]
