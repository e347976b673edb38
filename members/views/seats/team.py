"""Who sits at an office: seen, changed and ended by the organization's leads."""

from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from core.dates import day_text, today
from core.views import ActionFormView
from members import queries, rules, services
from members.enums import Role
from members.forms import SeatEndForm, SeatForm
from members.models import Seat
from members.views.acting import SeatMixin, for_seat
from members.views.offices import OfficeMixin

CHANGED = "{}の担当を変更しました。"
ENDED = "{}の担当を、{}までにしました。"


def seats_url(office_id: int, seat: Seat) -> str:
    """The list of an office's seats, for the seat that acts."""
    return for_seat(reverse("members:seat_list", args=[office_id]), seat)


class SeatList(OfficeMixin, TemplateView):
    """担当者の管理: the seats of an office, and who is invited to it."""

    template_name = "members/seat_list.html"

    def admit(self) -> None:
        super().admit()
        self.act_by(rules.may_manage_seats, self.office)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            office=self.office,
            seat=self.seat,
            office_url=self.office_url,
            seats=[
                {
                    "seat": other,
                    "may_change": rules.may_change_seat(self.seat, other),
                    "update_url": self.url("seat_update", other.pk),
                    "end_url": self.url("seat_end", other.pk),
                    "handover_url": self.url("handover_create", other.pk),
                    "login_url": (
                        self.url("login_replace", other.pk)
                        if rules.may_replace_login(self.seat, other.user)
                        else ""
                    ),
                }
                for other in queries.seats_of(self.office)
            ],
            invitations=[
                {
                    "invitation": invitation,
                    "resend_url": self.url("invitation_resend", invitation.pk),
                    "cancel_url": self.url("invitation_cancel", invitation.pk),
                }
                for invitation in queries.shown_invitations(self.office, self.request.user)
            ],
            invite_url=self.url("invitation_create", self.office.pk),
            other_offices=[
                (office, seats_url(office.pk, self.seat))
                for office in self.office.organization.offices.exclude(pk=self.office.pk)
            ],
            **kwargs,
        )

    def url(self, name: str, pk: int) -> str:
        return for_seat(reverse(f"members:{name}", args=[pk]), self.seat)


class OneSeatMixin(SeatMixin):
    """A page about ``self.other``, a seat that one of the person's own may change."""

    kwargs: dict[str, Any]
    other: Seat

    def admit(self) -> None:
        seats = Seat.objects.visible_to(self.request.user).with_office().with_user()
        self.other = get_object_or_404(seats, pk=self.kwargs["pk"])
        self.act_by(rules.may_change_seat, self.other)

    @property
    def is_own(self) -> bool:
        return self.other.user_id == self.seat.user_id

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            seat=self.seat,
            other=self.other,
            is_own=self.is_own,
            office=self.other.office,
            seats_url=seats_url(self.other.office_id, self.seat),
            **kwargs,
        )

    def url_after(self, other: Seat) -> str:
        """The list again; the member home for whoever has just given up leading."""
        still_leads = not self.is_own or (other.role == Role.LEAD and other.is_current)
        if still_leads:
            return seats_url(other.office_id, self.seat)
        return reverse("portal:member_home")


class SeatUpdate(OneSeatMixin, ActionFormView):
    """A new role, or new days."""

    template_name = "members/seat_update.html"
    form_class = SeatForm

    def get_initial(self) -> dict[str, Any]:
        names = ("role", "valid_from", "valid_until")
        return {name: getattr(self.other, name) for name in names}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"other": self.other, "seat": self.seat}

    def perform(self, form: SeatForm) -> str:
        data = form.cleaned_data
        changed = services.change_seat(
            self.other,
            by=self.seat,
            role=Role(data["role"]),
            valid_from=data.get("valid_from"),
            valid_until=data["valid_until"],
        )
        messages.success(self.request, CHANGED.format(self.other.user.polite_name))
        return self.url_after(changed)


class SeatEnd(OneSeatMixin, ActionFormView):
    """The last day of a seat, asked for with a warning of what it means."""

    template_name = "members/seat_end.html"
    form_class = SeatEndForm

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": self.other.valid_until or max(today(), self.other.valid_from)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"other": self.other}

    def perform(self, form: SeatEndForm) -> str:
        last_day = form.cleaned_data["last_day"]
        ended = services.end_seat(self.other, last_day=last_day, by=self.seat)
        name = self.other.user.polite_name
        messages.success(self.request, ENDED.format(name, day_text(last_day)))
        return self.url_after(ended)
