"""Events: anything dated that people may go to."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from agreements.models import Agreement, Collaboration
from core import dates
from core.dates import Precision
from core.enums import Qualifier, qualified
from core.models import Dated, Recorded
from core.querysets import RecordQuerySet
from core.search import SearchTextField
from core.text import lines_of
from events.enums import TAGS, VISIBLE_STATUSES, WRITTEN, EventKind, EventStatus
from events.querysets import EventQuerySet
from members.models import Organization, Theme


class Event(Dated, Recorded):
    """イベント. ``organizations`` are hosts, participants and other roles alike.

    ``owner`` is the organization that has written and submitted it; the secretariat's own has none.
    """

    title = models.CharField("題名", max_length=120)
    kind = models.CharField("種類", max_length=10, choices=EventKind, default=EventKind.OTHER)
    status = models.CharField(
        "状態", max_length=10, choices=EventStatus, default=EventStatus.DRAFT, editable=False
    )
    status_reason = models.TextField("差戻し・延期・中止の理由", blank=True, editable=False)
    held_confirmed = models.BooleanField(
        "実績を確認済み",
        default=False,
        help_text="開催の案内だけが分かっているときは、選ばないでください",
    )
    end_unknown = models.BooleanField("最終日は未確認", default=False)
    venue = models.CharField("会場", max_length=120, blank=True)
    address = models.CharField("住所", max_length=120, blank=True)
    organizations = models.ManyToManyField(
        Organization, through="EventRole", related_name="events", verbose_name="団体"
    )
    tagline = models.CharField("キャッチフレーズ", max_length=120, blank=True)
    stated_theme = models.CharField("テーマ（公表のとおり）", max_length=120, blank=True)
    speakers = models.TextField("登壇者（1行に1人）", blank=True)
    participating_note = models.CharField("参加についての補足", max_length=200, blank=True)
    attendance = models.PositiveIntegerField("来場者・参加者の数", null=True, blank=True)
    attendance_qualifier = models.CharField(
        "数に付く言葉", max_length=3, choices=Qualifier, default=Qualifier.EXACT, blank=True
    )
    capacity = models.PositiveIntegerField("定員", null=True, blank=True)
    fee = models.CharField("料金", max_length=80, blank=True)
    agreements = models.ManyToManyField(
        Agreement, verbose_name="締結した協定", blank=True, related_name="ceremonies"
    )
    owner = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="登録した団体",
        null=True,
        blank=True,
        editable=False,
        related_name="own_events",
    )
    collaborations = models.ManyToManyField(
        Collaboration, verbose_name="連携事業", blank=True, related_name="events"
    )
    themes = models.ManyToManyField(Theme, verbose_name="分野", blank=True, related_name="events")
    summary = models.TextField("概要", blank=True)
    is_sample = models.BooleanField("見本", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = SearchTextField()

    objects = EventQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "イベント"
        ordering = ["-latest", "-pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(owner__isnull=False)
                | ~Q(status__in=(EventStatus.SUBMITTED, EventStatus.RETURNED)),
                name="events_submitted_by_an_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:event_detail", args=[self.pk])

    def searchable_parts(self) -> list[str]:
        return [
            self.title,
            self.venue,
            self.summary,
            self.stated_theme,
            self.speakers,
            self.tagline,
        ]

    @property
    def is_draft(self) -> bool:
        return self.status == EventStatus.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.status == EventStatus.SUBMITTED

    @property
    def is_returned(self) -> bool:
        return self.status == EventStatus.RETURNED

    @property
    def is_published(self) -> bool:
        """Whether everybody reads it, also when it is postponed or cancelled."""
        return self.status in VISIBLE_STATUSES

    @property
    def is_being_written(self) -> bool:
        """Whether its organization still writes it: a draft, or sent back."""
        return self.owner_id is not None and self.status in WRITTEN

    @property
    def awaits_publishing(self) -> bool:
        """Whether the secretariat may publish it: submitted, or a draft of its own."""
        return self.is_submitted or (self.is_draft and self.owner_id is None)

    @property
    def status_tag(self) -> str:
        """The kind of the tag that shows the state until it is published (look.md 6)."""
        return TAGS.get(EventStatus(self.status), "mute")

    @property
    def when_text(self) -> str:
        """The dates in words, saying so when the last day is not known."""
        return f"{self.when}{self.when_suffix}"

    @property
    def when_suffix(self) -> str:
        """What is said behind the dates."""
        return "（終了日は未確認）" if self.end_unknown else ""

    @property
    def has_day(self) -> bool:
        """Whether the first day is known."""
        return self.earliest is not None and self.precision == Precision.DAY

    @property
    def has_month(self) -> bool:
        """Whether the month is known, but no day."""
        return self.earliest is not None and self.precision == Precision.MONTH

    @property
    def has_year(self) -> bool:
        """Whether no more than the year or the fiscal year is known."""
        return self.earliest is not None and self.precision in (
            Precision.YEAR,
            Precision.FISCAL_YEAR,
        )

    @property
    def is_over(self) -> bool:
        return self.latest is not None and self.latest < dates.today()

    @property
    def is_unconfirmed(self) -> bool:
        """Over, but known only from its announcement: shown as 実績未確認."""
        return self.is_over and not self.held_confirmed and self.status == EventStatus.PUBLISHED

    @property
    def state_text(self) -> str:
        """中止, 延期 or 実績未確認; empty for an event that is simply coming or was held."""
        if self.status in (EventStatus.CANCELLED, EventStatus.POSTPONED):
            return self.get_status_display()
        return "実績未確認" if self.is_unconfirmed else ""

    @property
    def attendance_text(self) -> str:
        """約260,000人, 57,000人超; empty when unknown."""
        if self.attendance is None:
            return ""
        return qualified(self.attendance, self.attendance_qualifier, unit="人")

    @property
    def capacity_text(self) -> str:
        """130人; empty when unknown."""
        return "" if self.capacity is None else f"{self.capacity:,}人"

    @property
    def speaker_list(self) -> list[str]:
        return lines_of(self.speakers)


class EventRole(models.Model):
    """An organization's part in an event: 主催, 参加, or a role in the words of the source."""

    HOST = "主催"
    PARTICIPANT = "参加"

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="イベント", related_name="roles")
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="団体",
        null=True,
        blank=True,
        related_name="event_roles",
    )
    body_text = models.CharField("団体として登録のない相手", max_length=80, blank=True)
    role = models.CharField("役割", max_length=20, default=HOST)
    order = models.PositiveSmallIntegerField("並び順", default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "団体と役割"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "organization", "role"],
                name="events_role_once",
                violation_error_message="同じ団体と役割を2回選んでいます",
            ),
            models.CheckConstraint(
                condition=(models.Q(organization__isnull=False) & models.Q(body_text=""))
                | (models.Q(organization__isnull=True) & ~models.Q(body_text="")),
                name="events_role_has_one_body",
                violation_error_message="団体を選ぶか、団体として登録のない相手を入力してください",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}：{self.organization or self.body_text}"
