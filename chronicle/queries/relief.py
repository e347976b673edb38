"""The relief that was given: its totals as of a day, what a body received, what came last.

A disaster counts from the day by which it had certainly happened; when its support was given
is not recorded. Each disaster counts once in every cell, however many rows it has there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch

from chronicle.enums import ReliefKind
from chronicle.models import Disaster, Relief, StatedFigure
from chronicle.querysets import DisasterQuerySet, ReliefQuerySet
from core.dates import UNKNOWN, whole_year_text
from core.models import Source, public_sources
from core.text import joined
from members.enums import OrganizationKind
from members.models import Organization, Prefecture


@dataclass(frozen=True)
class Given:
    """Support after one disaster: all of its rows, or those that one body received."""

    disaster: Disaster
    reliefs: list[Relief]

    @classmethod
    def after(cls, disaster: Disaster) -> "Given":
        """All support after ``disaster``."""
        return cls(disaster, list(disaster.reliefs.all()))

    @property
    def support_text(self) -> str:
        """職員派遣（230名）、復興支援金: each kind once, in the order of the rows."""
        kinds = dict.fromkeys(relief.kind for relief in self.reliefs)
        return joined(self._kind_text(kind) for kind in kinds)

    def _kind_text(self, kind: str) -> str:
        staff = Stated.of(relief.staff for relief in self.reliefs if relief.kind == kind)
        return f"{kind}（{staff.total:,}名）" if staff.numbers else kind

    @property
    def year_cell(self) -> str:
        """The year as the newsletter prints it; for what it did not print, from the date."""
        disaster = self.disaster
        return disaster.printed_year or (whole_year_text(disaster.year) if disaster.year else "")

    @property
    def when_cell(self) -> str:
        return self.disaster.printed_when or str(self.disaster.when)

    @property
    def support_cell(self) -> str:
        """The support as the newsletter prints it; otherwise in the same form from the rows."""
        if self.disaster.printed_support:
            return self.disaster.printed_support
        names = "／".join(body.full_name for body in self.recipients)
        return f"{self.support_text}（{names}）" if names else self.support_text

    @property
    def recipients_text(self) -> str:
        """石川県、新潟県、富山県."""
        return joined(self.recipients)

    @property
    def recipients(self) -> list[Organization]:
        """Who received it, each once; empty where the record names nobody."""
        return list(dict.fromkeys(body for row in self.reliefs for body in row.recipients.all()))

    @property
    def amount(self) -> "Stated":
        """The money of these rows in yen, for all of their recipients together."""
        return Stated.of(relief.amount_yen for relief in self.reliefs)


@dataclass(frozen=True)
class Stated:
    """Numbers that some rows state. ``silent`` rows state none, which does not mean zero."""

    numbers: tuple[int, ...]
    silent: int

    @classmethod
    def of(cls, values: Iterable[int | None]) -> "Stated":
        values = list(values)
        numbers = tuple(value for value in values if value is not None)
        return cls(numbers, len(values) - len(numbers))

    @property
    def total(self) -> int:
        return sum(self.numbers)

    @property
    def rows(self) -> int:
        return len(self.numbers) + self.silent


@dataclass(frozen=True)
class KindTotal:
    """One kind of support. ``staff`` and ``amount`` (yen) are what its rows state today."""

    kind: ReliefKind
    disasters: int
    staff: Stated
    amount: Stated


@dataclass(frozen=True)
class YearTotal:
    """The disasters of one calendar year that were followed by support, in all and by kind.

    ``year`` is None for disasters whose date leaves the year open.
    """

    year: int | None
    disasters: int
    by_kind: dict[ReliefKind, int]

    @property
    def label(self) -> str:
        """2019年（平成31年・令和元年）."""
        return UNKNOWN if self.year is None else whole_year_text(self.year)


@dataclass(frozen=True)
class PrefectureTotal:
    """What went to one prefecture, its municipalities and its associations.

    Of its ``recipients`` the prefecture itself comes first.

    ``prefecture`` is None for bodies that belong to none.
    """

    prefecture: Prefecture | None
    disasters: int
    recipients: list[Organization]
    amount: Stated


def relief_by_kind(day: date) -> list[KindTotal]:
    """Every kind in its order, with the disasters certain by ``day``. One query.

    Numbers of staff and yen are the ones last stated, whatever ``day`` is.
    """
    reliefs = list(Relief.objects.certain_by(day))
    return [_kind_total(kind, [row for row in reliefs if row.kind == kind]) for kind in ReliefKind]


def _kind_total(kind: ReliefKind, reliefs: list[Relief]) -> KindTotal:
    return KindTotal(
        kind=kind,
        disasters=_disasters(reliefs),
        staff=Stated.of(relief.staff for relief in reliefs),
        amount=Stated.of(relief.amount_yen for relief in reliefs),
    )


def _disasters(reliefs: Iterable[Relief]) -> int:
    """How many disasters ``reliefs`` are of."""
    return len({relief.disaster_id for relief in reliefs})


def relief_by_year(day: date) -> list[YearTotal]:
    """The calendar years with disasters certain by ``day``, the earliest first. One query.

    By calendar year, as the newsletter prints them; years without any are left out.
    """
    reliefs = list(Relief.objects.certain_by(day).select_related("disaster"))
    years = {relief.disaster.year for relief in reliefs}
    return [
        _year_total(year, [row for row in reliefs if row.disaster.year == year])
        for year in sorted(years, key=lambda year: (year is None, year))
    ]


def _year_total(year: int | None, reliefs: list[Relief]) -> YearTotal:
    by_kind = {kind: _disasters(row for row in reliefs if row.kind == kind) for kind in ReliefKind}
    return YearTotal(year, _disasters(reliefs), by_kind)


def relief_by_prefecture(day: date) -> list[PrefectureTotal]:
    """The prefectures that received support, in the order of their codes. Three queries.

    Only money names its recipients (data/README: relief.csv). A disaster that struck several
    prefectures counts in each of them.
    """
    reliefs = with_recipients(Relief.objects.certain_by(day))
    given: dict[Prefecture | None, list[tuple[Organization, Relief]]] = {}
    for relief in reliefs:
        for body in relief.recipients.all():
            given.setdefault(body.prefecture, []).append((body, relief))
    return [_prefecture_total(prefecture, given[prefecture]) for prefecture in _by_code(given)]


def _by_code(prefectures: Iterable[Prefecture | None]) -> list[Prefecture | None]:
    return sorted(prefectures, key=lambda row: (row is None, row and row.code))


def _prefecture_total(
    prefecture: Prefecture | None, given: list[tuple[Organization, Relief]]
) -> PrefectureTotal:
    reliefs = dict.fromkeys(relief for _, relief in given)
    bodies = dict.fromkeys(body for body, _ in given)
    return PrefectureTotal(
        prefecture=prefecture,
        disasters=_disasters(reliefs),
        recipients=sorted(bodies, key=lambda body: body.kind != OrganizationKind.PREFECTURE),
        amount=Stated.of(_amount_within(prefecture, relief) for relief in reliefs),
    )


def _amount_within(prefecture: Prefecture | None, relief: Relief) -> int | None:
    """The row's money, unless bodies of other prefectures share in it: then nobody knows."""
    shared = any(body.prefecture != prefecture for body in relief.recipients.all())
    return None if shared else relief.amount_yen


def reliefs_received(organization: Organization) -> list[Given]:
    """The support that names ``organization`` as a recipient, the latest disaster first.

    Three queries.
    """
    return _by_disaster(with_recipients(organization.reliefs.all()))


def reliefs_within(government: Organization) -> list[Given]:
    """What the other bodies of a prefecture received beside its ``government``, the latest first.

    Each support names those bodies alone as its recipients. Two queries.
    """
    within = Organization.objects.filter(prefecture=government.prefecture_id)
    within = within.exclude(pk=government.pk)
    named = Relief.recipients.through.objects.filter(organization__in=within)
    bodies = Prefetch("recipients", within.select_related("prefecture"))
    reliefs = Relief.objects.filter(pk__in=named.values("relief"))
    return _by_disaster(reliefs.prefetch_related(bodies))


def _by_disaster(reliefs: ReliefQuerySet) -> list[Given]:
    """``reliefs`` under their disasters, the latest one first."""
    latest_first = (F("disaster__latest").desc(nulls_last=True), "-disaster", "pk")
    disasters: dict[Disaster, list[Relief]] = {}
    for relief in reliefs.select_related("disaster").order_by(*latest_first):
        disasters.setdefault(relief.disaster, []).append(relief)
    return [Given(disaster, rows) for disaster, rows in disasters.items()]


def latest_relief(count: int) -> list[Given]:
    """The last ``count`` disasters that were followed by support, the latest first.

    Four queries.
    """
    disasters = with_reliefs(Disaster.objects.filter(pk__in=Relief.objects.values("disaster")))
    newest_first = disasters.order_by(F("latest").desc(nulls_last=True), "-order", "-pk")
    return [Given.after(disaster) for disaster in newest_first[:count]]


def with_recipients(reliefs):
    """``reliefs`` with who received them, read in two further queries."""
    return reliefs.prefetch_related("recipients__prefecture")


def with_reliefs(disasters: DisasterQuerySet) -> DisasterQuerySet:
    """``disasters`` with their support and who received it, in three further queries."""
    return disasters.prefetch_related(Prefetch("reliefs", with_recipients(Relief.objects.all())))


def with_sources(disasters: DisasterQuerySet) -> DisasterQuerySet:
    """``disasters`` of ``with_reliefs`` with the public sources of both, in two more queries."""
    return disasters.prefetch_related(public_sources(), public_sources("reliefs__sources"))


def stated_figures_of(disaster: Disaster) -> list[StatedFigure]:
    """The figures that somebody published about ``disaster``, the earliest first."""
    if not disaster.record_id:
        return []
    figures = StatedFigure.objects.filter(refers_to=disaster.record_id)
    return list(figures.order_by("metric", "as_of_latest", "pk").prefetch_related(public_sources()))


def sources_of(given: Given) -> list[Source]:
    """The public sources of a disaster and of its support, each once."""
    rows = [given.disaster, *given.reliefs]
    return list(dict.fromkeys(source for row in rows for source in row.public_sources))
