"""News and policy pages in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chronicle import services
from chronicle.enums import NewsStatus
from chronicle.models import News, Page
from chronicle.querysets import UNFINISHED
from core.admin.actions import ObjectAction
from core.admin.attachments import FilesAdmin
from core.admin.base import RecordAdmin
from core.admin.columns import era_column
from core.admin.filters import FiscalYearFilter
from core.admin.forms import ActionForm, ReasonForm, RecordForm
from core.audit import Actor
from core.sheets import Column
from members.queries import acceptances_of


class PublishNews(ObjectAction):
    """Puts news on the site."""

    name = "publish"
    title = button = "お知らせを公開する"
    explanation = "公開の範囲にいる方が、サイトで見られるようになります。公開日は今日になります。"
    row: News

    @classmethod
    def applies_to(cls, row: News) -> bool:
        return row.status != NewsStatus.PUBLISHED

    def act(self, form: ActionForm, by: Actor) -> str:
        services.publish_news(self.row, by=by)
        return "お知らせを公開しました"


class WithdrawNews(ObjectAction):
    """Takes news off the site."""

    name = "withdraw"
    title = button = "お知らせを取り下げる"
    explanation = "サイトから見えなくなります。管理画面には残り、もう一度公開できます。"
    form_class = ReasonForm
    is_grave = True
    row: News

    @classmethod
    def applies_to(cls, row: News) -> bool:
        return row.status == NewsStatus.PUBLISHED

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.withdraw_news(self.row, reason=form.cleaned_data["reason"], by=by)
        return "お知らせを取り下げました"


@admin.register(News)
class NewsAdmin(FilesAdmin):
    """お知らせ."""

    list_display = [
        "title",
        "kind",
        "status",
        era_column("published_at", "公開日"),
        "level",
        "is_sample",
    ]
    list_filter = ["status", FiscalYearFilter.over("published_at"), "kind", "level", "is_sample"]
    search_fields = ["search_text"]
    search_help_text = "題名と本文で探せます"
    readonly_fields = ["status", "published_at"]
    object_actions = (PublishNews, WithdrawNews)
    fieldsets = [
        (None, {"fields": ["title", "kind", "body", "files"]}),
        ("公開", {"fields": ["level", "status", "published_at", "is_sample"]}),
    ]
    sheet_columns = [
        Column("題名", "title"),
        Column("種類", "get_kind_display"),
        Column("状態", "get_status_display"),
        Column("公開日時", "published_at"),
        Column("公開の範囲", "get_level_display"),
        Column("本文", "body"),
        Column("見本", "is_sample"),
    ]

    def view_on_site(self, obj: News) -> str | None:
        return obj.get_absolute_url() if obj.status == NewsStatus.PUBLISHED else None


class UnfinishedFilter(admin.SimpleListFilter):
    """Pages that the secretariat still has to write a part of."""

    title = "本文"
    parameter_name = "unfinished"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", f"{UNFINISHED}が残っている"), ("no", "書き終わっている")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "yes":
            return queryset.filter(body__contains=UNFINISHED)
        if self.value() == "no":
            return queryset.exclude(body__contains=UNFINISHED)
        return queryset


class PageForm(RecordForm):
    """A policy page; its edition only grows, because people have accepted the earlier ones."""

    def clean_edition(self) -> int:
        edition = self.cleaned_data["edition"]
        before = self.initial.get("edition", 1)
        if edition < before:
            self.add_error("edition", f"版は、{before}以上の数字にしてください")
        return edition


@admin.register(Page)
class PageAdmin(RecordAdmin):
    """固定ページ."""

    form = PageForm

    list_display = ["title", "slug", "is_finished", era_column("updated_at", "更新日"), "order"]
    list_filter = [UnfinishedFilter]
    search_fields = ["search_text", "slug"]
    search_help_text = "題名と本文で探せます"
    readonly_fields = ["updated_at", "accepted"]
    fixed_fields = ("slug",)
    sheet_columns = [
        Column("アドレス", "slug"),
        Column("題名", "title"),
        Column("書き終わっている", lambda page: not page.is_unfinished),
        Column("更新日時", "updated_at"),
        Column("版", "edition"),
        Column("並び順", "order"),
        Column("本文", "body"),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Page | None = None):
        text = {"fields": ["title", "slug", "body"]}
        if obj is not None and obj.is_unfinished:
            text["description"] = (
                f"本文に{UNFINISHED}が残っています。"
                "書き終わるまで、本番のサイトのページの下からはリンクされません。"
            )
        shown = ("表示", {"fields": ["order", "updated_at"]})
        if obj is None or not obj.is_terms:
            return [(None, text), shown]
        return [(None, text), ("会員の同意", {"fields": ["edition", "accepted"]}), shown]

    @admin.display(description="同意した利用者")
    def accepted(self, page: Page) -> str:
        """How many have accepted the edition that stands; 利用者 says who."""
        return f"第{page.edition}版：{acceptances_of(page.edition)}人"

    @admin.display(description="書き終わり", boolean=True)
    def is_finished(self, page: Page) -> bool:
        return not page.is_unfinished
