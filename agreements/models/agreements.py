"""Agreements: one signed document each, with organizations on its sides."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse

from agreements.enums import AgreementKind, ItemsBasis, Renewal, Side
from agreements.querysets import AgreementQuerySet
from core.dates import day_text
from core.models import Dated, Recorded
from core.querysets import RecordQuerySet
from core.search import SearchTextField
from core.text import lines_of
from members.enums import OrganizationKind
from members.models import Organization


class Agreement(Dated, Recorded):
    """協定. Its date of the record (``when``) is the day of signing."""

    title = models.CharField("題名", max_length=120)
    title_is_descriptive = models.BooleanField("題名は説明（本来の題名は不明）", default=False)
    kind = models.CharField("種類", max_length=15, choices=AgreementKind)
    organizations = models.ManyToManyField(
        Organization, through="AgreementParty", related_name="agreements", verbose_name="当事者"
    )
    items = models.TextField("連携事項（1行に1つ）", blank=True)
    items_basis = models.CharField(
        "連携事項の根拠（事務局のみ）", max_length=15, choices=ItemsBasis, blank=True
    )
    item_count = models.PositiveSmallIntegerField("連携事項の数（公表値）", null=True, blank=True)
    term_years = models.PositiveSmallIntegerField("有効期間（年）", null=True, blank=True)
    renews = models.CharField("更新", max_length=8, choices=Renewal, default=Renewal.UNKNOWN)
    notice_months = models.PositiveSmallIntegerField(
        "満了の何か月前までに通知", null=True, blank=True
    )
    ends_on = models.DateField(
        "満了日",
        null=True,
        blank=True,
        help_text="更新のない協定で、満了日が分かるときだけ入力してください",
    )
    terminated_on = models.DateField("終了日", null=True, blank=True, editable=False)
    termination_reason = models.TextField("終了の理由", blank=True, editable=False)
    status_as_of = models.CharField("継続を確認した時期（事務局のみ）", max_length=10, blank=True)
    place = models.CharField("締結の場所", max_length=80, blank=True)
    summary = models.TextField("概要", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = SearchTextField()

    objects = AgreementQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "協定"
        ordering = ["latest", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(renews=Renewal.NONE),
                name="agreements_last_day_without_renewal",
                violation_error_message="満了日は、更新が「更新なし」の協定だけに入力してください",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreements:agreement_detail", args=[self.pk])

    def searchable_parts(self) -> list[str]:
        return [self.title, self.items, self.summary, self.get_kind_display(), self.place]

    @property
    def signed_text(self) -> str:
        """2019年（令和元年）9月5日に締結; 締結日は未確認 where the record leaves the day open."""
        return f"{self.when}に締結" if self.when.bounds else "締結日は未確認"

    @property
    def item_list(self) -> list[str]:
        return lines_of(self.items)

    @property
    def unnamed_items(self) -> int:
        """How many of the stated items are not known by name."""
        return max(0, (self.item_count or 0) - len(self.item_list))

    @property
    def ward_side(self) -> "list[AgreementParty]":
        return self._parties_on(Side.SPECIAL_WARDS)

    @property
    def counterparts(self) -> "list[AgreementParty]":
        return self._parties_on(Side.COUNTERPART)

    @property
    def witnesses(self) -> "list[AgreementParty]":
        return self._parties_on(Side.WITNESS)

    @property
    def is_of_all_wards(self) -> bool:
        """Whether 特別区長会 has concluded it for the 23 wards (as ``AgreementQuerySet``)."""
        mayors = OrganizationKind.WARD_MAYORS
        return any(party.organization.kind == mayors for party in self.ward_side)

    @property
    def distinct_title(self) -> str:
        """The title with its parties where it names none: two wards' agreements share one."""
        if self.title_is_descriptive:
            return self.title
        names = [party.organization.full_name for party in self.ward_side + self.counterparts]
        return f"{self.title}（{'・'.join(names)}）" if names else self.title

    @property
    def bound_associations(self) -> list[Organization]:
        """The 市長会・町村会 on the counterpart side."""
        bodies = [party.organization for party in self.counterparts]
        return [body for body in bodies if body.is_association]

    def _parties_on(self, side: Side) -> "list[AgreementParty]":
        return [party for party in self.parties.all() if party.side == side]

    @property
    def term_text(self) -> str:
        """The term and its renewal as far as they are known; an expiry is never invented."""
        if not self.term_years:
            return "未確認"
        term = f"締結の日から{self.term_years}年"
        if self.renews == Renewal.AUTO:
            return f"{term}、以後{self.term_years}年ごとに自動更新{self._notice_text}"
        if self.renews == Renewal.NONE:
            return f"{term}{f'（{day_text(self.ends_on)}まで）' if self.ends_on else ''}、更新なし"
        return f"{term}（更新の有無は未確認）"

    @property
    def _notice_text(self) -> str:
        if not self.notice_months:
            return ""
        return f"（満了の日の{self.notice_months}か月前までに通知がない場合）"

    def in_force_on(self, day: date) -> bool:
        """Whether the agreement certainly held on ``day`` (as ``AgreementQuerySet``)."""
        return (
            self.when.certain_by(day)
            and (self.ends_on is None or self.ends_on >= day)
            and (self.terminated_on is None or self.terminated_on > day)
        )


class AgreementParty(models.Model):
    """当事者: an organization on one side of an agreement."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, verbose_name="協定", related_name="parties"
    )
    side = models.CharField("側", max_length=15, choices=Side)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="団体", related_name="agreement_parties"
    )
    name_at_signing = models.CharField("締結時の名称", max_length=80, blank=True)
    order = models.PositiveSmallIntegerField("並び順", default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "当事者"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organization"],
                name="agreements_party_once",
                violation_error_message="同じ団体を2回選んでいます",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization}（{self.get_side_display()}）"
