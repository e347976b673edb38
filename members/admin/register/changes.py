"""Mergers, new names and new kinds of municipalities: asked, checked, recorded."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.admin.actions import AddAction, ObjectAction
from core.admin.fields import BLANK, AutocompleteOne, AutocompleteSeveral, EraDateField
from core.admin.forms import ActionForm, ReasonForm
from core.audit import Actor
from core.errors import DomainError
from core.forms import KanaField
from core.text import normalise_digits
from core.views import CheckedFormView
from members import services
from members.enums import ChangeKind, MunicipalityKind
from members.models import Municipality, MunicipalityChange, Office, Organization
from members.services import NewChange, NewMunicipality

_KINDS = [choice for choice in MunicipalityKind.choices if choice[0] != MunicipalityKind.WARD]
# What the autocompletes search: the whole register.
_REGISTER = Organization._meta.get_field("municipality")
NEW_FIELDS = ("code", "name", "kana", "municipality_kind", "district")


def _municipalities() -> QuerySet[Municipality]:
    return Municipality.objects.select_related("prefecture", "organization")


class NewNameFields(forms.Form):
    """What a municipality is called from the day on."""

    code = forms.CharField(
        label="団体コード",
        required=False,
        max_length=20,
        help_text="検査数字を含む6桁の数字。名称変更と「村から町へ」のときは空けます",
        widget=forms.TextInput(attrs={"class": "input w-8", "inputmode": "numeric"}),
    )
    name = forms.CharField(label="名称", required=False, max_length=20, help_text="例：見本市")
    kana = KanaField(label="カナ", required=False, max_length=40)
    municipality_kind = forms.ChoiceField(
        label="市・町・村の別",
        required=False,
        choices=[("", BLANK), *_KINDS],
        help_text="名称変更と「村から町へ」のときは空けます",
    )
    district = forms.CharField(
        label="郡", required=False, max_length=20, help_text="町村で、郡があるとき。例：見本郡"
    )

    def clean_code(self) -> str:
        return normalise_digits(self.cleaned_data["code"])


class ChangeForm(NewNameFields, ActionForm):
    """A change as the gazette tells it; the successor is chosen, or described."""

    date = EraDateField(label="施行日", help_text="変更後の最初の日です")
    kind = forms.ChoiceField(label="種類", choices=[("", BLANK), *ChangeKind.choices])
    formers = forms.ModelMultipleChoiceField(
        Municipality.objects.none(),
        label="変更前の市区町村",
        help_text="名称・カナ・団体コードで探せます。合併のときは、なくなる市町村をすべて選びます",
    )
    existing = forms.ModelChoiceField(
        Municipality.objects.none(),
        label="編入先の市区町村",
        required=False,
        help_text="編入のときだけ選びます。そのときは、下の団体コードから郡までを空けます",
    )
    note = forms.CharField(
        label="メモ（事務局のみ）",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    main_office = forms.ModelChoiceField(Office.objects.none(), required=False)

    field_order = ["date", "kind", "formers", "existing", *NEW_FIELDS, "note", "main_office"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, widget in (("formers", AutocompleteSeveral), ("existing", AutocompleteOne)):
            self.fields[name].widget = widget(_REGISTER, admin.site)
            self.fields[name].queryset = _municipalities()
        self.fields["main_office"].queryset = Office.objects.all()
        self.fields["main_office"].widget = forms.HiddenInput()

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        if not self._describes_one_successor():
            return
        for field, sentence in services.change_refusals(self.change):
            self.add_error(field, sentence)

    def _describes_one_successor(self) -> bool:
        described = [name for name in NEW_FIELDS if self.cleaned_data[name]]
        if self.cleaned_data["existing"] and described:
            only_one = "編入先を選んだときは、新しい市区町村の欄を空けてください"
            self.add_error(described[0], only_one)
            return False
        if self.cleaned_data["existing"] or self.keeps_code:
            return True
        if not described and self.cleaned_data["kind"] == ChangeKind.MERGER:
            self.add_error("existing", "編入先を選ぶか、新しい市区町村を入力してください")
            return False
        if not self.cleaned_data["municipality_kind"]:
            self.add_error("municipality_kind", "市・町・村の別を選んでください")
            return False
        return True

    @property
    def keeps_code(self) -> bool:
        return services.keeps_code(self.cleaned_data["kind"])

    @property
    def change(self) -> NewChange:
        """What a form without gaps describes."""
        data = self.cleaned_data
        formers = tuple(data["formers"])
        return NewChange(
            date=data["date"],
            kind=ChangeKind(data["kind"]),
            formers=formers,
            successor=data["existing"] or self._new(formers),
            note=data["note"],
        )

    def _new(self, formers: tuple[Municipality, ...]) -> NewMunicipality:
        data = self.cleaned_data
        if self.keeps_code:
            former = formers[0]
            code = data["code"] or former.code
            kind = data["municipality_kind"] or services.kind_after(data["kind"], former.kind)
            district = data["district"] or former.district
        else:
            code, kind, district = data["code"], data["municipality_kind"], data["district"]
        return NewMunicipality(code, data["name"], data["kana"], MunicipalityKind(kind), district)

    @property
    def hidden_inputs(self) -> SafeString:
        """What was typed, for the page that asks once more; the main office is asked there."""
        return format_html_join(
            "", "{}", ((bound.as_hidden(),) for bound in self if bound.name != "main_office")
        )


class ChosenMain:
    """Mixed into a page that lists what will happen and asks for the main office."""

    change: NewChange

    def succession_context(self, change: NewChange, form: forms.BaseForm) -> dict[str, Any]:
        offices = [] if change.keeps_code else services.offices_of(change)
        own = getattr(change.successor, "organization", None)
        chosen = form.data.get("main_office", "")
        mains = [office for office in offices if own and office.organization_id == own.pk]
        first = next((office for office in mains if office.is_main), None)
        if not chosen and (first or len(offices) == 1):
            chosen = str((first or offices[0]).pk)
        return {"offices": offices, "chosen_office": chosen}


class RecordChange(ChosenMain, AddAction, CheckedFormView):
    """Enter → see everything that will happen → recorded."""

    title = "合併・名称変更などを登録"
    button = "登録の内容を確認する"
    explanation = (
        "合併、編入、市になること、名称の変更を、施行日とともに登録します。"
        "前もって登録できます。次の画面で、何が起きるかをすべて確かめてから登録します。"
    )
    form_class = ChangeForm
    check_template_name = "admin/change_check.html"

    def act(self, form: ChangeForm, by: Actor) -> str:
        rows = services.record_change(
            form.change, main_office=form.cleaned_data["main_office"], by=by
        )
        self.added = rows[0]
        return f"「{'、'.join(str(row) for row in rows)}」を登録しました"

    def form_refused(self, form: ChangeForm, refusal: DomainError) -> HttpResponse:
        """The page that asks once more, with what the service said."""
        form.add_error(None, str(refusal))
        return self._checked(form, status=422)

    def form_checked(self, form: ChangeForm) -> HttpResponse:
        return self._checked(form)

    def _checked(self, form: ChangeForm, status: int = 200) -> HttpResponse:
        # What the form says is read before an error of the whole form takes nothing away.
        change = form.change
        context = self.get_context_data(
            form=form,
            consequences=services.consequences(change),
            **self.succession_context(change, form),
        )
        context |= {"title": "登録する内容の確認"}
        return self.response_class(self.request, self.check_template_name, context, status=status)

    def get_initial(self) -> dict[str, Any]:
        # A list of municipalities does not come in an address.
        return {}


class OfficeForm(ActionForm):
    """Which office becomes the main one."""

    main_office = forms.ModelChoiceField(
        Office.objects.none(),
        label="代表の部署",
        empty_label=BLANK,
        required=False,
        help_text="施行日から、変更後の団体の代表になる部署です",
    )

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [office.pk for office in offices]
        rows = Office.objects.filter(pk__in=keys).select_related("organization__prefecture")
        self.fields["main_office"].queryset = rows


class CarryOver(ObjectAction):
    """What the organizations of a change from the official data have, given to the successor."""

    name = "carry_over"
    title = "会員登録と部署を引き継ぐ"
    button = "引き継ぐ"
    template_name = "admin/change_carry_over.html"
    form_class = OfficeForm
    row: MunicipalityChange

    @classmethod
    def applies_to(cls, row: MunicipalityChange) -> bool:
        return services.may_be_carried_over(row)

    @property
    def change(self) -> NewChange:
        row = self.row
        together = MunicipalityChange.objects.filter(date=row.date, current=row.current_id)
        together = together.select_related("former__organization", "former__prefecture")
        formers = tuple(item.former for item in together if services.may_be_carried_over(item))
        return NewChange(row.date, ChangeKind(row.kind), formers or (row.former,), row.current)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"offices": services.offices_of(self.change)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = services.consequences(self.change, is_in_register=True)
        return super().get_context_data(consequences=told, **kwargs)

    def act(self, form: OfficeForm, by: Actor) -> str:
        services.carry_over(self.row, main_office=form.cleaned_data["main_office"], by=by)
        return f"{self.row.current}への引継ぎを登録しました"


class CorrectForm(NewNameFields, ReasonForm):
    """What was typed, to be put right."""

    field_order = [*NEW_FIELDS, "reason"]

    def clean(self) -> None:
        super().clean()
        if not self.errors and not self.cleaned_data["municipality_kind"]:
            self.add_error("municipality_kind", "市・町・村の別を選んでください")

    @property
    def new(self) -> NewMunicipality:
        data = self.cleaned_data
        kind = MunicipalityKind(data["municipality_kind"])
        return NewMunicipality(data["code"], data["name"], data["kana"], kind, data["district"])


class CorrectChange(ObjectAction):
    """A slip of the pen in a new name, kana, code or district."""

    name = "correct"
    title = "訂正する"
    button = "訂正する"
    explanation = (
        "変更後の団体コード、名称、カナ、郡の入力の誤りを直します。施行日や変更前を誤ったときは、"
        "施行日の前なら「取り消す」で取り消し、登録し直してください。"
    )
    form_class = CorrectForm
    row: MunicipalityChange

    @classmethod
    def applies_to(cls, row: MunicipalityChange) -> bool:
        return services.may_be_corrected(row)

    def get_initial(self) -> dict[str, Any]:
        current = self.row.current
        return {
            "code": current.code,
            "name": self.row.current_name,
            "kana": self.row.succession.kana or current.kana,
            "municipality_kind": services.kind_after(self.row.kind, current.kind),
            "district": current.district,
        }

    def act(self, form: CorrectForm, by: Actor) -> str:
        services.correct_change(self.row, form.new, by=by, reason=form.cleaned_data["reason"])
        return "訂正しました"


class CancelChange(ObjectAction):
    """Takes a change back whose day has not come."""

    name = "cancel"
    title = "取り消す"
    button = "取り消す"
    explanation = (
        "台帳と会員登録を、登録する前に戻します。合併のときは、変更前の市町村をまとめて戻します。"
        "施行日を迎えたあとは取り消せません。"
    )
    form_class = ReasonForm
    is_grave = True
    row: MunicipalityChange

    @classmethod
    def applies_to(cls, row: MunicipalityChange) -> bool:
        return services.may_be_cancelled(row)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.request = request
        gone = self.model_admin.get_object(request, kwargs["object_id"]) is None
        # After the first sending the row is gone.
        if gone and request.method == "POST" and (done := self.first_result()):
            return done
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.cancel_change(self.row, by=by, reason=form.cleaned_data["reason"])
        return f"「{self.row}」を取り消しました"

    def get_success_url(self) -> str:
        return reverse(self.model_admin.url_name("changelist"))
