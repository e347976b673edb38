"""Files that belong to records."""

import uuid

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.enums import FileKind, Level
from core.file_names import size_text, title_of
from core.querysets import AttachmentQuerySet


class Attachment(models.Model):
    """添付ファイル: a file of a record; until it is one, of whoever has uploaded it.

    The record is any row of any room (``core.files.register``); it names its files by a
    ``GenericRelation``. Written by ``core.files`` alone.
    """

    # Its address; the primary key would tell how many there are.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    owner_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    owner = GenericForeignKey("owner_type", "owner_id")
    # Since when it belongs to no record; the daily run deletes what stays so for a day.
    loose_since = models.DateTimeField(null=True, blank=True, default=timezone.now, editable=False)
    level = models.CharField("公開の範囲", max_length=11, choices=Level, default=Level.MEMBERS)
    name = models.CharField("ファイル名", max_length=500)
    kind = models.CharField("種類", max_length=4, choices=FileKind)
    # Of what is kept: a picture has been made anew.
    size = models.PositiveIntegerField("大きさ（バイト）")
    sha256 = models.CharField("SHA-256", max_length=64)
    stored_name = models.CharField(max_length=60, unique=True)
    thumbnail_name = models.CharField(max_length=60, blank=True)
    width = models.PositiveIntegerField("幅（画素）", null=True, blank=True)
    height = models.PositiveIntegerField("高さ（画素）", null=True, blank=True)
    # Labels and numbers, as in the audit log: they outlive offices and accounts.
    uploaded_by = models.CharField("添付した部署", max_length=200)
    uploader_id = models.BigIntegerField(editable=False)
    created_at = models.DateTimeField("添付した日時", auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "添付ファイル"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["owner_type", "owner_id"]),
            models.Index(fields=["loose_since"], condition=~Q(loose_since=None), name="core_loose"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_type=None, owner_id=None, loose_since__isnull=False)
                | Q(owner_type__isnull=False, owner_id__isnull=False, loose_since=None),
                name="core_attachment_of_a_record_or_loose",
            )
        ]

    def __str__(self) -> str:
        return self.link_text

    def get_absolute_url(self) -> str:
        return reverse("core:attachment_file", args=[self.key])

    @property
    def title(self) -> str:
        return title_of(self.name)

    @property
    def size_text(self) -> str:
        return size_text(self.size)

    @property
    def link_text(self) -> str:
        """What links to it say: 趣意書（PDF、90KB）."""
        return f"{self.title}（{self.get_kind_display()}、{self.size_text}）"

    @property
    def is_picture(self) -> bool:
        return bool(self.thumbnail_name)

    def get_thumbnail_url(self) -> str:
        return reverse("core:attachment_thumbnail", args=[self.key])
