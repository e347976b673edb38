"""Accepting the terms of use."""

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from members import terms
from members.enums import Action
from members.models import TermsAcceptance, User

REVISED = "利用規約が新しくなりました。内容を確認してから、もう一度押してください"


@transaction.atomic
def accept_terms(user: User, edition: int, *, by: Actor | None = None) -> TermsAcceptance:
    """Notes that ``user`` accepts the edition that was shown; the same one is noted once.

    Whoever uses a shared account accepts for all who do. ``by`` is the user unless a command
    makes samples. Raises ``DomainError`` when another edition is in force by now.
    """
    in_force = terms.in_force()
    if in_force is None or in_force.edition != edition:
        raise DomainError(REVISED)
    acceptance, is_new = TermsAcceptance.objects.get_or_create(user=user, edition=edition)
    if is_new:
        changes = {"edition": audit.Change(None, edition)}
        audit.record(Action.ACCEPT_TERMS, user, by=by or user, changes=changes)
    return acceptance
