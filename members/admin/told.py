"""What an office tells the secretariat by telephone, fax, mail or in person."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from core.admin.actions import ObjectAction
from core.admin.actor import acting
from core.admin.fields import EraDateField
from core.admin.forms import ActionForm
from core.audit import Actor, Told
from core.dates import today
from core.enums import Channel
from members import services
from members.forms import OfficeForm
from members.models import Office, Seat

_CHANNELS = [(channel, channel.word) for channel in Channel if channel != Channel.WEB]


class ToldFields(forms.Form):
    """By which channel, and from whom."""

    channel = forms.ChoiceField(label="方法", choices=_CHANNELS)
    caller = forms.CharField(
        label="誰から",
        max_length=80,
        error_messages={"required": "誰からの連絡かを入力してください"},
        help_text="例：企画政策課 福井さん。個人の情報として、操作記録とは別に保存されます",
    )

    @property
    def told(self) -> Told:
        return Told(Channel(self.cleaned_data["channel"]), self.cleaned_data["caller"])


class DatedToldFields(ToldFields):
    """On which day as well."""

    day = EraDateField(
        label="連絡があった日",
        required=False,
        initial=today,
        help_text="空欄のときは、今日です",
    )
    field_order = ["channel", "caller", "day"]

    @property
    def told(self) -> Told:
        return replace(super().told, day=self.cleaned_data["day"])


class ToldOfficeForm(OfficeForm, DatedToldFields):
    """The contact details as the caller says them; what the caller does not say stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].help_text = "最終確認の日になります。空欄のときは、今日です"
        for name in ("postal_code", "address", "phone"):
            self.fields[name].required = False

    def clean_day(self) -> date | None:
        day = self.cleaned_data["day"]
        if refusal := services.told_day_refusal(self.office, day):
            raise forms.ValidationError(refusal)
        return day


class TellOffice(ObjectAction):
    """Notes what a caller said: corrected details, or that they are still true."""

    name = "told"
    title = "電話などで確認・訂正を記録"
    button = "確認・訂正を記録する"
    explanation = (
        "連絡先を読み上げて確認し、違うところだけを直してください。"
        "直すところがなければ、そのまま記録します。"
    )
    form_class = ToldOfficeForm
    row: Office

    def get_initial(self) -> dict[str, Any]:
        return services.contact_values(self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "office": self.row,
            "seat": acting(self.request),
            "version": self.version,
        }

    def act(self, form: ToldOfficeForm, by: Actor) -> str:
        changed = form.changed_labels
        services.update_office(
            self.row, form.contact_values, version=form.version, by=by, told=form.told
        )
        what = f"{'・'.join(changed)}の訂正" if changed else "変更がないこと"
        return f"{form.told.channel.label}したこと（{what}）を記録しました"


class LeadForm(ToldFields, ActionForm):
    """From whom the secretariat has it."""


class MakeLead(ObjectAction):
    """Makes a seat the lead of its office, as the office asked."""

    name = "lead"
    title = "主担当にする"
    button = "主担当にする"
    explanation = "今の主担当は副担当になります。部署からの依頼を、方法と相手とともに記録します。"
    form_class = LeadForm
    row: Seat

    @classmethod
    def applies_to(cls, row: Seat) -> bool:
        return row.may_write

    def act(self, form: LeadForm, by: Actor) -> str:
        services.change_lead(self.row.office, self.row, by=by, told=form.told)
        return f"{self.row.office.signature}の主担当にしました"
