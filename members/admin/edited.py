"""A list's file comes back: read, shown as what it would change, and taken with a last button."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.views.generic import View

from core.admin.actions import ServiceFormView
from core.admin.forms import ActionForm
from core.audit import Actor
from core.errors import DomainError
from core.models import SheetUpload
from core.sheets import Sheet, sheet_response
from core.sheets.cells import Table
from core.sheets.comparing import Comparison, compare, numbers_in
from core.sheets.editing import EditableSheet
from core.sheets.fields import unknown_headings
from core.sheets.keeping import find_kept, forget, keep, note_applied, table_of
from core.sheets.refused import LINE, REASON, refused_rows
from members.admin.joining.imports import ImportForm
from members.services.edited import EditedTable, import_edited
from members.services.joining.imports import PlanChanged

# How many changed rows a page shows, and how many refusals at most.
PER_PAGE = 100
MOST_SHOWN = 200


class EditorsOnly:
    """Mixed into a view of a model's admin: for whoever may change its rows."""

    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.may_import_edited(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class EditedForm(ImportForm):
    """A file or a pasted table that was exported before."""

    joined = None

    def __init__(self, *args: Any, sheet: EditableSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = sheet.fields


class ReadEdited(EditorsOnly, ServiceFormView):
    """Reads a table and leads to what it would change; nothing is changed here."""

    template_name = "admin/edited_read.html"
    form_class = EditedForm
    title = "書き出した表を読み込む"
    button = "読み込んで内容を確認する"
    explanation = (
        "一覧の「ダウンロード」で書き出した表を、直してから読み込みます。"
        "読み込んだだけでは、何も変わりません。次の画面で、変わる内容を確認してから取り込みます。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"sheet": self.model_admin.edited_sheet}

    def perform(self, form: EditedForm) -> str:
        sheet = self.model_admin.edited_sheet
        upload = keep(form.cleaned_data["table"], sheet.key, user=self.request.user)
        return reverse(self.model_admin.url_name("edited_preview"), args=[upload.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(notes=self.model_admin.edited_sheet.notes, **kwargs)


class KeptEdits(EditorsOnly):
    """Mixed into a view of one uploaded table, for whoever has uploaded it."""

    request: HttpRequest
    upload: SheetUpload
    table: Table

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.may_import_edited(request):
            raise PermissionDenied
        self.request = request
        key = self.model_admin.edited_sheet.key
        upload = find_kept(key, kwargs["pk"], user=request.user)
        if upload is None:
            return self.sent_before(request) or self.gone(request)
        self.upload, self.table = upload, table_of(upload)
        return super().dispatch(request, *args, **kwargs)

    def sent_before(self, request: HttpRequest) -> HttpResponse | None:
        """What the first sending of a form led to, when this is its second one."""
        return None

    def gone(self, request: HttpRequest) -> HttpResponse:
        messages.warning(
            request,
            "この表は、取り込みが済んだか、保存の期限が過ぎました。もう一度読み込んでください",
        )
        return HttpResponseRedirect(reverse(self.model_admin.url_name("edited")))

    def compare(self) -> Comparison:
        """What the table would change as the record is now, in a fixed number of queries."""
        known = self.model_admin.edited_rows(self.request, numbers_in(self.table))
        found = compare(self.model_admin.edited_sheet, self.table, known)
        return found.without(self.model_admin.edited_table.refusals(found.edited))


class ReasonToEdit(ActionForm):
    """Why the rows change, for the history."""

    reason = forms.CharField(
        label="取り込む理由",
        max_length=200,
        help_text="例：4月の異動の反映。操作記録に残り、あとから変えられません",
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )


class PreviewEdited(KeptEdits, ServiceFormView):
    """What a table would change, field by field, and the buttons that take or forget it."""

    template_name = "admin/edited_preview.html"
    form_class = ReasonToEdit
    title = "変わる内容の確認"

    def sent_before(self, request: HttpRequest) -> HttpResponse | None:
        return self.first_result() if request.method == "POST" else None

    @property
    def is_forgotten(self) -> bool:
        return self.request.POST.get("step") == "forget"

    def get_form(self, form_class: Any = None) -> forms.BaseForm:
        form = super().get_form(form_class)
        form.fields["reason"].required = not self.is_forgotten
        return form

    def act(self, form: forms.BaseForm, by: Actor) -> str:
        if self.is_forgotten:
            forget(self.upload)
            return "取り込まずに終わりました。表を直して、もう一度読み込んでください"
        done = import_edited(
            self.model_admin.edited_table,
            numbers_in(self.table),
            self.compare,
            digest=self.request.POST.get("digest", ""),
            reason=form.cleaned_data["reason"],
            by=by,
        )
        note_applied(self.upload)
        return f"取り込みました（変更{len(done.edited):,}行、変更なし{done.unchanged:,}行）"

    def get_success_url(self) -> str:
        page = "edited" if self.is_forgotten else "changelist"
        return reverse(self.model_admin.url_name(page))

    def form_refused(self, form: forms.BaseForm, refusal: DomainError) -> HttpResponse:
        """What would change as the record is now, with what has happened meanwhile."""
        form.add_error(None, str(refusal))
        status = 409 if isinstance(refusal, PlanChanged) else 422
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, sheet = self.compare(), self.model_admin.edited_sheet
        unknown = unknown_headings(self.table, sheet.fields)
        page = Paginator(found.edited, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            found=found,
            page=page,
            problems=found.problems[:MOST_SHOWN],
            most_shown=MOST_SHOWN,
            unread=[heading for heading in unknown if heading not in (LINE, REASON)],
            name=self.upload.name or "貼り付けた表",
            notes=sheet.notes,
            refused_url=reverse(self.model_admin.url_name("edited_refused"), args=[self.upload.pk]),
            **kwargs,
        )


class RefusedEdits(KeptEdits, View):
    """The rows that cannot be taken, with the reasons: to correct in Excel and load again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        problems = self.compare().problems
        if not problems:
            raise Http404("every row can be taken")
        sheet = refused_rows(self.table, problems, self.model_admin.edited_sheet.fields)
        return sheet_response(sheet, "xlsx")


class EditedMixin:
    """Mixed into a model's admin: its list's file is read back.

    ``edited_sheet`` declares the columns of file and reading, ``edited_table`` what may be
    changed to.
    """

    edited_sheet: ClassVar[EditableSheet]
    edited_table: ClassVar[EditedTable]

    def may_import_edited(self, request: HttpRequest) -> bool:
        """Whoever may change the rows, or carry out their named actions where none is edited."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def edited_rows(self, request: HttpRequest, numbers: set[int]) -> Mapping[int, Any]:
        """The rows with the keys ``numbers``, read as the list's file reads them."""
        rows: QuerySet = self.get_queryset(request).filter(pk__in=numbers)
        related = (*self.list_select_related, *self.sheet_related)
        if related:  # without names, Django would follow every relation
            rows = rows.select_related(*related)
        rows = rows.prefetch_related(*self.get_list_prefetch(request))
        return {row.pk: row for row in rows}

    def get_sheet(self, listed: ChangeList) -> Sheet:
        """The list's file; what is typed into an empty cell stays text, with its leading zeros."""
        return replace(super().get_sheet(listed), to_fill_in=True)

    def get_urls(self) -> list:
        pages = {
            "edited/": ("edited", ReadEdited),
            "edited/<int:pk>/": ("edited_preview", PreviewEdited),
            "edited/<int:pk>/refused.xlsx": ("edited_refused", RefusedEdits),
        }
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                route,
                self.admin_site.admin_view(view.as_view(model_admin=self)),
                name=f"{prefix}_{name}",
            )
            for route, (name, view) in pages.items()
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """The list, with the link to the page that reads its file."""
        context = extra_context or {}
        if self.may_import_edited(request):
            link = (ReadEdited.title, reverse(self.url_name("edited")))
            context = {**context, "tools": [*context.get("tools", []), link]}
        return super().changelist_view(request, context)
