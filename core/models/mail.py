"""Mail: what waits, what was sent, and the addresses that nothing reaches."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.enums import MailKind, MailState
from core.querysets import OutboxQuerySet, RecordQuerySet


class OutboxMail(models.Model):
    """送信待ちメール: one mail to one address, and what became of it (``core.mail``).

    Written in the transaction of what it tells of; sent by the worker. A secret mail's body is
    erased in the same save that settles it.
    """

    # What the mail is about and whom it tells: the same thing is never told twice.
    key = models.CharField("キー", max_length=200, unique=True)
    # Its Message-ID at every attempt, so that a mail server may recognise a second copy.
    reference = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.PositiveSmallIntegerField("種類", choices=MailKind, default=MailKind.NORMAL)
    state = models.CharField("状態", max_length=9, choices=MailState, default=MailState.NEW)
    # Bulk mails that were written together are read and released together.
    mailing = models.CharField("一斉送信", max_length=100, blank=True, db_index=True)
    to = models.EmailField("宛先", db_index=True)
    subject = models.CharField("件名", max_length=200)
    body = models.TextField("本文", blank=True)
    unsubscribe_url = models.URLField("配信停止のURL", max_length=500, blank=True)
    created_at = models.DateTimeField("作成", auto_now_add=True)
    attempts = models.PositiveSmallIntegerField("試みた回数", default=0)
    next_try_at = models.DateTimeField("次に試みる日時", default=timezone.now)
    claimed_at = models.DateTimeField("最後に試みた日時", null=True, blank=True)
    sent_at = models.DateTimeField("送信した日時", null=True, blank=True)
    expires_at = models.DateTimeField("期限", null=True, blank=True)
    last_error = models.TextField("最後のエラー", blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "送信待ちメール"
        ordering = ["-pk"]
        indexes = [
            # The next mail to send: the state, then the order of the queue.
            models.Index(fields=["state", "kind", "next_try_at"]),
            models.Index(fields=["claimed_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=MailKind.SECRET, state__in=MailState.settled()) | Q(body=""),
                name="core_outboxmail_settled_secret_is_erased",
                violation_error_message="送り終えた番号のメールに、本文は残せません",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}（{self.to}）"

    @property
    def audit_label(self) -> str:
        """An address may be a person's, and the log is not erased."""
        return f"メール{self.pk}"

    @property
    def is_secret(self) -> bool:
        return self.kind == MailKind.SECRET


class UndeliverableAddress(models.Model):
    """不達のアドレス: an address that the secretariat found to be dead.

    Nothing but codes that somebody asks for is sent to it (``core.mail.queue``).
    """

    address = models.EmailField("メールアドレス", unique=True)
    since = models.DateTimeField("記録した日時", auto_now_add=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不達のアドレス"
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.address

    @property
    def audit_label(self) -> str:
        """An address may be a person's, and the log is not erased."""
        return f"不達のアドレス{self.pk}"
