"""Fiscal years in a row, for the figures that count by them."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.dates import fiscal_year_of, fiscal_year_text

UNSURE = "年度を特定できないもの"


def years_until(day: date, years: Iterable[int | None]) -> list[int]:
    """Every fiscal year from the first of ``years`` to that of ``day``; none for no known one."""
    known = [year for year in years if year is not None]
    return list(range(min(known), fiscal_year_of(day) + 1)) if known else []


def label_of(year: int | None) -> str:
    """令和8年度（2026年度）; 年度を特定できないもの."""
    return UNSURE if year is None else fiscal_year_text(year)


def leading(labels: Sequence[str], values: Sequence[int]) -> str:
    """The labels that share the highest value: 荒川区、品川区."""
    most = max(values)
    return "、".join(label for label, value in zip(labels, values, strict=True) if value == most)
