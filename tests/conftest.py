"""Shared fixtures and hypothesis profiles."""

import os
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from carecontinuum.stores import SqliteStore
from carecontinuum.stores.sql import SqlStore

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None)
settings.register_profile(
    "deep",
    max_examples=2_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "mutation",
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a failure is enough; the least one is not looked for
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture
def samples() -> Path:
    """Give the folder of real inputs, or skip; a folder that is named and missing is an error."""
    named = os.environ.get("CARECONTINUUM_SAMPLES")
    if named is None:
        pytest.skip("CARECONTINUUM_SAMPLES names no folder of real inputs")
    folder = Path(named)
    assert folder.is_dir(), "CARECONTINUUM_SAMPLES names a folder that is not there"
    return folder


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    """Close the stores that a test leaves open: Python 3.13 warns of an open file of SQLite."""
    opened: list[SqliteStore | SqlStore] = []
    with pytest.MonkeyPatch.context() as patched:
        for kind in (SqliteStore, SqlStore):
            patched.setattr(kind, "__init__", _noted(kind.__init__, opened))
        yield
    for store in opened:
        store.close()


def _noted(begin: Callable[..., None], opened: list[SqliteStore | SqlStore]) -> Callable[..., None]:
    @wraps(begin)
    def begun(store: SqliteStore | SqlStore, *arguments: Any, **named: Any) -> None:
        begin(store, *arguments, **named)
        opened.append(store)

    return begun
