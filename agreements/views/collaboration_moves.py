"""What a ward decides about its joint project: publish, start, end, cancel."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from agreements import rules, services
from agreements.forms import CancelForm, EndForm, PublishForm, StartForm
from agreements.models import Collaboration
from agreements.views.one import OneCollaborationMixin
from core.views import ActionFormView, posted_version
from members.rules import SeatRule


class CollaborationMove(OneCollaborationMixin, ActionFormView):
    """A page that asks, and the service that does it.

    ``open_to`` is the rule under which the project is in a state for it: otherwise whoever
    opens the page is told so on the project's own.
    """

    rule = staticmethod(rules.writes_it)
    open_to: SeatRule
    done = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.open_to(self.seat, self.collaboration):
            messages.warning(request, "この連携事業の今の状態では、その操作はできません。")
            return HttpResponseRedirect(self.collaboration.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def perform(self, form) -> str:
        self.act(self.collaboration, form)
        messages.success(self.request, self.done)
        return self.collaboration.get_absolute_url()

    def act(self, collaboration: Collaboration, form) -> None:
        """Calls the service."""
        raise NotImplementedError

    @property
    def who(self) -> dict[str, Any]:
        """The acting seat, and the version that it has read."""
        return {"by": self.seat, "version": posted_version(self.request)}


class CollaborationPublish(CollaborationMove):
    """Shows a joint project to everybody."""

    open_to = staticmethod(rules.may_publish)
    form_class = PublishForm
    template_name = "agreements/collaboration_publish.html"
    done = "連携事業を公開しました。だれでもこのページを読めます。"

    def act(self, collaboration: Collaboration, form: PublishForm) -> None:
        services.publish(collaboration, **self.who)


class CollaborationStart(CollaborationMove):
    """Says that a planned joint project has begun."""

    open_to = staticmethod(rules.may_start)
    form_class = StartForm
    template_name = "agreements/collaboration_start.html"
    done = "連携事業を「実施中」にしました。"

    def get_initial(self) -> dict[str, Any]:
        return {"when": self.collaboration.start}

    def act(self, collaboration: Collaboration, form: StartForm) -> None:
        services.start(collaboration, when=form.cleaned_data["when"], **self.who)


class CollaborationEnd(CollaborationMove):
    """Says that a joint project is over."""

    open_to = staticmethod(rules.may_end)
    form_class = EndForm
    template_name = "agreements/collaboration_end.html"
    done = "連携事業を「終了」にしました。記録は、これからも読めます。"

    def get_initial(self) -> dict[str, Any]:
        return {"when": self.collaboration.end}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "start": self.collaboration.start}

    def act(self, collaboration: Collaboration, form: EndForm) -> None:
        services.end(collaboration, when=form.cleaned_data["when"], **self.who)


class CollaborationCancel(CollaborationMove):
    """Calls a joint project off, with a reason."""

    open_to = staticmethod(rules.may_cancel)
    form_class = CancelForm
    template_name = "agreements/collaboration_cancel.html"
    done = "連携事業を「中止」にしました。記録と理由は、これからも読めます。"

    def act(self, collaboration: Collaboration, form: CancelForm) -> None:
        services.cancel(collaboration, reason=form.cleaned_data["reason"], **self.who)
