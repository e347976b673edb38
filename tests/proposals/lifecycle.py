"""The lifecycles of domain.md as tables, and who may move what.

Written from domain.md and read from no code of the portal: the walks of ``test_lifecycle``
hold what happens against it. A proposal counts as it is shown: an open one past its end date
is 期限切れ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db.models import Model

from agreements.models import Collaboration, YearReport
from core.dates import today
from members.enums import Role
from members.models import Seat
from proposals.models import Offer, Proposal, Report
from tests.proposals.standing import Standing

type Move = tuple[str | None, str]

# For each kind of row: what an action may make of one. None stands before a new row.
TABLES: dict[type[Model], dict[str, set[Move]]] = {
    Proposal: {
        "publish": {("draft", "open")},
        "end_date_passes": {("open", "expired")},
        "renew": {("expired", "open")},
        "start_talk": {("open", "in_talks"), ("expired", "in_talks")},
        "accept": {("in_talks", "agreed")},
        # Talks that go on keep a proposal from being complete.
        "decline": {("in_talks", "open"), ("in_talks", "expired"), ("agreed", "completed")},
        "step_down": {("in_talks", "open"), ("in_talks", "expired"), ("agreed", "completed")},
        "close": {("open", "closed"), ("in_talks", "closed"), ("expired", "closed")},
        "withdraw": {("open", "withdrawn"), ("in_talks", "withdrawn"), ("expired", "withdrawn")},
        "end_project": {("agreed", "completed")},
        "submit_report": {("agreed", "completed")},
        "cancel_project": {
            ("agreed", "open"),
            ("agreed", "expired"),
            ("agreed", "in_talks"),
            ("agreed", "completed"),
        },
        # A ward says that the joint project which it has registered came of it, or takes that back.
        "link_project": {
            ("open", "agreed"),
            ("expired", "agreed"),
            ("in_talks", "agreed"),
            ("open", "completed"),
            ("expired", "completed"),
            ("agreed", "completed"),
        },
        "unlink_project": {
            ("agreed", "open"),
            ("agreed", "expired"),
            ("agreed", "in_talks"),
            ("agreed", "completed"),
        },
    },
    Offer: {
        "raise_offer": {(None, "interested")},
        "start_talk": {("interested", "talking")},
        "accept": {("talking", "accepted")},
        "decline": {("interested", "declined"), ("talking", "declined")},
        "step_down": {("interested", "withdrawn"), ("talking", "withdrawn")},
        # Both decline live offers with that reason.
        "close": {("interested", "declined"), ("talking", "declined")},
        "withdraw": {("interested", "declined"), ("talking", "declined")},
    },
    Collaboration: {
        "accept": {(None, "planned")},
        "start_project": {("planned", "under_way")},
        "end_project": {("under_way", "ended")},
        "cancel_project": {("planned", "cancelled"), ("under_way", "cancelled")},
    },
    YearReport: {
        "write_report": {(None, "draft")},
        "submit_report": {("draft", "submitted")},
        "accept_report": {("submitted", "accepted")},
        "send_back_report": {("submitted", "draft")},
    },
    Report: {
        "report": {(None, "open")},
        "ask_to_open": {(None, "open")},
        "settle_report": {("open", "upheld"), ("open", "dismissed")},
    },
}
# Who is warned of an end date may put it off from then on.
WARNED = timedelta(days=30)
LIVE = ("open", "in_talks", "agreed")
LIVE_OFFERS = ("interested", "talking")
# What a ward has called a joint project that it has registered without an offer.
REGISTERED = "港の朝市"


def moves(model: type[Model], before: Standing, after: Standing) -> set[Move]:
    """From which state to which the rows of ``model`` went, and in which new ones began."""
    return {
        (state, shown(row))
        for pk, row in after.rows[model].items()
        if (state := shown(before.rows[model].get(pk))) != shown(row)
    }


def shown(row: SimpleNamespace | None) -> str | None:
    """The state as it is shown; only a proposal has an end date."""
    if row is None:
        return None
    return "expired" if row.status == "open" and has_ended(row) else row.status


def has_ended(row: SimpleNamespace) -> bool:
    return hasattr(row, "ends_on") and str(row.ends_on) < today().isoformat()


def stands_as(proposal: SimpleNamespace, now: Standing) -> str:
    """The state that a published proposal's offers and joint projects bring it to."""
    offers = now.offers_on(proposal)
    is_talking = any(row.status in LIVE_OFFERS for row in offers)
    if proposal.status in ("closed", "withdrawn", "completed"):
        return "wrong: an offer still waits" if is_talking else proposal.status
    standing = [row for row in now.projects_of(proposal) if row.status != "cancelled"]
    if not standing:
        return "in_talks" if any(row.status == "talking" for row in offers) else "open"
    told = [row for row in now.of(YearReport) if row.status != "draft"]
    reported = {row.collaboration_id for row in told}
    is_over = all(row.status == "ended" for row in standing)
    has_reported = any(row.id in reported for row in standing)
    return "completed" if is_over and has_reported and not is_talking else "agreed"


@dataclass(frozen=True)
class Person:
    """One seat, and what domain.md asks of it."""

    seat: Seat
    organization: int
    is_ward: bool

    @classmethod
    def at(cls, seat: Seat) -> "Person":
        return cls(seat, seat.office.organization_id, seat.organization.is_ward)

    @property
    def writes(self) -> bool:
        return self.seat.role in (Role.LEAD, Role.DEPUTY)

    @property
    def is_secretariat(self) -> bool:
        return self.seat.role == Role.STAFF

    def writes_for(self, row: SimpleNamespace) -> bool:
        return self.writes and self.organization == row.organization_id

    def sees(self, proposal: SimpleNamespace) -> bool:
        """Its organization; once it is published the secretariat, and unless hidden, members."""
        if self.organization == proposal.organization_id:
            return True
        is_open = proposal.hidden_at is None or self.is_secretariat
        return proposal.status != "draft" and is_open


class Law:
    """Who may do what as things stand: for each action one method, by its name."""

    def __init__(self, now: Standing, wards: set[int]) -> None:
        self.now = now
        self.wards = wards

    def allows(self, name: str, person: Person, target: Any) -> bool | None:
        return getattr(self, name)(person, target)

    # --- proposals ---

    def publish(self, by: Person, proposal: Any) -> bool:
        return by.writes_for(proposal) and proposal.status == "draft"

    def close(self, by: Person, proposal: Any) -> bool:
        return by.writes_for(proposal) and proposal.status in ("open", "in_talks")

    withdraw = close

    def renew(self, by: Person, proposal: Any) -> bool:
        is_near = str(proposal.ends_on) <= (today() + WARNED).isoformat()
        return by.writes_for(proposal) and proposal.status == "open" and is_near

    def change(self, by: Person, proposal: Any) -> bool:
        return by.writes_for(proposal) and proposal.status in LIVE

    def stop_offers(self, by: Person, proposal: Any) -> bool:
        return self._takes_any(by, proposal) and proposal.offers_stopped_at is None

    def resume_offers(self, by: Person, proposal: Any) -> bool:
        return self._takes_any(by, proposal) and proposal.offers_stopped_at is not None

    def _takes_any(self, by: Person, proposal: Any) -> bool:
        return self.change(by, proposal) and not has_ended(proposal)

    def hide(self, by: Person, proposal: Any) -> bool:
        return by.is_secretariat and proposal.status != "draft" and proposal.hidden_at is None

    def unhide(self, by: Person, proposal: Any) -> bool:
        return by.is_secretariat and proposal.hidden_at is not None

    def add_reply(self, by: Person, proposal: Any) -> bool:
        takes = proposal.status in LIVE and proposal.hidden_at is None
        return by.writes and by.sees(proposal) and takes

    def edit_reply(self, by: Person, reply: Any) -> bool:
        proposal = self.now.get(Proposal, reply.proposal_id)
        return by.writes_for(reply) and self.add_reply(by, proposal)

    def report(self, by: Person, proposal: Any) -> bool:
        is_anothers = by.organization != proposal.organization_id
        waits = self._waiting(by, "report", proposal_id=proposal.id)
        return by.writes and by.sees(proposal) and is_anothers and not waits

    # --- offers ---

    def raise_offer(self, by: Person, proposal: Any) -> bool:
        is_asked = by.writes and by.sees(proposal) and not by.is_secretariat
        crosses = by.is_ward != (proposal.organization_id in self.wards)
        is_taken = proposal.status in LIVE and not has_ended(proposal)
        is_open = proposal.hidden_at is None and proposal.offers_stopped_at is None
        return is_asked and crosses and is_taken and is_open and not self._stands(by, proposal)

    def start_talk(self, by: Person, offer: Any) -> bool:
        return self._answers(by, offer) and offer.status == "interested"

    def accept(self, by: Person, offer: Any) -> bool:
        return self._answers(by, offer) and offer.status == "talking"

    def decline(self, by: Person, offer: Any) -> bool:
        return self._answers(by, offer) and offer.status in LIVE_OFFERS

    def step_down(self, by: Person, offer: Any) -> bool:
        return by.writes_for(offer) and offer.status in LIVE_OFFERS

    def send_message(self, by: Person, offer: Any) -> bool:
        has_begun = offer.status in ("talking", "accepted")
        return self._writes_for_a_side(by, offer) and has_begun

    def ask_to_open(self, by: Person, offer: Any) -> bool:
        waits = self._waiting(by, "request", offer_id=offer.id)
        return self._writes_for_a_side(by, offer) and not waits

    def open_talk(self, by: Person, offer: Any) -> bool:
        """On a request, which is how the walks open one."""
        asked = [row for row in self.now.of(Report) if row.offer_id == offer.id]
        is_asked = any(row.status == "open" and row.ground == "request" for row in asked)
        return by.is_secretariat and is_asked

    def settle_report(self, by: Person, report: Any) -> bool:
        return by.is_secretariat and report.status == "open"

    # --- joint projects, and the calendar ---

    def start_project(self, by: Person, project: Any) -> bool:
        return self._carries(by, project) and project.status == "planned"

    def end_project(self, by: Person, project: Any) -> bool:
        return self._carries(by, project) and project.status == "under_way"

    def cancel_project(self, by: Person, project: Any) -> bool:
        return self._carries(by, project) and project.status in ("planned", "under_way")

    def link_project(self, by: Person, project: Any) -> bool | None:
        """With the ward's own proposal, which is how the walks link one that no offer began."""
        if self.now.linked_with(project) or project.title != REGISTERED:
            return None
        (own,) = [row for row in self.now.of(Proposal) if row.organization_id in self.wards]
        return by.writes_for(own) and own.status in (*LIVE, "completed")

    def unlink_project(self, by: Person, project: Any) -> bool | None:
        return self._carries(by, project) if self.now.linked_with(project) else None

    def write_report(self, by: Person, project: Any) -> bool:
        """One for the present year, which is how the walks report."""
        reported = {row.collaboration_id for row in self.now.of(YearReport)}
        has_begun = project.status != "planned"
        return by.writes and self._carries(by, project) and has_begun and project.id not in reported

    def submit_report(self, by: Person, report: Any) -> bool:
        project = self.now.get(Collaboration, report.collaboration_id)
        return by.writes and self._carries(by, project) and report.status == "draft"

    def accept_report(self, by: Person, report: Any) -> bool:
        return by.is_secretariat and report.status == "submitted"

    send_back_report = accept_report

    def end_date_passes(self, by: Person, proposal: Any) -> bool | None:
        """None where it cannot: nobody has asked, and nobody is refused."""
        return (proposal.status in LIVE and not has_ended(proposal)) or None

    def daily(self, by: Person, proposal: Any) -> bool:
        return True

    def _carries(self, by: Person, project: Any) -> bool:
        wards = self.now.parties_of(project) & self.wards
        return by.is_secretariat or (by.writes and by.organization in wards)

    def _answers(self, by: Person, offer: Any) -> bool:
        return by.writes_for(self.now.get(Proposal, offer.proposal_id))

    def _writes_for_a_side(self, by: Person, offer: Any) -> bool:
        return by.writes and by.organization in self.now.sides_of(offer)

    def _stands(self, by: Person, proposal: Any) -> bool:
        """Whether an offer of the organization keeps it from making another one."""
        own = [o for o in self.now.offers_on(proposal) if o.organization_id == by.organization]
        projects = [row for offer in own if (row := self.now.project_of(offer))]
        is_carried_out = any(row.status != "cancelled" for row in projects)
        return is_carried_out or any(offer.status in LIVE_OFFERS for offer in own)

    def _waiting(self, by: Person, ground: str, **about: int) -> bool:
        """Whether the organization's own report on it, or request, waits."""
        wanted = {"organization_id": by.organization, "ground": ground, "status": "open", **about}
        return any(wanted.items() <= vars(row).items() for row in self.now.of(Report))


def every_move() -> Iterator[tuple[type[Model], str, Move]]:
    """All that the tables allow."""
    for model, table in TABLES.items():
        for name, allowed in table.items():
            for move in allowed:
                yield model, name, move
