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
    SUBMITTED = "submitted", "提出済み"
    RETURNED = "returned", "差戻し"
    PUBLISHED = "published", "公開"
    POSTPONED = "postponed", "延期"
    CANCELLED = "cancelled", "中止"


# domain.md: an organization submits what it writes, the secretariat publishes a draft of its own.
# Published, it is never deleted, because people hold tickets and calendars.
MOVES = {
    EventStatus.DRAFT: {EventStatus.SUBMITTED, EventStatus.PUBLISHED},
    EventStatus.SUBMITTED: {EventStatus.PUBLISHED, EventStatus.RETURNED},
    EventStatus.RETURNED: {EventStatus.SUBMITTED},
    EventStatus.PUBLISHED: {EventStatus.POSTPONED, EventStatus.CANCELLED},
    EventStatus.POSTPONED: {EventStatus.PUBLISHED, EventStatus.CANCELLED},
    EventStatus.CANCELLED: set(),
}

VISIBLE_STATUSES = (EventStatus.PUBLISHED, EventStatus.POSTPONED, EventStatus.CANCELLED)
# What its organization still writes.
WRITTEN = (EventStatus.DRAFT, EventStatus.RETURNED)
# The kind of the tag that shows the state until it is published (look.md 6).
TAGS = {EventStatus.SUBMITTED: "info", EventStatus.RETURNED: "wait"}


class Action(models.TextChoices):
    """What the audit log records of this room."""

    WRITE = "events.write_event", "イベントの下書きを保存"
    SUBMIT = "events.submit_event", "イベントを提出"
    SEND_BACK = "events.send_back_event", "イベントを差戻し"
    DELETE = "events.delete_event", "イベントの下書きを削除"
    PUBLISH = "events.publish_event", "イベントを公開"
    REPUBLISH = "events.republish_event", "延期したイベントを新しい日で公開"
    POSTPONE = "events.postpone_event", "イベントを延期"
    CANCEL = "events.cancel_event", "イベントを中止"
    LINK = "events.link_events", "連携事業のイベントを変更"
    SUCCEED = "events.succeed_event", "イベントの団体を引き継ぎ"
    ADD = "events.add", "管理画面で追加"
    EDIT = "events.edit", "管理画面で編集"
    LOAD_RECORD = "events.load_record", "公式の記録を読み込み"
