"""Fail if a public name is missing from the built reference: `check_reference.py SITE`."""

import importlib
import sys
from pathlib import Path

from mkdocstrings import Inventory
from public_api import MODULES

with Path(sys.argv[1], "objects.inv").open("rb") as file:
    documented = set(Inventory.parse_sphinx(file))


def home(name: str, module: str) -> set[str]:
    """Give the places a name may be documented at: where it is exported and where it is defined."""
    found = getattr(importlib.import_module(module), name)
    within = {at for at in documented if at.startswith(f"{module}.") and at.endswith(f".{name}")}
    return {f"{module}.{name}", f"{getattr(found, '__module__', module)}.{name}"} | within


missing = [
    f"{module}.{name}"
    for module in MODULES
    for name in importlib.import_module(module).__all__
    if not name.startswith("__") and not home(name, module) & documented
]
if missing:
    sys.exit("not in the reference:\n" + "\n".join(missing))
