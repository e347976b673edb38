"""The table of members: read, shown as what it would change, and imported with a last button."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.generic import View

from core.admin.actions import ServiceFormView
from core.admin.fields import EraDateField
from core.admin.forms import ActionForm
from core.audit import Actor
from core.date_input import DateInputError, parse_day
from core.dates import today
from core.errors import DomainError
from core.file_names import size_text
from core.models import SheetUpload
from core.sheets import sheet_response
from core.sheets.cells import SheetRefused, Table
from core.sheets.fields import Problem, fitted, unknown_headings
from core.sheets.keeping import find_kept, forget, keep, note_applied, table_of
from core.sheets.reading import MAX_BYTES, MAX_PASTED_BYTES, MAX_ROWS, read_table
from members import services
from members.enums import Verdict
from members.services.joining.imports import (
    ListedSeat,
    Plan,
    PlanChanged,
    PlannedOrganization,
    PlannedSeat,
)
from members.sheets import FIELDS, NOT_READ, listed_seats, refused_sheet, template_sheet

KIND = "members.import"
# A page shows as many rows of a kind; the rest is counted.
MOST_SHOWN = 200


class AddersOnly:
    """Mixed into a view of a model's admin: for whoever may add rows to it."""

    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.has_add_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ImportForm(ActionForm):
    """A file, or a table that was copied from Excel; ``columns`` are those that are read."""

    columns = FIELDS
    file = forms.FileField(
        label="ファイル",
        required=False,
        help_text=f"Excel（.xlsx）またはCSV。{size_text(MAX_BYTES)}、{MAX_ROWS:,}行まで。"
        "Excelは、最初のシートを読みます",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )
    pasted = forms.CharField(
        label="貼り付け",
        required=False,
        strip=False,
        help_text="ファイルの代わりに、Excelで見出しから範囲を選んでコピーし、"
        f"ここに貼り付けられます。{size_text(MAX_PASTED_BYTES)}まで",
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
    )
    joined = EraDateField(
        label="登録日",
        initial=today,
        help_text="新しく会員になる団体のうち、表の登録日が空いている団体の登録日です",
    )

    def clean(self) -> None:
        super().clean()
        file, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("pasted", "")
        if "file" in self.errors:
            return
        if bool(file) == bool(pasted.strip()):
            both = "ファイルと貼り付けは、どちらか一方にしてください"
            raise ValidationError(both if file else "ファイルを選ぶか、表を貼り付けてください")
        try:
            read = read_table(file, file.name) if file else read_table(pasted)
            self.cleaned_data["table"] = fitted(read, self.columns)
        except SheetRefused as refused:
            raise ValidationError(str(refused)) from refused


class ImportMembers(AddersOnly, ServiceFormView):
    """Reads a table and leads to what it would change; nothing is changed here."""

    template_name = "admin/members_import.html"
    form_class = ImportForm
    title = "会員の表を読み込む"
    button = "読み込んで内容を確認する"
    explanation = (
        "読み込んだだけでは、何も登録されません。次の画面で内容を確認してから取り込みます。"
    )

    def perform(self, form: ImportForm) -> str:
        table, joined = form.cleaned_data["table"], form.cleaned_data["joined"]
        upload = keep(table, KIND, user=self.request.user)
        url = self.model_admin.url_name("import_preview")
        return reverse(url, args=[upload.pk], query={"joined": joined.isoformat()})


@dataclass(frozen=True)
class Part:
    """The rows of a plan with one verdict: how many there are, and those that are shown."""

    verdict: Verdict
    count: int
    rows: list[tuple[PlannedOrganization, PlannedSeat]]

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


class KeptTable(AddersOnly):
    """Mixed into a view of one uploaded table, for whoever has uploaded it."""

    request: HttpRequest
    upload: SheetUpload
    table: Table
    rows: list[ListedSeat]
    problems: list[Problem]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.model_admin.has_add_permission(request):
            upload = find_kept(KIND, kwargs["pk"], user=request.user)
            if upload is None and request.method == "POST" and self.sent_before(request):
                return super().dispatch(request, *args, **kwargs)
            if upload is None:
                return self.gone(request)
            self.upload, self.table = upload, table_of(upload)
            self.rows, self.problems = listed_seats(self.table)
        return super().dispatch(request, *args, **kwargs)

    def sent_before(self, request: HttpRequest) -> bool:
        """Whether this is the second sending of a form; it is shown what the first led to."""
        return False

    def gone(self, request: HttpRequest) -> HttpResponse:
        messages.warning(
            request,
            "この表は、取り込みが済んだか、保存の期限が過ぎました。もう一度読み込んでください",
        )
        return HttpResponseRedirect(reverse(self.model_admin.url_name("import")))

    @property
    def joined(self) -> date:
        """The day chosen when the table was read; today when the address says none."""
        try:
            return parse_day(self.request.GET.get("joined", "")) or today()
        except DateInputError:
            return today()

    def plan(self) -> Plan:
        plan = services.plan_import(self.rows, joined=self.joined)
        found = [*self.problems, *plan.problems]
        return Plan(plan.organizations, sorted(found, key=lambda problem: problem.number))


class ImportPreview(KeptTable, ServiceFormView):
    """What a table would change, row by row, and the buttons that import or forget it."""

    template_name = "admin/members_import_preview.html"
    title = "取り込む内容の確認"

    def sent_before(self, request: HttpRequest) -> bool:
        self.request = request
        return self.first_result() is not None

    def act(self, form: forms.BaseForm, by: Actor) -> str:
        if self.request.POST.get("step") == "forget":
            forget(self.upload)
            return "取り込まずに終わりました。表を直して、もう一度読み込んでください"
        plan = services.import_members(
            self.rows,
            joined=self.joined,
            digest=self.request.POST.get("digest", ""),
            left_out=len({problem.number for problem in self.plan().problems}),
            by=by,
        )
        note_applied(self.upload)
        counts = "、".join(f"{verdict.label}{len(plan.of(verdict)):,}行" for verdict in Verdict)
        return f"取り込みました（{counts}）"

    def get_success_url(self) -> str:
        forgotten = self.request.POST.get("step") == "forget"
        return reverse(self.model_admin.url_name("import" if forgotten else "board"))

    def form_refused(self, form: forms.BaseForm, refusal: DomainError) -> HttpResponse:
        """The plan as it is now, with what has happened meanwhile."""
        form.add_error(None, str(refusal))
        status = 409 if isinstance(refusal, PlanChanged) else 422
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = self.plan()
        refused = {problem.number for problem in plan.problems}
        unread = [name for name in unknown_headings(self.table, FIELDS) if name not in NOT_READ]
        return super().get_context_data(
            plan=plan,
            parts=[_part(plan, verdict) for verdict in Verdict],
            problems=plan.problems[:MOST_SHOWN],
            refused=len(refused),
            taken=sum(1 for _ in plan.seats),
            joining=[item for item in plan.organizations if item.joined],
            without_lead=_without_lead(plan.organizations),
            unread=unread,
            name=self.upload.name or "貼り付けた表",
            most_shown=MOST_SHOWN,
            refused_url=self._refused_url(),
            **kwargs,
        )

    def _refused_url(self) -> str:
        name = self.model_admin.url_name("import_refused")
        return reverse(name, args=[self.upload.pk], query={"joined": self.joined.isoformat()})


def _part(plan: Plan, verdict: Verdict) -> Part:
    rows = plan.of(verdict)
    return Part(verdict, len(rows), rows[:MOST_SHOWN])


def _without_lead(items: Iterable[PlannedOrganization]) -> list[PlannedOrganization]:
    """New members for whom the table names no lead: nobody there could invite the others."""
    return [item for item in items if item.office is None and not item.has_lead]


class RefusedRows(KeptTable, View):
    """The rows that cannot be taken, with the reasons: to correct in Excel and load again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        problems = self.plan().problems
        if not problems:
            raise Http404("every row can be taken")
        return sheet_response(refused_sheet(self.table, problems), "xlsx")


class ImportTemplate(AddersOnly, View):
    """The table to fill in."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return sheet_response(template_sheet(), "xlsx")
