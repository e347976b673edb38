"""Many departments renamed from one table, and one planned name taken back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path, reverse

from core.admin.actions import ObjectAction, ServiceFormView
from core.admin.columns import era_field
from core.admin.inlines import ReadOnlyInline
from core.audit import Actor
from core.errors import DomainError
from core.forms import CharField
from core.models import SheetUpload
from core.sheets.cells import Table
from core.sheets.fields import DayField, Field, PlainTextField, Problem, cleaned
from core.sheets.keeping import find_kept, forget, keep, note_applied, table_of
from members import services
from members.admin.joining.imports import ImportForm
from members.models import Office, OfficeRename
from members.services import ListedRename
from members.services.register.rename_lists import CODE, DAY, NAME, OFFICE, RenameList
from members.services.register.renames import NAME_LENGTH
from members.sheets import CodeField

KIND = "members.renames"
FIELDS = (
    Field("code", CODE, CodeField(), ("コード",), is_column_required=True),
    Field("office", OFFICE, CharField(), ("部署", "部署名", "旧部署名"), is_column_required=True),
    Field(
        "name",
        NAME,
        PlainTextField(max_length=NAME_LENGTH),
        ("新部署名",),
        is_column_required=True,
    ),
    Field("valid_from", DAY, DayField(), ("変わる日", "施行日"), is_column_required=True),
)


class RenamesForm(ImportForm):
    """A file or a pasted table with four columns."""

    columns = FIELDS
    joined = None


class ReadRenames(ServiceFormView):
    """Reads a table and leads to what it would change; nothing is changed here."""

    form_class = RenamesForm
    title = "部署名の変更をまとめて登録"
    button = "読み込んで内容を確認する"
    explanation = (
        "「団体コード」「今の部署名」「新しい部署名」「いつから」の4列の表を読み込みます。"
        "読み込んだだけでは、何も登録されません。次の画面で内容を確認してから登録します。"
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.has_change_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form: RenamesForm) -> str:
        upload = keep(form.cleaned_data["table"], KIND, user=self.request.user)
        return reverse(self.model_admin.url_name("renames_preview"), args=[upload.pk])


class RenamesPreview(ServiceFormView):
    """Which offices would be renamed, which rows cannot be taken, and the last button."""

    template_name = "admin/office_renames_preview.html"
    form_class = forms.Form
    title = "登録する部署名の確認"
    upload: SheetUpload

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.has_change_permission(request):
            raise PermissionDenied
        self.request = request
        upload = find_kept(KIND, kwargs["pk"], user=request.user)
        if upload is None:
            if request.method == "POST" and (done := self.first_result()):
                return done
            messages.warning(
                request,
                "この表は、登録が済んだか、保存の期限が過ぎました。もう一度読み込んでください",
            )
            return HttpResponseRedirect(reverse(self.model_admin.url_name("renames")))
        self.upload = upload
        return super().dispatch(request, *args, **kwargs)

    @property
    def listed(self) -> RenameList:
        return _listed(table_of(self.upload))

    def act(self, form: forms.BaseForm, by: Actor) -> str:
        if self.request.POST.get("step") == "forget":
            forget(self.upload)
            return "登録せずに終わりました。表を直して、もう一度読み込んでください"
        listed = self.listed
        if self.request.POST.get("count") != str(len(listed.renames)):
            raise DomainError(
                "確認している間に、登録の内容が変わりました。もう一度確認してください"
            )
        planned = services.plan_renames(listed.new_names, by=by)
        note_applied(self.upload)
        return f"{len(planned)}部署の名称の変更を登録しました"

    def get_success_url(self) -> str:
        forgotten = self.request.POST.get("step") == "forget"
        return reverse(self.model_admin.url_name("renames" if forgotten else "changelist"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listed = self.listed
        return super().get_context_data(
            name=self.upload.name or "貼り付けた表",
            renames=listed.renames,
            problems=listed.problems,
            refused=len({problem.number for problem in listed.problems}),
            **kwargs,
        )


def _listed(table: Table) -> RenameList:
    rows: list[ListedRename] = []
    problems: list[Problem] = []
    for row in table.rows:
        values, reasons = cleaned(row, FIELDS)
        problems += reasons
        if not reasons:
            typed, codes = values.pop("code")
            rows.append(ListedRename(number=row.number, typed_code=typed, codes=codes, **values))
    listed = services.read_renames(rows)
    found = sorted([*problems, *listed.problems], key=lambda problem: problem.number)
    return RenameList(listed.renames, found)


class CancelRename(ObjectAction):
    """Takes back the name that an office was to get."""

    name = "cancel_rename"
    title = "部署名の変更の予定を取り消す"
    button = "予定を取り消す"
    is_grave = True
    row: Office

    @classmethod
    def applies_to(cls, row: Office) -> bool:
        return row.renames.waiting().exists()

    def act(self, form: forms.BaseForm, by: Actor) -> str:
        planned = self.row.renames.waiting().first()
        if planned is None:
            raise DomainError("予定されている部署名の変更はありません")
        services.cancel_rename(planned, by=by)
        return f"部署名を「{planned.name}」に変える予定を取り消しました"


class RenameInline(ReadOnlyInline):
    """What an office has been called since when, and what it is to be called."""

    model = OfficeRename
    fields = ["name", "day", "state"]
    show_change_link = False
    day = staticmethod(era_field("valid_from", "いつから"))

    @display(description="状態")
    def state(self, rename: OfficeRename) -> str:
        return "変更済み" if rename.applied_at else "予定"


class RenamesMixin:
    """Mixed into the offices' admin: the pages of the table, and the link to them."""

    def get_urls(self) -> list:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = {
            "renames/": ("renames", ReadRenames),
            "renames/<int:pk>/": ("renames_preview", RenamesPreview),
        }
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
        tools = []
        if self.has_change_permission(request):
            tools = [(ReadRenames.title, reverse(self.url_name("renames")))]
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})
