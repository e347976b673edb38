"""The whole public record, each room bringing in its own part."""

from django.db import transaction

from agreements.record import load_agreements, load_collaborations
from chronicle.record import load_chronicle
from core.audit import System
from core.record import Outcome, load_sources
from events.record import link_collaborations, load_events
from members.record import Bodies, load_bodies


@transaction.atomic
def load_record() -> list[Outcome]:
    """Brings in the public record, all of it or, on an error in the data, nothing.

    Rows are keyed by the ids in the data. A row is written only when its data has changed
    since it was last loaded, so that what the secretariat has corrected stays. Needs the
    register (``members.record.load_register``). Raises ``core.record.RecordError``.
    """
    by = System("load_record")
    sources = load_sources(by=by)
    body_outcomes = load_bodies(sources.by_key, by=by)
    bodies = Bodies()
    agreements = load_agreements(bodies, sources.by_key, by=by)
    collaborations = load_collaborations(bodies, agreements.by_key, sources.by_key, by=by)
    events = load_events(bodies, agreements.by_key, sources.by_key, by=by)
    link_collaborations(collaborations, events.by_key)
    chronicle = load_chronicle(
        bodies,
        agreements.by_key,
        collaborations.by_key,
        events.by_key,
        sources.by_key,
        by=by,
    )
    return [sources, *body_outcomes, agreements, collaborations, events, *chronicle]
