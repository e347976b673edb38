"""The events as a table for Excel."""

from core.sheets import Column
from core.text import joined
from events.models import Event, EventRole

_ROLES_OF_THEIR_OWN = (EventRole.HOST, EventRole.PARTICIPANT)


def _state(event: Event) -> str:
    """What became of it, as far as it is known."""
    return event.state_text or ("開催" if event.is_over else "開催予定")


def bodies_of(event: Event, role: str) -> str:
    """Who has ``role`` at ``event``, in the order of its rows."""
    parts = [part for part in event.roles.all() if part.role == role]
    return joined(part.organization or part.body_text for part in parts)


def _other_roles(event: Event) -> str:
    """後援：福井県、福井市。協力：… in the words of the source."""
    roles = dict.fromkeys(part.role for part in event.roles.all())
    others = [role for role in roles if role not in _ROLES_OF_THEIR_OWN]
    return "。".join(f"{role}：{bodies_of(event, role)}" for role in others)


COLUMNS = [
    Column("記録番号", "record_id", width=10),
    Column("題名", "title", width=44),
    Column("種類", "get_kind_display", width=18),
    Column("状態", _state, width=12),
    Column("開催日", "when_text", width=32),
    Column("開始日（西暦）", "when.first_day", width=14),
    Column(
        "終了日（西暦）",
        lambda event: None if event.end_unknown else event.when.last_day,
        width=14,
    ),
    Column("年度（西暦）", "when.fiscal_year", width=12),
    Column("会場", "venue", width=28),
    Column("住所", "address", width=28),
    Column("テーマ", "stated_theme", width=28),
    Column("分野", lambda event: joined(event.themes.all()), width=16),
    Column("主催", lambda event: bodies_of(event, EventRole.HOST), width=36),
    Column("その他の役割", _other_roles, width=36),
    Column("登壇者", lambda event: joined(event.speaker_list), width=28),
    Column("参加自治体", lambda event: bodies_of(event, EventRole.PARTICIPANT), width=44),
    Column("参加についての補足", "participating_note", width=28),
    Column("来場・参加", "attendance_text", width=16),
    Column("来場者・参加者の数", "attendance", width=12),
    Column("定員", "capacity", width=10),
    Column("料金", "fee", width=16),
    Column("締結した協定", lambda event: joined(event.agreements.all()), width=36),
    Column("連携事業", lambda event: joined(event.collaborations.all()), width=36),
    Column("概要", "summary", width=44),
    Column("出典", lambda event: joined(event.public_sources), width=44),
    Column("見本", "is_sample", width=8),
]
