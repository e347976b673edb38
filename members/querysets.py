"""Named sets of rows; imports no model."""

from datetime import date, datetime
from typing import Self

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from core.dates import add_months, start_of
from core.querysets import PeriodQuerySet, RecordQuerySet, SearchableQuerySet, period_holds
from core.search import match
from members import rules
from members.codes import possible_codes
from members.enums import (
    SECRETARIAT_KINDS,
    WRITING_ROLES,
    ApplicationStatus,
    InvitationStatus,
    MunicipalityKind,
    OrganizationKind,
    Role,
)
from members.rules import is_secretariat


class MunicipalityQuerySet(PeriodQuerySet):
    """The register; ``on(day)`` gives the municipalities of that day."""

    def wards(self) -> Self:
        return self.filter(kind=MunicipalityKind.WARD)


class OrganizationQuerySet(SearchableQuerySet):
    def visible_to(self, user) -> Self:
        """Everybody knows every body by its name and profile; contacts are its offices'."""
        return self.all()

    def locked(self) -> Self:
        """Held until the transaction ends: two that ask at once are answered one after the other.

        Rows that point to it are still written meanwhile: their writers may hold what is asked next.
        """
        return self.select_for_update(of=("self",), no_key=True)

    def municipalities(self) -> Self:
        return self.filter(kind=OrganizationKind.MUNICIPALITY)

    def wards(self) -> Self:
        return self.filter(municipality__kind=MunicipalityKind.WARD)

    def without_lead(self, day: date) -> Self:
        """Those that take part on ``day`` (members, and who has ever had a seat) without a lead.

        A body whose membership has ended takes no part; a stopped account leads nobody.
        """
        led = Q(offices__seats__role=Role.LEAD) & Q(offices__seats__user__is_active=True)
        led &= period_holds(day, "offices__seats__")
        member = Q(memberships__joined__lte=day) & (
            Q(memberships__left=None) | Q(memberships__left__gte=day)
        )
        own = Q(memberships=None, offices__seats__isnull=False)
        led_by_own = self.model.objects.filter(led).values("pk")
        takes_part = self.model.objects.filter(member | own).values("pk")
        return (
            self.filter(pk__in=takes_part)
            .exclude(pk__in=led_by_own)
            .exclude(kind__in=SECRETARIAT_KINDS)
        )

    def in_directory(self, day: date) -> Self:
        """Whom members may find on ``day``: the members, the wards, and bodies with an office.

        Not those whose membership has ended: what they left behind answers nobody. A
        municipality without a membership takes no part, whatever offices it has.
        """
        memberships = self.model._meta.get_field("memberships").related_model.objects
        members = memberships.on(day).order_by().values("organization")
        wards = Q(municipality__kind=MunicipalityKind.WARD) & period_holds(day, "municipality__")
        bodies = Q(municipality=None, memberships=None, offices__isnull=False)
        others = self.model.objects.filter(bodies).order_by().values("pk")
        return self.filter(Q(pk__in=members) | wards | Q(pk__in=others))

    def found_by(self, query: str) -> Self:
        """The organizations named by ``query``: words of name or kana, or a code.

        A code may come in full width, without its check digit or its leading zero.
        """
        return self._with_code(query, self.matching(query))

    def introduced_by(self, query: str) -> Self:
        """As ``found_by``; the words may also stand in the profile, for everybody to read."""
        return self._with_code(query, match(self, query, also=("profile_text",)))

    def reached_by(self, query: str) -> Self:
        """As ``introduced_by``; the words may also be those of an office, for members."""
        found = match(self, query, through=("offices",), also=("profile_text",))
        return self._with_code(query, found)

    def _with_code(self, query: str, found: Self) -> Self:
        """``found``, and whichever of these has the code that ``query`` may be."""
        codes = possible_codes(query)
        if not codes:
            return found
        of_prefecture = Q(kind=OrganizationKind.PREFECTURE, prefecture__code6__in=codes)
        return self.filter(
            Q(municipality__code__in=codes)
            | of_prefecture
            | Q(pk__in=found.order_by().values("pk"))
        )


class MembershipQuerySet(RecordQuerySet):
    def real(self) -> Self:
        """Without samples, which never enter a figure."""
        return self.filter(is_sample=False)

    def on(self, day: date) -> Self:
        """The memberships that held on ``day``; the day of leaving is the last one."""
        return self.filter(Q(joined__lte=day) & (Q(left=None) | Q(left__gte=day)))

    def ended_before(self, day: date) -> Self:
        """The last ones of bodies that have left before ``day`` and are not members again by then."""
        later = self.model.objects.filter(
            organization=OuterRef("organization"), joined__gt=OuterRef("joined"), joined__lte=day
        )
        return self.filter(~Exists(later), left__lt=day)


def fresh_from(day: date) -> date:
    """The first day whose confirmation still counts as fresh on ``day``: a year before."""
    return add_months(day, -12)


def _has_not_left(organization: str, day: date) -> Q:
    """The condition that the body at ``organization`` is a member on ``day``, or never was one.

    It joins the memberships: a row may come more than once.
    """
    memberships = f"{organization}__memberships"
    return (
        Q(**{memberships: None})  # a ward, or a body of the secretariat
        | Q(**{f"{memberships}__left": None})
        | Q(**{f"{memberships}__left__gte": day})
    )


class OfficeQuerySet(SearchableQuerySet):
    def visible_to(self, user) -> Self:
        """Contacts are for whoever holds a current seat; the public sees none of them."""
        return self.all() if user.is_authenticated and user.current_seats else self.none()

    def confirmable_by(self, user) -> Self:
        """What ``visible_to`` gives, and to a last lead past its date the own organization's."""
        if not user.is_authenticated or user.current_seats:
            return self.visible_to(user)
        own = {seat.office.organization_id for seat in user.lingering_seats}
        return self.filter(organization__in=own)

    def stale(self, day: date) -> Self:
        """Those that nobody has confirmed within the year before ``day`` (``Office.is_stale``)."""
        return self.filter(Q(confirmed_at=None) | Q(confirmed_at__lt=start_of(fresh_from(day))))

    def taking_part(self, day: date) -> Self:
        """Without those of bodies that have left; wards and others never were members."""
        offices = self.model.objects.filter(_has_not_left("organization", day))
        return self.filter(pk__in=offices.values("pk"))

    def desks(self) -> Self:
        """The offices printed at the foot of every page."""
        return self.exclude(desk_heading="").order_by("desk_order")


class DueQuerySet(RecordQuerySet):
    """What was planned for a day: ``applied_at`` says when it was done."""

    day_field = "valid_from"

    def waiting(self) -> Self:
        """What is still to be done."""
        return self.filter(applied_at=None)

    def due(self, day: date) -> Self:
        """What waits, and was to be done by ``day``."""
        return self.waiting().filter(**{f"{self.day_field}__lte": day})


class SuccessionQuerySet(DueQuerySet):
    day_field = "change__date"


class ApplicationQuerySet(SearchableQuerySet):
    def unsettled(self) -> Self:
        """Those that wait for the secretariat or for the applicant."""
        return self.filter(status__in=[ApplicationStatus.APPLIED, ApplicationStatus.RETURNED])


class InvitationQuerySet(RecordQuerySet):
    """Invitations and handovers."""

    def waiting(self) -> Self:
        """Those that wait for an answer, within their time or past it."""
        return self.filter(status=InvitationStatus.SENT)

    def open_to(self, email: str) -> Self:
        """Those that ``email`` may still answer."""
        return self.waiting().filter(email=email, expires_at__gt=timezone.now())

    def overdue(self) -> Self:
        """Those that nobody has answered in time."""
        return self.waiting().filter(expires_at__lte=timezone.now())


class SeatInvitationQuerySet(InvitationQuerySet):
    """Invitations alone."""

    def visible_to(self, user) -> Self:
        """What ``rules.may_handle_invitation`` allows, and everything to the secretariat."""
        if not user.is_authenticated or not user.current_seats:
            return self.none()
        if any(is_secretariat(seat) for seat in user.current_seats):
            return self.all()
        led = {
            seat.office.organization_id
            for seat in user.current_seats
            if rules.leads(seat, seat.organization)
        }
        return self.filter(office__organization__in=led).exclude(role=Role.STAFF)

    def with_office(self) -> Self:
        """With all that ``Office.signature`` and the rules read."""
        return self.select_related(
            "office__organization__municipality__prefecture",
            "office__organization__prefecture",
        )


class HandoverQuerySet(InvitationQuerySet):
    """Handovers alone."""

    def visible_to(self, user) -> Self:
        """What ``rules.may_view_handover`` allows, to a last lead past its date too."""
        if not user.is_authenticated:
            return self.none()
        seats = user.current_seats
        if any(is_secretariat(seat) for seat in seats):
            return self.all()
        led = {
            seat.office.organization_id for seat in seats if rules.leads(seat, seat.organization)
        }
        of_led = Q(seat__office__organization__in=led) & ~Q(seat__role=Role.STAFF)
        held = Q(seat__in=[*seats, *user.lingering_seats]) | Q(new_seat__in=seats)
        return self.filter(held | of_led)

    def with_seat(self) -> Self:
        """With both seats, their people, and all that ``Office.signature`` and the rules read."""
        return self.select_related(
            "seat__user",
            "seat__office__organization__municipality__prefecture",
            "seat__office__organization__prefecture",
            "new_seat__user",
        )


class CampaignQuerySet(RecordQuerySet):
    def running(self) -> Self:
        """The one that asks just now, if any."""
        return self.filter(ended_at=None).exclude(started_at=None)


class ConfirmationQuerySet(RecordQuerySet):
    def unanswered(self) -> Self:
        return self.filter(answer="")

    def waiting(self) -> Self:
        """Those that a running campaign still asks for."""
        return self.unanswered().filter(campaign__ended_at=None)

    def with_office(self) -> Self:
        """With all that ``Office.signature`` and the rules read."""
        return self.select_related(
            "office__organization__municipality__prefecture",
            "office__organization__prefecture",
        )


class LoginChangeQuerySet(RecordQuerySet):
    def disputed(self) -> Self:
        """Those with an objection that waits for the secretariat."""
        return self.filter(settled_at=None).exclude(objected_at=None)

    def over_before(self, limit: datetime) -> Self:
        """Those settled, or changed without an objection, before ``limit``."""
        unopposed = Q(objected_at=None, settled_at=None, changed_at__lt=limit)
        return self.filter(unopposed | Q(settled_at__lt=limit))


class SeatQuerySet(PeriodQuerySet):
    def with_office(self) -> Self:
        """With all that ``Office.signature`` and the rules read; the user by ``with_user``."""
        return self.select_related(
            "office__organization__municipality__prefecture",
            "office__organization__prefecture",
        )

    def with_shared_office(self) -> Self:
        """As ``with_office``, for the many seats of few offices: each is made once, by one more
        query."""
        offices = self.model._meta.get_field("office").related_model._default_manager
        whole = offices.select_related(
            "organization__municipality__prefecture", "organization__prefecture"
        )
        return self.prefetch_related(Prefetch("office", whole))

    def with_user(self) -> Self:
        return self.select_related("user")

    def visible_to(self, user) -> Self:
        """What ``rules.may_view_seat`` allows to one of the user's current seats."""
        if not user.is_authenticated or not user.current_seats:
            return self.none()
        if any(is_secretariat(seat) for seat in user.current_seats):
            return self.all()
        own = {seat.office.organization_id for seat in user.current_seats}
        return self.filter(Q(role=Role.LEAD) | Q(office__organization__in=own))

    def active(self) -> Self:
        """Seats whose account may log in."""
        return self.filter(user__is_active=True)

    def writing(self) -> Self:
        """Seats that may write for their organization."""
        return self.filter(role__in=WRITING_ROLES)

    def leads(self) -> Self:
        return self.filter(role=Role.LEAD)

    def lasting_beyond(self, day: date) -> Self:
        """Seats that hold, or begin, after ``day``."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day))

    def overlapping(self, first: date, last: date | None) -> Self:
        """Seats that hold on one of the days from ``first`` until ``last``."""
        overlapping = self.filter(Q(valid_until=None) | Q(valid_until__gte=first))
        return overlapping if last is None else overlapping.filter(valid_from__lte=last)

    def lingering(self, day: date) -> Self:
        """Last leads' seats that ended before ``day`` and that nobody has taken over.

        No other lead of the organization was named for a time beyond theirs, and the
        secretariat has not taken their business over. Not in a body that has left.
        """
        organization = "office__organization"
        leads = self.model.objects.leads().filter(**{organization: OuterRef(organization)})
        beyond = Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until"))
        ended = self.leads().filter(
            _has_not_left(organization, day), valid_until__lt=day, taken_over_at=None
        )
        return ended.filter(~Exists(leads.filter(beyond))).distinct()

    def opening(self, day: date) -> Self:
        """Seats that open something on ``day`` or later: held, to come, or lingering."""
        lingering = self.model.objects.lingering(day).values("pk")
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day) | Q(pk__in=lingering))
