"""年度確認: once a fiscal year every member says whether its contact details are still true."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core import dates
from core.enums import Channel
from members.enums import Answer, Step
from members.models.offices import Office
from members.querysets import CampaignQuerySet, ConfirmationQuerySet

# How long the links of its mails hold after the deadline, or after the last day of a step.
LINK_DAYS = 30


class Campaign(models.Model):
    """年度確認 of one fiscal year: its days, its texts, and when it began and ended.

    It is prepared, then started once, by the secretariat. The first mail goes to each office's
    lead on that day. On each of the three later days it climbs a step, for the offices that
    have not answered (``members.enums.Step``).
    """

    fiscal_year = models.PositiveSmallIntegerField("年度", unique=True)
    deadline = models.DateField("回答期限")
    deputies_on = models.DateField("副担当にも送る日")
    office_on = models.DateField("部署の共用アドレスにも送る日")
    desk_on = models.DateField("代表の部署にも送る日")
    opening = models.TextField("初めのメールの文", max_length=1000)
    reminder = models.TextField("2回目からのメールの文", max_length=1000)
    includes_wards = models.BooleanField("特別区にも送る", default=True)
    started_at = models.DateTimeField("開始", null=True, blank=True, editable=False)
    ended_at = models.DateTimeField("終了", null=True, blank=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度確認"
        ordering = ["-fiscal_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    deputies_on__lt=F("office_on"),
                    office_on__lt=F("desk_on"),
                    deputies_on__lte=F("deadline"),
                ),
                name="members_campaign_climbs",
                violation_error_message=(
                    "送る日は、副担当、部署の共用アドレス、代表の部署の順にし、"
                    "副担当に送る日は回答期限までにしてください"
                ),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__isnull=False),
                name="members_campaign_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """令和9年度 登録情報確認."""
        era_text = dates.fiscal_year_text(self.fiscal_year).partition("（")[0]
        return f"{era_text} 登録情報確認"

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def counted_on(self) -> date:
        """The day whose members it counts: today, or the day on which it ended."""
        return timezone.localdate(self.ended_at) if self.ended_at else dates.today()

    @property
    def counts_from(self) -> date:
        """From which day a confirmation is an answer: 1 April, or an earlier start."""
        first_day, _ = dates.fiscal_year_bounds(self.fiscal_year)
        started = timezone.localdate(self.started_at) if self.started_at else first_day
        return min(first_day, started)

    @property
    def links_until(self) -> datetime:
        """The moment from which the links of its mails hold no longer."""
        last_day = max(self.deadline, self.desk_on) + timedelta(days=LINK_DAYS)
        return dates.start_of(last_day + timedelta(days=1))

    def step_on(self, day: date) -> Step:
        """The last step whose day has come by ``day``; the first one from the start on."""
        days = {
            Step.DESK: self.desk_on,
            Step.OFFICE: self.office_on,
            Step.DEPUTIES: self.deputies_on,
        }
        return next((step for step, first in days.items() if first <= day), Step.LEAD)

    def mailing(self, step: Step) -> str:
        """What the outbox calls the mails of ``step``: 令和9年度 登録情報確認 主担当."""
        return f"{self.title} {step.label}"

    @property
    def mailings(self) -> list[str]:
        return [self.mailing(step) for step in Step]


class Confirmation(models.Model):
    """One office's answer to a campaign, or its silence.

    An office that has confirmed before in the fiscal year counts as answered from the start.
    ``step`` is the last one that was mailed; none while nothing was. The texts are signatures:
    they outlive offices.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, verbose_name="年度確認", related_name="confirmations"
    )
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="担当部署", related_name="confirmations"
    )
    step = models.PositiveSmallIntegerField("送った段階", choices=Step, null=True, blank=True)
    mailed_at = models.DateTimeField("最後に送った日時", null=True, blank=True)
    answer = models.CharField("回答", max_length=9, choices=Answer, blank=True)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answered_by = models.CharField("回答した部署", max_length=200, blank=True)
    recorded_by = models.CharField("記録した部署", max_length=200, blank=True)
    channel = models.CharField("回答の方法", max_length=10, choices=Channel, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度確認の回答"
        ordering = ["campaign", "office"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "office"], name="members_one_confirmation_each"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="members_confirmation_answered_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "answer"])]

    def __str__(self) -> str:
        return f"{self.office.signature}（{self.campaign.title}）"

    @property
    def channel_text(self) -> str:
        """How the answer came: サイトで確認, 電話で確認."""
        return Channel(self.channel).confirmed_text if self.channel else ""
