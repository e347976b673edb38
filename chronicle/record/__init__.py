"""Bringing the chronicle of the public record into the database."""

from agreements.models import Agreement, Collaboration
from chronicle.enums import Action
from chronicle.record.figures import load_figures
from chronicle.record.milestones import Referred, load_milestones
from chronicle.record.publishing import load_pages
from chronicle.record.relief import load_disasters, load_reliefs
from core.audit import Actor
from core.models import Source
from core.record import Outcome, note_run
from events.models import Event
from members.record import Bodies


def load_chronicle(
    bodies: Bodies,
    agreements: dict[str, Agreement],
    collaborations: dict[str, Collaboration],
    events: dict[str, Event],
    sources: dict[str, Source],
    *,
    by: Actor,
) -> list[Outcome]:
    """Brings in disasters, relief, milestones, stated figures and the policy pages.

    Raises ``RecordError``.
    """
    disasters = load_disasters(sources)
    outcomes = [
        disasters,
        load_reliefs(bodies, disasters.by_key, sources),
        load_milestones(
            bodies, Referred(agreements, collaborations, events, disasters.by_key), sources
        ),
        load_figures(sources),
        load_pages(),
    ]
    return note_run(Action.LOAD_RECORD, outcomes, by=by)
