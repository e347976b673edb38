"""Seats offered by mail: to somebody new, or to the successor of whoever leaves.

Seats are named here, not imported: an account knows what is offered to it (``User``).
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.text import normalise_email
from core.traces import is_erased
from members.enums import ERASED_PERSON, InvitationStatus, Role, UserKind
from members.models.offices import Office
from members.querysets import (
    HandoverQuerySet,
    InvitationQuerySet,
    SeatInvitationQuerySet,
)

NOTE_LENGTH = 2000


class Invited(models.Model):
    """Whom a seat is offered to, and what became of it.

    ``sent_by`` is the signature of who sent it; ``reason`` is that of a no.
    """

    kind = models.CharField("種類", max_length=10, choices=UserKind, default=UserKind.PERSONAL)
    family_name = models.CharField("姓", max_length=40, blank=True)
    given_name = models.CharField("名", max_length=40, blank=True)
    email = models.EmailField("メールアドレス")
    status = models.CharField(
        "状態",
        max_length=9,
        choices=InvitationStatus,
        default=InvitationStatus.SENT,
        editable=False,
    )
    sent_by = models.CharField("送った担当", max_length=200, editable=False)
    sent_at = models.DateTimeField("送った日時", auto_now_add=True)
    expires_at = models.DateTimeField("期限")
    settled_at = models.DateTimeField("決まった日時", null=True, blank=True, editable=False)
    reason = models.TextField("理由", blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def person_name(self) -> str:
        """The name that was typed; empty where none was, as for an office account."""
        return f"{self.family_name} {self.given_name}".strip()

    @property
    def is_erased(self) -> bool:
        """Whether it is no longer known to whom it was sent."""
        return is_erased(self.email)

    @property
    def display_name(self) -> str:
        """The person's name; an office account is shown as 共用."""
        if self.is_erased and self.kind == UserKind.PERSONAL:
            return ERASED_PERSON
        name = self.person_name
        return name if name and self.kind == UserKind.PERSONAL else self.get_kind_display()

    @property
    def is_over(self) -> bool:
        """Whether the time to answer is over, noted as such or not yet."""
        return timezone.now() >= self.expires_at


class Invitation(Invited):
    """招待: a seat at an office, from one day until another."""

    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="担当部署", related_name="invitations"
    )
    role = models.CharField("役割", max_length=6, choices=Role)
    valid_from = models.DateField("いつから")
    valid_until = models.DateField("いつまで", null=True, blank=True)
    seat = models.OneToOneField(
        "members.Seat",
        models.PROTECT,
        verbose_name="担当",
        null=True,
        blank=True,
        editable=False,
        related_name="invitation",
    )

    objects = SeatInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "招待"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="members_invitation_in_order",
                violation_error_message="終わりの日は、始まりの日以降の日付にしてください",
            ),
            models.UniqueConstraint(
                fields=["office", "email"],
                condition=Q(status=InvitationStatus.SENT),
                name="members_one_open_invitation",
                violation_error_message="このメールアドレスには、すでに招待を送っています",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office.signature}　{self.get_role_display()}への招待"

    @property
    def audit_label(self) -> str:
        """What the audit log calls it: no personal value may stand there."""
        return str(self)


class Handover(Invited):
    """引継ぎ: a seat and its open business, passed to a successor.

    The predecessor's seat ends on ``last_day``; the successor's begins on ``first_day``. Where
    a shared mailbox is handed on to the people who come next, its seat goes on: ``new_seat`` is
    the same as ``seat``. A colleague who succeeds may do so to several people.
    """

    seat = models.ForeignKey(
        "members.Seat", models.PROTECT, verbose_name="引き継ぐ担当", related_name="handovers"
    )
    last_day = models.DateField("前任者の最後の日")
    first_day = models.DateField("後任者の最初の日")
    note = models.TextField("申し送り", max_length=NOTE_LENGTH, blank=True)
    new_seat = models.ForeignKey(
        "members.Seat",
        models.PROTECT,
        verbose_name="後任者の担当",
        null=True,
        blank=True,
        editable=False,
        related_name="taken_over",
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "引継ぎ"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=InvitationStatus.ACCEPTED) | Q(new_seat__isnull=False),
                name="members_accepted_handover_has_seat",
            ),
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(status=InvitationStatus.SENT),
                name="members_one_open_handover",
                violation_error_message="この担当の引継ぎは、すでに始まっています",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat.office.signature}　{self.seat.get_role_display()}の引継ぎ"

    def get_absolute_url(self) -> str:
        return reverse("members:handover_detail", args=[self.pk])

    @property
    def office(self) -> Office:
        """The office of both seats."""
        return self.seat.office

    @property
    def is_readable(self) -> bool:
        """Whether the successor may read what is handed over: asked, or seated and not gone."""
        if self.status == InvitationStatus.ACCEPTED:
            last_day = self.new_seat.valid_until
            return last_day is None or last_day >= today()
        return self.status == InvitationStatus.SENT and not self.is_over

    @property
    def is_to_same_mailbox(self) -> bool:
        """Whether the people behind a shared mailbox change, and its account goes on."""
        return self.seat.user.is_shared and self.email == normalise_email(self.seat.user.email)

    @property
    def audit_label(self) -> str:
        """What the audit log calls it: no personal value may stand there."""
        return str(self)
