"""The timeline as a table for Excel."""

from core.dates import UNKNOWN, Precision, fiscal_year_text
from core.sheets import Column
from core.text import joined
from portal.timeline.entries import Entry


def _fiscal_year(entry: Entry) -> str:
    return "" if entry.fiscal_year is None else fiscal_year_text(entry.fiscal_year)


def _precision(entry: Entry) -> str:
    return Precision(entry.when.precision).label if entry.when.bounds else UNKNOWN


COLUMNS = [
    Column("番号", "main.number", 8),
    Column("年度", _fiscal_year, 24),
    Column("日付", "when_text", 32),
    Column("最も早い日", "when.shown_earliest", 12),
    Column("最も遅い日", "when.shown_latest", 12),
    Column("日付の正確さ", _precision, 14),
    Column("種類", lambda entry: joined(entry.kinds), 18),
    Column("状態", lambda entry: joined(entry.states), 12),
    Column("題名", "title", 48),
    Column("説明", "detail", 48),
    Column("場所", "venue", 32),
    Column("団体", lambda entry: joined([*entry.bodies, *entry.body_texts]), 48),
    Column("登壇・出席", lambda entry: joined(entry.people), 32),
    Column("関係する記録の番号", lambda entry: joined(entry.numbers), 18),
    Column("出典", lambda entry: joined(entry.sources), 48),
]
