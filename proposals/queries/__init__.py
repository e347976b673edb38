"""Reads for the board: the list with its counts, what awaits an organization, offers, versions."""

from proposals.queries.authors import AuthorRecord, author_record
from proposals.queries.awaiting import awaiting
from proposals.queries.awaiting_on_board import Waiting, awaiting_on_board
from proposals.queries.board import (
    NEWEST,
    WISHED,
    Conditions,
    board,
    ordered,
    with_offer_count,
    with_reply_count,
)
from proposals.queries.counting import Facets, facets
from proposals.queries.discussion import Offers, offers_on, proposal_of, replies_under
from proposals.queries.grid import (
    Cell,
    GridConditions,
    Line,
    all_lines,
    column_of,
    lines_of,
    proposals_in_grid,
    wards_in_order,
)
from proposals.queries.paging import COUNTED, STAMP, Listing, listing
from proposals.queries.projects import (
    beginnings_of,
    chosen_origins,
    origin_choices,
    origins_for,
    origins_of,
    projects_of,
    seats_following,
)
from proposals.queries.similar import (
    Counterpart,
    Similar,
    counterparts_of,
    linkable,
    related_to,
    similar_to,
)
from proposals.queries.talks import Talk, standing_offer, talk_of
from proposals.queries.totals import Total, totals_of
from proposals.queries.versions import (
    Difference,
    Edition,
    differences,
    editions,
    rows_of,
    wards_meant,
)

__all__ = [
    "COUNTED",
    "NEWEST",
    "STAMP",
    "WISHED",
    "AuthorRecord",
    "Cell",
    "Conditions",
    "Counterpart",
    "Difference",
    "Edition",
    "Facets",
    "GridConditions",
    "Line",
    "Listing",
    "Offers",
    "Similar",
    "Talk",
    "Total",
    "Waiting",
    "all_lines",
    "author_record",
    "awaiting",
    "awaiting_on_board",
    "beginnings_of",
    "board",
    "chosen_origins",
    "column_of",
    "counterparts_of",
    "differences",
    "editions",
    "facets",
    "lines_of",
    "linkable",
    "listing",
    "offers_on",
    "ordered",
    "origin_choices",
    "origins_for",
    "origins_of",
    "projects_of",
    "proposal_of",
    "proposals_in_grid",
    "related_to",
    "replies_under",
    "rows_of",
    "seats_following",
    "similar_to",
    "standing_offer",
    "talk_of",
    "totals_of",
    "wards_in_order",
    "wards_meant",
    "with_offer_count",
    "with_reply_count",
]
