"""Reads over the agreements' room."""

from agreements.queries.agreements import (
    Covered,
    Group,
    Reach,
    Standing,
    Ties,
    agreements_reaching,
    by_kind,
    counterparts,
    covered_by,
    reached_on,
    reached_through_associations,
    standing_on,
    ties_in,
    with_all,
    with_parties,
)
from agreements.queries.collaborations import (
    collaborations_of,
    latest_first,
    unpublished_of,
    with_bodies,
)
from agreements.queries.history import Bound, History, Turn, history_until

__all__ = [
    "Bound",
    "Covered",
    "Group",
    "History",
    "Reach",
    "Standing",
    "Ties",
    "Turn",
    "agreements_reaching",
    "by_kind",
    "collaborations_of",
    "counterparts",
    "covered_by",
    "history_until",
    "latest_first",
    "reached_on",
    "reached_through_associations",
    "standing_on",
    "ties_in",
    "unpublished_of",
    "with_all",
    "with_bodies",
    "with_parties",
]
