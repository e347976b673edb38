"""What a seat follows, what it was told, and how it wants to be told."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet

from members.models import Prefecture, Seat, Theme
from notices.enums import CHOICE_LABELS, CHOICES, Pace, Reason
from notices.querysets import NoticeQuerySet, PreferenceQuerySet, WatchQuerySet


class Preference(models.Model):
    """通知の設定 of a seat. A seat without a row has the defaults, and those themes as wanted
    that the profile of its organization names."""

    seat = models.OneToOneField(
        Seat, models.CASCADE, verbose_name="担当", related_name="preference"
    )
    own = models.CharField(CHOICE_LABELS["own"], max_length=6, choices=Pace, default=Pace.NOW)
    watched = models.CharField(
        CHOICE_LABELS["watched"], max_length=6, choices=Pace, default=Pace.NOW
    )
    new = models.CharField(CHOICE_LABELS["new"], max_length=6, choices=Pace, default=Pace.WEEKLY)
    themes = models.ManyToManyField(Theme, verbose_name="分野", blank=True)
    prefectures = models.ManyToManyField(Prefecture, verbose_name="都道府県", blank=True)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知の設定"

    def __str__(self) -> str:
        return f"{self.seat.audit_label}の通知の設定"

    @property
    def wanted_themes(self) -> QuerySet[Theme]:
        """Of which themes new proposals are told (``queries.seats_wanting_new``)."""
        return self.themes.all() if self.pk else self.seat.organization.themes.all()

    def pace_for(self, reason: Reason) -> Pace:
        """How soon a mail is to follow a notice for ``reason``."""
        return Pace(getattr(self, CHOICES[reason]))


class Watch(models.Model):
    """フォロー: a record that a seat wants to be told of."""

    seat = models.ForeignKey(Seat, models.CASCADE, verbose_name="担当", related_name="watches")
    object_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    object = GenericForeignKey("object_type", "object_id")
    since = models.DateTimeField("いつから", auto_now_add=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "フォロー"
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "object_type", "object_id"], name="notices_watched_once"
            )
        ]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.seat.audit_label}のフォロー"


class Notice(models.Model):
    """通知: one thing that one seat was told, in its inbox and perhaps by mail.

    ``key`` is the happening; nobody is told of it twice. ``url`` leads to a page of the portal.
    ``object`` is the record that it is about: whoever may read that no longer (``visible_to``)
    is shown the notice no longer either. Without one it tells of nothing that is kept from
    anybody.
    """

    seat = models.ForeignKey(Seat, models.CASCADE, verbose_name="担当", related_name="notices")
    key = models.CharField(max_length=150, db_index=True)
    object_type = models.ForeignKey(
        ContentType, models.CASCADE, null=True, blank=True, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    object = GenericForeignKey("object_type", "object_id")
    reason = models.CharField("理由", max_length=9, choices=Reason)
    text = models.CharField("内容", max_length=300)
    url = models.CharField("ページ", max_length=300)
    at = models.DateTimeField("日時")
    read_at = models.DateTimeField("読んだ日時", null=True, blank=True)
    pace = models.CharField("メール", max_length=6, choices=Pace)
    mailed_at = models.DateTimeField("メールを書いた日時", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["seat", "key"], name="notices_told_once")]
        indexes = [
            models.Index(fields=["seat", "-at"], name="notices_inbox"),
            # The number that stands on every page of a member.
            models.Index(fields=["seat"], condition=models.Q(read_at=None), name="notices_unread"),
            models.Index(
                fields=["at"],
                condition=models.Q(pace=Pace.WEEKLY, mailed_at=None, read_at=None),
                name="notices_weekly",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def reason_text(self) -> str:
        """What stands behind 「この通知が届いた理由」."""
        return Reason(self.reason).label
