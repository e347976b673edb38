"""Joint projects: the wards and their partners, where they came from, how they went."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agreements.enums import (
    COLLABORATION_MOVES,
    COLLABORATION_TAGS,
    CollaborationScope,
    CollaborationSide,
    CollaborationStatus,
    Origin,
)
from agreements.models.agreements import Agreement
from agreements.models.parties import names_of
from agreements.querysets import CollaborationQuerySet
from core.dates import (
    Precision,
    RecordDate,
    day_range_text,
    fiscal_year_of,
    month_range_text,
    today,
)
from core.models import Recorded
from core.querysets import RecordQuerySet
from core.search import SearchTextField
from members.models import Organization, Theme


def _in_order(point: str, sentence: str) -> models.CheckConstraint:
    """Both bounds of ``point`` or none, in their order."""
    earliest, latest = f"{point}_earliest", f"{point}_latest"
    # Said in so many words: a comparison with nothing is no refusal for the database.
    both = Q(**{f"{earliest}__isnull": False, f"{latest}__isnull": False})
    return models.CheckConstraint(
        condition=Q(**{earliest: None, latest: None})
        | (both & Q(**{f"{earliest}__lte": F(latest)})),
        name=f"agreements_collaboration_{point}_in_order",
        violation_error_message=sentence,
    )


# What follows the period while one of its ends is open, or lies ahead.
_OPEN_END = {
    CollaborationStatus.PLANNED: "（予定）",
    CollaborationStatus.UNDER_WAY: "（実施中）",
    CollaborationStatus.ENDED: "（終了の時期は未確認）",
    CollaborationStatus.CANCELLED: "（中止）",
}
_KNOWN_END = _OPEN_END | {
    CollaborationStatus.UNDER_WAY: "（終了は予定）",
    CollaborationStatus.ENDED: "",
}

# How many fiscal years before its last one a project may report whose beginning is not known.
YEARS_BACK = 10


class Collaboration(Recorded):
    """連携事業. Public once its ward has published it (``published_at``), whatever its state.

    Its start and its end are two dates of the record, each known as far as it is. Until it is
    over, the end is empty or the one that is planned.
    """

    title = models.CharField("題名", max_length=120)
    scope = models.CharField(
        "実施の主体", max_length=12, choices=CollaborationScope, default=CollaborationScope.WARDS
    )
    organizations = models.ManyToManyField(
        Organization,
        through="CollaborationParty",
        related_name="collaborations",
        verbose_name="団体",
    )
    partner_text = models.CharField("連携先についての補足", max_length=120, blank=True)
    themes = models.ManyToManyField(
        Theme, verbose_name="分野", blank=True, related_name="collaborations"
    )
    origin = models.CharField("きっかけ", max_length=10, choices=Origin, default=Origin.OTHER)
    origin_date = models.DateField("きっかけの日", null=True, blank=True)
    origin_text = models.TextField("きっかけの説明", blank=True)
    start_earliest = models.DateField("開始（最も早い日）", null=True, blank=True)
    start_latest = models.DateField("開始（最も遅い日）", null=True, blank=True)
    start_precision = models.CharField(
        "開始の日付の正確さ", max_length=11, choices=Precision, default=Precision.DAY
    )
    end_earliest = models.DateField("終了（最も早い日）", null=True, blank=True)
    end_latest = models.DateField("終了（最も遅い日）", null=True, blank=True)
    end_precision = models.CharField(
        "終了の日付の正確さ", max_length=11, choices=Precision, default=Precision.DAY
    )
    status = models.CharField(
        "状態",
        max_length=10,
        choices=CollaborationStatus,
        default=CollaborationStatus.PLANNED,
        editable=False,
    )
    status_reason = models.TextField("中止の理由", blank=True, editable=False)
    status_as_of = models.CharField("状態を確認した時期（事務局のみ）", max_length=10, blank=True)
    published_at = models.DateTimeField("公開日時", null=True, blank=True, editable=False)
    summary = models.TextField("概要", blank=True)
    funding = models.CharField("外部の資金", max_length=120, blank=True)
    agreements = models.ManyToManyField(
        Agreement, verbose_name="関係する協定", blank=True, related_name="collaborations"
    )
    is_sample = models.BooleanField("見本", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = SearchTextField()

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携事業"
        ordering = [F("start_earliest").desc(nulls_last=True), "-pk"]
        constraints = [
            _in_order(
                "start", "開始の「最も早い日」と「最も遅い日」は両方を、順に入力してください"
            ),
            _in_order("end", "終了の「最も早い日」と「最も遅い日」は両方を、順に入力してください"),
            models.CheckConstraint(
                condition=Q(start_earliest=None)
                | Q(end_latest=None)
                | Q(start_earliest__lte=F("end_latest")),
                name="agreements_collaboration_ends_after_start",
                violation_error_message="終了は、開始より後にしてください",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreements:collaboration_detail", args=[self.pk])

    def searchable_parts(self) -> list[str]:
        return [
            self.title,
            self.summary,
            self.partner_text,
            self.origin_text,
            self.funding,
            self.get_origin_display(),
        ]

    @property
    def start(self) -> RecordDate:
        return RecordDate(self.start_earliest, self.start_latest, self.start_precision)

    @property
    def end(self) -> RecordDate:
        """When it ended, or is planned to; without bounds where neither is known."""
        return RecordDate(self.end_earliest, self.end_latest, self.end_precision)

    @property
    def period_text(self) -> str:
        """The period as far as it is known: 2015年（平成27年）11月18日～23日."""
        start, end = self.start, self.end
        if start.earliest is None and end.earliest is None:
            return "時期は未確認"
        status = CollaborationStatus(self.status)
        if end.earliest is None:
            return f"{start}～{_OPEN_END[status]}"
        if start.earliest is None:
            return f"（開始の時期は未確認）～{end}{_KNOWN_END[status]}"
        return f"{_range_text(start, end)}{_KNOWN_END[status]}"

    @property
    def is_of_all_wards(self) -> bool:
        """Whether the 23 wards carry it together, through 特別区長会."""
        return self.scope == CollaborationScope.WARD_MAYORS

    @property
    def wards_text(self) -> str:
        """東京都品川区、東京都荒川区; 特別区長会（23区） for all of them together."""
        if self.is_of_all_wards:
            return f"{self.get_scope_display()}（{len(self.wards)}区）"
        return names_of(self.wards)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def status_tag(self) -> str:
        """The kind of the tag that shows the state (look.md 6)."""
        return COLLABORATION_TAGS.get(CollaborationStatus(self.status), "mute")

    @property
    def is_over(self) -> bool:
        """Whether it is ended or cancelled."""
        return not COLLABORATION_MOVES[CollaborationStatus(self.status)]

    @property
    def has_reported(self) -> bool:
        """Whether a report on one of its fiscal years is submitted, or accepted."""
        return self.year_reports.reported().exists()

    @property
    def fiscal_years(self) -> range:
        """The fiscal years that it may have run in, up to its end or the present one.

        Where its beginning is not known, ``YEARS_BACK`` years before that too; a planned one has
        none.
        """
        if self.status == CollaborationStatus.PLANNED:
            return range(0)
        last = fiscal_year_of(today())
        if self.status == CollaborationStatus.ENDED and self.end_latest:
            last = min(last, fiscal_year_of(self.end_latest))
        first = fiscal_year_of(self.start_earliest) if self.start_earliest else last - YEARS_BACK
        return range(first, last + 1)

    def ran_in(self, year: int) -> bool:
        """Whether it certainly ran in the fiscal year ``year``, and did not end before it."""
        if self.status == CollaborationStatus.ENDED:
            has_ended = self.end_earliest is None or fiscal_year_of(self.end_earliest) < year
        else:
            has_ended = self.status != CollaborationStatus.UNDER_WAY
        begun = self.start_latest is not None and fiscal_year_of(self.start_latest) <= year
        return begun and not has_ended

    def may_become(self, status: CollaborationStatus) -> bool:
        """Whether the table of moves leads from its state to ``status``."""
        return status in COLLABORATION_MOVES[CollaborationStatus(self.status)]

    @property
    def wards(self) -> "list[CollaborationParty]":
        return self._parties_on(CollaborationSide.WARD)

    @property
    def partners(self) -> "list[CollaborationParty]":
        return self._parties_on(CollaborationSide.PARTNER)

    def _parties_on(self, side: CollaborationSide) -> "list[CollaborationParty]":
        return [party for party in self.parties.all() if party.side == side]


def _range_text(start: RecordDate, end: RecordDate) -> str:
    """Two points in time, with what they share written once."""
    first, last = start.earliest, end.latest
    if first and last and start.precision == end.precision == Precision.DAY:
        return day_range_text(first, last)
    if first and last and start.precision == end.precision == Precision.MONTH:
        return month_range_text(first, last)
    return str(start) if str(start) == str(end) else f"{start}～{end}"


class CollaborationParty(models.Model):
    """A ward, or a partner, of a joint project."""

    collaboration = models.ForeignKey(
        Collaboration, models.CASCADE, verbose_name="連携事業", related_name="parties"
    )
    side = models.CharField("側", max_length=7, choices=CollaborationSide)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="団体", related_name="collaboration_parties"
    )
    order = models.PositiveSmallIntegerField("並び順", default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携する団体"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "organization"],
                name="agreements_collaboration_party_once",
                violation_error_message="同じ団体を2回選んでいます",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization}（{self.get_side_display()}）"
