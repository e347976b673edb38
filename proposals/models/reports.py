"""Reports of abuse, and requests that the secretariat look into a talk."""

from django.db import models
from django.db.models import Q

from members.models import Organization
from proposals.enums import OpeningGround, ReportStatus
from proposals.models.offers import Offer
from proposals.models.proposals import Proposal
from proposals.models.replies import Reply
from proposals.querysets import ReportQuerySet

REPORT_LENGTH = 500


class Report(models.Model):
    """通報, or a side's request about its talk; it waits for the secretariat.

    About exactly one proposal, reply or offer.
    """

    ground = models.CharField("種類", max_length=7, choices=OpeningGround)
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, null=True, blank=True, verbose_name="提案", related_name="reports"
    )
    reply = models.ForeignKey(
        Reply, models.CASCADE, null=True, blank=True, verbose_name="返信", related_name="reports"
    )
    offer = models.ForeignKey(
        Offer, models.CASCADE, null=True, blank=True, verbose_name="申し出", related_name="reports"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="届け出た団体", related_name="+"
    )
    signature = models.CharField("署名", max_length=200)
    reason = models.TextField("理由", max_length=REPORT_LENGTH)
    reported_at = models.DateTimeField("届け出た日時", editable=False)
    status = models.CharField(
        "状態", max_length=9, choices=ReportStatus, default=ReportStatus.OPEN, editable=False
    )
    settled_at = models.DateTimeField("処理した日時", null=True, blank=True, editable=False)
    settled_by = models.CharField("処理した担当", max_length=200, blank=True, editable=False)
    outcome = models.TextField("処理の内容", blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通報"
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, reply=None, offer=None)
                | Q(proposal=None, reply__isnull=False, offer=None)
                | Q(proposal=None, reply=None, offer__isnull=False),
                name="proposals_report_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.OPEN, settled_at=None)
                | (~Q(status=ReportStatus.OPEN) & Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="proposals_report_settled_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()}（{self.subject}）"

    @property
    def subject(self) -> Proposal | Reply | Offer:
        """What it is about."""
        return self.proposal or self.reply or self.offer
