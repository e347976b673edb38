"""Named sets of proposals, their versions and replies; imports no model."""

from datetime import date, timedelta
from typing import Self

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.dates import start_of
from core.enums import Level
from core.querysets import RecordQuerySet, SearchableQuerySet
from members.enums import MunicipalityKind
from members.rules import levels_of
from proposals.enums import (
    EXPIRED,
    LIVE,
    LIVE_OFFERS,
    UNANSWERED_DAYS,
    ProposalStatus,
    ReportStatus,
)


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

    def live(self) -> Self:
        """What still takes replies, and lets talks and joint projects go on."""
        return self.filter(status__in=LIVE)

    def taking_offers(self, today: date) -> Self:
        """What somebody new may still answer (``Proposal.takes_offers``)."""
        return self.filter(taking(today))

    def addressed_to(self, ward) -> Self:
        """What is addressed to ``ward`` by name, or because it means all other wards."""
        return self.filter(self.addressing(ward)).exclude(organization=ward)

    def addressing(self, ward) -> Q:
        """The condition that ``ward`` is named, or all wards are meant, its own among them."""
        return self.meaning_all_wards() | Exists(self._chosen_wards().filter(organization=ward))

    def meaning_all_wards(self) -> Q:
        """The condition that no ward is named, and therefore each one is meant."""
        return ~Exists(self._chosen_wards()) & meaning_all()

    def _chosen_wards(self):
        return self.model.wards.through._default_manager.filter(proposal=OuterRef("pk"))

    def unanswered_by(self, ward, today: date) -> Self:
        """What is addressed to ``ward``, still takes answers, and has none of it: 未回答."""
        asked = self.addressed_to(ward).taking_offers(today)
        offers, replies = (
            self.model._meta.get_field(name).related_model._default_manager.filter(
                proposal=OuterRef("pk"), organization=ward
            )
            for name in ("offers", "replies")
        )
        return asked.filter(~Exists(offers), ~Exists(replies.filter(hidden_at=None)))

    def waiting(self, today: date) -> Self:
        """回答待ち: open ones that nobody who may offer has answered."""
        return self.in_shown_status(ProposalStatus.OPEN, today).filter(answered_at=None)

    def unanswered(self, today: date) -> Self:
        """回答待ち for ``UNANSWERED_DAYS`` or longer: what the secretariat looks after."""
        waiting_since = start_of(today - timedelta(days=UNANSWERED_DAYS - 1))
        return self.waiting(today).filter(published_at__lt=waiting_since, hidden_at=None)

    def with_author(self) -> Self:
        """With organization, office and themes, for a page about one proposal."""
        return self.select_related(
            "organization__municipality", "organization__prefecture", "office__organization"
        ).prefetch_related("themes")

    def in_shown_status(self, status: str, today: date) -> Self:
        """Proposals in a status as it is shown: open ones past their end date are expired."""
        return self.filter(shown_as(status, today))


def taking(today: date, prefix: str = "") -> Q:
    """The condition that ``Proposal.takes_offers`` holds; ``prefix`` leads to the proposal."""
    return Q(
        **{
            f"{prefix}status__in": LIVE,
            f"{prefix}hidden_at": None,
            f"{prefix}offers_stopped_at": None,
            f"{prefix}ends_on__gte": today,
        }
    )


def meaning_all(prefix: str = "") -> Q:
    """The condition that ``Proposal.means_all_wards`` holds; ``prefix`` leads to the proposal."""
    of_ward = Q(**{f"{prefix}organization__municipality__kind": MunicipalityKind.WARD})
    return ~of_ward | Q(**{f"{prefix}level": Level.WARDS})


def shown_as(status: str, today: date) -> Q:
    """The condition that a proposal is shown in ``status`` on the day ``today``."""
    if status == EXPIRED:
        return Q(status=ProposalStatus.OPEN, ends_on__lt=today)
    if status == ProposalStatus.OPEN:
        return Q(status=ProposalStatus.OPEN, ends_on__gte=today)
    return Q(status=status)


class OfProposalQuerySet(RecordQuerySet):
    """What belongs to a proposal and is read with it."""

    def visible_to(self, user) -> Self:
        return self.filter(readable(user, "proposal__")) if is_seated(user) else self.none()


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


class OfReplyQuerySet(RecordQuerySet):
    """What belongs to a reply and is read with it."""

    def visible_to(self, user) -> Self:
        replies = self.model._meta.get_field("reply").related_model._default_manager
        return self.filter(reply__in=replies.visible_to(user).order_by().values("pk"))


def of_sides(user, prefix: str = "") -> Q:
    """The condition that ``user`` sits on a side of an offer; ``prefix`` leads to it."""
    own = organizations_of(user)
    return Q(**{f"{prefix}organization__in": own}) | Q(
        **{f"{prefix}proposal__organization__in": own}
    )


class OfferQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """To its two sides; to the secretariat that it exists, and its state."""
        if not is_seated(user):
            return self.none()
        return self.all() if Level.SECRETARIAT in levels_of(user) else self.filter(of_sides(user))

    def live(self) -> Self:
        """Those that wait for a yes or a no."""
        return self.filter(status__in=LIVE_OFFERS)

    def with_sides(self) -> Self:
        """With all that the rules and the signatures read."""
        return self.select_related(
            "organization__municipality",
            "organization__prefecture",
            "office",
            "proposal__organization__municipality",
            "proposal__organization__prefecture",
            "proposal__office",
        )


class OfferDraftQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """To the organization that writes it and nobody else, while it may read the proposal."""
        if not is_seated(user):
            return self.none()
        own = Q(organization__in=organizations_of(user))
        return self.filter(own, readable(user, "proposal__"))

    def of(self, proposal, organization) -> Self:
        """The one that ``organization`` has of its offer on ``proposal``, if any."""
        return self.filter(proposal=proposal, organization=organization)

    def sendable(self, today: date) -> Self:
        """Those on proposals that still take offers, and that the organization may read."""
        by_ward = Q(organization__municipality__kind=MunicipalityKind.WARD)
        return self.filter(taking(today, "proposal__"), by_ward | Q(proposal__level=Level.MEMBERS))

    def outlived(self, limit: date) -> Self:
        """Those on proposals that ended, or whose end date was, before ``limit``."""
        ended = Q(proposal__ended_at__lt=start_of(limit)) | Q(proposal__ends_on__lt=limit)
        return self.filter(ended)

    def with_sides(self) -> Self:
        """With all that the rules and the signatures read."""
        return self.select_related(
            "organization__municipality",
            "organization__prefecture",
            "office__organization",
            "proposal__organization__municipality",
            "proposal__organization__prefecture",
            "proposal__office",
        )


class OfTalkQuerySet(RecordQuerySet):
    """What belongs to a talk: its messages, its steps, and who has looked into it."""

    def visible_to(self, user) -> Self:
        """To the two sides; to the secretariat's seat that has opened the talk, for a while."""
        if not is_seated(user):
            return self.none()
        openings = self.model._meta.get_field("offer").related_model.openings.rel.related_model
        opened = openings._default_manager.filter(
            offer=OuterRef("offer"), seat__in=user.current_seats, until__gt=timezone.now()
        )
        by_secretariat = Q(Exists(opened)) if Level.SECRETARIAT in levels_of(user) else Q()
        return self.filter(of_sides(user, "offer__") | by_secretariat)


class ReportQuerySet(RecordQuerySet):
    def open(self) -> Self:
        """Those that wait for the secretariat."""
        return self.filter(status=ReportStatus.OPEN)

    def with_subjects(self) -> Self:
        """With what each is about, and who says so, as far as their names need it."""
        return self.select_related(
            "organization__municipality",
            "organization__prefecture",
            "proposal",
            "reply",
            "offer__proposal",
            "offer__organization__municipality",
            "offer__organization__prefecture",
        )
