"""What is printed once: which entry tells which record.

A record is told by exactly one entry, and every record has one. Records are tied when they
are the same happening: a milestone with what it refers to, a signing ceremony with the
agreements signed there, and an event with the joint project that began on its first day. An
event later in a project's life (the eleventh festival of C005) is not the same happening: it
keeps its own entry, which links the project.

1. Every milestone is an entry of its own, also when two refer to one record: the earlier one
   tells the record, the later one only links it.
2. An event that no milestone refers to is told by the milestone that refers to what it signed
   or began, and otherwise by itself.
3. What an event signed or began, if no milestone refers to it, is told where the event is;
   of two such events, by the earlier one.
4. Agreements, joint projects and disasters that are left tell themselves; a project at its
   start, a disaster with its relief.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from portal.timeline.entries import Entry
from portal.timeline.nodes import CollaborationNode, EventNode, MilestoneNode, Node


@dataclass(frozen=True)
class Ties:
    """Pairs of nodes that the record links: milestones with what they refer to, ceremonies
    with agreements, events with joint projects.
    """

    references: list[tuple[MilestoneNode, Node]]
    events: list[tuple[EventNode, Node]]

    def are_one(self, event: EventNode, other: Node) -> bool:
        """Whether what an event is linked with is the same happening."""
        return not isinstance(other, CollaborationNode) or other.begins_on(event.first_day)


def bundled(nodes: Iterable[Node], ties: Ties) -> list[Entry]:
    """The entries that tell ``nodes``, each node exactly once, in their order."""
    ordered = sorted(map(Entry, nodes), key=lambda entry: entry.sort_key)
    hosts = _hosts([entry.main for entry in ordered], ties)
    entries = {entry.main: entry for entry in ordered if hosts[entry.main] == entry.main}
    for entry in ordered:
        if entry.main not in entries:
            entries[hosts[entry.main]].others.append(entry.main)
    for node, other in [*ties.references, *ties.events]:
        _link(entries[hosts[node]], other)
    return list(entries.values())


def _link(entry: Entry, node: Node) -> None:
    """Lets ``entry`` link ``node``, unless it tells it or links it already."""
    if node not in entry.nodes and node not in entry.related:
        entry.related.append(node)


def _hosts(ordered: list[Node], ties: Ties) -> dict[Node, Node]:
    """The node whose entry tells each of ``ordered``; rules 1 to 4 above."""
    rank = {node: number for number, node in enumerate(ordered)}
    referred: dict[Node, Node] = {}
    for milestone, other in sorted(ties.references, key=lambda tie: rank[tie[0]]):
        referred.setdefault(other, milestone)
    signed_or_begun: dict[Node, list[Node]] = defaultdict(list)
    for event, other in ties.events:
        if ties.are_one(event, other):
            signed_or_begun[event].append(other)
    hosts = dict(referred)
    for event in sorted(signed_or_begun, key=rank.__getitem__):
        others = signed_or_begun[event]
        elsewhere = (referred[other] for other in others if other in referred)
        host = hosts.setdefault(event, next(elsewhere, event))
        for other in others:
            hosts.setdefault(other, host)
    return {node: hosts.get(node, node) for node in ordered}
