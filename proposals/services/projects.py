"""Joint projects that a ward has registered itself, and the proposals that they came from."""

from django.db import transaction

from agreements.models import Collaboration
from core.errors import DomainError
from members.models import Seat
from proposals import rules
from proposals.queries import origins_for
from proposals.services.states import follow, locked

NOT_ITS_OWN = "もとになった提案は、自区の提案と、自区の申し出が受諾された提案から選んでください"


@transaction.atomic
def choose_origin(project: Collaboration, key: str, by: Seat) -> None:
    """Says that a locked ``project`` came from the proposal with the id ``key``, or from none.

    The proposals follow it from then on, and the former one no more. Nothing changes where an
    offer has started the project, or ``by`` may not read what it is linked with. Raises
    ``DomainError`` for a proposal that is not among ``origins_for``, or was ended meanwhile.
    """
    former = project.proposals.first()
    if project.offers.exists() or (former and not rules.may_view(by, former)):
        return
    chosen = next((row for row in origins_for(by, project) if str(row.pk) == key), None)
    if key and chosen is None:
        raise DomainError(NOT_ITS_OWN)
    if chosen == former:
        return
    concerned = {row.pk: row for row in (former, chosen) if row}
    # In the order of their numbers, so that nobody waits for each other.
    held = {pk: locked(concerned[pk]) for pk in sorted(concerned)}
    if chosen and not rules.may_be_origin(by, held[chosen.pk]):
        raise DomainError(NOT_ITS_OWN)
    project.proposals.set([chosen] if chosen else [])
    for proposal in held.values():
        follow(proposal, by=by)
