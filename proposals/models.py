"""Proposals on the members' board, their versions and replies."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core import dates
from core.enums import Level
from core.search import SearchTextField
from members.models import Office, Organization, Seat, Theme
from proposals.enums import EXPIRED, STATUS_TAGS, ProposalKind, ProposalStatus
from proposals.querysets import ProposalQuerySet, ReplyQuerySet, VersionQuerySet

TITLE_LENGTH = 60
BODY_LENGTH = 1000
REPLY_LENGTH = 1000
REASON_LENGTH = 500
LEVELS = [(Level.MEMBERS, "会員と特別区"), (Level.WARDS, "特別区だけ")]


class Proposal(models.Model):
    """連携提案. Belongs to its organization; ``signature`` is the office as it was then."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="提案元", related_name="proposals"
    )
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="担当部署", related_name="proposals"
    )
    signature = models.CharField("署名", max_length=200)
    kind = models.CharField("種別", max_length=7, choices=ProposalKind, blank=True)
    title = models.CharField("提案の題名", max_length=TITLE_LENGTH, blank=True)
    body = models.TextField("提案の内容", max_length=BODY_LENGTH, blank=True)
    themes = models.ManyToManyField(
        Theme, verbose_name="分野", blank=True, related_name="proposals"
    )
    wished_from = models.DateField("希望時期（開始）", null=True, blank=True)
    wished_until = models.DateField("希望時期（終了）", null=True, blank=True)
    ends_on = models.DateField("募集期限", null=True, blank=True)
    level = models.CharField("公開の範囲", max_length=11, choices=LEVELS, default=Level.MEMBERS)
    status = models.CharField(
        "状態", max_length=10, choices=ProposalStatus, default=ProposalStatus.DRAFT, editable=False
    )
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    published_at = models.DateTimeField("公開日時", null=True, blank=True, editable=False)
    changed_at = models.DateTimeField("更新日時", editable=False, db_index=True)
    withdrawn_at = models.DateTimeField("取下げ日時", null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField("取下げの理由", blank=True, editable=False)
    hidden_at = models.DateTimeField("非表示日時", null=True, blank=True, editable=False)
    hidden_reason = models.TextField("非表示の理由", blank=True, editable=False)
    is_sample = models.BooleanField("見本", default=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)
    search_text = SearchTextField()

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携提案"
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wished_until=None)
                | Q(wished_from=None)
                | Q(wished_until__gte=F("wished_from")),
                name="proposals_wished_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status=ProposalStatus.DRAFT)
                | (
                    Q(published_at__isnull=False, ends_on__isnull=False, wished_from__isnull=False)
                    & ~Q(kind="")
                    & ~Q(title="")
                    & ~Q(body="")
                ),
                name="proposals_published_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProposalStatus.WITHDRAWN)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="proposals_withdrawn_says_why",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""),
                name="proposals_hidden_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title or "（題名のない下書き）"

    def get_absolute_url(self) -> str:
        return reverse("proposals:proposal_detail", args=[self.pk])

    @property
    def audit_label(self) -> str:
        """What the audit log calls it: a draft is its organization's own, and so is its title."""
        return "下書き" if self.is_draft else str(self)

    @property
    def signed_as(self) -> str:
        """The signature it was published with; a draft will get its office's present one."""
        return self.office.signature if self.is_draft else self.signature

    def searchable_parts(self) -> list[str]:
        return [self.title, self.body, self.signature, self.organization.kana]

    def content(self, themes: Iterable[Theme] | None = None) -> dict[str, Any]:
        """What it says, as plain values: for versions, comparison and the audit log.

        Themes stand by name, because an earlier version stays as it was read; ``themes``
        are those that are about to be set.
        """
        themes = self.themes.all() if themes is None else themes
        return {
            "kind": self.kind,
            "title": self.title,
            "themes": [theme.name for theme in themes],
            "body": self.body,
            "wished_from": _iso(self.wished_from),
            "wished_until": _iso(self.wished_until),
            "ends_on": _iso(self.ends_on),
            "level": self.level,
        }

    @property
    def is_draft(self) -> bool:
        return self.status == ProposalStatus.DRAFT

    @property
    def shown_status(self) -> str:
        """The status as it is shown: an open proposal past its end date is ``expired``."""
        if self.status == ProposalStatus.OPEN and self.ends_on and self.ends_on < dates.today():
            return EXPIRED
        return self.status

    @property
    def shown_status_label(self) -> str:
        return "期限切れ" if self.shown_status == EXPIRED else self.get_status_display()

    @property
    def status_tag(self) -> str:
        """The kind of the tag that shows the status (look.md 6)."""
        return STATUS_TAGS.get(self.shown_status, "mute")

    @property
    def is_for_wards(self) -> bool:
        return self.level == Level.WARDS

    @property
    def wished_text(self) -> str:
        """The wished period to the month: 2027年（令和9年）1月～2月, or …から; empty if open."""
        if not self.wished_from:
            return ""
        if not self.wished_until:
            return f"{dates.month_text(self.wished_from)}から"
        return dates.month_range_text(self.wished_from, self.wished_until)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


class ProposalVersion(models.Model):
    """A proposal as it stood before an edit.

    Readable for whoever reads the proposal, unless this version was for the wards only.
    ``fields`` is ``Proposal.content`` of that time.
    """

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, verbose_name="提案", related_name="versions"
    )
    number = models.PositiveIntegerField("版")
    fields = models.JSONField("内容")
    level = models.CharField("公開の範囲", max_length=11, choices=LEVELS)
    signature = models.CharField("署名", max_length=200)
    valid_from = models.DateTimeField("いつから")
    valid_until = models.DateTimeField("いつまで")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提案の以前の版"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="proposals_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal} 第{self.number}版"


class Reply(models.Model):
    """返信: a comment under a proposal, seen by everyone who sees the proposal."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, verbose_name="提案", related_name="replies"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="団体", related_name="replies"
    )
    seat = models.ForeignKey(
        Seat, models.SET_NULL, verbose_name="担当", null=True, blank=True, related_name="replies"
    )
    signature = models.CharField("署名", max_length=200)
    body = models.TextField("返信", max_length=REPLY_LENGTH)
    created_at = models.DateTimeField("返信日時", auto_now_add=True)
    hidden_at = models.DateTimeField("非表示日時", null=True, blank=True, editable=False)
    hidden_reason = models.TextField("非表示の理由", blank=True, editable=False)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "返信"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""),
                name="proposals_hidden_reply_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.signature}：{self.body[:30]}"

    def get_absolute_url(self) -> str:
        return f"{self.proposal.get_absolute_url()}#reply-{self.pk}"
