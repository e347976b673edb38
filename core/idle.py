"""Sessions end: after two hours without a request, and twelve hours after the login.

What somebody posts into an ended session is kept in it, and shown again, not sent, once the
same person has logged in. Passwords and files are never kept.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, QueryDict

from core.views import ActionFormView

# Office PCs are shared, and left alone over lunch (look.md 9, stack.md 2).
IDLE_SECONDS = 2 * 60 * 60
# A working day; NIST SP 800-63B 4.2.3 asks for a new login after as much.
LONGEST_SECONDS = 12 * 60 * 60
# A session is written at most this often to say that it is used; so it may end as much early.
TOUCH_SECONDS = 5 * 60
# Ten times the longest form of the portal (a proposal); beyond it nobody has typed by hand.
LARGEST_FORM = 200_000

# What tells ``ActionFormView.post`` to stop at the form.
IS_PARKED = "is_parked"
BEGAN, SEEN, LOCK = "idle_began", "idle_seen", "idle_lock"

ENDED_IDLE = (
    "2時間操作がなかったため、ログインを終了しました。続けるときは、もう一度ログインしてください。"
)
ENDED_LONG = (
    "ログインから12時間がたったため、終了しました。続けるときは、もう一度ログインしてください。"
)
KEPT = "入力していた内容は残してあります。同じ方がログインすると、続きから使えます。"
SHOWN = "ログインの前に入力していた内容を表示しています。まだ送信していません。"

type GetResponse = Callable[[HttpRequest], HttpResponse]


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
    """Logs out whoever was away, or is logged in, for too long."""
    now = time.time()
    began = request.session.get(BEGAN, now)
    seen = request.session.get(SEEN, now)
    is_long = now - began >= LONGEST_SECONDS
    if not is_long and now - seen < IDLE_SECONDS:
        return
    # A form that was kept before, and has not been sent since, stays.
    lock = {"user": str(request.user.pk), "form": None} | request.session.get(LOCK, {})
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
    if lock and (lock["user"] != str(request.user.pk) or not lock["form"]):
        del session[LOCK]


def _form_view(view: Callable) -> type[ActionFormView] | None:
    """The class behind ``view`` when it is a form of ours that needs a login."""
    view_class = getattr(view, "view_class", None)
    is_form = isinstance(view_class, type) and issubclass(view_class, ActionFormView)
    needs_login = getattr(view, "login_required", True)
    return cast("type[ActionFormView]", view_class) if is_form and needs_login else None


def _park(request: HttpRequest, view_class: type[ActionFormView]) -> None:
    """Keeps the text of a posted form in the ended session; an older one gives way."""
    fields = getattr(view_class.form_class, "base_fields", {})
    secret = {n for n, field in fields.items() if isinstance(field.widget, forms.PasswordInput)}
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and name not in secret and "password" not in name
    }
    size = sum(len(value) for values in typed.values() for value in values)
    if not fields or size > LARGEST_FORM:
        return
    lock = request.session[LOCK]
    request.session[LOCK] = lock | {"form": {"path": request.path, "typed": typed}}
    messages.info(request, KEPT)


def _forget(request: HttpRequest) -> None:
    """Drops the kept form once its page has sent it."""
    form = request.session[LOCK]["form"]
    if form and form["path"] == request.path:
        del request.session[LOCK]


def _bring_back(request: HttpRequest) -> None:
    """Lets the form's page answer as after a posting that stops at the form.

    ``ActionFormView.post`` shows it and performs nothing. It stays in the session until it is
    sent, because pages are loaded again.
    """
    lock = request.session[LOCK]
    form = lock["form"]
    if not form or lock["user"] != str(request.user.pk) or form["path"] != request.path:
        return
    # A copy of this request's own: once that has been read, files are not looked for any more.
    typed: QueryDict = request.POST.copy()
    for name, values in form["typed"].items():
        typed.setlist(name, values)
    # The stubs know only the frozen one that comes from outside.
    request.POST = typed  # type: ignore[assignment]
    request.method = "POST"
    setattr(request, IS_PARKED, True)
    messages.info(request, SHOWN)
