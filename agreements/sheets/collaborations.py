"""The joint projects as a table for Excel."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from agreements.models import CollaborationParty
from core.dates import Precision, RecordDate
from core.sheets import Column


def _names(parties: Iterable[CollaborationParty]) -> str:
    return "、".join(party.organization.full_name for party in parties)


def _codes(parties: Iterable[CollaborationParty]) -> str:
    """The codes in the order of the names; other bodies have none."""
    return "、".join(code for party in parties if (code := party.organization.code))


def _words(when: RecordDate) -> str:
    return "" if when.earliest is None else str(when)


def _bounds(when: RecordDate) -> tuple[date | None, date | None]:
    """The days a known time lies between; those of an unknown day are never shown."""
    if when.precision == Precision.BETWEEN:
        return None, None
    return when.earliest, when.latest


def _titles(rows: Iterable[Any]) -> str:
    return "、".join(row.title for row in rows)


COLUMNS = [
    Column("記録番号", "record_id", width=10),
    Column("題名", "title", width=44),
    Column("主体", "get_scope_display", width=12),
    Column("特別区", lambda project: _names(project.wards), width=24),
    Column("特別区の団体コード", lambda project: _codes(project.wards), width=18),
    Column("連携先", lambda project: _names(project.partners), width=44),
    Column("連携先の団体コード", lambda project: _codes(project.partners), width=18),
    Column("連携先についての補足", "partner_text", width=28),
    Column("分野", lambda project: "、".join(theme.name for theme in project.themes.all())),
    Column("きっかけ", "get_origin_display", width=14),
    Column("きっかけの日", "origin_date", width=14),
    Column("きっかけの説明", "origin_text", width=44),
    Column("期間", "period_text", width=36),
    Column("開始", lambda project: _words(project.start), width=28),
    Column("開始（最も早い日）", lambda project: _bounds(project.start)[0], width=14),
    Column("開始（最も遅い日）", lambda project: _bounds(project.start)[1], width=14),
    Column("終了", lambda project: _words(project.end), width=28),
    Column("終了（最も早い日）", lambda project: _bounds(project.end)[0], width=14),
    Column("終了（最も遅い日）", lambda project: _bounds(project.end)[1], width=14),
    Column("状態", "get_status_display", width=10),
    Column("中止の理由", "status_reason", width=28),
    Column("概要", "summary", width=44),
    Column("外部の資金", "funding", width=28),
    Column("協定", lambda project: _titles(project.agreements.all()), width=36),
    Column("イベント", lambda project: _titles(project.events.all()), width=44),
    Column("出典", lambda project: _titles(project.public_sources), width=44),
    Column("公開", "is_published", width=8),
    Column("見本", "is_sample", width=8),
]
