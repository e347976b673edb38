"""The new name of an office: planned for a day, and taken back before it comes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core.dates import day_text
from core.views import ActionFormView, CheckedFormView
from members import models, rules, services
from members.forms import OfficeRenameForm
from members.views.offices import OfficeMixin

STEPS = ("内容を入力", "内容を確認", "登録")
RENAMED = "部署名を「{}」に変更しました。"
PLANNED = "{}から、部署名を「{}」に変えます。"
CANCELLED = "部署名を「{}」に変える予定を取り消しました。"
NOTHING_PLANNED = "予定されている部署名の変更はありません。"


class OfficeRenameMixin(OfficeMixin):
    """A page for whoever writes for the office's organization."""

    def admit(self) -> None:
        super().admit()
        self.act_by(rules.may_change_office, self.office)
        self.planned = self.office.renames.waiting().first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            office=self.office,
            seat=self.seat,
            office_url=self.office_url,
            planned=self.planned,
            **kwargs,
        )


class OfficeRename(OfficeRenameMixin, CheckedFormView):
    """Enter → check → done; on a day that is here, the office is renamed at once."""

    template_name = "members/office_rename.html"
    check_template_name = "members/office_rename_check.html"
    form_class = OfficeRenameForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.planned:
            messages.warning(request, f"{services.RENAME_PLANNED}。")
            return HttpResponseRedirect(self.office_url)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"office": self.office}

    def perform(self, form: OfficeRenameForm) -> str:
        rename = services.plan_rename(self.office, **form.cleaned_data, by=self.seat)
        messages.success(self.request, _told(rename))
        return self.office_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=STEPS, **kwargs)


class OfficeRenameCancel(OfficeRenameMixin, ActionFormView):
    """Asks before a planned name is taken back."""

    template_name = "members/office_rename_cancel.html"
    form_class = forms.Form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.planned else self.nothing_planned()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.planned is None:
            return self.first_result() or self.nothing_planned()
        return super().post(request, *args, **kwargs)

    def nothing_planned(self) -> HttpResponse:
        messages.warning(self.request, NOTHING_PLANNED)
        return HttpResponseRedirect(self.office_url)

    def perform(self, form: forms.BaseForm) -> str:
        services.cancel_rename(self.planned, by=self.seat)
        messages.success(self.request, CANCELLED.format(self.planned.name))
        return self.office_url


def _told(rename: models.OfficeRename) -> str:
    if rename.applied_at:
        return RENAMED.format(rename.name)
    return PLANNED.format(day_text(rename.valid_from), rename.name)
