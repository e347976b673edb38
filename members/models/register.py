"""The official register: prefectures, municipalities, and what became of them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from core.dates import lies_within
from core.models import Loaded, Source
from core.querysets import RecordQuerySet
from members.codes import is_code
from members.enums import ChangeKind, MunicipalityKind
from members.querysets import MunicipalityQuerySet


def validate_code(code: str) -> None:
    """Raises ``ValidationError`` unless the code's check digit holds."""
    if not is_code(code):
        raise ValidationError("団体コードは、検査数字を含む6桁の数字で入力してください")


class Prefecture(Loaded):
    """都道府県, with its cell on the tile map (counted from 1)."""

    code = models.CharField("コード", max_length=2, primary_key=True)
    code6 = models.CharField("団体コード", max_length=6, unique=True, validators=[validate_code])
    name = models.CharField("名称", max_length=4)
    kana = models.CharField("カナ", max_length=10)
    region = models.CharField("地方", max_length=10)
    tile_row = models.PositiveSmallIntegerField("地図の行")
    tile_column = models.PositiveSmallIntegerField("地図の列")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "都道府県"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tile_row", "tile_column"], name="members_one_prefecture_per_tile"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:municipality_list", args=[self.code])

    @property
    def short_name(self) -> str:
        """The name as the tile map prints it: 北海道, 青森, 京都."""
        return self.name if self.name == "北海道" else self.name[:-1]


class Municipality(Loaded):
    """市区町村: one row of the official register. Retired by date, never deleted."""

    code = models.CharField("団体コード", max_length=6, unique=True, validators=[validate_code])
    prefecture = models.ForeignKey(Prefecture, models.PROTECT, verbose_name="都道府県")
    name = models.CharField("名称", max_length=20)
    kana = models.CharField("カナ", max_length=40, blank=True)
    kind = models.CharField("種類", max_length=3, choices=MunicipalityKind)
    district = models.CharField("郡", max_length=20, blank=True)
    designated_city = models.BooleanField("政令指定都市", default=False)
    former_names = models.CharField("旧名称", max_length=100, blank=True)
    valid_from = models.DateField(
        "いつから", null=True, blank=True, help_text="コードが変わらない名称変更では変わりません"
    )
    valid_until = models.DateField("廃止の前日", null=True, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "市区町村"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its prefecture, because 府中市 and 伊達市 exist twice."""
        return f"{self.prefecture.name}{self.name}"

    @property
    def is_ward(self) -> bool:
        return self.kind == MunicipalityKind.WARD

    def is_there_on(self, day: date) -> bool:
        """Whether it has begun by ``day``, and not ended before."""
        return lies_within(day, self.valid_from, self.valid_until)


class MunicipalityChange(Loaded):
    """A merger or a new name or kind, from its first day."""

    date = models.DateField("施行日")
    kind = models.CharField("種類", max_length=15, choices=ChangeKind)
    former = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="変更前", related_name="changes_from"
    )
    former_name = models.CharField("変更前の名称", max_length=20)
    current = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="変更後", related_name="changes_to"
    )
    current_name = models.CharField("変更後の名称", max_length=20)
    sources = models.ManyToManyField(Source, verbose_name="出典", blank=True, related_name="+")
    note = models.TextField("メモ（事務局のみ）", blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "市区町村の変更"
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "former", "current"], name="members_one_change_per_day_and_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.former_name} → {self.current_name}"
