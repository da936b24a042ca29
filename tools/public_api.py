"""The public API as text, so that a change of it is seen: `public_api.py [--write]`.

Without `--write` it compares with the snapshot and says what to do where they differ.
"""

import importlib
import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import get_origin

MODULES = (
    "carecontinuum",
    "carecontinuum.canonical",
    "carecontinuum.care",
    "carecontinuum.caseload",
    "carecontinuum.codec",
    "carecontinuum.continuum",
    "carecontinuum.datatypes",
    "carecontinuum.decisions",
    "carecontinuum.disclosure",
    "carecontinuum.engine",
    "carecontinuum.engine.machine",
    "carecontinuum.errors",
    "carecontinuum.facts",
    "carecontinuum.history",
    "carecontinuum.interchange.fhir.r4",
    "carecontinuum.library",
    "carecontinuum.policies",
    "carecontinuum.policies.ready_made",
    "carecontinuum.programs",
    "carecontinuum.records",
    "carecontinuum.rules",
    "carecontinuum.stores",
    "carecontinuum.stores.sql",
    "carecontinuum.testing.store_checks",
    "carecontinuum.verification",
)
SNAPSHOT = Path("tests/public_api.txt")


def lines() -> Iterator[str]:
    """Give a line for each public name, its signature and its public members."""
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        yield f"# {module_name}"
        for name in sorted(module.__all__):
            yield from _described(name, module)


def _described(name: str, module: ModuleType) -> Iterator[str]:
    found = getattr(module, name)
    if getattr(found, "__module__", module.__name__) != module.__name__ and _is_elsewhere(found):
        yield f"{name} = {found.__module__}.{found.__qualname__}"
    yield f"{name}{_signature(found)}"
    if inspect.isclass(found):
        for member in sorted(vars(found)):
            if not member.startswith("_"):
                yield f"  .{member}{_member(vars(found)[member])}"


def _is_elsewhere(found: object) -> bool:
    return hasattr(found, "__qualname__")


def _signature(found: object) -> str:
    if inspect.isclass(found) and issubclass(found, (Enum, BaseException)):
        return ""
    if not callable(found) or get_origin(found) is not None:
        return ""  # an alias has no signature before Python 3.13
    try:
        # Python 3.13 alone calls the home of `Path` by another name
        return str(inspect.signature(found)).replace("pathlib._local.", "pathlib.")
    except (TypeError, ValueError):
        return ""


def _member(found: object) -> str:
    if isinstance(found, (staticmethod, classmethod)):
        return _signature(found.__func__)
    return _signature(found) if inspect.isfunction(found) else ""


def main() -> None:
    """Write the snapshot, or compare with it."""
    text = "\n".join(lines()) + "\n"
    if "--write" in sys.argv:
        SNAPSHOT.write_text(text, encoding="utf-8")
    elif text != SNAPSHOT.read_text(encoding="utf-8"):
        sys.exit("the public API changed: run `make api` and add a fragment to `changelog.d/`")


if __name__ == "__main__":
    main()
