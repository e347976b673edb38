"""Joint projects by the fiscal year in which they began, by theme and by ward."""

from collections import Counter
from dataclasses import dataclass

from core.charts import Columns, Figure, Rows, Series, Table
from core.dates import short_year_text
from core.sheets import Column
from portal.statistics.reading import Reading
from portal.statistics.years import label_of, leading, years_until

_NONE = "この日までに始まったことが確かめられる連携事業はありません。"
_NO_YEAR = "この日までに始まった連携事業で、年度を特定できるものはありません。"


@dataclass(frozen=True)
class Count:
    """How many projects there are of one label."""

    label: str
    number: int


def by_year(reading: Reading) -> Figure:
    """By the fiscal year of their start."""
    counts = Counter(project.fiscal_year for project in reading.projects)
    years = years_until(reading.day, counts)
    shown = [*years, None] if counts[None] else years
    numbers = [counts[year] for year in years]
    return Figure(
        slug="projects-by-year",
        title="連携事業の数",
        by="開始した年度別",
        unit="件",
        finding=_year_finding(reading, years, numbers),
        drawing=Columns(
            [short_year_text(year) for year in years], [Series("連携事業", numbers)]
        ).drawing,
        table=Table(
            "連携事業の数（開始した年度別）",
            [Column("開始した年度", "label", 30), Column("連携事業（件）", "number")],
            [Count(label_of(year), counts[year]) for year in shown],
        ),
        notes=_unsure_notes(reading),
    )


def _year_finding(reading: Reading, years: list[int], numbers: list[int]) -> str:
    if not years:
        return _NO_YEAR if reading.projects else _NONE
    labels = [label_of(year) for year in years]
    return (
        f"{labels[0]}から{labels[-1]}までに{sum(numbers)}件が始まり、"
        f"最も多いのは{leading(labels, numbers)}の{max(numbers)}件です。"
    )


def _unsure_notes(reading: Reading) -> tuple[str, ...]:
    """Names what the chart leaves out, because its start is not known well enough."""
    notes = []
    if unsure := [project for project in reading.projects if project.fiscal_year is None]:
        names = "、".join(f"{project.title}（{project.start}）" for project in unsure)
        notes.append(f"開始した年度を特定できない{len(unsure)}件は、図に含めていません：{names}。")
    if without := reading.projects_without_start:
        names = "、".join(project.title for project in without)
        notes.append(f"開始時期が未確認の{len(without)}件は、どの数にも含めていません：{names}。")
    return tuple(notes)


def by_theme(reading: Reading) -> Figure:
    """By theme; a project of several themes counts for each of them."""
    counts = Counter(theme for project in reading.projects for theme in project.themes)
    rows = [Count(theme.name, counts[theme.pk]) for theme in reading.themes]
    labels, numbers = [row.label for row in rows], [row.number for row in rows]
    return Figure(
        slug="projects-by-theme",
        title="連携事業の数",
        by="分野別",
        unit="件",
        finding=(
            f"連携事業{len(reading.projects)}件のうち、最も多い分野は"
            f"{leading(labels, numbers)}で、{max(numbers)}件です。"
            if any(numbers)
            else _NONE
        ),
        drawing=Rows(labels, [Series("連携事業", numbers)]).drawing,
        table=Table(
            "連携事業の数（分野別）",
            [Column("分野", "label"), Column("連携事業（件）", "number")],
            rows,
        ),
        notes=("分野が2つ以上ある事業は、それぞれの分野に数えています。",),
    )


@dataclass(frozen=True)
class WardCount:
    """The projects of one ward: its own, and those of all wards together."""

    ward: str
    own: int
    common: int

    @property
    def total(self) -> int:
        return self.own + self.common


def by_ward(reading: Reading) -> Figure:
    """By ward; what 特別区長会 carries for all wards counts for each, and is told apart."""
    common = sum(project.is_common for project in reading.projects)
    rows = _ward_rows(reading, common)
    labels, numbers = [row.ward for row in rows], [row.own for row in rows]
    return Figure(
        slug="projects-by-ward",
        title="連携事業の数",
        by="区別",
        unit="件",
        finding=_ward_finding(labels, numbers, common),
        drawing=Rows(
            labels,
            [
                Series("区の事業", numbers),
                Series("23区共通の事業", [common] * len(rows), "bar pale"),
            ],
        ).drawing,
        table=Table(
            "連携事業の数（区別）",
            [
                Column("区", "ward"),
                Column("区の事業（件）", "own"),
                Column("23区共通の事業（件）", "common"),
                Column("計（件）", "total"),
            ],
            rows,
        ),
        notes=(
            "特別区長会が23区で行う事業（23区共通）は、どの区にも1件と数えています。",
            "2つ以上の区で行う事業は、それぞれの区に数えています。",
        ),
    )


def _ward_rows(reading: Reading, common: int) -> list[WardCount]:
    own = Counter(
        ward
        for project in reading.projects
        if not project.is_common
        for ward in project.parts.wards
    )
    return [WardCount(ward.name, own[ward.pk], common) for ward in reading.wards]


def _ward_finding(labels: list[str], numbers: list[int], common: int) -> str:
    if not any(numbers):
        return f"23区共通の事業は{common}件です。" if common else _NONE
    return (
        f"23区共通の事業は{common}件です。"
        f"区の事業が最も多いのは{leading(labels, numbers)}の{max(numbers)}件です。"
    )
