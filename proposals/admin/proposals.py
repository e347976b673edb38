"""The admin of proposals and replies: they belong to their organizations; here they are read,
hidden and shown again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from core.admin.actions import ObjectAction
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import era_column, era_field
from core.admin.filters import FilledFilter, FiscalYearFilter, PrefectureFilter
from core.admin.forms import ReasonForm
from core.admin.inlines import ReadOnlyInline
from core.audit import Actor
from core.dates import today
from core.history import keep_private
from core.sheets import Column
from proposals import services
from proposals.admin.told import TellOffer, TellReply
from proposals.enums import SHOWN_STATUSES, UNANSWERED_DAYS, Action, ProposalStatus
from proposals.models import Offer, Proposal, ProposalStep, ProposalVersion, Reply

keep_private(Action.SAVE_DRAFT, Action.DELETE_DRAFT)
keep_private(Action.SAVE_OFFER_DRAFT, Action.DELETE_OFFER_DRAFT)


class Hide(ObjectAction):
    """Hides a proposal, or a reply, from other members."""

    name = "hide"
    title = button = "非表示にする"
    explanation = (
        "書いた団体と事務局だけが見られるようになります。理由は、書いた団体にも表示されます。"
    )
    form_class = ReasonForm
    is_grave = True
    row: Proposal | Reply

    @classmethod
    def applies_to(cls, row: Proposal | Reply) -> bool:
        return row.hidden_at is None

    def act(self, form: ReasonForm, by: Actor) -> str:
        hide = services.hide if isinstance(self.row, Proposal) else services.hide_reply
        hide(self.row, by=by, reason=form.cleaned_data["reason"])
        return f"{self.row._meta.verbose_name}を非表示にしました"


class Unhide(ObjectAction):
    """Shows a hidden proposal, or reply, again."""

    name = "unhide"
    title = button = "もう一度表示する"
    explanation = "公開の範囲にいる方が、もう一度見られるようになります。"
    form_class = ReasonForm
    row: Proposal | Reply

    @classmethod
    def applies_to(cls, row: Proposal | Reply) -> bool:
        return row.hidden_at is not None

    def act(self, form: ReasonForm, by: Actor) -> str:
        unhide = services.unhide if isinstance(self.row, Proposal) else services.unhide_reply
        unhide(self.row, by=by, reason=form.cleaned_data["reason"])
        return f"{self.row._meta.verbose_name}をもう一度表示しました"


class ReplyInline(ReadOnlyInline):
    model = Reply
    created = staticmethod(era_field("created_at", "返信日時"))
    hidden = staticmethod(era_field("hidden_at", "非表示日時"))
    fields = ["signature", "body", "created", "hidden"]


class OfferInline(ReadOnlyInline):
    """That there are offers, and where each stands; nothing of what was said."""

    model = Offer
    related = ("organization__municipality", "organization__prefecture")
    raised = staticmethod(era_field("raised_at", "申し出た日時"))
    fields = ["organization", "signature", "status", "raised"]


class StepInline(ReadOnlyInline):
    model = ProposalStep
    when = staticmethod(era_field("at", "日時"))
    fields = ["when", "move", "signature", "reason"]
    show_change_link = False


class VersionInline(ReadOnlyInline):
    model = ProposalVersion
    begun = staticmethod(era_field("valid_from", "いつから"))
    ended = staticmethod(era_field("valid_until", "いつまで"))
    fields = ["number", "title", "signature", "begun", "ended"]
    show_change_link = False

    @admin.display(description="題名")
    def title(self, version: ProposalVersion) -> str:
        return version.fields.get("title", "")


class StatusFilter(admin.SimpleListFilter):
    """By state as it is shown: an open proposal past its end date is 期限切れ."""

    title = "状態"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [pair for pair in SHOWN_STATUSES if pair[0] != ProposalStatus.DRAFT]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.in_shown_status(self.value(), today()) if self.value() else queryset


class AnswerFilter(admin.SimpleListFilter):
    """The open proposals that nobody has answered for long: the secretariat's queue."""

    title = "回答"
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("none", f"{UNANSWERED_DAYS}日以上回答なし")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "none":
            return queryset.unanswered(today())
        return queryset


HIDDEN = FilledFilter.of("hidden_at", "非表示", "非表示にしたもの", "表示中のもの")


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """連携提案, once published: a draft is its organization's own."""

    list_display = [
        "title",
        "organization",
        "kind",
        "shown_status_label",
        era_column("ends_on", "募集期限"),
        era_column("published_at", "公開日"),
        "is_hidden",
        "is_sample",
    ]
    list_filter = [
        StatusFilter,
        AnswerFilter,
        PrefectureFilter.through("organization__prefecture"),
        "themes",
        FiscalYearFilter.over("published_at"),
        "kind",
        "level",
        HIDDEN,
        "is_sample",
    ]
    list_select_related = ["organization__prefecture", "organization__municipality"]
    search_fields = ["search_text", "organization__search_text"]
    search_help_text = "題名・内容と、提案元の名称・カナ・団体コードで探せます"
    object_actions = (TellOffer, TellReply, Hide, Unhide)
    inlines = [OfferInline, StepInline, ReplyInline, VersionInline]
    ends = staticmethod(era_field("ends_on", "募集期限"))
    published = staticmethod(era_field("published_at", "公開日時"))
    changed = staticmethod(era_field("changed_at", "更新日時"))
    ended = staticmethod(era_field("ended_at", "終わった日時"))
    answered = staticmethod(era_field("answered_at", "最初の回答"))
    hidden = staticmethod(era_field("hidden_at", "非表示日時"))
    fieldsets = [
        (None, {"fields": ["title", "kind", "themes", "body", "related"]}),
        ("希望", {"fields": ["place", "scale", "budget", "conditions", "addressed"]}),
        ("提案元", {"fields": ["organization", "office", "signature"]}),
        ("時期", {"fields": ["wished_text", "ends"]}),
        (
            "状態",
            {
                "fields": [
                    "shown_status_label",
                    "level",
                    "published",
                    "changed",
                    "answered",
                    ("ended", "ending_reason"),
                    ("hidden", "hidden_reason"),
                    "is_sample",
                ]
            },
        ),
    ]
    sheet_columns = [
        Column("題名", "title"),
        Column("種別", "get_kind_display"),
        Column("都道府県", "organization.prefecture.name"),
        Column("提案元", "organization.name"),
        Column("署名", "signature"),
        Column("分野", lambda row: "、".join(theme.name for theme in row.themes.all())),
        Column("希望時期", "wished_text"),
        Column("募集期限", "ends_on"),
        Column("状態", "shown_status_label"),
        Column("公開の範囲", "get_level_display"),
        Column("公開日時", "published_at"),
        Column("更新日時", "changed_at"),
        Column("不成立・取下げの理由", "ending_reason"),
        Column("非表示の理由", "hidden_reason"),
        Column("内容", "body"),
        Column("見本", "is_sample"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        return super().get_queryset(request).on_board()

    def get_list_prefetch(self, request: HttpRequest) -> list[str]:
        return ["themes"]

    def changelist_view(self, request: HttpRequest, extra_context=None):
        """The list, with the way to the grid of proposals and wards."""
        tools = [("提案と特別区の一覧表", reverse("proposals:proposal_grid"))]
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    @admin.display(description="宛先の特別区")
    def addressed(self, proposal: Proposal) -> str:
        chosen = "、".join(ward.name for ward in proposal.wards.all())
        return chosen or ("すべての区" if proposal.means_all_wards else "")

    @admin.display(description="状態", ordering="status")
    def shown_status_label(self, proposal: Proposal) -> str:
        return proposal.shown_status_label

    @admin.display(description="非表示", boolean=True, ordering="hidden_at")
    def is_hidden(self, proposal: Proposal) -> bool:
        return proposal.hidden_at is not None

    @admin.display(description="希望時期")
    def wished_text(self, proposal: Proposal) -> str:
        return proposal.wished_text


@admin.register(Reply)
class ReplyAdmin(ReadOnlyAdmin):
    """返信."""

    list_display = [
        "excerpt",
        "proposal",
        "organization",
        era_column("created_at", "返信日"),
        "is_hidden",
    ]
    list_filter = [
        PrefectureFilter.through("organization__prefecture"),
        FiscalYearFilter.over("created_at"),
        HIDDEN,
    ]
    list_select_related = ["proposal", "organization__prefecture"]
    search_fields = ["body", "signature", "organization__search_text", "proposal__search_text"]
    search_help_text = "返信・提案の題名と、団体の名称・カナ・団体コードで探せます"
    object_actions = (Hide, Unhide)
    created = staticmethod(era_field("created_at", "返信日時"))
    hidden = staticmethod(era_field("hidden_at", "非表示日時"))
    fieldsets = [
        (None, {"fields": ["proposal", "body"]}),
        ("返信した人", {"fields": ["organization", "signature", "created", "told_text"]}),
        ("状態", {"fields": [("hidden", "hidden_reason")]}),
    ]
    sheet_columns = [
        Column("提案", "proposal.title"),
        Column("都道府県", "organization.prefecture.name"),
        Column("団体", "organization.name"),
        Column("署名", "signature"),
        Column("返信", "body"),
        Column("返信日時", "created_at"),
        Column("事務局による記録", "told_text"),
        Column("非表示の理由", "hidden_reason"),
    ]

    @admin.display(description="事務局による記録")
    def told_text(self, reply: Reply) -> str:
        return reply.told_text

    @admin.display(description="返信", ordering="body")
    def excerpt(self, reply: Reply) -> str:
        return f"{reply.body[:40]}…" if len(reply.body) > 40 else reply.body

    @admin.display(description="非表示", boolean=True, ordering="hidden_at")
    def is_hidden(self, reply: Reply) -> bool:
        return reply.hidden_at is not None
