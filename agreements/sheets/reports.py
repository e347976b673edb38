"""The accepted year reports as tables for Excel: for everybody, and with the grants' amounts."""

from agreements.models import codes_of, names_of
from core.sheets import Column

COLUMNS = [
    Column("年度", str, width=24),
    Column("年度（西暦）", "fiscal_year", width=10),
    Column("連携事業の記録番号", "collaboration.record_id", width=10),
    Column("連携事業", "collaboration.title", width=44),
    Column("特別区", lambda report: names_of(report.collaboration.wards), width=24),
    Column("特別区の団体コード", lambda report: codes_of(report.collaboration.wards), width=18),
    Column("連携先", lambda report: names_of(report.collaboration.partners), width=44),
    Column("連携先の団体コード", lambda report: codes_of(report.collaboration.partners), width=18),
    Column("実績", "result", width=44),
    Column("来場者・参加者", "visitors", width=14),
    Column("数に付く言葉", "visitors_qualifier", width=10),
    Column("見本", "collaboration.is_sample", width=8),
]
GRANT_COLUMNS = [
    *COLUMNS[:-1],
    Column("助成金の申請額（円）", "grant_applied", width=16),
    Column("助成金の交付決定額（円）", "grant_granted", width=16),
    Column("助成金の確定額（円）", "grant_settled", width=16),
    COLUMNS[-1],
]
