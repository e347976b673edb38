"""Replies: what is said under a proposal, for everyone who reads it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import Organization, Seat
from proposals.models.proposals import Proposal
from proposals.models.told import ToldRow
from proposals.querysets import OfReplyQuerySet, ReplyQuerySet

REPLY_LENGTH = 1000
# A slip of the pen is mended in it without a trace (domain.md).
EDITING_TIME = timedelta(minutes=5)


class Reply(ToldRow):
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
    edited_at = models.DateTimeField("修正日時", null=True, blank=True, editable=False)
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

    @property
    def is_fresh(self) -> bool:
        """Whether an edit still leaves no earlier version behind."""
        return timezone.now() < self.created_at + EDITING_TIME


class ReplyVersion(models.Model):
    """A reply as it stood before an edit, when that came later than ``EDITING_TIME``."""

    reply = models.ForeignKey(Reply, models.CASCADE, verbose_name="返信", related_name="versions")
    body = models.TextField("返信", max_length=REPLY_LENGTH)
    valid_from = models.DateTimeField("いつから")
    valid_until = models.DateTimeField("いつまで")

    objects = OfReplyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "返信の以前の版"
        ordering = ["-valid_until", "-pk"]

    def __str__(self) -> str:
        return f"{self.reply}（以前の内容）"
