"""An office's contact details: read, confirm, change."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from core import once
from core.views import ActionFormView, CheckedFormView, posted_version
from members import rules, services
from members.contacts import contact_rows
from members.forms import STALE, OfficeForm
from members.models import Office, Seat
from members.queries import open_confirmation, roster
from members.views.acting import SeatMixin, for_seat, open_seats

UPDATE_STEPS = ("内容を入力", "内容を確認", "登録")
CONFIRMED = "登録情報に変更がないことを記録しました。"
CHANGED = "登録情報を変更しました。"


class OfficeMixin(SeatMixin):
    """A page about one office, which the reader's current seats let them see (else 404)."""

    kwargs: dict[str, Any]
    office: Office

    def admit(self) -> None:
        self.office = get_object_or_404(
            self.offices().select_related(
                "organization__municipality__prefecture", "organization__prefecture"
            ),
            pk=self.kwargs["pk"],
        )

    def offices(self) -> QuerySet[Office]:
        return Office.objects.visible_to(self.request.user)

    @property
    def office_url(self) -> str:
        """The office's page, for the seat that acts."""
        return for_seat(self.office.get_absolute_url(), self.seat)


class OfficePageMixin(OfficeMixin):
    """What the office's page shows; to a last lead past the date of the seat, to confirm it."""

    is_for_lingering = True

    def offices(self) -> QuerySet[Office]:
        return Office.objects.confirmable_by(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        acting = self.seat_for(rules.may_confirm_office, self.office)
        leading = self.seat_for(rules.may_manage_seats, self.office)
        is_own = any(seat.office_id == self.office.pk for seat in user.current_seats)
        kwargs.setdefault("token", once.new_token())
        return super().get_context_data(
            office=self.office,
            saving_seat=self.seat if self.seat.is_current else None,
            contact_rows=contact_rows(self.office, user),
            roster=roster(self.office, user),
            acting=acting,
            asked=open_confirmation(self.office) if acting else None,
            may_update=acting is not None and acting.is_current,
            update_url=for_seat(reverse("members:office_update", args=[self.office.pk]), acting),
            planned=self.office.renames.waiting().first(),
            rename_url=for_seat(reverse("members:office_rename", args=[self.office.pk]), acting),
            rename_cancel_url=for_seat(
                reverse("members:office_rename_cancel", args=[self.office.pk]), acting
            ),
            may_manage_seats=leading is not None,
            seats_url=for_seat(reverse("members:seat_list", args=[self.office.pk]), leading),
            sheet_url=self.sheet_url(),
            handover_url=self.handover_url(),
            may_change_name=is_own and rules.may_change_person(self.seat, user),
            **kwargs,
        )

    def sheet_url(self) -> str:
        """Where what is open is printed; empty where none of the person's seats may."""
        seat = self.seat_for(rules.may_print_business, self.office)
        url = reverse("members:office_sheet", args=[self.office.pk])
        return for_seat(url, seat) if seat else ""

    def handover_url(self) -> str:
        """Where one of the person's seats at the office passes on; empty where there is none."""
        seats = open_seats(self.request.user, self.is_for_lingering)
        own = next((seat for seat in seats if self.is_passed_on(seat)), None)
        return for_seat(reverse("members:handover_create", args=[own.pk]), own) if own else ""

    def is_passed_on(self, seat: Seat) -> bool:
        return seat.office_id == self.office.pk and rules.may_hand_over(seat, seat)


class OfficeDetail(OfficePageMixin, TemplateView):
    """The contact details, how fresh they are, and who sits there."""

    template_name = "members/office_detail.html"


class OfficeConfirm(OfficePageMixin, ActionFormView):
    """「変更ありません」: one button of the office's page.

    What cannot be recorded shows that page again with the reason, as it is now.
    """

    http_method_names = ["post"]
    template_name = "members/office_confirm.html"
    form_class = forms.Form

    def admit(self) -> None:
        super().admit()
        if self.request.method == "POST":
            self.act_by(rules.may_confirm_office, self.office)

    def perform(self, form: forms.BaseForm) -> str:
        version = posted_version(self.request)
        services.confirm_office(self.office, version=version, by=self.seat)
        messages.success(self.request, CONFIRMED)
        return self.office_url

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Whoever comes back by the address, after a new login say, finds the button here."""
        context = self.get_context_data(form=None)
        response = self.render_to_response(context, status=HTTPStatus.METHOD_NOT_ALLOWED)
        response["Allow"] = "POST"
        return response


class OfficeUpdate(OfficeMixin, CheckedFormView):
    """Enter → check → done. Sent without a change, it confirms like 「変更ありません」."""

    template_name = "members/office_update.html"
    check_template_name = "members/office_update_check.html"
    form_class = OfficeForm

    def admit(self) -> None:
        super().admit()
        self.act_by(rules.may_change_office, self.office)

    @property
    def version(self) -> int:
        """The version that the form was opened with; the present one when it is opened now."""
        return posted_version(self.request) if self.request.POST else self.office.version

    def get_initial(self) -> dict[str, Any]:
        return services.contact_values(self.office)

    def get_form_kwargs(self) -> dict[str, Any]:
        seat = {"office": self.office, "seat": self.seat, "version": self.version}
        return super().get_form_kwargs() | seat

    def perform(self, form: OfficeForm) -> str:
        services.update_office(
            self.office,
            form.contact_values,
            lead=form.cleaned_data.get("lead"),
            version=self.version,
            by=self.seat,
        )
        messages.success(self.request, CHANGED if form.changed_labels else CONFIRMED)
        return self.office_url

    def form_invalid(self, form: OfficeForm) -> HttpResponse:
        stale = form.has_error(NON_FIELD_ERRORS, STALE)
        return self.form_stale(form) if stale else super().form_invalid(form)

    def form_stale(self, form: OfficeForm) -> HttpResponse:
        """The form with what was typed, beside what is registered now.

        Having seen that, the next sending may replace it: it carries the new version.
        """
        self.office.refresh_from_db(fields=["version", *services.CONTACT_FIELDS])
        latest = contact_rows(self.office, self.request.user)
        context = self.get_context_data(form=form, version=self.office.version, latest_rows=latest)
        return self.render_to_response(context, status=HTTPStatus.CONFLICT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            office=self.office,
            seat=self.seat,
            office_url=self.office_url,
            steps=UPDATE_STEPS,
            **{"version": self.version, **kwargs},
        )
