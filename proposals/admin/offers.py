"""The admin of offers: that they exist, and where they stand. Their talks are never here.

Messages, steps and reasons are for the two sides; after ``OpenTalk`` the seat that has opened
the talk reads them for a while on the offer's own page.
"""

from django import forms
from django.contrib import admin
from django.utils import timezone

from core.admin.actions import ObjectAction
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import era_column, era_field
from core.admin.filters import FiscalYearFilter, PrefectureFilter
from core.admin.forms import ReasonForm
from core.admin.inlines import ReadOnlyInline
from core.audit import Actor
from core.dates import day_text
from core.sheets import Column
from proposals import services
from proposals.admin.told import TellAccept, TellDecline, TellStart, TellStepDown
from proposals.enums import OpeningGround
from proposals.models import Offer, TalkOpening


class OpenTalkForm(ReasonForm):
    """Why the secretariat looks into a talk."""

    ground = forms.ChoiceField(label="根拠", choices=OpeningGround)
    field_order = ["ground", "reason"]


class OpenTalk(ObjectAction):
    """Lets the acting seat read the talk for some days; both sides are told."""

    name = "open_talk"
    title = button = "協議の内容を確認する"
    explanation = (
        "当事者からの依頼か通報が届いているときだけ、行えます。3日のあいだ、この申し出のページで"
        "協議の内容を読めます。根拠と理由は、両方の団体に知らせます。"
    )
    form_class = OpenTalkForm
    is_grave = True
    row: Offer

    @classmethod
    def applies_to(cls, row: Offer) -> bool:
        return row.reports.open().exists()

    def act(self, form: OpenTalkForm, by: Actor) -> str:
        opening = services.open_talk(
            self.row,
            by=by,
            ground=OpeningGround(form.cleaned_data["ground"]),
            reason=form.cleaned_data["reason"],
        )
        until = day_text(timezone.localdate(opening.until))
        return f"{until}まで、「サイト上で表示」から協議の内容を読めます。両方の団体に知らせました"


class OpeningInline(ReadOnlyInline):
    model = TalkOpening
    opened = staticmethod(era_field("opened_at", "開いた日時"))
    ended = staticmethod(era_field("until", "いつまで"))
    fields = ["ground", "reason", "signature", "opened", "ended"]
    show_change_link = False


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    """連携の申し出."""

    list_display = [
        "organization",
        "proposal",
        "status",
        era_column("raised_at", "申し出た日"),
        era_column("settled_at", "決まった日"),
    ]
    list_filter = [
        "status",
        PrefectureFilter.through("organization__prefecture"),
        FiscalYearFilter.over("raised_at"),
    ]
    list_select_related = [
        "proposal",
        "organization__prefecture",
        "organization__municipality",
    ]
    search_fields = ["signature", "organization__search_text", "proposal__search_text"]
    search_help_text = "提案の題名・内容と、申し出た団体の名称・カナ・団体コードで探せます"
    object_actions = (TellStart, TellAccept, TellDecline, TellStepDown, OpenTalk)
    inlines = [OpeningInline]
    raised = staticmethod(era_field("raised_at", "申し出た日時"))
    settled = staticmethod(era_field("settled_at", "決まった日時"))
    fieldsets = [
        (None, {"fields": ["proposal", "organization", "office", "signature"]}),
        ("状態", {"fields": ["status", "raised", "settled", "collaboration"]}),
    ]
    sheet_columns = [
        Column("提案", "proposal.title"),
        Column("提案元", "proposal.signature"),
        Column("都道府県", "organization.prefecture.name"),
        Column("申し出た団体", "organization.name"),
        Column("署名", "signature"),
        Column("状態", "get_status_display"),
        Column("申し出た日時", "raised_at"),
        Column("決まった日時", "settled_at"),
    ]
