"""Municipalities and other bodies as a table for Excel."""

from core.sheets import Column

COLUMNS = [
    Column("団体コード", "organization.code", width=12),
    Column("都道府県", "organization.prefecture.name", width=12),
    Column("名称", "organization.name", width=24),
    Column("読みがな", "organization.kana", width=24),
    Column("種類", "kind_text", width=16),
    Column("郡", "organization.municipality.district", width=12),
    Column("政令指定都市", "organization.municipality.designated_city", width=12),
    Column("旧名称", "organization.municipality.former_names", width=20),
    Column("会員", "membership_text", width=12),
    Column(
        "協定を結ぶ市長会・町村会",
        lambda row: "、".join(body.name for body in row.associations),
        width=28,
    ),
    Column("自らの協定の数", "agreements", width=12),
    Column("連携事業の数", "collaborations", width=12),
    Column("イベントの数", "events", width=12),
    Column("支援を受けた災害の数", "disasters", width=12),
]
