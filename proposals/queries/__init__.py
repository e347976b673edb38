"""Reads for the board: the list with its counts, what awaits an organization, offers, versions."""

from proposals.queries.board import (
    NEWEST,
    WISHED,
    Conditions,
    board,
    kind_counts,
    ordered,
    status_counts,
    with_offer_count,
    with_reply_count,
)
from proposals.queries.similar import Similar, similar_to
from proposals.queries.talks import Talk, offers_on, standing_offer, talk_of
from proposals.queries.versions import (
    ALL_WARDS,
    Difference,
    Edition,
    differences,
    editions,
    rows_of,
)
from proposals.queries.waiting import Waiting, waiting_for

__all__ = [
    "ALL_WARDS",
    "NEWEST",
    "WISHED",
    "Conditions",
    "Difference",
    "Edition",
    "Similar",
    "Talk",
    "Waiting",
    "board",
    "differences",
    "editions",
    "kind_counts",
    "offers_on",
    "ordered",
    "rows_of",
    "similar_to",
    "standing_offer",
    "status_counts",
    "talk_of",
    "waiting_for",
    "with_offer_count",
    "with_reply_count",
]
