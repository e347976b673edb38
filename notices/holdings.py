"""What of this room is held about a person (``members.holdings``): settings, follows, notices."""

from members.holdings import Holding, OwnPart, own_part, register
from members.models import User
from notices import services
from notices.enums import CHOICE_LABELS, Pace
from notices.models import Notice, Preference, Watch

# What a seat's signature prints.
_OFFICE = ("seat__office__organization__municipality", "seat__office__organization__prefecture")
_SETTINGS = {
    "担当": lambda row: row.seat.office.signature,
    **{
        label: lambda row, choice=choice: Pace(getattr(row, choice)).label
        for choice, label in CHOICE_LABELS.items()
    },
}
_FOLLOWED = {
    "フォローした日時": lambda row: row.since,
    "担当": lambda row: row.seat.office.signature,
    "種類": lambda row: row.object_type.name,
}
_TOLD = {
    "日時": lambda row: row.at,
    "内容": lambda row: row.text,
    "届いた理由": lambda row: row.reason_text,
    "読んだ日時": lambda row: row.read_at,
}


def register_holding() -> None:
    register("notices.seats", Holding(_list_parts, services.forget))


def _list_parts(user: User, limit: int | None) -> list[OwnPart]:
    way = ("通知の設定", "notices:preference_update")
    settings = Preference.objects.filter(seat__user=user).select_related(*_OFFICE)
    followed = Watch.objects.filter(seat__user=user).select_related("object_type", *_OFFICE)
    told = Notice.objects.filter(seat__user=user)
    return [
        own_part(
            "preferences", "通知の設定", settings.order_by("pk"), _SETTINGS, limit=limit, way=way
        ),
        own_part("watches", "フォロー", followed.order_by("-since", "-pk"), _FOLLOWED, limit=limit),
        own_part("notices", "届いた通知", told, _TOLD, limit=limit),
    ]
