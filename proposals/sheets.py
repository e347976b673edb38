"""The board as a table for Excel."""

from core.sheets import Column

COLUMNS = [
    Column("番号", "pk"),
    Column("状態", "shown_status_label"),
    Column("種別", "get_kind_display"),
    Column("提案の題名", "title"),
    Column("分野", lambda proposal: "、".join(theme.name for theme in proposal.themes.all())),
    Column("提案元", "signature"),
    Column("団体コード", "organization.municipality.code"),
    Column("都道府県", "organization.prefecture.name"),
    Column("提案の内容", "body"),
    Column("希望時期", "wished_text"),
    Column("希望する場所", "place"),
    Column("規模", "scale"),
    Column("予算について", "budget"),
    Column("条件", "conditions"),
    Column("募集期限", "ends_on"),
    Column("公開の範囲", "get_level_display"),
    Column("申し出の数", "offer_count"),
    Column("回答待ちの日数", "waiting_days"),
    Column("返信の数", "reply_count"),
    Column("公開日時", "published_at"),
    Column("更新日時", "changed_at"),
    Column("不成立・取下げの理由", "ending_reason"),
    Column("見本", "is_sample"),
]
