"""What is held about oneself: to read, to correct and to keep."""

import json
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from core import dates
from core.sheets import Column, Sheet, asked_format, sheet_response
from core.templatetags.dates import both_eras_minute
from core.views import PostOnlyMixin
from members import rules, services
from members.holdings import OwnPart
from members.models import User

# Of each kind, on the page; the file has all of them.
SHOWN = 10
NAME = "自分の情報"


class OwnData(TemplateView):
    """Everything held about whoever is logged in, with the way to correct each."""

    template_name = "members/own_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        parts = services.own_data(user, limit=SHOWN)
        shown = [
            {
                "part": part,
                "rows": [_cells(part, row) for row in part.rows],
                "ways": _ways(user, part),
            }
            for part in parts
            if part.rows
        ]
        nothing = [part.title for part in parts if not part.rows]
        return super().get_context_data(parts=shown, nothing=nothing, **kwargs)


class OwnDataExport(PostOnlyMixin, View):
    """The same as a file, complete; that it was asked for stands in the log."""

    def post(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        is_json = ending == "json"
        if not is_json:
            asked_format(ending)  # before anything is noted of a file that there is none of
        parts = services.export_own_data(request.user)
        return _json_response(parts) if is_json else sheet_response(_sheet(parts), ending)


def _cells(part: OwnPart, row: tuple[Any, ...]) -> list[tuple[str, str]]:
    return [(heading, _in_words(value)) for heading, value in zip(part.headings, row, strict=True)]


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return both_eras_minute(value)
    if isinstance(value, date):
        return dates.day_text(value)
    return str(value) if value not in (None, "") else "―"


def _ways(user: User, part: OwnPart) -> list[tuple[str, str]]:
    """The pages on which the person corrects a part without anybody's help: label, address."""
    if part.key == "account":
        ways = [
            ("メールアドレスの変更", reverse("account_email")),
            ("パスワードの変更", reverse("account_change_password")),
        ]
        may_change_name = any(rules.may_change_person(seat, user) for seat in user.current_seats)
        name = [("氏名の変更", reverse("members:person_update"))] if may_change_name else []
        return name + ways
    if part.key == "seats":
        led = [
            seat.office for seat in user.current_seats if rules.may_manage_seats(seat, seat.office)
        ]
        return [
            (f"{office.signature}の担当者", reverse("members:seat_list", args=[office.pk]))
            for office in led
        ]
    pages = {
        "factors": ("二段階の確認", "mfa_index"),
        "sessions": ("ログイン中の端末", "usersessions_list"),
    }
    way = pages.get(part.key, part.way)
    return [(way[0], reverse(way[1]))] if way else []


def _json_response(parts: list[OwnPart]) -> HttpResponse:
    held = {
        part.title: [dict(zip(part.headings, row, strict=True)) for row in part.rows]
        for part in parts
    }
    text = json.dumps(held, ensure_ascii=False, indent=2, default=_plain)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="own-data_{dates.today().isoformat()}.json"'
    )
    return response


def _plain(value: date) -> str:
    """A moment with its offset, a day as such (ISO 8601)."""
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    return moment.isoformat()


def _sheet(parts: list[OwnPart]) -> Sheet:
    """One line for each value: the parts have different columns."""
    columns = [
        Column("区分", lambda line: line[0]),
        Column("番号", lambda line: line[1], width=8),
        Column("項目", lambda line: line[2], width=30),
        Column("内容", lambda line: line[3], width=60),
    ]
    lines = [
        (part.title, number, heading, value)
        for part in parts
        for number, row in enumerate(part.rows, start=1)
        for heading, value in zip(part.headings, row, strict=True)
    ]
    return Sheet(NAME, columns, lines)
