"""Named sets of news, pages and stated figures; imports no model."""

from typing import Self

from chronicle.enums import NewsStatus
from core.querysets import RecordQuerySet
from members.rules import levels_of


class NewsQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """Published news of the levels that ``user`` reads: public ones, members' ones, wards'."""
        return self.filter(status=NewsStatus.PUBLISHED, level__in=levels_of(user))

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")


class PageQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """Policy pages are public."""
        return self.all()

    def linked(self, *, unfinished: bool) -> Self:
        """The pages linked at the foot; ``unfinished`` ones still say 【事務局が定める】."""
        return self if unfinished else self.exclude(body__contains=UNFINISHED)


UNFINISHED = "【事務局が定める】"


class StatedFigureQuerySet(RecordQuerySet):
    def latest_of(self, metric: str):
        """The last stated figure of ``metric`` that has a date, or None."""
        return (
            self.filter(metric=metric, as_of_latest__isnull=False).order_by("-as_of_latest").first()
        )
