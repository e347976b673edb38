"""Offers: one organization's own answer to a proposal, with its private talk."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agreements.enums import CollaborationStatus
from agreements.models import Collaboration
from core.models import Attachment
from members.models import Office, Organization, Seat
from proposals.enums import (
    LIVE_OFFERS,
    OFFER_MOVES_DONE,
    OFFER_TAGS,
    OfferMove,
    OfferStatus,
    OpeningGround,
)
from proposals.models.proposals import Proposal
from proposals.models.told import ToldRow
from proposals.querysets import OfferDraftQuerySet, OfferQuerySet, OfTalkQuerySet

MESSAGE_LENGTH = 2000


class Offer(models.Model):
    """連携の申し出. Its two sides are the author of the proposal and ``organization``.

    ``office`` is whom the author talks to. ``collaboration`` is what an accepted one has
    started or joined.
    """

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, verbose_name="提案", related_name="offers"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="申し出た団体", related_name="offers"
    )
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="担当部署", related_name="offers"
    )
    signature = models.CharField("署名", max_length=200)
    status = models.CharField(
        "状態",
        max_length=10,
        choices=OfferStatus,
        default=OfferStatus.INTERESTED,
        editable=False,
    )
    collaboration = models.ForeignKey(
        Collaboration,
        models.PROTECT,
        verbose_name="連携事業",
        null=True,
        blank=True,
        related_name="offers",
        editable=False,
    )
    raised_at = models.DateTimeField("申し出た日時", editable=False)
    settled_at = models.DateTimeField("決まった日時", null=True, blank=True, editable=False)
    settled_reason = models.TextField("見送り・辞退の理由", blank=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携の申し出"
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "organization"],
                condition=Q(status__in=LIVE_OFFERS),
                name="proposals_one_live_offer_each",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LIVE_OFFERS, settled_at=None)
                | Q(status=OfferStatus.ACCEPTED, settled_at__isnull=False)
                | (
                    Q(status__in=[OfferStatus.DECLINED, OfferStatus.WITHDRAWN])
                    & Q(settled_at__isnull=False)
                    & ~Q(settled_reason="")
                ),
                name="proposals_offer_settled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status=OfferStatus.ACCEPTED, collaboration__isnull=False)
                | (~Q(status=OfferStatus.ACCEPTED) & Q(collaboration=None)),
                name="proposals_accepted_has_its_collaboration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.proposal}）"

    def get_absolute_url(self) -> str:
        return reverse("proposals:offer_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What it is called on a page that names its proposal."""
        return f"{self.organization.full_name}からの申し出"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_OFFERS

    @property
    def status_tag(self) -> str:
        """The kind of the tag that shows the status (look.md 6)."""
        return OFFER_TAGS.get(OfferStatus(self.status), "mute")

    @property
    def is_carried_out(self) -> bool:
        """Whether it is accepted, and what it has led to was not called off."""
        project = self.collaboration
        return project is not None and project.status != CollaborationStatus.CANCELLED

    @property
    def sides(self) -> tuple[int, int]:
        """The ids of the two organizations that its talk is shown to."""
        return self.proposal.organization_id, self.organization_id


class OfferDraft(models.Model):
    """What an organization is going to say with an offer, kept while that is being approved.

    Its own alone: neither the author of the proposal nor the secretariat reads it, or on which
    proposal it is. It is no state of an offer, and is gone once the offer is sent. ``office`` is
    where it was saved last, ``page_token`` the token of the page that was sent then: whoever
    comes back to that page has read what is saved.
    """

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, verbose_name="提案", related_name="offer_drafts"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="申し出る団体", related_name="+"
    )
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="担当部署", related_name="+")
    message = models.TextField("提案元に伝えること", max_length=MESSAGE_LENGTH)
    saved_at = models.DateTimeField("保存した日時", editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)
    page_token = models.UUIDField("保存した画面", null=True, editable=False)

    objects = OfferDraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申し出の下書き"
        ordering = ["saved_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "organization"], name="proposals_one_offer_draft_each"
            )
        ]

    def __str__(self) -> str:
        return f"「{self.proposal}」への申し出の下書き"

    def get_absolute_url(self) -> str:
        return reverse("proposals:offer_draft_detail", args=[self.pk])

    @property
    def audit_label(self) -> str:
        """The log knows that there is one, and not on which proposal."""
        return "申し出の下書き"


class OfferStep(ToldRow):
    """A step of an offer: who, when, and for a no why. For its two sides."""

    offer = models.ForeignKey(Offer, models.CASCADE, verbose_name="申し出", related_name="steps")
    move = models.CharField("操作", max_length=10, choices=OfferMove)
    status = models.CharField("その後の状態", max_length=10, choices=OfferStatus)
    at = models.DateTimeField("日時")
    signature = models.CharField("署名", max_length=200)
    reason = models.TextField("理由", blank=True)

    objects = OfTalkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申し出の経過"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.offer}：{self.get_move_display()}"

    @property
    def text(self) -> str:
        """What has happened, for the timeline."""
        return OFFER_MOVES_DONE[OfferMove(self.move)]

    @property
    def author(self) -> str:
        """Who has done it: both sides know of each other."""
        return self.signature


class TalkMessage(ToldRow):
    """協議メッセージ: shown to the two sides of its offer only; never in the admin."""

    offer = models.ForeignKey(Offer, models.PROTECT, verbose_name="申し出", related_name="messages")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="団体", related_name="+"
    )
    seat = models.ForeignKey(
        Seat, models.SET_NULL, verbose_name="担当", null=True, blank=True, related_name="+"
    )
    signature = models.CharField("署名", max_length=200)
    body = models.TextField("メッセージ", max_length=MESSAGE_LENGTH)
    sent_at = models.DateTimeField("送信日時", editable=False)
    attachments = GenericRelation(
        Attachment, content_type_field="owner_type", object_id_field="owner_id"
    )

    objects = OfTalkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "協議メッセージ"
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.signature}のメッセージ"

    @property
    def audit_label(self) -> str:
        """The log knows that there is a message, and nothing of what it says."""
        return f"協議メッセージ {self.pk}"


class TalkOpening(models.Model):
    """The secretariat reads a talk for a while, on a side's request or a report of abuse.

    Both sides are told of it; ``until`` is when it closes again.
    """

    offer = models.ForeignKey(Offer, models.PROTECT, verbose_name="申し出", related_name="openings")
    ground = models.CharField("根拠", max_length=7, choices=OpeningGround)
    reason = models.TextField("理由")
    seat = models.ForeignKey(Seat, models.PROTECT, verbose_name="開いた担当", related_name="+")
    signature = models.CharField("署名", max_length=200)
    opened_at = models.DateTimeField("開いた日時")
    until = models.DateTimeField("いつまで")

    objects = OfTalkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "協議の確認"
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.offer}の確認（{self.get_ground_display()}）"
