"""Proposals on the members' board, their versions, and what became of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from agreements.models import Collaboration
from core import dates
from core.enums import Level
from core.models import Attachment
from core.search import SearchTextField
from members.models import Office, Organization, Theme
from proposals.enums import (
    EXPIRED,
    LIVE,
    MOVES_DONE,
    STATUS_TAGS,
    WARNING_DAYS,
    Move,
    ProposalKind,
    ProposalStatus,
)
from proposals.querysets import OfProposalQuerySet, ProposalQuerySet, VersionQuerySet

TITLE_LENGTH = 60
BODY_LENGTH = 1000
CONDITIONS_LENGTH = 500
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
    place = models.CharField("希望する場所", max_length=100, blank=True)
    scale = models.CharField("規模", max_length=100, blank=True)
    budget = models.CharField("予算について", max_length=200, blank=True)
    conditions = models.TextField("条件", max_length=CONDITIONS_LENGTH, blank=True)
    # Whom it is addressed to: who is told, and the grid. It hides it from nobody.
    wards = models.ManyToManyField(
        Organization, verbose_name="宛先の特別区", blank=True, related_name="+"
    )
    # Like proposals that its author has pointed to. Each side's page shows the other one, to
    # whoever may read that.
    related = models.ManyToManyField("self", verbose_name="関連する提案", blank=True)
    # Joint projects whose wards have said that they came from it. Each has at most one such
    # proposal; those that an accepted offer has started or joined are the offer's.
    projects = models.ManyToManyField(
        Collaboration,
        verbose_name="結び付けた連携事業",
        blank=True,
        editable=False,
        related_name="proposals",
    )
    ends_on = models.DateField("募集期限", null=True, blank=True)
    level = models.CharField("公開の範囲", max_length=11, choices=LEVELS, default=Level.MEMBERS)
    status = models.CharField(
        "状態", max_length=10, choices=ProposalStatus, default=ProposalStatus.DRAFT, editable=False
    )
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    published_at = models.DateTimeField("公開日時", null=True, blank=True, editable=False)
    changed_at = models.DateTimeField("更新日時", editable=False, db_index=True)
    # The last thing that happened here and that members can see.
    active_at = models.DateTimeField("最後の動き", editable=False)
    # The first offer, or reply by somebody who may offer.
    answered_at = models.DateTimeField("最初の回答", null=True, blank=True, editable=False)
    offers_stopped_at = models.DateTimeField(
        "申し出の受付を止めた日時", null=True, blank=True, editable=False
    )
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True, editable=False)
    ending_reason = models.TextField("終わった理由", blank=True, editable=False)
    hidden_at = models.DateTimeField("非表示日時", null=True, blank=True, editable=False)
    hidden_reason = models.TextField("非表示の理由", blank=True, editable=False)
    is_sample = models.BooleanField("見本", default=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)
    attachments = GenericRelation(
        Attachment, content_type_field="owner_type", object_id_field="owner_id"
    )
    search_text = SearchTextField(indexed=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携提案"
        ordering = ["-active_at", "-pk"]
        indexes = [
            # The board in its order, with all that its conditions and counts ask: so they read
            # no row that they do not show.
            models.Index(
                fields=[
                    "-active_at",
                    "-id",
                    "status",
                    "level",
                    "hidden_at",
                    "organization",
                    "kind",
                    "ends_on",
                    "answered_at",
                    "wished_from",
                    "wished_until",
                    "version",
                ],
                name="proposals_board",
            ),
            # By organization, with what the counts beside its conditions ask.
            models.Index(
                fields=[
                    "organization",
                    "status",
                    "kind",
                    "level",
                    "hidden_at",
                    "ends_on",
                    "answered_at",
                    "wished_from",
                    "wished_until",
                ],
                name="proposals_counted",
            ),
            # What was published last, for the members' first page. No index begins with the
            # status: SQLite would read the board by it, and sort.
            models.Index(fields=["-published_at", "-id", "status"], name="proposals_published"),
            # The few that still take offers, for what a ward has not answered: of the others it
            # reads none. Narrowed by nothing that a question passes as a parameter, or SQLite
            # would not know that it serves.
            models.Index(
                fields=["ends_on", "status", "organization", "level"],
                condition=Q(hidden_at=None, offers_stopped_at=None),
                name="proposals_taking_offers",
            ),
        ]
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
                condition=~Q(status__in=[ProposalStatus.CLOSED, ProposalStatus.WITHDRAWN])
                | (Q(ended_at__isnull=False) & ~Q(ending_reason="")),
                name="proposals_ended_says_why",
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
        return [
            self.title,
            self.body,
            self.place,
            self.conditions,
            self.signature,
            self.organization.kana,
        ]

    def content(
        self,
        themes: Iterable[Theme] | None = None,
        wards: Iterable[Organization] | None = None,
        files: Iterable[Attachment] | None = None,
    ) -> dict[str, Any]:
        """What it says, as plain values: for versions, comparison and the audit log.

        Themes, wards and files stand by name, because an earlier version stays as it was read;
        ``themes``, ``wards`` and ``files`` are those that are about to be set.
        """
        themes = self.themes.all() if themes is None else themes
        wards = self.wards.all() if wards is None else wards
        if files is None:
            files = self.attachments.all() if self.pk else []
        return {
            "kind": self.kind,
            "title": self.title,
            "themes": [theme.name for theme in themes],
            "body": self.body,
            "wished_from": _iso(self.wished_from),
            "wished_until": _iso(self.wished_until),
            "place": self.place,
            "scale": self.scale,
            "budget": self.budget,
            "conditions": self.conditions,
            "wards": [ward.name for ward in wards],
            "attachments": [file.link_text for file in files],
            "ends_on": _iso(self.ends_on),
            "level": self.level,
        }

    @property
    def is_draft(self) -> bool:
        return self.status == ProposalStatus.DRAFT

    @property
    def is_agreed(self) -> bool:
        """Whether a joint project stands that came of it, or has been completed."""
        return self.status in (ProposalStatus.AGREED, ProposalStatus.COMPLETED)

    @property
    def is_live(self) -> bool:
        """Whether it still takes replies, and lets talks and joint projects go on."""
        return self.status in LIVE

    @property
    def takes_offers(self) -> bool:
        """Whether somebody new may offer: live, shown, not stopped, and before its end date."""
        is_open = self.is_live and self.hidden_at is None and self.offers_stopped_at is None
        return is_open and not self.is_past_end

    @property
    def is_past_end(self) -> bool:
        """Whether its end date has passed: nobody new may offer, whatever its status."""
        return self.ends_on is not None and self.ends_on < dates.today()

    @property
    def is_renewable(self) -> bool:
        """Whether its end date has passed, or is near enough to be warned of."""
        if self.status != ProposalStatus.OPEN or self.ends_on is None:
            return False
        return (self.ends_on - dates.today()).days <= max(WARNING_DAYS)

    @property
    def waiting_days(self) -> int | None:
        """回答待ち: the days since it was published; None once it is answered, or is not open."""
        if self.shown_status != ProposalStatus.OPEN or self.answered_at or not self.published_at:
            return None
        return (dates.today() - timezone.localdate(self.published_at)).days

    @property
    def shown_status(self) -> str:
        """The status as it is shown: an open proposal past its end date is ``expired``."""
        return EXPIRED if self.status == ProposalStatus.OPEN and self.is_past_end else self.status

    @property
    def shown_status_label(self) -> str:
        return "期限切れ" if self.shown_status == EXPIRED else self.get_status_display()

    @property
    def status_tag(self) -> str:
        """The kind of the tag that shows the status (look.md 6)."""
        return STATUS_TAGS.get(self.shown_status, "mute")

    @property
    def offers_label(self) -> str:
        """Who may offer: the wards to a member, the members to a ward."""
        return "会員からの申し出" if self.organization.is_ward else "区からの申し出"

    @property
    def is_for_wards(self) -> bool:
        return self.level == Level.WARDS

    @property
    def is_among_wards(self) -> bool:
        """A ward's for the wards alone: nobody may offer, and the other wards reply."""
        return self.is_for_wards and self.organization.is_ward

    @property
    def means_all_wards(self) -> bool:
        """Whether it is addressed to all other wards where none is chosen.

        A ward that writes to all members means no ward in particular.
        """
        return self.is_for_wards or not self.organization.is_ward

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


class ProposalStep(models.Model):
    """A step in the life of a proposal: who, when, and for a no why (features.md 5)."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, verbose_name="提案", related_name="steps"
    )
    move = models.CharField("操作", max_length=13, choices=Move)
    status = models.CharField("その後の状態", max_length=10, choices=ProposalStatus)
    at = models.DateTimeField("日時")
    signature = models.CharField("署名", max_length=200, blank=True)
    reason = models.TextField("理由", blank=True)

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提案の経過"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.proposal}：{self.get_move_display()}"

    @property
    def text(self) -> str:
        """What has happened, for the timeline."""
        return MOVES_DONE[Move(self.move)]

    @property
    def author(self) -> str:
        """Who has done it; empty for what follows from the offers."""
        return self.signature
