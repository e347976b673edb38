"""Personal contacts leave the admin on a stated purpose only, which the log keeps.

Whoever opens the address of such a file, or of such a list to print, is asked what it is for;
so a browser that fetches ahead, or a program that tries links, never has it. The rows come with
the answer, once its audit row is written.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from core import audit
from core.admin.actions import ServiceFormView
from core.admin.actor import acting
from core.admin.forms import ActionForm
from core.audit import Change
from core.enums import Action
from core.sheets import Sheet, asked_format, sheet_response

LONGEST_PURPOSE = 200


@dataclass(frozen=True)
class Extract:
    """What is taken out: the list's name, how many rows, and under which conditions.

    ``searched`` is what somebody has typed to find them, which may be a person's name.
    """

    name: str
    number: int
    conditions: str = ""
    searched: str = ""


class PurposeForm(ActionForm):
    """What the contacts are needed for."""

    purpose = forms.CharField(
        label="利用目的",
        max_length=LONGEST_PURPOSE,
        help_text="例：総会の案内を郵送するため。あとから変えられません",
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class PurposeView(ServiceFormView):
    """Asks for the purpose, notes it, and only then gives the contacts.

    A subclass says what it gives (``extract``), gives it (``give``), and asks in ``dispatch``
    who may have it. Each sending is a new extract, with an audit row of its own.
    """

    form_class = PurposeForm
    template_name = "admin/purpose.html"
    explanation = (
        "氏名、電話番号、メールアドレスなど、個人の情報が入っています。"
        "だれが、いつ、何のために使ったかを、操作記録に残します。"
    )

    def extract(self) -> Extract:
        raise NotImplementedError

    def give(self) -> HttpResponseBase:
        raise NotImplementedError

    def form_valid(self, form: PurposeForm) -> HttpResponseBase:
        extract, opts = self.extract(), self.model_admin.opts
        changes = {
            "件数": Change(None, f"{extract.number:,}件"),
            "条件": Change(None, extract.conditions or None),
            "検索した言葉": Change(None, extract.searched or None, personal=True),
        }
        with transaction.atomic():
            audit.record_list(
                Action.EXPORT_CONTACTS,
                opts.model,
                extract.name,
                by=acting(self.request),
                changes={name: change for name, change in changes.items() if change.after},
                reason=form.cleaned_data["purpose"],
            )
        return self.give()

    def get_back_url(self) -> str:
        """The list that the page was opened from, as it was filtered."""
        query = self.request.GET.urlencode()
        address = reverse(self.model_admin.url_name("changelist"))
        return f"{address}?{query}" if query else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "extract": self.extract(), "back_url": self.get_back_url()}


class FileWithPurpose(PurposeView):
    """A table as a file; ``kwargs`` have the ending of the address.

    ``name`` is what the table is called; a subclass makes it (``sheet``).
    """

    button = "ダウンロードする"
    name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.encoding = request.GET.get("encoding", "")
        self.ending, _encoding = asked_format(kwargs["ending"], self.encoding)

    @property
    def title(self) -> str:
        return f"{self.name}を{self.ending.label}でダウンロード"

    def sheet(self) -> Sheet:
        raise NotImplementedError

    def give(self) -> HttpResponseBase:
        return sheet_response(self.sheet(), self.ending, self.encoding)


class SheetWithPurpose(FileWithPurpose):
    """A list of the admin as a file, as it is filtered."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            self.listed = self.model_admin.get_listed(request)
        except IncorrectLookupParameters:
            return redirect(self.model_admin.url_name("changelist"))
        return super().dispatch(request, *args, **kwargs)

    @property
    def name(self) -> str:
        return str(self.model_admin.opts.verbose_name_plural)

    def extract(self) -> Extract:
        conditions = conditions_of(self.listed)
        return Extract(self.name, self.listed.result_count, conditions, self.listed.query)

    def sheet(self) -> Sheet:
        return self.model_admin.get_sheet(self.listed)


def conditions_of(listed: ChangeList) -> str:
    """What a list of the admin is filtered by, in its own words: 都道府県：福井県、役割：主担当."""
    chosen = [
        f"{spec.title}：{choice['display']}"
        for spec in listed.filter_specs
        for choice in spec.choices(listed)
        if choice["selected"] and str(choice["display"]) != gettext("All")
    ]
    return "、".join(chosen)
