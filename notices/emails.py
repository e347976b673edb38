"""The mails of notices: one at once, or one a week with all of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import batched

from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse

from core import mail
from core.addresses import absolute
from core.mail import Letter
from members.models import Seat, User
from notices.enums import ALL_WEEKLY, CHOICES, Reason
from notices.models import Notice

# A weekly mail lists so many; the inbox has them all.
MOST_LISTED = 30
# So many mails are written at once; a wave of more goes in parts.
AT_ONCE = 300
SUBJECT = "［特別区全国連携プロジェクト］"
_SIGNER = signing.Signer(salt="notices.unsubscribe")


def send_notices(notices: Iterable[Notice], facts: Mapping[str, str]) -> None:
    """Tells people of one happening, each with the facts that are needed to act on it.

    One person gets one mail of a happening, whichever seat was told.
    """
    for part in batched(notices, AT_ONCE):
        mail.queue_all(_notice_letter(notice, facts) for notice in part)


def _notice_letter(notice: Notice, facts: Mapping[str, str]) -> Letter:
    user = notice.seat.user
    if user.is_shared:
        # The salutation names the office of the first one: the told one, without asking for all.
        user.current_seats = [notice.seat]
    unsubscribe_url = unsubscribe_address(notice.seat, CHOICES[Reason(notice.reason)])
    context = {
        "user": user,
        "notice": notice,
        "url": absolute(notice.url),
        "facts": facts,
        "unsubscribe_url": unsubscribe_url,
        "preference_url": absolute(reverse("notices:preference_update")),
    }
    return Letter(
        key=f"notices:{notice.key}:user:{user.pk}",
        to=user.email,
        subject=f"{SUBJECT}{notice.text}",
        body=render_to_string("notices/email/notice.txt", context),
        unsubscribe_url=unsubscribe_url,
    )


def send_weekly(told: Mapping[User, Sequence[Notice]], monday: date) -> None:
    """Tells people what the week before ``monday`` has brought: the number, and the first
    ``MOST_LISTED``."""
    mail.queue_all(_weekly_letter(user, notices, monday) for user, notices in told.items())


def _weekly_letter(user: User, notices: Sequence[Notice], monday: date) -> Letter:
    unsubscribe_url = unsubscribe_address(notices[0].seat, ALL_WEEKLY)
    context = {
        "user": user,
        "listed": [(notice, absolute(notice.url)) for notice in notices[:MOST_LISTED]],
        "count": len(notices),
        "left": max(len(notices) - MOST_LISTED, 0),
        "inbox_url": absolute(reverse("notices:notice_list")),
        "unsubscribe_url": unsubscribe_url,
        "preference_url": absolute(reverse("notices:preference_update")),
    }
    return Letter(
        key=f"notices.weekly:{monday.isoformat()}:user:{user.pk}",
        to=user.email,
        subject=f"{SUBJECT}週に1度の通知（{len(notices)}件）",
        body=render_to_string("notices/email/weekly.txt", context),
        unsubscribe_url=unsubscribe_url,
    )


def unsubscribe_address(seat: Seat, kind: str) -> str:
    """The page that stops mails of one kind to one seat, without a login.

    ``kind`` is one of the seat's choices, or ``ALL_WEEKLY``. It holds for as long as the seat does.
    """
    token = _SIGNER.sign(f"{seat.pk}:{kind}")
    return absolute(reverse("notices:unsubscribe", args=[token]))


def read_token(token: str) -> tuple[int, str]:
    """The seat's id and the kind of mail. Raises ``signing.BadSignature``."""
    seat_id, _, kind = _SIGNER.unsign(token).partition(":")
    return int(seat_id), kind
