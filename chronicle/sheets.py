"""The relief as a table for Excel."""

from chronicle.models import Relief
from core.sheets import Column
from core.text import joined


def _codes(relief: Relief) -> str:
    """The codes of those recipients that have one: an association has none."""
    return joined(body.code for body in relief.recipients.all() if body.code)


RELIEF_COLUMNS = [
    Column("災害の番号", "disaster.record_id", width=11),
    Column("災害名", "disaster.name", width=42),
    Column("発生（最も早い日）", "disaster.when.shown_earliest", width=18),
    Column("発生（最も遅い日）", "disaster.when.shown_latest", width=18),
    Column("発生時期", "disaster.when", width=32),
    Column("種類", "get_kind_display", width=12),
    Column("職員の数（名）", "staff", width=14),
    Column("金額（円）", "amount_yen", width=14),
    Column("支援先", "recipients_text", width=40),
    Column("支援先の団体コード", _codes, width=24),
    Column("広報紙の表記", "disaster.printed_support", width=60),
]
