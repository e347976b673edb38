"""Organizations: whatever owns, signs, hosts, receives or logs in."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.addresses import validate_public
from core.models import Attachment, Loaded
from core.querysets import PeriodQuerySet, RecordQuerySet
from core.search import SearchTextField
from members.enums import ASSOCIATION_KINDS, SECRETARIAT_KINDS, CoveredKinds, OrganizationKind
from members.models.register import Municipality, Prefecture
from members.querysets import OrganizationQuerySet


class Theme(models.Model):
    """分野, kept by the secretariat and shared by every record."""

    name = models.CharField("名称", max_length=20, unique=True)
    order = models.PositiveSmallIntegerField("並び順", default=100)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分野"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Organization(Loaded):
    """団体. One-to-one with its municipality or prefecture, if it is one.

    ``record_key`` is what the data calls it by: the six-digit code of a municipality or
    prefecture, any other body's name in the data. A new name given in the admin keeps it.
    """

    record_key = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField("種類", max_length=20, choices=OrganizationKind)
    name = models.CharField("名称", max_length=80)
    kana = models.CharField("カナ", max_length=100, blank=True)
    municipality = models.OneToOneField(
        Municipality,
        models.PROTECT,
        verbose_name="市区町村",
        null=True,
        blank=True,
        related_name="organization",
    )
    prefecture = models.ForeignKey(
        Prefecture,
        models.PROTECT,
        verbose_name="都道府県",
        null=True,
        blank=True,
        related_name="organizations",
    )
    introduction = models.TextField("紹介", max_length=2000, blank=True)
    themes = models.ManyToManyField(Theme, verbose_name="関心のある分野", blank=True)
    seeks = models.TextField("求めること", max_length=500, blank=True)
    provides = models.TextField("提供できること", max_length=500, blank=True)
    specialities = models.TextField("特色・得意なこと", max_length=500, blank=True)
    website = models.URLField("ホームページ", blank=True, validators=[validate_public])
    # What the one picture of the profile shows, for those who do not see it.
    picture_text = models.CharField("写真の説明", max_length=100, blank=True)
    profile_updated_at = models.DateTimeField("紹介の更新", null=True, blank=True, editable=False)
    profile_version = models.PositiveIntegerField(default=1, editable=False)
    note = models.TextField("メモ（事務局のみ）", blank=True)
    search_text = SearchTextField()
    # Apart from the names: who looks for a body by its name means no other one's profile.
    profile_text = SearchTextField(parts="profile_parts")
    attachments = GenericRelation(
        Attachment,
        object_id_field="owner_id",
        content_type_field="owner_type",
        verbose_name="写真",
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "団体"
        ordering = [
            F("municipality__code").asc(nulls_last=True),
            F("prefecture").asc(nulls_last=True),
            "pk",
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=OrganizationKind.MUNICIPALITY, municipality__isnull=False)
                | (~Q(kind=OrganizationKind.MUNICIPALITY) & Q(municipality__isnull=True)),
                name="members_organization_has_its_municipality",
                violation_error_message="市区町村の団体には市区町村を、ほかの団体には選ばないでください",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=~Q(kind=OrganizationKind.MUNICIPALITY),
                name="members_organization_name_once",
                violation_error_message="同じ名称の団体がすでにあります",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("portal:organization_detail", args=[self.pk])

    @property
    def full_name(self) -> str:
        """The name, with the prefecture before a municipality's."""
        if self.municipality_id and self.prefecture_id:
            return f"{self.prefecture.name}{self.name}"
        return self.name

    @property
    def code(self) -> str | None:
        """The 団体コード of a municipality or a prefecture; other bodies have none."""
        if self.municipality_id:
            return self.municipality.code
        if self.is_prefecture and self.prefecture_id:
            return self.prefecture.code6
        return None

    @property
    def is_ward(self) -> bool:
        return bool(self.municipality_id) and self.municipality.is_ward

    @property
    def is_prefecture(self) -> bool:
        return self.kind == OrganizationKind.PREFECTURE

    @property
    def is_association(self) -> bool:
        return self.kind in ASSOCIATION_KINDS

    @property
    def is_secretariat(self) -> bool:
        return self.kind in SECRETARIAT_KINDS

    @property
    def may_be_member(self) -> bool:
        """Wards and the secretariat's bodies have offices and seats, and no membership."""
        return not (self.is_ward or self.is_secretariat)

    def searchable_parts(self) -> list[str]:
        parts = [self.full_name, self.kana]
        if self.municipality_id:
            parts += [
                self.municipality.former_names,
                self.municipality.code,
                self.municipality.district,
            ]
        return parts

    def profile_parts(self) -> list[str]:
        return [self.introduction, self.specialities, self.seeks, self.provides]

    @property
    def picture(self) -> Attachment | None:
        """The one picture of the profile; only one that is described is ever shown."""
        return self.attachments.first() if self.picture_text else None


class ProfileLink(models.Model):
    """A page elsewhere that an organization's profile points to, such as its sightseeing site."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name="団体", related_name="profile_links"
    )
    label = models.CharField("名称", max_length=40)
    url = models.URLField("URL", validators=[validate_public])
    order = models.PositiveSmallIntegerField("並び順", default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "紹介のリンク"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "url"],
                name="members_profile_link_once",
                violation_error_message="同じURLがすでにあります",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Coverage(models.Model):
    """構成自治体: an association covers the municipalities of these kinds in a prefecture."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name="団体", related_name="coverages"
    )
    prefecture = models.ForeignKey(Prefecture, models.PROTECT, verbose_name="都道府県")
    kinds = models.CharField("種類", max_length=3, choices=CoveredKinds)
    valid_from = models.DateField("いつから", null=True, blank=True)
    valid_until = models.DateField("いつまで", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "構成自治体"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "prefecture", "kinds"],
                condition=Q(valid_until=None),
                name="members_one_open_coverage",
                violation_error_message="同じ構成自治体の定めがすでにあります",
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefecture}の{self.get_kinds_display()}"

    @property
    def rule(self) -> Q:
        """The condition on municipalities that this row covers."""
        return Q(
            prefecture=self.prefecture_id, kind__in=CoveredKinds(self.kinds).municipality_kinds
        )


class CoverageException(models.Model):
    """A municipality that, from one day until another, is in or out against the rule."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name="団体", related_name="coverage_exceptions"
    )
    municipality = models.ForeignKey(Municipality, models.PROTECT, verbose_name="市区町村")
    included = models.BooleanField("含む（外すときは選ばない）")
    valid_from = models.DateField("いつから", null=True, blank=True)
    valid_until = models.DateField("いつまで", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "構成自治体の例外"

    def __str__(self) -> str:
        return f"{self.municipality}（{'含む' if self.included else '外す'}）"
