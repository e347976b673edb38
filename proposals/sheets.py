"""The board, and the grid of proposals and wards, as tables for Excel."""

from collections.abc import Sequence

from core.sheets import Column
from members.models import Organization
from proposals.enums import Sum

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


_OF_LINE = [
    Column("番号", "proposal.pk", 8),
    Column("状態", "proposal.shown_status_label", 10),
    Column("種別", "proposal.get_kind_display", 10),
    Column("提案の題名", "title", 40),
    Column("提案元", "proposal.signature", 30),
    Column("公開日時", "proposal.published_at", 16),
    Column("募集期限", "proposal.ends_on", 12),
]


def grid_columns(wards: Sequence[Organization]) -> list[Column]:
    """The columns of the grid: the proposal, each of ``wards``, and what it comes to (``Sum``).

    Its rows are ``queries.Line``, and below them ``queries.Total``.
    """
    return [
        *_OF_LINE,
        *(_column_of(place, ward) for place, ward in enumerate(wards)),
        *(_sum_of(place, kind) for place, kind in enumerate(Sum)),
        Column("見本", "proposal.is_sample", 8),
    ]


def addressed_columns(ward: Organization) -> list[Column]:
    """The columns of a ward's own column of the grid; its rows are ``queries.Line``."""
    return [
        *_OF_LINE,
        Column("希望時期", "proposal.wished_text", 24),
        Column("提案の内容", "proposal.body", 40),
        Column(f"{ward.name}の回答", lambda row: row.answers[0], 14),
        Column("見本", "proposal.is_sample", 8),
    ]


def _column_of(place: int, ward: Organization) -> Column:
    return Column(ward.name, lambda row: row.answers[place], 10)


def _sum_of(place: int, kind: Sum) -> Column:
    return Column(str(kind.label), lambda row: row.sums[place], 8)
