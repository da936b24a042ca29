"""The floors: what is named in the project file is what there is."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "carecontinuum"
RIM = {
    "cli",
    "caseload",
    "testing",
    "measures",
    "cohort",
    "stores",
    "interchange",
    "viz",
    "library",
}


def test_the_whole_core_is_held_pure() -> None:
    """Every module of the core stands in the contract of purity, from the day it exists."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    held = next(set(found["source_modules"]) for found in contracts if found["type"] == "forbidden")
    modules = {path.stem for path in PACKAGE.glob("[a-z]*.py")}
    modules |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert held == {f"carecontinuum.{name}" for name in modules - RIM}
