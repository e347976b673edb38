"""A campaign's mails read beforehand, sent to oneself, and its start and end."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView

from core.admin.actions import ObjectAction
from core.admin.forms import ActionForm
from core.audit import Actor
from core.dates import today
from members import queries, services
from members.enums import Step
from members.models import Campaign, Office
from members.querysets import OfficeQuerySet

# So many departments that were searched for are offered.
_MOST_FOUND = 20


class MailForm(forms.Form):
    """Which mail is shown: of which step, to which department."""

    step = forms.TypedChoiceField(choices=Step.choices, coerce=int, required=False)
    office = forms.IntegerField(required=False)
    q = forms.CharField(label="団体または部署の名前", max_length=100, required=False)


class ReadMails(TemplateView):
    """Each step's mail as it will be written, to a department that can be chosen."""

    template_name = "admin/campaign_mails.html"
    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        self.campaign = self.model_admin.get_object(request, str(kwargs["pk"]))
        if self.campaign is None:
            raise Http404("no such campaign")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = MailForm(self.request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        step = Step(asked.get("step") or Step.LEAD)
        office, found = self._office(asked)
        site = self.model_admin.admin_site
        self.request.current_app = site.name
        return {
            **site.each_context(self.request),
            **super().get_context_data(**kwargs),
            "title": "メールを確かめる",
            "opts": self.model_admin.opts,
            "campaign": self.campaign,
            "form": form,
            "steps": [(each, day, each == step) for each, day in days_of(self.campaign)],
            "step": step,
            "office": office,
            "found": found,
            "text": services.preview_mail(self.campaign, office, step),
        }

    def _office(self, asked: dict[str, Any]) -> tuple[Office | None, list[Office]]:
        """The chosen department, or the first that would be asked; and what was searched for."""
        offices = sample_offices(self.campaign)
        found = offices.matching(asked["q"])[:_MOST_FOUND] if asked.get("q") else []
        chosen = offices.filter(pk=asked["office"]).first() if asked.get("office") else None
        return chosen or next(iter(found), None) or offices.first(), list(found)


def sample_offices(campaign: Campaign) -> OfficeQuerySet:
    """The departments that it asks, with their names; one of them serves as an example."""
    return queries.asked_offices(campaign).select_related(
        "organization__municipality__prefecture", "organization__prefecture"
    )


def days_of(campaign: Campaign) -> list[tuple[Step, date | None]]:
    """Each step and its day; the first is that of the start, which nobody knows beforehand."""
    return list(
        zip(
            Step,
            (None, campaign.deputies_on, campaign.office_on, campaign.desk_on),
            strict=True,
        )
    )


class CampaignMove(ObjectAction):
    """An action on a campaign."""

    row: Campaign


class SendTrial(CampaignMove):
    """Both mails, to whoever presses the button and to nobody else."""

    name = "trial"
    title = "自分に送ってみる"
    button = "自分に送る"
    explanation = (
        "初めのメールと、2回目からのメールを、見本として自分のアドレスに送ります。"
        "会員には送りません。何度でも送れます。"
    )

    @classmethod
    def applies_to(cls, row: Campaign) -> bool:
        return row.ended_at is None

    def act(self, form: ActionForm, by: Actor) -> str:
        services.send_trial(self.row, by=by)
        return f"見本のメールを{self.request.user.email}に送りました"


class StartCampaign(CampaignMove):
    """Counts whom it will reach, shows the first mail, and begins."""

    name = "start"
    title = button = "年度確認を開始する"
    template_name = "admin/campaign_start.html"
    is_grave = True

    @classmethod
    def applies_to(cls, row: Campaign) -> bool:
        return row.started_at is None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        office = sample_offices(self.row).first()
        return super().get_context_data(
            beginning=services.beginning_of(self.row),
            days=days_of(self.row),
            today=today(),
            office=office,
            text=services.preview_mail(self.row, office, Step.LEAD),
            **kwargs,
        )

    def act(self, form: ActionForm, by: Actor) -> str:
        count = services.start_campaign(self.row, by=by)
        return f"{self.row.title}を開始しました。{count:,}通のメールを、まもなく送り始めます"

    def get_success_url(self) -> str:
        query = {"year": self.row.fiscal_year}
        return reverse(self.model_admin.url_name("board"), query=query)


class EndCampaign(CampaignMove):
    """Asks nobody any more."""

    name = "end"
    title = button = "年度確認を終了する"
    explanation = (
        "この先は、回答がない部署にもメールを送りません。メールのリンクからの回答も"
        "受け付けなくなります。終了したあとは、元に戻せません。"
    )
    is_grave = True

    @classmethod
    def applies_to(cls, row: Campaign) -> bool:
        return row.is_running

    def act(self, form: ActionForm, by: Actor) -> str:
        services.end_campaign(self.row, by=by)
        return f"{self.row.title}を終了しました"
