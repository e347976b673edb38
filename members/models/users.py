"""Accounts and the seats that give them access."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property as prefetched_property

from core import dates
from core.audit import Identity
from core.querysets import RecordQuerySet
from core.text import normalise_email
from members.enums import ERASED_PERSON, WRITING_ROLES, Role, Settlement, UserKind
from members.models.invitations import Handover, Invitation
from members.models.offices import Office
from members.models.organizations import Organization
from members.querysets import LoginChangeQuerySet, SeatQuerySet


class UserManager(BaseUserManager):
    """Makes accounts. Everything but a break-glass superuser goes through ``services``."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email=normalise_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """利用者: one account, personal or an office's (共用). The login is the e-mail address."""

    email = models.EmailField("メールアドレス", unique=True)
    family_name = models.CharField("姓", max_length=40, blank=True)
    given_name = models.CharField("名", max_length=40, blank=True)
    kind = models.CharField("種類", max_length=10, choices=UserKind, default=UserKind.PERSONAL)
    is_active = models.BooleanField("有効", default=True)
    is_sample = models.BooleanField("見本", default=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    # The first login; Django's last_login does not keep it.
    started_at = models.DateTimeField("利用開始", null=True, blank=True, editable=False)
    # Since when nothing personal is kept of somebody who has left.
    erased_at = models.DateTimeField("消去", null=True, blank=True, editable=False)
    # Of a shared account: since when nobody knows a password of before.
    credentials_reset_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = verbose_name_plural = "利用者"
        ordering = ["email"]

    def __str__(self) -> str:
        known_by = self.audit_label if self.is_erased else self.email
        return f"{self.display_name}（{known_by}）"

    @property
    def display_name(self) -> str:
        """The person's name; an office account is shown as 共用 wherever it acts.

        Once nothing personal is kept, 退任者: office and role say who it was.
        """
        if self.is_erased and not self.is_shared:
            return ERASED_PERSON
        name = f"{self.family_name} {self.given_name}".strip()
        return name if name and not self.is_shared else self.get_kind_display()

    @property
    def polite_name(self) -> str:
        """The name as pages address it: 福井 一郎さん."""
        if self.is_shared:
            return "共用アカウント"
        if self.is_erased:
            return "退任した方"
        has_name = self.family_name or self.given_name
        return f"{self.display_name}さん" if has_name else "氏名未登録の方"

    @property
    def is_erased(self) -> bool:
        """Whether nothing personal is kept of the person any more (``services.erase_people``)."""
        return self.erased_at is not None

    @property
    def is_shared(self) -> bool:
        """An office account (共用), which several people use."""
        return self.kind == UserKind.OFFICE

    @property
    def audit_label(self) -> str:
        """What the audit log calls the account: no personal value may stand there."""
        return f"利用者 {self.pk}"

    def audit_identity(self) -> Identity:
        """Who acts on the own account, also without a current seat (``core.audit.Actor``)."""
        if self.current_seats:
            return self.current_seats[0].audit_identity()
        return Identity(organization="利用者本人", office="", role="", person=self.display_name)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.family_name or self.display_name

    @cached_property
    def current_seats(self) -> list["Seat"]:
        """The seats held today, read once per request."""
        if not self.is_active:
            return []
        # Not with_user: each of them then has this very account, whose seats are known.
        seats = self.seats.on(dates.today()).with_office().order_by("pk")
        return sorted(seats, key=lambda seat: list(Role).index(Role(seat.role)))

    def set_seats_aside(self) -> None:
        """Until the request ends, the account reads what the public does: it has no seat.

        For who has not accepted the terms of use yet (``members.middleware``).
        """
        self.current_seats = self.lingering_seats = []

    @cached_property
    def lingering_seats(self) -> list["Seat"]:
        """The seats past their date that still open handover and confirmation.

        Those of a last lead to whom nobody has succeeded (``SeatQuerySet.lingering``).
        """
        if not self.is_active:
            return []
        return list(self.seats.lingering(dates.today()).with_office().order_by("pk"))

    @cached_property
    def coming_seats(self) -> list["Seat"]:
        """The seats that have not begun yet, the next one first."""
        if not self.is_active:
            return []
        coming = self.seats.filter(valid_from__gt=dates.today())
        return list(coming.with_office().order_by("valid_from", "pk"))

    @cached_property
    def open_invitations(self) -> list[Invitation]:
        """The invitations that wait for the owner's answer, newest first."""
        return list(Invitation.objects.open_to(self.email))

    @cached_property
    def open_handovers(self) -> list[Handover]:
        """The handovers that wait for the owner's answer, newest first."""
        return list(Handover.objects.open_to(self.email).with_seat())

    @property
    def is_awaited(self) -> bool:
        """Whether a seat is offered to the account's address, and the time for it lasts."""
        return bool(self.open_invitations or self.open_handovers)

    @property
    def is_disputed(self) -> bool:
        """Whether the owner of a former address has objected, and nobody has settled it yet."""
        return self.login_changes.disputed().exists()

    @prefetched_property  # for lists of people; functools' one would be read by Prefetch
    def opening_seats(self) -> list["Seat"]:
        """The seats held today, those that are to come, and those that linger."""
        return list(self.seats.opening(dates.today()).with_office().order_by("pk"))

    @property
    def has_left(self) -> bool:
        """Whether the account had seats, and the last of them has ended."""
        unended = self.seats.filter(Q(valid_until=None) | Q(valid_until__gte=dates.today()))
        return self.seats.exists() and not unended.exists()

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens: a current secretariat seat, or the break-glass account."""
        return self.is_superuser or any(seat.role == Role.STAFF for seat in self.current_seats)


class Seat(models.Model):
    """担当: what one account may do for one office, from one day until another (inclusive)."""

    user = models.ForeignKey(User, models.PROTECT, verbose_name="利用者", related_name="seats")
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="担当部署", related_name="seats"
    )
    role = models.CharField("役割", max_length=6, choices=Role)
    valid_from = models.DateField("いつから")
    valid_until = models.DateField("いつまで", null=True, blank=True)
    # Set when the secretariat has taken the last lead's business over: the seat lingers no more.
    taken_over_at = models.DateTimeField(
        "事務局が引き取った日時", null=True, blank=True, editable=False
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "担当"
        ordering = ["office", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="members_seat_in_order",
                violation_error_message="終わりの日は、始まりの日以降の日付にしてください",
            ),
            models.UniqueConstraint(
                fields=["user", "office"],
                condition=Q(valid_until=None),
                name="members_one_open_seat_per_office",
                violation_error_message="この利用者は、この部署の担当をすでに持っています",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office.signature} {self.user.display_name}（{self.get_role_display()}）"

    @property
    def audit_label(self) -> str:
        """What the audit log calls the seat: no personal value may stand there."""
        return f"{self.office.signature}　{self.get_role_display()}"

    @property
    def organization(self) -> Organization:
        return self.office.organization

    @property
    def signature(self) -> str:
        """How it signs: its office as it is called now, marked where an office account acts."""
        signature = self.office.signature
        return f"{signature}（{UserKind.OFFICE.label}）" if self.user.is_shared else signature

    @property
    def is_current(self) -> bool:
        today = dates.today()
        return self.valid_from <= today and (self.valid_until is None or today <= self.valid_until)

    @property
    def may_write(self) -> bool:
        """A current lead or deputy of an active account."""
        return self.is_current and self.user.is_active and self.role in WRITING_ROLES

    @property
    def is_secretariat(self) -> bool:
        """A current secretariat seat of an active account."""
        return self.is_current and self.user.is_active and self.role == Role.STAFF

    def audit_identity(self) -> Identity:
        """Who acts, for the audit log (``core.audit.Actor``)."""
        return Identity(
            organization=self.organization.full_name,
            office=self.office.name,
            role=self.get_role_display(),
            person=self.user.display_name,
            seat_id=self.pk,
        )


class LoginChange(models.Model):
    """A new login address; the owner of the old one may object for some days.

    While an objection is not settled, the account cannot log in.
    """

    user = models.ForeignKey(
        User, models.CASCADE, verbose_name="利用者", related_name="login_changes"
    )
    before = models.EmailField("前のアドレス")
    after = models.EmailField("新しいアドレス")
    changed_at = models.DateTimeField("変更日時", auto_now_add=True)
    changed_by = models.CharField("変更した部署", max_length=200, editable=False)
    objected_at = models.DateTimeField("異議の日時", null=True, blank=True, editable=False)
    settled_at = models.DateTimeField("処理した日時", null=True, blank=True, editable=False)
    settlement = models.CharField(
        "処理", max_length=8, choices=Settlement, blank=True, editable=False
    )

    objects = LoginChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ログインのメールアドレスの変更"
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user.audit_label}のメールアドレスの変更"

    @property
    def is_disputed(self) -> bool:
        """Whether an objection waits for the secretariat; the account is closed until then."""
        return self.objected_at is not None and self.settled_at is None


class TermsAcceptance(models.Model):
    """利用規約への同意: who accepted which edition, and when."""

    user = models.ForeignKey(
        User, models.CASCADE, verbose_name="利用者", related_name="acceptances"
    )
    edition = models.PositiveIntegerField("版")
    accepted_at = models.DateTimeField("同意した日時", auto_now_add=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "利用規約への同意"
        ordering = ["-accepted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "edition"], name="members_terms_accepted_once")
        ]

    def __str__(self) -> str:
        return f"{self.user.audit_label} 第{self.edition}版"
