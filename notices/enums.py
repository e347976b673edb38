"""Why somebody is told, and how soon by mail (features.md 19)."""

from django.db import models


class Reason(models.TextChoices):
    """Why a seat is told of something; the label ends 「この通知が届いた理由」."""

    OWN = "own", "所属する団体のことだから"
    ADDRESSED = "addressed", "所属する団体にあてたものだから"
    WATCHED = "watched", "フォローしているから"
    NEW = "new", "通知の設定の分野か都道府県の新しい提案だから"


class Pace(models.TextChoices):
    """How soon a mail follows a notice; the inbox has it at once."""

    NOW = "now", "すぐに"
    WEEKLY = "weekly", "週に1度まとめて"
    NONE = "none", "メールでは受け取らない"


# Which of a seat's three choices says how soon; what is addressed to it is its own matter.
CHOICES = {
    Reason.OWN: "own",
    Reason.ADDRESSED: "own",
    Reason.WATCHED: "watched",
    Reason.NEW: "new",
}
CHOICE_LABELS = {
    "own": "所属する団体のこと",
    "watched": "フォローしているもの",
    "new": "新しい提案",
}
# What the link of a weekly mail stops: all that comes weekly, whatever it is about.
ALL_WEEKLY = "weekly"
# Of several reasons the first is told.
FOREMOST = (Reason.OWN, Reason.ADDRESSED, Reason.WATCHED, Reason.NEW)


class Action(models.TextChoices):
    """What the audit log records of this room."""

    CHANGE_PREFERENCE = "notices.change_preference", "通知の設定を変更"
    UNSUBSCRIBE = "notices.unsubscribe", "メールの通知を停止"
