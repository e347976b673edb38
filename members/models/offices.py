"""Memberships, and the departments whose contact details the portal keeps true."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core import dates
from core.enums import Channel
from core.models import Loaded
from core.search import SearchTextField
from members.models.organizations import Organization
from members.querysets import DueQuerySet, MembershipQuerySet, OfficeQuerySet, fresh_from

STALE = "1年以上確認されていません"


class Membership(models.Model):
    """会員登録: one period; readmission opens a new one, so that any past count holds."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="団体", related_name="memberships"
    )
    joined = models.DateField("登録日")
    left = models.DateField("退会日", null=True, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "会員登録"
        ordering = ["organization", "joined"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(left=None),
                name="members_one_open_membership",
                violation_error_message="この団体はすでに会員です",
            ),
            models.CheckConstraint(
                condition=Q(left=None) | Q(left__gte=F("joined")),
                name="members_membership_in_order",
                violation_error_message="退会日は、登録日以降の日付にしてください",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}（{dates.day_text(self.joined)}から）"


class Office(Loaded):
    """担当部署, with its contact details and when they were last confirmed, and by whom.

    ``record_key`` is what the data calls one of the two desks by; other offices have none.
    """

    record_key = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="団体", related_name="offices"
    )
    name = models.CharField("部署名", max_length=80)
    is_main = models.BooleanField("代表の部署", default=False)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    extension = models.CharField("内線", max_length=10, blank=True)
    fax = models.CharField("ファクス番号", max_length=20, blank=True)
    email = models.EmailField("共用メールアドレス", blank=True)
    confirmed_at = models.DateTimeField("最終確認", null=True, blank=True)
    confirmed_by = models.CharField("確認した部署", max_length=200, blank=True)
    confirmed_through = models.CharField("確認の方法", max_length=10, choices=Channel, blank=True)
    desk_heading = models.CharField(
        "問い合わせ先の見出し",
        max_length=40,
        blank=True,
        help_text="入力すると、全ページの下に電話番号が出ます",
    )
    desk_order = models.PositiveSmallIntegerField("問い合わせ先の並び順", default=0)
    note = models.TextField("メモ（事務局のみ）", blank=True)
    is_sample = models.BooleanField("見本", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = SearchTextField()

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "担当部署"
        ordering = ["organization", "-is_main", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(is_main=True),
                name="members_one_main_office",
                violation_error_message="代表の部署は、団体に1つです",
            )
        ]

    def __str__(self) -> str:
        return self.signature

    def get_absolute_url(self) -> str:
        return reverse("members:office_detail", args=[self.pk])

    @property
    def signature(self) -> str:
        """How the office signs: 福井県坂井市　企画政策課."""
        return f"{self.organization.full_name}　{self.name}"

    @property
    def postal_code_text(self) -> str:
        """919-0592; what was stored when it is not seven digits."""
        code = self.postal_code
        return f"{code[:3]}-{code[3:]}" if len(code) == 7 else code

    @property
    def confirmed_through_text(self) -> str:
        """How the last confirmation came: サイトで確認, 電話で確認."""
        return Channel(self.confirmed_through).confirmed_text if self.confirmed_through else ""

    @property
    def is_stale(self) -> bool:
        """Not confirmed within a year (domain.md: the portal knows how stale each record is).

        The same rule as ``OfficeQuerySet.stale``.
        """
        if self.confirmed_at is None:
            return True
        return timezone.localdate(self.confirmed_at) < fresh_from(dates.today())

    @property
    def freshness_text(self) -> str:
        """How fresh the details are: 2027年（令和9年）4月12日 確認, or that nobody has confirmed."""
        if self.confirmed_at is None:
            return "まだ確認されていません"
        return f"{dates.day_text(timezone.localdate(self.confirmed_at))} 確認"

    @property
    def staleness_text(self) -> str:
        """What marks old details beside their day; empty for fresh ones, and without a day."""
        return STALE if self.confirmed_at and self.is_stale else ""

    def searchable_parts(self) -> list[str]:
        return [
            self.organization.full_name,
            self.organization.kana,
            self.name,
            self.phone,
            self.email,
        ]


class OfficeRename(models.Model):
    """A department's new name from a day on; posts of before keep the old signature."""

    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="担当部署", related_name="renames"
    )
    name = models.CharField("新しい部署名", max_length=80)
    valid_from = models.DateField("いつから")
    applied_at = models.DateTimeField("変更した日時", null=True, blank=True, editable=False)

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部署名の変更"
        ordering = ["valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(applied_at=None),
                name="members_one_planned_rename",
                violation_error_message="この部署の名称変更は、すでに予定されています",
            )
        ]

    def __str__(self) -> str:
        return f"{self.office.signature} → {self.name}"
