"""Named sets of agreements and joint projects; imports no model."""

from datetime import date
from typing import Self

from django.db.models import Q

from agreements.enums import REPORTED, AgreementKind, CollaborationSide, Side, YearReportStatus
from core.querysets import DatedQuerySet, RecordQuerySet, SearchableQuerySet
from members.enums import OrganizationKind
from members.rules import is_secretariat


class AgreementQuerySet(SearchableQuerySet, DatedQuerySet):
    search_through = ("organizations",)

    def in_force_on(self, day: date) -> Self:
        """Certainly signed by ``day``, its last day not past, and not terminated before it.

        Only an agreement that is known not to be renewed has a last day (``ends_on``); an
        unknown term stands until it is terminated, and no expiry is ever invented.
        """
        return (
            self.certain_by(day)
            .filter(Q(ends_on=None) | Q(ends_on__gte=day))
            .filter(Q(terminated_on=None) | Q(terminated_on__gt=day))
        )

    def wide_area(self) -> Self:
        return self.filter(kind=AgreementKind.WIDE_AREA)

    def comprehensive(self) -> Self:
        return self.filter(kind=AgreementKind.COMPREHENSIVE)

    def of_all_wards(self) -> Self:
        """Those that 特別区長会 has concluded for the 23 wards."""
        signed = self.model.objects.filter(
            parties__side=Side.SPECIAL_WARDS,
            parties__organization__kind=OrganizationKind.WARD_MAYORS,
        )
        return self.filter(pk__in=signed.order_by().values("pk"))

    def visible_to(self, user) -> Self:
        """Agreements are public; their documents are not part of this table."""
        return self.all()


class CollaborationQuerySet(SearchableQuerySet):
    search_through = ("organizations",)

    def visible_to(self, user) -> Self:
        """Published ones; unpublished ones to the organizations in them and the secretariat."""
        published = Q(published_at__isnull=False)
        seats = user.current_seats if user.is_authenticated else []
        if any(is_secretariat(seat) for seat in seats):
            return self.all()
        if not seats:
            return self.filter(published)
        own = {seat.office.organization_id for seat in seats}
        joined = self.model.objects.filter(parties__organization__in=own)
        return self.filter(published | Q(pk__in=joined.values("pk")))

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def real(self) -> Self:
        """Without samples, which never enter a figure."""
        return self.filter(is_sample=False)

    def started_by(self, day: date) -> Self:
        """Those whose start was certain by ``day``."""
        return self.filter(start_latest__lte=day)


class YearReportQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """Accepted ones with their published project; submitted ones to its organizations and
        the secretariat as well; drafts to the wards that carry it alone."""
        seats = user.current_seats if user.is_authenticated else []
        public = Q(status=YearReportStatus.ACCEPTED, collaboration__published_at__isnull=False)
        if not seats:
            return self.filter(public)
        own = _organizations(seats)
        parties = _parties_of(self.model)
        joined = Q(collaboration__in=parties.filter(organization__in=own).values("collaboration"))
        carried = Q(collaboration__in=_carried_by(parties, own))
        inner = Q() if any(is_secretariat(seat) for seat in seats) else joined
        return self.filter(public | carried | (inner & ~Q(status=YearReportStatus.DRAFT)))

    def showing_grants_to(self, user) -> Self:
        """Those of which ``user`` also reads the grant's amounts: not what is only public."""
        seats = user.current_seats if user.is_authenticated else []
        if any(is_secretariat(seat) for seat in seats):
            return self.visible_to(user)
        joined = _parties_of(self.model).filter(organization__in=_organizations(seats))
        return self.visible_to(user).filter(collaboration__in=joined.values("collaboration"))

    def reported(self) -> Self:
        """What the wards have told: submitted, or accepted."""
        return self.filter(status__in=REPORTED)

    def submitted(self) -> Self:
        """Those that wait for the secretariat."""
        return self.filter(status=YearReportStatus.SUBMITTED)

    def accepted(self) -> Self:
        """What enters lists and figures."""
        return self.filter(status=YearReportStatus.ACCEPTED)

    def returned(self) -> Self:
        """Drafts that the secretariat has sent back."""
        return self.filter(returned_at__isnull=False)


class YearReportStepQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """To the wards that carry the project; to the secretariat unless it is a draft."""
        seats = user.current_seats if user.is_authenticated else []
        reports = self.model._meta.get_field("report").related_model
        carried = _carried_by(_parties_of(reports), _organizations(seats))
        allowed = Q(report__collaboration__in=carried)
        if any(is_secretariat(seat) for seat in seats):
            allowed |= ~Q(report__status=YearReportStatus.DRAFT)
        return self.filter(allowed)


def _organizations(seats) -> set[int]:
    return {seat.office.organization_id for seat in seats}


def _parties_of(reports):
    """The parties of joint projects, reached from the model of their reports."""
    projects = reports._meta.get_field("collaboration").related_model
    return projects._meta.get_field("parties").related_model._default_manager.order_by()


def _carried_by(parties, organizations):
    """The ids of the joint projects that ``organizations`` carry as wards."""
    side = CollaborationSide.WARD
    return parties.filter(organization__in=organizations, side=side).values("collaboration")
