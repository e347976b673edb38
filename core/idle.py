"""Sessions end: after two hours without a request, and twelve hours after the login.

What somebody posts into such an ended session is kept in it, and shown again, not sent, once
the same person has logged in. Passwords and files are never kept. At a shared PC nobody knows
who posts into it: what is kept and has not been shown gives way to nothing.

A session also ends with the first request of an account that may log in no more, which members
decides (``ask_login``); whoever cannot come back is told so, and nothing is kept.
"""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, QueryDict

from core.views import IS_PARKED, ActionFormView

# Office PCs are shared, and left alone over lunch (look.md 9, stack.md 2).
IDLE_SECONDS = 2 * 60 * 60
# A working day; NIST SP 800-63B 4.2.3 asks for a new login after as much.
LONGEST_SECONDS = 12 * 60 * 60
# A session is written at most this often to say that it is used; so it may end as much early.
TOUCH_SECONDS = 5 * 60
# Ten times the longest form of the portal (a proposal); beyond it nobody has typed by hand.
LARGEST_FORM = 200_000
# Of the pages that somebody has open side by side; each may hold ``LARGEST_FORM``.
MOST_FORMS = 5

BEGAN, SEEN, LOCK = "idle_began", "idle_seen", "idle_kept"

ENDED_IDLE = (
    "2時間操作がなかったため、ログインを終了しました。続けるときは、もう一度ログインしてください。"
)
ENDED_LONG = (
    "ログインから12時間がたったため、終了しました。続けるときは、もう一度ログインしてください。"
)
ENDED_ACCESS = (
    "担当を離れたなどの理由で利用を止めているため、ログインを終了しました。"
    "心当たりがないときは、会員登録の担当へお電話ください。"
)
KEPT = "入力していた内容は残してあります。同じ方がログインすると、続きから使えます。"
NOT_KEPT = (
    "今回送ろうとした内容は残せませんでした。"
    "必要なときは、ブラウザーの「戻る」で前の画面を開いて、控えてください。"
)
SHOWN = "ログインの前に入力していた内容を表示しています。まだ送信していません。"

type GetResponse = Callable[[HttpRequest], HttpResponse]
type MayStay = Callable[[Any], bool]


def _nobody(user: Any) -> bool:
    """The answer until members has given one."""
    return False


_may_stay: MayStay = _nobody


def ask_login(may_stay: MayStay) -> None:
    """Makes ``may_stay(user)`` the answer to whose session may go on."""
    global _may_stay
    _may_stay = may_stay


class IdleMiddleware:
    """Ends sessions, and carries a typed form over to the next login of the same person.

    Behind the CSRF check, so that no other site can leave a form here, and before the one for
    logins. An ended session holds nothing but whose it was, and the form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _end_if_over(request)
        response = self.get_response(request)
        if getattr(request, IS_PARKED, False):
            request.method = "GET"  # as it came: the log tells what was asked
            _note_shown(request, response)
        if request.user.is_authenticated:
            _note_use(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable, args: Iterable, kwargs: dict[str, Any]
    ) -> None:
        """Keeps a posted form when its session has ended; brings it back after the login."""
        if LOCK not in request.session or (view_class := _form_view(view)) is None:
            return
        if not request.user.is_authenticated:
            if request.method == "POST":
                _park(request, view_class)
        elif request.method == "POST":
            _forget(request)
        elif request.method == "GET":
            _bring_back(request)


def _end_if_over(request: HttpRequest) -> None:
    """Logs out whoever may log in no more, and whoever was away or is logged in for too long."""
    if not _may_stay(request.user):
        logout(request)
        messages.warning(request, ENDED_ACCESS)
        return
    now = time.time()
    began = request.session.get(BEGAN, now)
    seen = request.session.get(SEEN, now)
    is_long = now - began >= LONGEST_SECONDS
    if not is_long and now - seen < IDLE_SECONDS:
        return
    # What was kept before, and has not been sent since, stays.
    lock = {"user": str(request.user.pk), "forms": {}} | request.session.get(LOCK, {})
    logout(request)
    request.session[LOCK] = lock
    request.session.set_expiry(0)  # gone with the browser
    messages.warning(request, ENDED_LONG if is_long else ENDED_IDLE)


def _note_use(request: HttpRequest) -> None:
    """Notes login and use; drops what somebody else has left behind."""
    now = time.time()
    session = request.session
    if BEGAN not in session:
        session[BEGAN] = session[SEEN] = now
    elif now - session.get(SEEN, 0) >= TOUCH_SECONDS:
        session[SEEN] = now
    lock = session.get(LOCK)
    if lock and (lock["user"] != str(request.user.pk) or not lock["forms"]):
        del session[LOCK]


def _note_shown(request: HttpRequest, response: HttpResponse) -> None:
    """Notes that a kept form is before its owner's eyes, unless its page has refused."""
    form = request.session.get(LOCK, {}).get("forms", {}).get(request.path)
    if form and not form["is_shown"] and response.status_code == HTTPStatus.OK:
        form["is_shown"] = request.session.modified = True


def _form_view(view: Callable) -> type[ActionFormView] | None:
    """The class behind ``view`` when it is a form of ours that needs a login."""
    view_class = getattr(view, "view_class", None)
    is_form = isinstance(view_class, type) and issubclass(view_class, ActionFormView)
    needs_login = getattr(view, "login_required", True)
    return cast("type[ActionFormView]", view_class) if is_form and needs_login else None


def keep_form(request: HttpRequest, view: Callable, *, kept: str, shown: str) -> None:
    """Keeps what is posted to ``view`` by somebody who is led elsewhere before it opens.

    Only a form of ours, and as after the end of a session: the page shows it, unsent, when
    the same person comes back to it. ``kept`` and ``shown`` are said now, and then.
    """
    if request.method == "POST" and (view_class := _form_view(view)) is not None:
        lock = {"user": str(request.user.pk), "forms": {}} | request.session.get(LOCK, {})
        request.session[LOCK] = lock
        _park(request, view_class, kept=kept, shown=shown)


def _park(
    request: HttpRequest, view_class: type[ActionFormView], *, kept: str = KEPT, shown: str = SHOWN
) -> None:
    """Keeps the text of a posted form in the ended session, one for each page.

    A form that its owner has seen again gives way to what was made of it. One that waits does
    not: the next one may be another person's, who has sat down at the same PC.
    """
    fields = getattr(view_class.form_class, "base_fields", {})
    secret = {n for n, field in fields.items() if isinstance(field.widget, forms.PasswordInput)}
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and name not in secret and "password" not in name
    }
    size = sum(len(value) for values in typed.values() for value in values)
    if not fields:
        return
    lock = request.session[LOCK]
    forms_kept = lock["forms"]
    older = forms_kept.get(request.path)
    is_free = older["is_shown"] if older else len(forms_kept) < MOST_FORMS
    if size > LARGEST_FORM or not is_free:
        messages.warning(request, NOT_KEPT)
        return
    new = {request.path: {"typed": typed, "is_shown": False, "told": shown}}
    request.session[LOCK] = lock | {"forms": forms_kept | new}
    messages.info(request, kept)


def _forget(request: HttpRequest) -> None:
    """Drops a kept form once its page has sent it."""
    lock = request.session[LOCK]
    if request.path in lock["forms"]:
        left = {path: form for path, form in lock["forms"].items() if path != request.path}
        request.session[LOCK] = lock | {"forms": left}


def _bring_back(request: HttpRequest) -> None:
    """Lets the form's page answer as after a posting that stops at the form.

    ``ActionFormView.post`` shows it and performs nothing. It stays in the session until it is
    sent, because pages are loaded again.
    """
    lock = request.session[LOCK]
    form = lock["forms"].get(request.path)
    if form is None or lock["user"] != str(request.user.pk):
        return
    # A copy of this request's own: once that has been read, files are not looked for any more.
    typed: QueryDict = request.POST.copy()
    for name, values in form["typed"].items():
        typed.setlist(name, values)
    # The stubs know only the frozen one that comes from outside.
    request.POST = typed  # type: ignore[assignment]
    request.method = "POST"
    setattr(request, IS_PARKED, True)
    messages.info(request, form["told"])
