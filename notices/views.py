"""The pages of notices: the inbox, its settings, what a seat follows, and the way out of mails."""

from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import ListView, TemplateView, View

from core.links.views import SecretAddressMixin
from core.views import ActionFormView, NearestPageMixin, PostOnlyMixin, PublicMixin
from members.models import Seat
from members.rules import is_current
from members.views.acting import SeatMixin, for_seat
from notices import emails, queries, services, watching
from notices.enums import CHOICE_LABELS
from notices.forms import PreferenceForm
from notices.models import Notice, Preference
from notices.querysets import NoticeQuerySet
from notices.watching import LONGEST_KEY

PAGE_SIZE = 20
# What a mail server sends by itself when somebody presses its own button (RFC 8058).
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class NoticeList(SeatMixin, NearestPageMixin, ListView):
    """The inbox of all the person's seats, unread first; ``?unread=1`` leaves the read out."""

    template_name = "notices/notice_list.html"
    context_object_name = "notices"
    paginate_by = PAGE_SIZE

    @property
    def is_unread_only(self) -> bool:
        return self.request.GET.get("unread") == "1"

    def get_queryset(self) -> NoticeQuerySet:
        notices = Notice.objects.visible_to(self.request.user)
        return (notices.unread() if self.is_unread_only else notices).unread_first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user, notices = self.request.user, list(context["notices"])
        seats = {seat.pk: seat for seat in user.current_seats}
        ids = queries.readable(user, notices)
        rows = [(notice, notice.pk in ids, seats[notice.seat_id]) for notice in notices]
        # Told later, a notice is none that this page has shown.
        until = timezone.now().isoformat()
        return {
            **context,
            "rows": rows,
            "unread_here": [notice for notice in notices if notice.read_at is None],
            "several_seats": len(seats) > 1,
            "unread_only": self.is_unread_only,
            "until": until,
        }


class NoticeOpen(SeatMixin, View):
    """Leads from the inbox to the page that a notice is about: whoever opens it has read it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = Notice.objects.filter(pk=pk)
        notice = get_object_or_404(asked.visible_to(request.user))
        services.mark_read(asked, by=request.user)
        return HttpResponseRedirect(notice.url)


class NoticeRead(PostOnlyMixin, SeatMixin, View):
    """Marks as read what the form names (``notice``), or all that was told by then (``until``).

    Leads back to the part of the list that its address names.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        number = services.mark_read(self.meant(), by=request.user)
        messages.success(request, f"{number:,}件の通知を既読にしました。")
        return HttpResponseRedirect(reverse("notices:notice_list", query=request.GET))

    def meant(self) -> NoticeQuerySet:
        """What the form speaks of; nothing when it is forged."""
        posted = self.request.POST
        if keys := posted.getlist("notice"):
            ids = [int(key) for key in keys if key.isdecimal() and len(key) <= LONGEST_KEY]
            return Notice.objects.filter(pk__in=ids)
        try:
            until = parse_datetime(posted.get("until", ""))
        except ValueError:
            until = None
        is_told = until is not None and timezone.is_aware(until)
        return Notice.objects.filter(at__lte=until) if is_told else Notice.objects.none()


class PreferenceUpdate(SeatMixin, ActionFormView):
    """How one of the person's seats is told, and what it follows."""

    template_name = "notices/preference_update.html"
    form_class = PreferenceForm

    def get_initial(self) -> dict[str, Any]:
        row = self.preference
        paces = {choice: getattr(row, choice) for choice in CHOICE_LABELS}
        prefectures = row.prefectures.all() if row.pk else []
        return {**paces, "themes": row.wanted_themes, "prefectures": prefectures}

    def get_form_kwargs(self) -> dict[str, Any]:
        row = self.preference
        inherits = row.pk is None and row.wanted_themes.exists()
        return {**super().get_form_kwargs(), "inherits": inherits}

    @cached_property
    def preference(self) -> Preference:
        return queries.preferences_of([self.seat])[self.seat.pk]

    def perform(self, form: PreferenceForm) -> str:
        services.change_preference(form.cleaned_data, by=self.seat)
        messages.success(self.request, "通知の設定を変更しました。")
        return self.address_of(self.seat)

    def address_of(self, seat: Seat) -> str:
        return for_seat(reverse("notices:preference_update"), seat)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seats = self.request.user.current_seats
        return super().get_context_data(
            seat=self.seat,
            seats=[(seat, self.address_of(seat)) for seat in seats],
            watched=queries.watched_by(self.seat),
            **kwargs,
        )


class WatchMixin(PostOnlyMixin, SeatMixin):
    """An action on a record that the person may read and follow: 404 otherwise."""

    told = ""

    def post(self, request: HttpRequest) -> HttpResponse:
        posted = request.POST
        record = watching.find(posted.get("kind", ""), posted.get("key", ""), request.user)
        if record is None:
            raise Http404
        self.act(record)
        messages.success(request, self.told)
        return HttpResponseRedirect(for_seat(record.get_absolute_url(), self.seat))

    def act(self, record: models.Model) -> None:
        raise NotImplementedError


class WatchCreate(WatchMixin, View):
    """Lets the seat follow a record."""

    told = "フォローしました。動きがあったときに、通知でお知らせします。"

    def act(self, record: models.Model) -> None:
        services.watch(record, by=self.seat)


class WatchDelete(WatchMixin, View):
    """Lets the seat follow a record no more."""

    told = "フォローをやめました。"

    def act(self, record: models.Model) -> None:
        services.unwatch(record, by=self.seat)


# Only a mail server's own message comes without the form's token; ``post`` asks all others for it.
@method_decorator(csrf_exempt, name="dispatch")
class Unsubscribe(PublicMixin, SecretAddressMixin, TemplateView):
    """What the link of a mail would stop, for whoever holds it; the button stops it."""

    template_name = "notices/unsubscribe.html"
    seat: Seat | None
    kind: str

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        try:
            seat_id, self.kind = emails.read_token(kwargs["token"])
        except BadSignature:
            seat_id, self.kind = 0, ""
        seats = Seat.objects.with_office().with_user()
        self.seat = seats.filter(pk=seat_id).first() if seat_id else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=200 if self.seat else 404)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.seat is None:
            return self.get(request)
        if request.POST.dict() != ONE_CLICK:
            return self.button_pressed(request)
        services.unsubscribe(self.seat, self.kind)
        return HttpResponse(status=200)  # a redirect would not be followed

    @method_decorator(csrf_protect)
    def button_pressed(self, request: HttpRequest) -> HttpResponse:
        if services.unsubscribe(self.seat, self.kind):
            messages.success(request, "メールを止めました。")
        return HttpResponseRedirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stops = queries.stopped_by(self.seat, self.kind) if self.seat else []
        return super().get_context_data(
            stops=stops,
            is_known=self.seat is not None,
            ended_seat=self.seat if self.seat and not is_current(self.seat) else None,
            **kwargs,
        )
