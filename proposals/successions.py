"""What becomes of an organization's part on the board when another one succeeds it."""

from core import audit
from core.audit import Actor
from members import successions
from members.models import Organization
from proposals.enums import Action, ProposalStatus
from proposals.models import Proposal

# What its people still write at. The rest is told, and stays with the name it was told under.
_LIVE = (ProposalStatus.DRAFT, ProposalStatus.OPEN)


def moving(organization: Organization) -> list[str]:
    """The proposals that go on; of drafts only how many, which nobody else may read."""
    live = Proposal.objects.filter(organization=organization, status__in=_LIVE)
    drafts = sum(proposal.is_draft for proposal in live)
    titles = [f"{row.title}（{row.shown_status_label}）" for row in live if not row.is_draft]
    return titles + ([f"下書き{drafts}件"] if drafts else [])


def move(former: Organization, successor: Organization, by: Actor) -> int:
    """Gives the successor what goes on; its people may edit it. Signatures stay."""
    live = Proposal.objects.select_for_update(of=("self",)).filter(
        organization=former, status__in=_LIVE
    )
    changes = {"organization": audit.Change(str(former), str(successor))}
    for proposal in live:
        proposal.organization = successor
        proposal.save(update_fields=["organization", "search_text"])
        audit.record(Action.SUCCEED, proposal, by=by, changes=changes)
    return len(live)


def register() -> None:
    proposals = successions.Belongings("連携提案", moving=moving, move=move)
    successions.register("proposals.proposals", proposals)
