"""Members: the figures that the project published, and apart from them the counted ones."""

from dataclasses import dataclass
from datetime import date

from chronicle.models import StatedFigure
from core.charts import Columns, Figure, Lollipops, Series, Stated, Table
from core.dates import (
    day_text,
    fiscal_year_bounds,
    fiscal_year_of,
    fiscal_year_text,
    short_year_text,
)
from core.enums import qualified
from core.sheets import Column
from core.text import joined
from members.models import Membership
from portal.queries import stated_members
from portal.statistics.reading import Reading


def stated(reading: Reading) -> Figure:
    """公表値: each a dot on its date; what lies between them is not estimated."""
    figures = [
        figure
        for figure in stated_members()
        if figure.in_charts and figure.as_of_latest <= reading.day
    ]
    return Figure(
        slug="members",
        title="会員登録自治体の数",
        unit="自治体",
        finding=_stated_finding(figures),
        drawing=Lollipops([_point(figure) for figure in figures]).drawing,
        table=Table(
            "会員登録自治体の数（公表値）",
            [
                Column("時点", "as_of", 34),
                Column("公表値", "value_text"),
                Column("出典", _sources, 50),
            ],
            figures,
            is_wide=True,
        ),
        notes=("公表された時点だけを示し、その間の数は推定しません。",),
        is_stated=True,
    )


def _stated_finding(figures: list[StatedFigure]) -> str:
    if not figures:
        return "この日までに公表された会員登録の数はありません。"
    numbers = "、".join(f"{figure.as_of}は{figure.value_text}" for figure in figures)
    return f"{numbers}と公表されています。"


def _point(figure: StatedFigure) -> Stated:
    text = qualified(figure.value, figure.qualifier)
    return Stated(figure.as_of_earliest, figure.as_of_latest, figure.value, text)


def _sources(figure: StatedFigure) -> str:
    return joined(figure.public_sources)


@dataclass(frozen=True)
class YearEnd:
    """How many municipalities were members at the end of a fiscal year, or on the day."""

    year: int
    day: date
    members: int

    @property
    def label(self) -> str:
        is_end = self.day == fiscal_year_bounds(self.year)[1]
        return f"{fiscal_year_text(self.year)}末" if is_end else f"{day_text(self.day)}現在"


def counted(reading: Reading) -> Figure | None:
    """Counted from the memberships; None as long as no real one is known. One query."""
    periods = list(
        Membership.objects.real()
        .filter(joined__lte=reading.day)
        .order_by()
        .values_list("organization", "joined", "left")
    )
    if not periods:
        return None
    first = fiscal_year_of(min(joined for _, joined, _ in periods))
    rows = [
        _year_end(year, min(fiscal_year_bounds(year)[1], reading.day), periods)
        for year in range(first, fiscal_year_of(reading.day) + 1)
    ]
    numbers = [row.members for row in rows]
    return Figure(
        slug="members-counted",
        title="会員登録自治体の数",
        by="会員登録の記録から計算",
        unit="自治体",
        finding=f"{rows[-1].label}、{numbers[-1]:,}自治体が会員です。",
        drawing=Columns(
            [short_year_text(row.year) for row in rows], [Series("会員", numbers)]
        ).drawing,
        table=Table(
            "会員登録自治体の数（会員登録の記録から計算）",
            [Column("時点", "label", 34), Column("会員（自治体）", "members")],
            rows,
        ),
        notes=("年度の終わりの数です。公表値とは数え方が違うため、続けて比べられません。",),
    )


def _year_end(year: int, day: date, periods: list[tuple[int, date, date | None]]) -> YearEnd:
    members = {
        body for body, joined, left in periods if joined <= day and (left is None or left >= day)
    }
    return YearEnd(year, day, len(members))
