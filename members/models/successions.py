"""What the portal does about a merger or a new name of a municipality."""

from django.db import models

from members.models.offices import Membership, Office
from members.models.register import MunicipalityChange
from members.querysets import SuccessionQuerySet


class Succession(models.Model):
    """団体の引継ぎ: one organization's part in a change, decided before or on its day.

    Memberships are dated and written at once; offices and the rows that belong to the
    organization move on the day of the change, and ``applied_at`` says when they have. Both
    memberships are kept, so that a change that is taken back knows what it has done.
    """

    change = models.OneToOneField(
        MunicipalityChange, models.PROTECT, verbose_name="市区町村の変更", related_name="succession"
    )
    # The name has its column in the change; its reading waits here for the day.
    kana = models.CharField("新しい名称のカナ", max_length=40, blank=True)
    main_office = models.ForeignKey(
        Office,
        models.PROTECT,
        verbose_name="代表になる部署",
        null=True,
        blank=True,
        related_name="+",
        help_text="ほかの団体の部署が代表になるときは、空です",
    )
    closed = models.OneToOneField(
        Membership,
        models.PROTECT,
        verbose_name="終わった会員登録",
        null=True,
        blank=True,
        related_name="+",
    )
    opened = models.OneToOneField(
        Membership,
        models.PROTECT,
        verbose_name="始まった会員登録",
        null=True,
        blank=True,
        related_name="+",
    )
    planned_at = models.DateTimeField("決めた日時", auto_now_add=True)
    applied_at = models.DateTimeField("引き継いだ日時", null=True, blank=True, editable=False)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "団体の引継ぎ"
        ordering = ["change__date", "pk"]

    def __str__(self) -> str:
        return str(self.change)
