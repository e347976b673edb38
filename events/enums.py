"""Kinds and states of events, and the allowed moves between the states."""

from django.db import models


class EventKind(models.TextChoices):
    """Kinds as the record names them (data/README: events.csv)."""

    SYMPOSIUM = "シンポジウム", "シンポジウム"
    LECTURE = "講演会", "講演会"
    EXHIBITION = "展示", "展示"
    PROMOTION = "魅力発信イベント", "魅力発信イベント"
    FAIR = "物産展", "物産展"
    FOOD_FAIR = "フェア", "フェア"
    SIGNING = "締結式", "締結式"
    ROKKON = "東北六魂祭", "東北六魂祭"
    KIZUNA = "東北絆まつり", "東北絆まつり"
    OTHER = "その他", "その他"


class EventStatus(models.TextChoices):
    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開"
    POSTPONED = "postponed", "延期"
    CANCELLED = "cancelled", "中止"


# domain.md: an event is never deleted, because people hold tickets and calendars.
MOVES = {
    EventStatus.DRAFT: {EventStatus.PUBLISHED},
    EventStatus.PUBLISHED: {EventStatus.POSTPONED, EventStatus.CANCELLED},
    EventStatus.POSTPONED: {EventStatus.PUBLISHED, EventStatus.CANCELLED},
    EventStatus.CANCELLED: set(),
}

VISIBLE_STATUSES = (EventStatus.PUBLISHED, EventStatus.POSTPONED, EventStatus.CANCELLED)


class Action(models.TextChoices):
    """What the audit log records of this room."""

    PUBLISH = "events.publish_event", "イベントを公開"
    REPUBLISH = "events.republish_event", "延期したイベントを新しい日で公開"
    POSTPONE = "events.postpone_event", "イベントを延期"
    CANCEL = "events.cancel_event", "イベントを中止"
    LINK = "events.link_events", "連携事業のイベントを変更"
    ADD = "events.add", "管理画面で追加"
    EDIT = "events.edit", "管理画面で編集"
    LOAD_RECORD = "events.load_record", "公式の記録を読み込み"
