"""All that an action on the board may have written, as the tables hold it."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from django.db import connection
from django.db.models import Model

from agreements.models import Collaboration, CollaborationParty, YearReport
from core.models import Attachment, AuditEntry, OutboxMail
from notices.models import Notice
from proposals.models import (
    Offer,
    OfferStep,
    Proposal,
    ProposalStep,
    ProposalVersion,
    Reply,
    ReplyVersion,
    Report,
    TalkMessage,
    TalkOpening,
)

_LINKS = Proposal.projects.through
_COMPARED = (
    Proposal,
    Offer,
    Collaboration,
    CollaborationParty,
    YearReport,
    Reply,
    Report,
    _LINKS,
)
# Rows that only ever come: their number says whether any has come.
_COUNTED = (
    ProposalStep,
    ProposalVersion,
    OfferStep,
    TalkMessage,
    TalkOpening,
    ReplyVersion,
    Attachment,
    AuditEntry,
    Notice,
    OutboxMail,
)
# What is told of a talk, or noted in the log, says nothing of its words.
_TELLING = {
    Notice: "text",
    OutboxMail: "subject || body",
    AuditEntry: "reason || object_label || CAST(changes AS text)",
}


def _count(model: type[Model], *condition: str) -> str:
    return " ".join(["(SELECT count(*) FROM", model._meta.db_table, *condition, ")"])


_COUNTS = ", ".join(
    [_count(model) for model in _COUNTED]
    + [_count(model, "WHERE", said, "LIKE %(word)s") for model, said in _TELLING.items()]
)


@dataclass
class Standing:
    """All that an action may have written, as the tables hold it: rows by their model and id."""

    rows: dict[type[Model], dict[int, SimpleNamespace]] = field(default_factory=dict)
    counts: tuple[int, ...] = ()
    # How many notices, mails and audit rows hold a word of a talk.
    told: int = 0

    @classmethod
    def now(cls, mark: str) -> "Standing":
        with connection.cursor() as cursor:
            rows = {}
            for model in _COMPARED:
                cursor.execute(" ".join(["SELECT * FROM", model._meta.db_table, "ORDER BY id"]))
                names = [column[0] for column in cursor.description]
                found = (SimpleNamespace(zip(names, row, strict=True)) for row in cursor)
                rows[model] = {row.id: row for row in found}
            cursor.execute(f"SELECT {_COUNTS}", {"word": f"%{mark}%"})
            counts = cursor.fetchone()
            return cls(rows, counts[: len(_COUNTED)], sum(counts[len(_COUNTED) :]))

    def of(self, model: type[Model]) -> list[SimpleNamespace]:
        return list(self.rows[model].values())

    def get(self, model: type[Model], pk: int) -> SimpleNamespace:
        return self.rows[model][pk]

    def offers_on(self, proposal: SimpleNamespace) -> list[SimpleNamespace]:
        return [row for row in self.of(Offer) if row.proposal_id == proposal.id]

    def project_of(self, offer: SimpleNamespace) -> SimpleNamespace | None:
        return self.rows[Collaboration].get(offer.collaboration_id)

    def linked_with(self, project: SimpleNamespace) -> list[SimpleNamespace]:
        """The proposals that its ward has linked a joint project with."""
        links = [row for row in self.of(_LINKS) if row.collaboration_id == project.id]
        return [self.get(Proposal, link.proposal_id) for link in links]

    def projects_of(self, proposal: SimpleNamespace) -> list[SimpleNamespace]:
        """The joint projects that came of a proposal: by its offers, or as a ward has said."""
        started = {row.collaboration_id for row in self.offers_on(proposal)}
        return [
            row
            for row in self.of(Collaboration)
            if row.id in started or proposal in self.linked_with(row)
        ]

    def sides_of(self, offer: SimpleNamespace) -> set[int]:
        """The two organizations that its talk is shown to."""
        return {self.get(Proposal, offer.proposal_id).organization_id, offer.organization_id}

    def parties_of(self, project: SimpleNamespace) -> set[int]:
        """Both sides of each offer that has led to the joint project, or else who registered it."""
        led = [row for row in self.of(Offer) if row.collaboration_id == project.id]
        parties = [row for row in self.of(CollaborationParty) if row.collaboration_id == project.id]
        sides = {side for offer in led for side in self.sides_of(offer)}
        return sides or {row.organization_id for row in parties}
