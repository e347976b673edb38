"""会員名簿 as a table for Excel: who takes part and what for, and nobody's contacts."""

from core.sheets import Column

COLUMNS = [
    Column("団体コード", "organization.code", width=12),
    Column("都道府県", "organization.prefecture.name", width=12),
    Column("名称", "organization.name", width=24),
    Column("読みがな", "organization.kana", width=24),
    Column("種類", "kind_text", width=16),
    Column(
        "関心のある分野",
        lambda row: "、".join(theme.name for theme in row.organization.themes.all()),
        width=28,
    ),
    Column("求めること", "organization.seeks", width=40),
    Column("提供できること", "organization.provides", width=40),
    Column("特色・得意なこと", "organization.specialities", width=40),
    Column("ホームページ", "organization.website", width=28),
    Column("担当部署", "office.name", width=24),
    Column("ほかの部署の数", "others", width=10),
    Column("連絡先の最終確認", "office.confirmed_at", width=16),
    Column("見本", "is_sample", width=8),
]
