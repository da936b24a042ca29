"""Events in the making: what an import says happened, before it is recorded."""

from datetime import datetime

import attrs

from carecontinuum.datatypes import Actor, Identifier, Site, When
from carecontinuum.decisions import ProgramRef
from carecontinuum.history import Basis, Body, Event, EventSource

__all__ = ["INFERRED", "NOT_STATED", "Draft", "Recording"]

INFERRED = "inferred/"
"""With what the id of an episode begins that no EpisodeOfCare tells."""

NOT_STATED = "not-stated"
"""The kind of a discharge of which the input does not tell the kind."""


@attrs.frozen(order=False, kw_only=True)
class Draft:
    """One thing that happened, as the input tells it.

    Attributes:
        key: The resource it comes from, as in `Encounter/example`.
        path: Where that resource stands in the input.
        step: What of that resource, so that an id made of both is unique.
        episode_id: The episode.
        at: When.
        body: What.
        basis: Told or inferred.
        site: Where.
        identifiers: Outside identifiers of the episode.
    """

    key: str
    path: str
    step: str
    episode_id: str
    at: When
    body: Body
    basis: Basis
    site: Site | None = None
    identifiers: tuple[Identifier, ...] = ()


@attrs.frozen(order=False, kw_only=True)
class Recording:
    """What all events of one import have in common.

    Attributes:
        recorded_at: When the import is recorded, in UTC.
        by: Who imports.
        program: The program in force.
    """

    recorded_at: datetime
    by: Actor
    program: ProgramRef

    def event(self, patient_id: str, draft: Draft) -> Event:
        """Make the event; its id follows from the resource, so that it is the same every time."""
        return Event(
            id=f"fhir/{draft.key}/{draft.step}",
            patient_id=patient_id,
            episode_id=draft.episode_id,
            occurred_at=draft.at,
            recorded_at=self.recorded_at,
            by=self.by,
            body=draft.body,
            basis=draft.basis,
            program=self.program,
            site=draft.site,
            identifiers=draft.identifiers,
            source=EventSource(system="fhir", message_id=draft.key),
        )
