"""The dated entries of the chronology."""

import re
from datetime import date

from django.db import models
from django.urls import reverse

from agreements.models import Agreement, Collaboration
from chronicle.enums import MilestoneCategory
from chronicle.models.relief import Disaster
from chronicle.querysets import MilestoneQuerySet
from core.dates import day_text
from core.models import Dated, Recorded
from core.search import SearchTextField
from core.text import lines_of
from events.models import Event
from members.models import Organization

_ISO_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


class Milestone(Dated, Recorded):
    """沿革. It may be the same happening as records of other rooms, and then refers to them."""

    title = models.CharField("題名", max_length=120)
    detail = models.TextField("説明", blank=True)
    category = models.CharField("種類", max_length=10, choices=MilestoneCategory)
    place = models.CharField("場所", max_length=80, blank=True)
    organizations = models.ManyToManyField(
        Organization, verbose_name="団体", blank=True, related_name="milestones"
    )
    people = models.TextField("人（1行に1人）", blank=True)
    participants_text = models.CharField("参加した団体（文で）", max_length=120, blank=True)
    agreements = models.ManyToManyField(
        Agreement, verbose_name="同じ出来事の協定", blank=True, related_name="milestones"
    )
    collaborations = models.ManyToManyField(
        Collaboration, verbose_name="同じ出来事の連携事業", blank=True, related_name="milestones"
    )
    events = models.ManyToManyField(
        Event, verbose_name="同じ出来事のイベント", blank=True, related_name="milestones"
    )
    disasters = models.ManyToManyField(
        Disaster, verbose_name="同じ出来事の災害", blank=True, related_name="milestones"
    )
    newsletter_order = models.PositiveSmallIntegerField(
        "広報紙の年表での順番（事務局のみ）", null=True, blank=True
    )
    search_text = SearchTextField()

    objects = MilestoneQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "沿革"
        ordering = ["latest", "earliest", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its place on the timeline."""
        return f"{reverse('portal:timeline')}#m{self.pk}"

    def searchable_parts(self) -> list[str]:
        return [self.title, self.detail, self.place, self.people, self.participants_text]

    @property
    def detail_text(self) -> str:
        """The detail as readers see it: a day in it, 2016-09-01 in the data, in both eras."""
        return _ISO_DAY.sub(_in_both_eras, self.detail)

    @property
    def people_list(self) -> list[str]:
        return lines_of(self.people)


def _in_both_eras(found: re.Match[str]) -> str:
    try:
        return day_text(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]
