"""Named sets of proposals, their versions and replies; imports no model."""

from datetime import date
from typing import Self

from django.db.models import Q

from core.enums import Level
from core.querysets import RecordQuerySet, SearchableQuerySet
from members.rules import levels_of
from proposals.enums import EXPIRED, ProposalStatus


def readable(user, prefix: str = "") -> Q:
    """The condition that ``rules.may_view`` holds for one of the user's current seats.

    ``prefix`` follows a relation to the proposal (``proposal__``).
    """
    on_board = {f"{prefix}level__in": levels_of(user)}
    if Level.SECRETARIAT not in levels_of(user):
        on_board[f"{prefix}hidden_at"] = None
    own = Q(**{f"{prefix}organization__in": organizations_of(user)})
    return own | (~Q(**{f"{prefix}status": ProposalStatus.DRAFT}) & Q(**on_board))


def organizations_of(user) -> list[int]:
    """The ids of the organizations that ``user`` now sits at."""
    return sorted({seat.office.organization_id for seat in user.current_seats})


def is_seated(user) -> bool:
    return user.is_authenticated and bool(user.current_seats)


class ProposalQuerySet(SearchableQuerySet):
    def visible_to(self, user) -> Self:
        """What ``rules.may_view`` allows to one of the user's current seats."""
        return self.filter(readable(user)) if is_seated(user) else self.none()

    def on_board(self) -> Self:
        return self.exclude(status=ProposalStatus.DRAFT)

    def with_author(self) -> Self:
        """With organization, office and themes, for a page about one proposal."""
        return self.select_related(
            "organization__municipality", "organization__prefecture", "office__organization"
        ).prefetch_related("themes")

    def in_shown_status(self, status: str, today: date) -> Self:
        """Proposals in a status as it is shown: open ones past their end date are expired."""
        return self.filter(shown_as(status, today))


def shown_as(status: str, today: date) -> Q:
    """The condition that a proposal is shown in ``status`` on the day ``today``."""
    if status == EXPIRED:
        return Q(status=ProposalStatus.OPEN, ends_on__lt=today)
    if status == ProposalStatus.OPEN:
        return Q(status=ProposalStatus.OPEN, ends_on__gte=today)
    return Q(status=status)


class VersionQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """Versions of visible proposals; those for the wards only for wards and the author."""
        if not is_seated(user):
            return self.none()
        own = Q(proposal__organization__in=organizations_of(user))
        return self.filter(readable(user, "proposal__"), own | Q(level__in=levels_of(user)))


class ReplyQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """Replies of visible proposals; hidden ones for their author and the secretariat."""
        if not is_seated(user):
            return self.none()
        replies = self.filter(readable(user, "proposal__"))
        if Level.SECRETARIAT in levels_of(user):
            return replies
        return replies.filter(Q(hidden_at=None) | Q(organization__in=organizations_of(user)))
