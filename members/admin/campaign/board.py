"""「年度確認の状況」: who has answered, by prefecture; who has not; and whom to call."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView

from core.admin.purpose import Extract, FileWithPurpose, PurposeView
from core.dates import today
from core.models import OutboxMail
from core.sheets import Format, Sheet
from core.templatetags.downloads import export_url
from members import queries
from members.admin.campaign.showing import (
    TILE_CLASSES,
    WARDS,
    rows_of,
    tiles_of,
    trend_figure,
)
from members.enums import AnswerState
from members.models import Campaign, Office, Organization, Prefecture
from members.queries import Answered
from members.sheets.answers import answers_sheet

# Without a condition, a page shows as many organizations.
MOST_SHOWN = 200


class BoardFilter(forms.Form):
    """Which members are listed: of one prefecture or the wards, in one state, by their names."""

    prefecture = forms.ChoiceField(label="都道府県", required=False)
    state = forms.ChoiceField(
        label="状態", required=False, choices=[("", "すべて"), *AnswerState.choices]
    )
    q = forms.CharField(label="団体の名称・カナ・団体コード", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        named = [(place.pk, place.name) for place in Prefecture.objects.order_by("pk")]
        self.fields["prefecture"].choices = [("", "すべて"), *named, (WARDS, "特別区")]

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for; nothing where it cannot be read."""
        return self.cleaned_data if self.is_valid() else {}

    @property
    def conditions(self) -> str:
        """都道府県：福井県、状態：未回答."""
        shown = {name: dict(self.fields[name].choices) for name in ("prefecture", "state")}
        return "、".join(
            f"{self.fields[name].label}：{choices[self.asked[name]]}"
            for name, choices in shown.items()
            if self.asked.get(name)
        )


class CampaignPage:
    """Mixed into a page about a campaign's answers, for whoever may see campaigns.

    It is the running one, or else the latest that was started; ``?year=2027`` asks for another.
    """

    model_admin: Any = None
    request: HttpRequest
    title = ""
    campaign: Campaign | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        self.filter = BoardFilter(request.GET)
        self.campaign = self._asked_campaign(request.GET.get("year", ""))
        self.answers = queries.answers(self.campaign) if self.campaign else []
        return super().dispatch(request, *args, **kwargs)

    @staticmethod
    def _asked_campaign(year: str) -> Campaign | None:
        started = Campaign.objects.exclude(started_at=None).order_by("-fiscal_year")
        if year.isdecimal() and len(year) == 4:
            return started.filter(fiscal_year=year).first()
        return started.running().first() or started.first()

    def chosen(self) -> list[Answered]:
        """Those that the filter asks for."""
        asked = self.filter.asked
        rows: Iterable[Answered] = self.answers
        if prefecture := asked.get("prefecture"):
            rows = (row for row in rows if place_of(row.organization) == prefecture)
        if state := asked.get("state"):
            rows = (row for row in rows if row.state == state)
        if words := asked.get("q"):
            named = set(Organization.objects.found_by(words).values_list("pk", flat=True))
            rows = (row for row in rows if row.organization.pk in named)
        return list(rows)

    @property
    def query(self) -> str:
        """The filter as an address carries it on."""
        return self.request.GET.urlencode()

    def board_url(self) -> str:
        address = reverse(self.model_admin.url_name("board"))
        return f"{address}?{self.query}" if self.query else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = self.model_admin.admin_site
        self.request.current_app = site.name
        return {
            **site.each_context(self.request),
            **super().get_context_data(**kwargs),
            "title": self.title,
            "opts": self.model_admin.opts,
            "campaign": self.campaign,
            "filter": self.filter,
            "query": self.query,
        }


def place_of(organization: Organization) -> str:
    """Where the board counts it: among the wards, or in its prefecture."""
    return WARDS if organization.is_ward else str(organization.prefecture_id)


class Board(CampaignPage, TemplateView):
    """By prefecture as a map and a table, day by day as a chart, and the members one by one."""

    template_name = "admin/campaign_board.html"
    title = "年度確認の状況"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.campaign is None:
            return super().get_context_data(**kwargs)
        chosen, admin_site = self.chosen(), self.model_admin.admin_site
        tallies = queries.tallies(self.answers)
        name = self.model_admin.url_name("board_export")
        return super().get_context_data(
            members=tallies.members,
            places=rows_of(tallies, self.request.GET),
            states=list(AnswerState),
            tiles=tiles_of(tallies, self.request.GET),
            tile_classes=TILE_CLASSES,
            trend=trend_figure(self.campaign, self.answers, tallies.members.total),
            rows=chosen[:MOST_SHOWN],
            count=len(chosen),
            hidden=max(len(chosen) - MOST_SHOWN, 0),
            to_call=len(whom_to_call(chosen)),
            others=Campaign.objects.exclude(started_at=None).exclude(pk=self.campaign.pk),
            may_tell=admin_site.get_model_admin(Office).has_change_permission(self.request),
            may_mark=admin_site.get_model_admin(OutboxMail).may_act(self.request, None),
            back=self.board_url(),
            exports=[
                (ending.label, export_url(name, ending, self.request.GET))
                for ending in (Format.XLSX, Format.CSV)
            ],
            **kwargs,
        )


def whom_to_call(rows: Iterable[Answered]) -> list[Answered]:
    """Those that have not answered, with the departments alone that have not."""
    return [replace(row, offices=row.unanswered) for row in rows if not row.is_answered]


class AnswersExtract(CampaignPage, PurposeView):
    """The members' contacts on a stated purpose; a filter that cannot be read is refused."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not BoardFilter(request.GET).is_valid():
            raise BadRequest("the conditions of the board cannot be understood")
        return super().dispatch(request, *args, **kwargs)

    def listed(self) -> list[Answered]:
        return self.chosen()

    def extract(self) -> Extract:
        number = sum(len(row.offices) for row in self.listed())
        words = self.filter.asked.get("q", "")
        name = f"{self.campaign.title} {self.name}" if self.campaign else self.name
        return Extract(name, number, self.filter.conditions, words)

    def get_back_url(self) -> str:
        return self.board_url()


class Calls(AnswersExtract):
    """Whom to call, on A4: the members that have not answered, by prefecture."""

    title = name = "未回答の電話一覧"
    button = "一覧を表示する"

    def listed(self) -> list[Answered]:
        return whom_to_call(self.chosen())

    def give(self) -> HttpResponse:
        places: dict[str, list[Answered]] = {}
        for row in self.listed():
            body = row.organization
            name = "特別区" if body.is_ward else str(body.prefecture or "都道府県なし")
            places.setdefault(name, []).append(row)
        wards = places.pop("特別区", None)
        context = self.get_context_data(
            places=[*places.items(), *([("特別区", wards)] if wards else [])],
            count=sum(map(len, places.values())),
            day=today(),
        )
        return self.response_class(self.request, "admin/campaign_calls.html", context)


class BoardExport(FileWithPurpose, AnswersExtract):
    """The board as a table: every department that was asked."""

    name = "年度確認の状況"

    def sheet(self) -> Sheet:
        return answers_sheet(self.listed())
