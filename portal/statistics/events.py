"""Events and their visitors by fiscal year."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.charts import Columns, Figure, Rows, Series, Table
from core.dates import short_year_text
from core.sheets import Column
from portal.statistics.reading import Happening, Reading
from portal.statistics.years import label_of, leading, years_until


@dataclass(frozen=True)
class Year:
    """The events of one fiscal year, or of none that is certain."""

    year: int | None
    events: Sequence[Happening]

    @property
    def label(self) -> str:
        return label_of(self.year)

    @property
    def held(self) -> int:
        return sum(event.was_held for event in self.events)

    @property
    def unconfirmed(self) -> int:
        return len(self.events) - self.held

    @property
    def _stating(self) -> list[Happening]:
        """The held ones that a number of visitors was published of."""
        return [event for event in self.events if event.was_held and event.attendance is not None]

    @property
    def stating(self) -> int:
        return len(self._stating)

    @property
    def visitors(self) -> int:
        return sum(event.attendance or 0 for event in self._stating)

    @property
    def visitors_text(self) -> str:
        """One number as it was published (約452,000人); a sum of inexact ones is 約, too."""
        match self._stating:
            case []:
                return "公表なし"
            case [event]:
                return event.attendance_text
            case events:
                word = "約" if any(event.attendance_qualifier for event in events) else ""
                return f"{word}{self.visitors:,}人"


def _years(reading: Reading) -> list[Year]:
    """The fiscal years in a row, and last the events that lie in none for certain."""
    years: list[int | None] = [
        *years_until(reading.day, (event.fiscal_year for event in reading.events))
    ]
    if any(event.fiscal_year is None for event in reading.events):
        years.append(None)
    return [
        Year(year, [event for event in reading.events if event.fiscal_year == year])
        for year in years
    ]


def by_year(reading: Reading) -> Figure:
    """How many events were held, and apart from them those known only from announcements."""
    rows = _years(reading)
    known = [row for row in rows if row.year is not None]
    held = Series("開催", [row.held for row in known])
    announced = Series("実績未確認", [row.unconfirmed for row in known], "bar unsure")
    return Figure(
        slug="events-by-year",
        title="イベントの数",
        by="年度別",
        unit="件",
        finding=_year_finding([row.label for row in known], held.values),
        drawing=Columns([short_year_text(row.year) for row in known], [held, announced]).drawing,
        table=Table(
            "イベントの数（年度別）",
            [
                Column("年度", "label", 30),
                Column("開催（件）", "held"),
                Column("実績未確認（件）", "unconfirmed"),
            ],
            rows,
        ),
        notes=(
            "実績未確認は、開催の案内だけが確かめられるイベントです。延期・中止は数えていません。",
            *(
                f"年度を特定できない{len(row.events)}件は、図に含めていません。"
                for row in rows
                if row.year is None
            ),
        ),
    )


def _year_finding(labels: list[str], held: list[int]) -> str:
    if not any(held):
        return "この日までに行われ、年度を特定できるイベントはありません。"
    return (
        f"{labels[0]}から{labels[-1]}までに{sum(held)}件の開催が確かめられ、"
        f"最も多いのは{leading(labels, held)}の{max(held)}件です。"
    )


def visitors(reading: Reading) -> Figure:
    """The visitors that were published, added up by fiscal year."""
    rows = _years(reading)
    known = [row for row in rows if row.year is not None]
    return Figure(
        slug="visitors-by-year",
        title="来場者・参加者の数",
        by="年度別",
        unit="人",
        finding=_visitors_finding(rows, known),
        drawing=Rows(
            [short_year_text(row.year) for row in known],
            [Series("来場者・参加者", [row.visitors for row in known])],
            [row.visitors_text.removesuffix("人") for row in known],
        ).drawing,
        table=Table(
            "来場者・参加者の数（年度別）",
            [
                Column("年度", "label", 30),
                Column("公表された数の合計", "visitors_text"),
                Column("公表されたイベント（件）", "stating"),
                Column("開催（件）", "held"),
            ],
            rows,
        ),
        notes=(
            "公表された数だけを足したもので、催し全体の来場者を含みます。",
            "約・超などの付く数を足した年度は、合計にも約を付けています。",
        ),
    )


def _visitors_finding(rows: list[Year], known: list[Year]) -> str:
    numbers = [row.visitors for row in known]
    if not any(numbers):
        return "この日までに来場者・参加者の数が公表され、年度を特定できるイベントはありません。"
    return (
        f"来場者・参加者の数が公表されたイベントは{sum(row.stating for row in rows)}件で、"
        f"公表された数の合計が最も多いのは{leading([row.label for row in known], numbers)}です。"
    )
