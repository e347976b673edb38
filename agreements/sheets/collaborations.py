"""The joint projects as a table for Excel."""

from agreements.models import codes_of, names_of
from core.dates import RecordDate
from core.sheets import Column
from core.text import joined


def _words(when: RecordDate) -> str:
    """Empty where nothing is known: an end may simply not have come."""
    return "" if when.earliest is None else str(when)


COLUMNS = [
    Column("記録番号", "record_id", width=10),
    Column("題名", "title", width=44),
    Column("主体", "get_scope_display", width=12),
    Column("特別区", lambda project: names_of(project.wards), width=24),
    Column("特別区の団体コード", lambda project: codes_of(project.wards), width=18),
    Column("連携先", lambda project: names_of(project.partners), width=44),
    Column("連携先の団体コード", lambda project: codes_of(project.partners), width=18),
    Column("連携先についての補足", "partner_text", width=28),
    Column("分野", lambda project: joined(project.themes.all())),
    Column("きっかけ", "get_origin_display", width=14),
    Column("きっかけの日", "origin_date", width=14),
    Column("きっかけの説明", "origin_text", width=44),
    Column("期間", "period_text", width=36),
    Column("開始", lambda project: _words(project.start), width=28),
    Column("開始（最も早い日）", "start.shown_earliest", width=14),
    Column("開始（最も遅い日）", "start.shown_latest", width=14),
    Column("終了", lambda project: _words(project.end), width=28),
    Column("終了（最も早い日）", "end.shown_earliest", width=14),
    Column("終了（最も遅い日）", "end.shown_latest", width=14),
    Column("状態", "get_status_display", width=10),
    Column("中止の理由", "status_reason", width=28),
    Column("概要", "summary", width=44),
    Column("外部の資金", "funding", width=28),
    Column("協定", lambda project: joined(project.agreements.all()), width=36),
    Column("イベント", lambda project: joined(project.events.all()), width=44),
    Column("出典", lambda project: joined(project.public_sources), width=44),
    Column("公開", "is_published", width=8),
    Column("見本", "is_sample", width=8),
]
