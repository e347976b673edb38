"""Named sets of the chronicle's rows; imports no model."""

from datetime import date
from typing import Self

from chronicle.enums import NewsStatus
from core.querysets import DatedQuerySet, RecordQuerySet, SearchableQuerySet
from members.rules import levels_of


class NewsQuerySet(SearchableQuerySet):
    def visible_to(self, user) -> Self:
        """Published news of the levels that ``user`` reads: public ones, members' ones, wards'."""
        return self.filter(status=NewsStatus.PUBLISHED, level__in=levels_of(user))

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")


# Where the terms of use are (chronicle/data/pages); the address of a page is never changed.
TERMS = "terms"


class PageQuerySet(SearchableQuerySet):
    def visible_to(self, user) -> Self:
        """Policy pages are public."""
        return self.all()

    def linked(self, *, unfinished: bool) -> Self:
        """The pages linked at the foot; ``unfinished`` ones still say 【事務局が定める】."""
        return self if unfinished else self.exclude(body__contains=UNFINISHED)

    def terms(self) -> Self:
        """利用規約, which members accept: one page at most."""
        return self.filter(slug=TERMS)


UNFINISHED = "【事務局が定める】"


class StatedFigureQuerySet(RecordQuerySet):
    def latest_of(self, metric: str):
        """The last stated figure of ``metric`` that has a date, or None."""
        return (
            self.filter(metric=metric, as_of_latest__isnull=False).order_by("-as_of_latest").first()
        )


class MilestoneQuerySet(SearchableQuerySet, DatedQuerySet):
    search_through = ("organizations",)

    def visible_to(self, user) -> Self:
        """The chronology is public."""
        return self.all()


class DisasterQuerySet(SearchableQuerySet, DatedQuerySet):
    search_through = ("reliefs__recipients",)

    def visible_to(self, user) -> Self:
        """The relief given is public."""
        return self.all()


class ReliefQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """The relief given is public."""
        return self.all()

    def certain_by(self, day: date) -> Self:
        """The support after disasters that had certainly happened by ``day``."""
        return self.filter(disaster__latest__lte=day)
