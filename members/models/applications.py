"""Requests to become a member."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.search import SearchTextField
from core.traces import is_erased
from members.addresses import is_municipal
from members.enums import ERASED_PERSON, ApplicationStatus, Role, UserKind
from members.models.offices import Membership
from members.models.organizations import Organization, Theme
from members.querysets import ApplicationQuerySet

PURPOSE_LENGTH = 500
SEEKS_LENGTH = 500


class Application(models.Model):
    """会員登録申請: what was typed, until the secretariat approves it.

    The office's contact details have the names of ``Office``'s columns; the people are
    ``ApplicationPerson``. ``reason`` is that of the last ``send_back`` or ``reject``.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="団体", related_name="applications"
    )
    status = models.CharField(
        "状態",
        max_length=9,
        choices=ApplicationStatus,
        default=ApplicationStatus.APPLIED,
        editable=False,
    )
    office_name = models.CharField("部署名", max_length=80)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("住所", max_length=200)
    phone = models.CharField("電話番号", max_length=20)
    extension = models.CharField("内線", max_length=10, blank=True)
    fax = models.CharField("ファクス番号", max_length=20, blank=True)
    office_email = models.EmailField("共用メールアドレス", blank=True)
    themes = models.ManyToManyField(Theme, verbose_name="関心のある分野", blank=True)
    seeks = models.TextField("求めること", max_length=SEEKS_LENGTH, blank=True)
    provides = models.TextField("提供できること", max_length=SEEKS_LENGTH, blank=True)
    purpose = models.TextField("利用の目的", max_length=PURPOSE_LENGTH)
    applied_at = models.DateTimeField("申請日時", auto_now_add=True)
    # By whom the number that the municipality publishes was called, and who answered there.
    called_at = models.DateTimeField("電話した日時", null=True, blank=True, editable=False)
    called_by = models.CharField("電話した担当", max_length=200, blank=True, editable=False)
    called_whom = models.CharField("電話の相手", max_length=80, blank=True, editable=False)
    called_number = models.CharField("電話した番号", max_length=20, blank=True, editable=False)
    reason = models.TextField("理由", blank=True, editable=False)
    settled_at = models.DateTimeField("処理した日時", null=True, blank=True, editable=False)
    membership = models.OneToOneField(
        Membership,
        models.PROTECT,
        verbose_name="会員登録",
        null=True,
        blank=True,
        editable=False,
        related_name="application",
    )
    is_sample = models.BooleanField("見本", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = SearchTextField()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "会員登録申請"
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(status__in=[ApplicationStatus.APPLIED, ApplicationStatus.RETURNED]),
                name="members_one_open_application",
                violation_error_message="この団体の申請は、すでに受け付けています",
            ),
            models.CheckConstraint(
                condition=~Q(status=ApplicationStatus.APPROVED) | Q(membership__isnull=False),
                name="members_approved_application_opens_membership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.organization.full_name}"

    def get_absolute_url(self) -> str:
        return reverse("admin:members_application_change", args=[self.pk])

    @property
    def number(self) -> str:
        """受付番号, as the applicant is told it."""
        return f"A{self.pk:05}"

    @property
    def audit_label(self) -> str:
        return str(self)

    @property
    def lead(self) -> "ApplicationPerson":
        """The person who applies and is to become the lead."""
        return next(person for person in self.people.all() if person.role == Role.LEAD)

    def searchable_parts(self) -> list[str]:
        return [self.organization.full_name, self.organization.kana, self.office_name]


class ApplicationPerson(models.Model):
    """A lead or deputy named in an application."""

    application = models.ForeignKey(
        Application, models.CASCADE, verbose_name="申請", related_name="people"
    )
    role = models.CharField("役割", max_length=6, choices=Role)
    kind = models.CharField("種類", max_length=10, choices=UserKind, default=UserKind.PERSONAL)
    family_name = models.CharField("姓", max_length=40, blank=True)
    given_name = models.CharField("名", max_length=40, blank=True)
    email = models.EmailField("メールアドレス")

    class Meta:
        verbose_name = verbose_name_plural = "申請の担当者"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(role=Role.LEAD),
                name="members_one_lead_per_application",
            ),
            models.UniqueConstraint(
                fields=["application", "email"], name="members_application_person_once"
            ),
        ]

    def __str__(self) -> str:
        if is_erased(self.email) and self.kind == UserKind.PERSONAL:
            return ERASED_PERSON
        return f"{self.family_name} {self.given_name}".strip() or self.get_kind_display()

    @property
    def is_municipal(self) -> bool:
        """Whether the address is one that only municipalities have."""
        return is_municipal(self.email)
