"""How a command is kept: the only part of it that touches the store.

What a command does with a record is a `Step`, which reads nothing but the record, the programs and
the clock. A command loads once and appends once, so that another loop, such as an asynchronous one,
loads by itself, runs the same command on what it loaded, and appends what came of it.
"""

import time
import warnings
from collections.abc import Callable, Iterable
from typing import TypeAlias, TypeVar

from carecontinuum.caseload.disclosing import Disclosing
from carecontinuum.engine import ListenerFailedWarning
from carecontinuum.history import Event, EventConflict, PatientRecord
from carecontinuum.stores import StreamChanged, StreamKey

__all__ = ["Keeping", "Step"]

T = TypeVar("T")

Step: TypeAlias = Callable[[PatientRecord], tuple[PatientRecord, T]]
"""From the record as it stands to the record with what is to be kept, and the answer."""

_RACES = 20
"""How often a lost race is decided again before it is told."""
_WAIT = 0.0005
"""For how many seconds, times the square of the races lost before, somebody else goes first."""


class Keeping(Disclosing):
    """Keeps what a step gives, and tells the listeners."""

    def _keep(self, patient_id: str, step: Step[T]) -> T:
        """Load, make, append; where another wrote first, again on what the other wrote."""
        key = self._key(patient_id)
        with self._turns.of(key):
            new, after, answer = self._kept(key, step)
        self._tell(key, new, after)
        return answer

    def _kept(self, key: StreamKey, step: Step[T]) -> tuple[tuple[Event, ...], PatientRecord, T]:
        for races in range(_RACES):
            before = self.for_patient(key.patient_id)
            after, answer = step(before)
            new = after.events[before.version :]
            try:
                self._store.append(key, new, expected_version=before.version)
            except (StreamChanged, EventConflict):  # the latter: told at once by two, in one race
                if races == _RACES - 1:
                    raise
                time.sleep(_WAIT * races**2)
            else:
                return new, after, answer
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _tell(self, key: StreamKey, events: Iterable[Event], record: PatientRecord) -> None:
        """Tell every listener, and then warn of those that failed: a warning may be an error."""
        failures: list[str] = []
        for event in events:
            for listener in self._listeners:
                try:
                    listener(key, event, record)
                except Exception as error:  # noqa: BLE001 - what is kept stands; it is reported
                    name = getattr(listener, "__qualname__", type(listener).__qualname__)
                    failures.append(f"listener {name} raised {type(error).__name__}")
        for failure in failures:
            says = f"{failure}; what was kept stands"
            warnings.warn(says, ListenerFailedWarning, stacklevel=4)
