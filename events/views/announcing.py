"""An organization writes an event: enter → check → submitted, or kept as a draft; deletes one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.errors import StaleVersion
from core.views import ActionFormView, CheckedFormView, GoneAfterwardsMixin, posted_version
from events import rules, services
from events.forms import EventDeleteForm, EventForm, answers_of
from events.models import Event
from events.querysets import EventQuerySet
from members.views.acting import SeatMixin, for_seat
from members.views.one import OneRecordMixin

SAVED = "イベントを下書きに保存しました。同じ団体の担当者が、続きを書けます。"
SUBMITTED = "イベントを提出しました。事務局が確認し、結果をお知らせします。"
DELETED = "下書きを削除しました。"
NOT_OPEN = "このイベントは「{}」です。変更するときは、事務局にご連絡ください。"
NO_DRAFT = "一度提出したイベントは、削除できません。"


class OneEventMixin(OneRecordMixin):
    """A page that changes an event which the reader's organization has written."""

    rule = staticmethod(rules.writes_it)
    record_name = "event"
    event: Event

    def visible(self) -> EventQuerySet:
        return Event.objects.readable_by(self.request.user)


class EventFormView(CheckedFormView):
    """The form of an event; ``step`` draft keeps it as it is, ``done`` submits it."""

    check_template_name = "events/event_check.html"
    form_class = EventForm
    final_steps = ("done", "draft")
    event: Event | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "incomplete": self.step == "draft"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=["内容を入力", "内容を確認", "提出"], **kwargs)

    def perform(self, form: EventForm) -> str:
        version = posted_version(self.request)
        event = services.write_event(
            self.event, data=form.cleaned_data, by=self.seat, version=version
        )
        if self.step == "done":
            event = services.submit_event(event, by=self.seat, version=event.version)
        messages.success(self.request, SUBMITTED if self.step == "done" else SAVED)
        return event.get_absolute_url()


class EventCreate(SeatMixin, EventFormView):
    """A new event of the acting seat's organization."""

    template_name = "events/event_create.html"

    def admit(self) -> None:
        self.act_by(rules.may_add, None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [s for s in self.request.user.current_seats if s != self.seat and rules.may_add(s)]
        return super().get_context_data(seat=self.seat, other_seats=others, **kwargs)


class EventUpdate(OneEventMixin, EventFormView):
    """Goes on with a draft, also with one that was sent back."""

    template_name = "events/event_update.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.event.is_being_written:
            return back_to(self.event, request, NOT_OPEN.format(self.event.get_status_display()))
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return answers_of(self.event)

    def form_checked(self, form: EventForm) -> HttpResponse:
        if posted_version(self.request) != self.event.version:
            return self.form_refused(form, StaleVersion())
        return super().form_checked(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if kwargs.get("stale"):
            kwargs["conflicts"] = kwargs["form"].conflicts_with(self.event)
        return super().get_context_data(**kwargs)


class EventDelete(GoneAfterwardsMixin, OneEventMixin, ActionFormView):
    """Asks before a draft is deleted for good."""

    form_class = EventDeleteForm
    template_name = "events/event_delete.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.event.is_draft:
            return back_to(self.event, request, NO_DRAFT)
        return super().get(request, *args, **kwargs)

    def perform(self, form: EventDeleteForm) -> str:
        services.delete_event(self.event, by=self.seat, version=posted_version(self.request))
        messages.success(self.request, DELETED)
        return reverse("events:event_list")


def back_to(event: Event, request: HttpRequest, sentence: str) -> HttpResponse:
    """To the event's own page, which says ``sentence``."""
    messages.warning(request, sentence)
    return HttpResponseRedirect(event.get_absolute_url())


def create_url(user) -> str:
    """Where the reader may announce an event; empty for those who only read."""
    return _for_first_seat(user, rules.may_add, None, reverse("events:event_create"))


def actions_of(event: Event, user) -> dict[str, str]:
    """Where the reader may go on with an event, by the verb of each action."""
    allowed = {"update": rules.may_change, "delete": rules.may_delete}
    urls = {
        verb: _for_first_seat(user, rule, event, reverse(f"events:event_{verb}", args=[event.pk]))
        for verb, rule in allowed.items()
    }
    return {verb: url for verb, url in urls.items() if url}


def _for_first_seat(user, rule, event: Event | None, url: str) -> str:
    """``url`` for the first of the reader's seats that ``rule`` allows; empty without any."""
    seats = user.current_seats if user.is_authenticated else []
    seat = next((seat for seat in seats if rule(seat, event)), None)
    return for_seat(url, seat) if seat else ""
