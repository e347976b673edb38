"""Reading the chronology: the whole record in a number of queries that never grows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects

from agreements.enums import AgreementKind, CollaborationStatus
from agreements.models import Agreement, AgreementParty, Collaboration, CollaborationParty
from chronicle.enums import MilestoneCategory
from chronicle.models import Disaster, Milestone, Relief
from core.models import public_sources
from events.models import Event, EventRole
from members.models import Organization
from portal.timeline.bundling import Ties, bundled
from portal.timeline.entries import Entry
from portal.timeline.nodes import (
    NODES,
    AgreementNode,
    CollaborationNode,
    DisasterNode,
    EventNode,
    MilestoneNode,
    Node,
)


def chronology(user, today: date) -> list[Entry]:
    """Everything that the record tells of what has begun by ``today``, as it stands.

    Of what may have begun by then, too: a month stands here from its first day. What is only
    planned, what is not published and samples never appear. Eleven queries.
    """
    rows = {
        MilestoneNode: Milestone.objects.visible_to(user).begun_by(today),
        EventNode: _events(user, today),
        AgreementNode: Agreement.objects.visible_to(user).begun_by(today),
        CollaborationNode: _collaborations(user, today),
        DisasterNode: Disaster.objects.visible_to(user).begun_by(today),
    }
    nodes = {kind: {row.pk: kind(row) for row in rows[kind].order_by("pk")} for kind in NODES}
    entries = bundled([node for found in nodes.values() for node in found.values()], _ties(nodes))
    return sorted(entries, key=lambda entry: entry.sort_key)


def _events(user, today: date) -> Any:
    """Without a date it may still be coming: then only what is known to have been held."""
    events = Event.objects.visible_to(user).real().begun_by(today)
    return events.filter(Q(earliest__isnull=False) | Q(held_confirmed=True))


def _collaborations(user, today: date) -> Any:
    """Never one that is only planned, even when its planned start has passed.

    Without a known start: those that are under way or over.
    """
    published = Collaboration.objects.visible_to(user).published().real()
    undated = Q(start_earliest=None) & ~Q(status=CollaborationStatus.CANCELLED)
    begun = published.filter(Q(start_earliest__lte=today) | undated)
    return begun.exclude(status=CollaborationStatus.PLANNED)


def _ties(nodes: dict[type[Node], dict[int, Node]]) -> Ties:
    """The links of the record between those of its rows that are ``nodes``. Six queries."""

    def pairs(relation: Any, one: type[Node], other: type[Node]) -> list:
        """Both ends of each link, read from the table that holds them."""
        ends = (relation.field.m2m_column_name(), relation.field.m2m_reverse_name())
        links = relation.through.objects.order_by("pk").values_list(*ends)
        return [
            (nodes[one][near], nodes[other][far])
            for near, far in links
            if near in nodes[one] and far in nodes[other]
        ]

    return Ties(
        references=[
            *pairs(Milestone.events, MilestoneNode, EventNode),
            *pairs(Milestone.agreements, MilestoneNode, AgreementNode),
            *pairs(Milestone.collaborations, MilestoneNode, CollaborationNode),
            *pairs(Milestone.disasters, MilestoneNode, DisasterNode),
        ],
        events=[
            *pairs(Event.agreements, EventNode, AgreementNode),
            *pairs(Event.collaborations, EventNode, CollaborationNode),
        ],
    )


def _with_organization(path: str, parts: Any) -> Prefetch:
    return Prefetch(path, parts.select_related("organization__prefecture"))


# What an entry needs besides its own row: who took part, and what was given.
_BODIES = {
    MilestoneNode: (
        Prefetch(
            "organizations", Organization.objects.select_related("municipality", "prefecture")
        ),
    ),
    EventNode: (_with_organization("roles", EventRole.objects.all()),),
    AgreementNode: (_with_organization("parties", AgreementParty.objects.all()),),
    CollaborationNode: (_with_organization("parties", CollaborationParty.objects.all()),),
    DisasterNode: (
        Prefetch("reliefs", Relief.objects.all()),
        Prefetch("reliefs__recipients", Organization.objects.select_related("prefecture")),
    ),
}


def fill(entries: Iterable[Entry], *, sources: bool = False) -> None:
    """Reads who took part in ``entries`` and, if asked, their public ``sources``.

    One query for each table and relation that ``entries`` have rows of: at most eleven.
    """
    entries = list(entries)
    shown = {node for entry in entries for node in entry.nodes}
    for kind in NODES:
        rows = [node.record for node in shown if isinstance(node, kind)]
        prefetch_related_objects(rows, *_BODIES[kind])
        if sources:
            prefetch_related_objects(rows, public_sources())


def landmarks() -> list[Milestone]:
    """Four steps of the project's way, as its own newsletter tells it: where the chronology
    there begins, the first that made it known, the first wide-area agreement, and its end.

    Fewer when the record knows fewer; each once, in the newsletter's order. Two queries.
    """
    lines = Milestone.objects.filter(newsletter_order__isnull=False).order_by("newsletter_order")
    wide_area = set(
        lines.filter(agreements__kind=AgreementKind.WIDE_AREA).values_list("pk", flat=True)
    )
    printed = list(lines)
    firsts = [
        printed[:1],
        [line for line in printed if line.category == MilestoneCategory.PUBLICITY][:1],
        [line for line in printed if line.pk in wide_area][:1],
        printed[-1:],
    ]
    chosen = {line for found in firsts for line in found}
    return [line for line in printed if line in chosen]
