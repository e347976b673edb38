"""年度実績: what joint projects came to, year by year, and how each report became public."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agreements.enums import (
    YEAR_REPORT_MOVES_DONE,
    YEAR_REPORT_TAGS,
    YearReportMove,
    YearReportStatus,
)
from agreements.models.collaborations import Collaboration
from agreements.querysets import YearReportQuerySet, YearReportStepQuerySet
from core.dates import fiscal_year_text
from core.enums import Qualifier, qualified
from core.models import Attachment

RESULT_LENGTH = 2000
# The columns of a grant's amounts in yen; None is unknown, and never a nought.
GRANTS = ("grant_applied", "grant_granted", "grant_settled")


class YearReport(models.Model):
    """年度実績: what a joint project came to in one fiscal year.

    A ward writes and submits it, and the secretariat accepts it; what the secretariat brings in
    itself is accepted from the beginning. ``signature`` is the office that has submitted it, as
    it was then. It is sent back while ``returned_at`` stands: a draft again, with the reason.
    """

    collaboration = models.ForeignKey(
        Collaboration, models.CASCADE, verbose_name="連携事業", related_name="year_reports"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度（西暦）")
    result = models.TextField("実績")
    visitors = models.PositiveIntegerField("来場者・参加者の数", null=True, blank=True)
    visitors_qualifier = models.CharField(
        "数に付く言葉", max_length=3, choices=Qualifier, default=Qualifier.EXACT, blank=True
    )
    grant_applied = models.PositiveBigIntegerField("助成金の申請額（円）", null=True, blank=True)
    grant_granted = models.PositiveBigIntegerField(
        "助成金の交付決定額（円）", null=True, blank=True
    )
    grant_settled = models.PositiveBigIntegerField("助成金の確定額（円）", null=True, blank=True)
    status = models.CharField(
        "状態",
        max_length=9,
        choices=YearReportStatus,
        default=YearReportStatus.ACCEPTED,
        editable=False,
    )
    signature = models.CharField("署名", max_length=200, blank=True, editable=False)
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField("承認日時", null=True, blank=True, editable=False)
    returned_at = models.DateTimeField("差戻し日時", null=True, blank=True, editable=False)
    return_reason = models.TextField("差戻しの理由", blank=True, editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)
    attachments = GenericRelation(
        Attachment, content_type_field="owner_type", object_id_field="owner_id"
    )

    objects = YearReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度実績"
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "fiscal_year"],
                name="agreements_one_report_a_year",
                violation_error_message="この年度の実績はすでにあります",
            ),
            models.CheckConstraint(
                condition=Q(status=YearReportStatus.DRAFT) | ~Q(result=""),
                name="agreements_report_says_result",
                violation_error_message="実績を入力してください",
            ),
            models.CheckConstraint(
                condition=Q(status=YearReportStatus.ACCEPTED)
                | Q(status=YearReportStatus.DRAFT, submitted_at=None)
                | Q(status=YearReportStatus.SUBMITTED, submitted_at__isnull=False),
                name="agreements_report_submitted_says_when",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, return_reason="")
                | (
                    Q(status=YearReportStatus.DRAFT, returned_at__isnull=False)
                    & ~Q(return_reason="")
                ),
                name="agreements_report_returned_says_why",
            ),
        ]

    def __str__(self) -> str:
        return fiscal_year_text(self.fiscal_year)

    def get_absolute_url(self) -> str:
        return reverse("agreements:report_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What it is called away from its project: 「港の朝市」の令和7年度（2025年度）の年度実績."""
        return f"「{self.collaboration}」の{self}の年度実績"

    @property
    def audit_label(self) -> str:
        """What the audit log calls it; a year alone would not tell whose it is."""
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.status == YearReportStatus.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.status == YearReportStatus.SUBMITTED

    @property
    def is_accepted(self) -> bool:
        return self.status == YearReportStatus.ACCEPTED

    @property
    def is_returned(self) -> bool:
        """Whether the secretariat has sent it back, and it was not submitted again."""
        return self.returned_at is not None

    @property
    def shown_status(self) -> str:
        """The state in words; a draft that was sent back says so."""
        return "差戻し" if self.is_returned else self.get_status_display()

    @property
    def status_tag(self) -> str:
        """The kind of the tag that shows the state (look.md 6)."""
        return (
            "wait"
            if self.is_returned
            else YEAR_REPORT_TAGS.get(YearReportStatus(self.status), "mute")
        )

    @property
    def visitors_text(self) -> str:
        """約260,000人; empty when unknown."""
        if self.visitors is None:
            return ""
        return qualified(self.visitors, self.visitors_qualifier, unit="人")

    @property
    def grants(self) -> list[tuple[str, str]]:
        """The grant's amounts with their labels: 申請額, 1,200,000円; unknown ones are 未確認."""
        labels = ("申請額", "交付決定額", "確定額")
        amounts = [getattr(self, name) for name in GRANTS]
        return [
            (label, "未確認" if yen is None else f"{yen:,}円")
            for label, yen in zip(labels, amounts, strict=True)
        ]

    def content(self) -> dict[str, Any]:
        """What it says, as plain values: for comparison and the audit log."""
        names = ("fiscal_year", "result", "visitors", "visitors_qualifier", *GRANTS)
        return {name: getattr(self, name) for name in names}


class YearReportStep(models.Model):
    """A step of a year report: who, when, and for a no why. For its wards and the secretariat."""

    report = models.ForeignKey(
        YearReport, models.CASCADE, verbose_name="年度実績", related_name="steps"
    )
    move = models.CharField("操作", max_length=9, choices=YearReportMove)
    status = models.CharField("その後の状態", max_length=9, choices=YearReportStatus)
    at = models.DateTimeField("日時")
    signature = models.CharField("署名", max_length=200)
    reason = models.TextField("理由", blank=True)

    objects = YearReportStepQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度実績の経過"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.report}：{self.get_move_display()}"

    @property
    def text(self) -> str:
        """What has happened, for the timeline."""
        return YEAR_REPORT_MOVES_DONE[YearReportMove(self.move)]

    @property
    def author(self) -> str:
        """Who has done it."""
        return self.signature
