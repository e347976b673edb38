"""Relief by year and by kind."""

from chronicle.enums import ReliefKind
from chronicle.queries import YearTotal, relief_by_kind, relief_by_year
from core.charts import Columns, Figure, Rows, Series, Table
from core.dates import short_year_text
from core.sheets import Column
from portal.statistics.reading import Reading
from portal.statistics.years import leading

_NONE = "この日までに起きた災害への支援の記録はありません。"


def by_year(reading: Reading) -> Figure:
    """The disasters that were followed by support, by the calendar year they happened in."""
    totals = {total.year: total for total in relief_by_year(reading.day)}
    known = [year for year in totals if year is not None]
    years = list(range(min(known), reading.day.year + 1)) if known else []
    rows = [totals.get(year) or _nothing_in(year) for year in years]
    numbers = [row.disasters for row in rows]
    if None in totals:
        rows.append(totals[None])
    return Figure(
        slug="relief-by-year",
        title="支援した災害の数",
        by="災害が起きた年別",
        unit="件",
        finding=_year_finding([row.label for row in rows[: len(years)]], numbers),
        drawing=Columns(
            [short_year_text(year) for year in years], [Series("災害", numbers)]
        ).drawing,
        table=Table(
            "支援した災害の数（災害が起きた年別）",
            [
                Column("災害が起きた年", "label", 36),
                Column("災害（件）", "disasters"),
                *map(_column, ReliefKind),
            ],
            rows,
            is_wide=True,
        ),
    )


def _nothing_in(year: int) -> YearTotal:
    return YearTotal(year, 0, dict.fromkeys(ReliefKind, 0))


def _column(kind: ReliefKind) -> Column:
    return Column(kind.label, lambda row: row.by_kind[kind])


def _year_finding(labels: list[str], numbers: list[int]) -> str:
    if not any(numbers):
        return _NONE
    return (
        f"{labels[0]}から{labels[-1]}までに起きた{sum(numbers)}件の災害で支援を行い、"
        f"最も多いのは{leading(labels, numbers)}の{max(numbers)}件です。"
    )


def by_kind(reading: Reading) -> Figure:
    """The same disasters by the kinds of support given after them."""
    totals = relief_by_kind(reading.day)
    counts = "、".join(f"{total.kind.label}は{total.disasters}件" for total in totals)
    return Figure(
        slug="relief-by-kind",
        title="支援した災害の数",
        by="支援の種類別",
        unit="件",
        finding=(
            f"{counts}の災害で行いました。" if any(row.disasters for row in totals) else _NONE
        ),
        drawing=Rows(
            [total.kind.label for total in totals],
            [Series("災害", [total.disasters for total in totals])],
        ).drawing,
        table=Table(
            "支援した災害の数（支援の種類別）",
            [Column("支援の種類", lambda row: row.kind.label), Column("災害（件）", "disasters")],
            totals,
        ),
        notes=("1つの災害で2種類以上の支援を行ったときは、それぞれの種類に数えています。",),
    )
