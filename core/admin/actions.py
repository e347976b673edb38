"""Named actions of the admin: a button, a page that asks, and the service that does it.

A state is never edited: an action calls the service that knows the allowed moves, and shows
the service's sentence when it refuses.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core.admin.actor import acting
from core.admin.forms import ActionForm
from core.audit import Actor
from core.views import ActionFormView, posted_version


class ServiceFormView(ActionFormView):
    """A form of the admin that ends in a service instead of a save.

    ``button`` is the label of its last button, ``explanation`` what stands above the form.
    """

    template_name = "admin/service_form.html"
    form_class: type[BaseForm] = ActionForm
    model_admin: Any = None
    title = ""
    explanation = ""
    button = ""
    is_grave = False

    def act(self, form: BaseForm, by: Actor) -> str:
        """Calls the service; returns the sentence that says what was done."""
        raise NotImplementedError

    def perform(self, form: BaseForm) -> str:
        messages.success(self.request, self.act(form, acting(self.request)))
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, site = context["form"], self.model_admin.admin_site
        names = [bound.name for bound in form.visible_fields()]
        self.request.current_app = site.name
        return {
            **site.each_context(self.request),
            **context,
            "title": self.title,
            "explanation": self.explanation,
            "button": self.button,
            "is_grave": self.is_grave,
            "opts": self.model_admin.opts,
            "adminform": AdminForm(
                form, [(None, {"fields": names})], {}, model_admin=self.model_admin
            ),
            "media": self.model_admin.media + form.media,
        }

    def change_url(self, row: models.Model) -> str:
        """The admin page of ``row``, which is of this admin's model."""
        return reverse(self.model_admin.url_name("change"), args=[quote(row.pk)])


class AddAction(ServiceFormView):
    """An add page whose row a service makes; ``act`` leaves it as ``self.added``."""

    added: models.Model

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.model_admin.has_add_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """What a link to the page already says, such as the office of a new seat."""
        return super().get_initial() | self.request.GET.dict()

    def get_success_url(self) -> str:
        return self.change_url(self.added)


class ObjectAction(ServiceFormView):
    """An action on one row, ``self.row``.

    ``name`` is its word in the address. It is offered to whoever may change the row, while
    ``applies_to`` holds; whether it is allowed, the service decides.
    """

    name: ClassVar[str] = ""
    row: Any

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """Whether the row is in a state for it."""
        return True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.model_admin.get_object(request, unquote(kwargs["object_id"]))
        if row is None:
            raise Http404
        if not self.model_admin.may_act(request, row):
            raise PermissionDenied
        self.row = row
        return super().dispatch(request, *args, **kwargs)

    @property
    def version(self) -> int | None:
        """The version of the row that the form was opened with, where rows have one."""
        if self.request.method == "POST":
            return posted_version(self.request)
        return getattr(self.row, "version", None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.applies_to(self.row):
            messages.warning(request, f"今の状態では「{self.button}」を行えません")
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    @property
    def back_url(self) -> str:
        """The page of the admin that the action was opened from (``?back=``), if it says one."""
        back = self.request.GET.get("back", "")
        is_own = back.startswith(reverse("admin:index"))
        return back if is_own and url_has_allowed_host_and_scheme(back, None) else ""

    def get_success_url(self) -> str:
        return self.back_url or self.change_url(self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = {"original": self.row, "version": self.version, "back_url": self.back_url}
        return {**context, **shown}
