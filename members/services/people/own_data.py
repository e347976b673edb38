"""Everything that is held about the holder of an account, for nobody but themselves."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from core import audit
from core.audit import action_label
from core.history import history_line, object_label
from core.models import Attachment, AuditEntry, OutboxMail, UndeliverableAddress
from members.enums import Action
from members.holdings import Columns, OwnPart, holdings, own_part
from members.models import ApplicationPerson, Handover, Invitation, Seat, User

_FACTORS = {
    "totp": "認証アプリ",
    "webauthn": "パスキー",
    "recovery_codes": "予備の番号",
}
_LOGIN_CHANGES = (Action.CHANGE_LOGIN, Action.REPLACE_LOGIN, Action.RESTORE_LOGIN)
_OF_CODE = "（番号などのメール。件名は示しません）"
_ASK_LEAD = "誤りがあるときは、部署の主担当の方か、事務局にご連絡ください。"
_ASK = "誤りがあるときは、事務局にご連絡ください。"
_LOG_STAYS = "記録は変えられません。誤りがあるときは、事務局にご連絡ください。"


def own_data(user: User, *, limit: int | None = None) -> list[OwnPart]:
    """Everything held about ``user``; of each kind the newest ``limit`` rows, or all.

    Never another person's values: a colleague, a predecessor or a successor is not named. No
    secrets: neither codes nor keys. A fixed number of queries.
    """
    seats = list(user.seats.with_office().order_by("-valid_from", "-pk"))
    above = [part for holding in holdings() for part in holding.list_parts(user, limit)]
    listed = partial(own_part, limit=limit)
    by_lead, by_secretariat = {"correction": _ASK_LEAD}, {"correction": _ASK}
    return [
        _account(user),
        listed("seats", "担当", seats, _SEATS, **by_lead),
        listed("invitations", "招待", _invitations(user), _INVITATIONS, **by_lead),
        listed("received", "前任の方からの引継ぎ", _received(user), _RECEIVED, **by_lead),
        listed("passed_on", "後任の方への引継ぎ", _passed_on(user), _PASSED_ON, **by_lead),
        listed(
            "applications", "会員登録申請", _applications(user), _APPLICATIONS, **by_secretariat
        ),
        listed("terms", "利用規約への同意", user.acceptances.all(), _TERMS),
        listed(
            "logins", "メールアドレスの変更", user.login_changes.all(), _LOGINS, **by_secretariat
        ),
        listed("factors", "二段階の確認", _factors(user), _FACTOR),
        listed("sessions", "ログイン中の端末", _sessions(user), _SESSIONS),
        listed("unreached", "不達の記録", _unreached(user), _UNREACHED, **by_secretariat),
        listed("files", "添付したファイル", _files(user), _FILES, **by_lead),
        *above,
        listed("mails", "お送りしたメール", _mails(user), _MAILS),
        listed("log", "操作記録", _log(user, seats), _LOG, correction=_LOG_STAYS),
    ]


@transaction.atomic
def export_own_data(user: User) -> list[OwnPart]:
    """``own_data`` to be kept as a file; that it was asked for stands in the log."""
    parts = own_data(user)
    audit.record(Action.EXPORT_OWN_DATA, user, by=user)
    return parts


_SEATS: Columns = {
    "担当部署": lambda seat: seat.office.signature,
    "役割": lambda seat: seat.get_role_display(),
    "いつから": lambda seat: seat.valid_from,
    "いつまで": lambda seat: seat.valid_until,
}
_OFFERED: Columns = {
    "氏名": lambda row: row.person_name,
    "メールアドレス": lambda row: row.email,
    "状態": lambda row: row.get_status_display(),
    "送った日時": lambda row: row.sent_at,
}
_INVITATIONS: Columns = {"招待": str, **_OFFERED}
_RECEIVED: Columns = {"引継ぎ": str, **_OFFERED}
_PASSED_ON: Columns = {
    "引継ぎ": str,
    "状態": lambda row: row.get_status_display(),
    "送った日時": lambda row: row.sent_at,
    "申し送り": lambda row: row.note,
}
_APPLICATIONS: Columns = {
    "申請": lambda person: str(person.application),
    "役割": lambda person: person.get_role_display(),
    "氏名": str,
    "メールアドレス": lambda person: person.email,
    "申請日時": lambda person: person.application.applied_at,
}
_TERMS: Columns = {
    "版": lambda row: f"第{row.edition}版",
    "同意した日時": lambda row: row.accepted_at,
}
_LOGINS: Columns = {
    "変更日時": lambda row: row.changed_at,
    "前のアドレス": lambda row: row.before,
    "新しいアドレス": lambda row: row.after,
    "変更した部署": lambda row: row.changed_by,
}
_FACTOR: Columns = {
    "方法": lambda row: _FACTORS.get(row.type, row.type),
    "名前": lambda row: row.data.get("name", ""),
    "登録日時": lambda row: row.created_at,
    "最後に使った日時": lambda row: row.last_used_at,
}
_SESSIONS: Columns = {
    "ログイン": lambda row: row.created_at,
    "接続元": lambda row: row.ip,
    "ブラウザー": lambda row: row.user_agent,
}
_UNREACHED: Columns = {
    "記録した日時": lambda row: row.since,
    "メールアドレス": lambda row: row.address,
    "理由": lambda row: row.reason,
}
_FILES: Columns = {
    "添付した日時": lambda row: row.created_at,
    "ファイル名": lambda row: row.name,
}
_MAILS: Columns = {
    "作成": lambda row: row.created_at,
    "宛先": lambda row: row.to,
    "件名": lambda row: _OF_CODE if row.is_secret else row.subject,
    "状態": lambda row: row.get_state_display(),
}
_LOG: Columns = {
    "日時": lambda entry: entry.at,
    "操作": lambda entry: action_label(entry.action),
    "対象": object_label,
    "操作した団体・部署": lambda entry: f"{entry.actor_organization}　{entry.actor_office}".strip(
        "　"
    ),
    "理由": lambda entry: entry.reason,
    "変更した内容": lambda entry: _changes_text(entry),
}


def _account(user: User) -> OwnPart:
    held = {
        "氏名": f"{user.family_name} {user.given_name}".strip(),
        "ログインのメールアドレス": user.email,
        "アカウントの種類": user.get_kind_display(),
        "パスワード": "設定あり" if user.has_usable_password() else "設定なし",
        "登録日時": user.created_at,
        "利用開始": user.started_at,
        "最後のログイン": user.last_login,
    }
    if user.is_shared:
        held["ログインの方法の初期化"] = user.credentials_reset_at
    return OwnPart("account", "アカウント", tuple(held), [tuple(held.values())], _ASK, 1)


def _invitations(user: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(_offered_to(user, "seat__user")).with_office()


def _received(user: User) -> QuerySet[Handover]:
    return Handover.objects.filter(_offered_to(user, "new_seat__user")).with_seat()


def _offered_to(user: User, taker: str) -> Q:
    """What the person took, what waits for them, and what was settled since they are here.

    Not what somebody else was sent who had the address before.
    """
    by_address = Q(email=user.email)
    return Q(**{taker: user}) | (
        by_address & (Q(settled_at=None) | Q(settled_at__gte=_held_since(user)))
    )


def _passed_on(user: User) -> QuerySet[Handover]:
    return Handover.objects.filter(seat__user=user).with_seat()


def _applications(user: User) -> QuerySet[ApplicationPerson]:
    people = ApplicationPerson.objects.filter(
        email=user.email, application__organization__offices__seats__user=user
    )
    named = people.select_related(
        "application__organization__municipality__prefecture",
        "application__organization__prefecture",
    )
    return named.order_by("-application__applied_at", "-pk").distinct()


def _factors(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user).order_by("pk")


def _sessions(user: User) -> QuerySet[UserSession]:
    return UserSession.objects.filter(user=user).order_by("-created_at")


def _unreached(user: User) -> QuerySet[UndeliverableAddress]:
    return UndeliverableAddress.objects.filter(address=user.email)


def _files(user: User) -> QuerySet[Attachment]:
    return Attachment.objects.filter(uploader_id=user.pk).order_by("-created_at", "-pk")


def _mails(user: User) -> QuerySet[OutboxMail]:
    """The mails to the address since it is the person's, and to those of before until then."""
    mails = Q(to=user.email, created_at__gte=_held_since(user))
    since = user.created_at
    for change in user.login_changes.order_by("changed_at"):
        mails |= Q(to=change.before, created_at__gte=since, created_at__lt=change.changed_at)
        since = change.changed_at
    return OutboxMail.objects.filter(mails).order_by("-created_at", "-pk")


def _held_since(user: User) -> datetime:
    """Since when the present address is the account's."""
    about = AuditEntry.objects.filter(object_type=user._meta.label_lower, object_id=str(user.pk))
    changed = about.filter(action__in=_LOGIN_CHANGES).aggregate(at=Max("at"))["at"]
    return changed or user.created_at


def _log(user: User, seats: Iterable[Seat]) -> QuerySet[AuditEntry]:
    """What the person has done, and what was done to the account (``is_own``)."""
    about = Q(object_type=user._meta.label_lower, object_id=str(user.pk))
    acted = Q(actor_seat_id__in=[seat.pk for seat in seats])
    entries = AuditEntry.objects.filter(about | acted).annotate(is_own=about)
    return entries.select_related("personal")


def _changes_text(entry: Any) -> str:
    """What has changed in the own account, with former names and addresses; of others nothing."""
    changes = history_line(entry, User).changes if entry.is_own else []
    return "、".join(f"{change.label}：{change.before} → {change.after}" for change in changes)
