"""The agreements as a table for Excel."""

from agreements.models import codes_of, names_of
from core.sheets import Column
from core.text import joined

COLUMNS = [
    Column("記録番号", "record_id", width=10),
    Column("題名", "title", width=44),
    Column("種類", "get_kind_display", width=18),
    Column("締結日", "when", width=28),
    Column("締結日（西暦）", "when.first_day", width=14),
    Column("特別区側", lambda agreement: names_of(agreement.ward_side), width=24),
    Column("相手方", lambda agreement: names_of(agreement.counterparts), width=36),
    Column("相手方の団体コード", lambda agreement: codes_of(agreement.counterparts), width=18),
    Column("立会人", lambda agreement: names_of(agreement.witnesses), width=20),
    Column("連携事項", lambda agreement: joined(agreement.item_list), width=44),
    Column("連携事項の数（公表値）", "item_count", width=12),
    Column("有効期間", "term_text", width=36),
    Column("終了日", "terminated_on", width=14),
    Column("締結の場所", "place", width=20),
    Column("概要", "summary", width=44),
    Column("出典", lambda agreement: joined(agreement.public_sources), width=44),
]
