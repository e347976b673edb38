"""The conditions of the list of joint projects."""

from typing import Any

from agreements.enums import CollaborationStatus, Origin
from agreements.queries.collaborations import Conditions, Years
from core.dates import fiscal_year_text
from core.forms import CharField, ChecksField, ChoiceField, FilterForm, ModelChoiceField
from members.models import Municipality, Prefecture, Theme

# In the address, for projects whose start leaves the fiscal year open.
UNSURE = "unknown"


class WardChoiceField(ModelChoiceField):
    """One special ward, by its code in the address."""

    def label_from_instance(self, ward: Municipality) -> str:
        return ward.name


class CollaborationFilterForm(FilterForm):
    """The conditions of the list; each stands in the address."""

    q = CharField(label="キーワード", required=False, max_length=100)
    ward = WardChoiceField(
        Municipality.objects.wards(),
        label="特別区",
        empty_label="すべての区",
        to_field_name="code",
        required=False,
    )
    prefecture = ModelChoiceField(
        Prefecture.objects.all(), label="連携先の都道府県", empty_label="すべて", required=False
    )
    theme = ModelChoiceField(
        Theme.objects.all(), label="分野", empty_label="すべての分野", required=False
    )
    year = ChoiceField(
        label="開始した年度",
        required=False,
        help_text="計画中の事業は、予定の年度で探せます。",
    )
    origin = ChecksField(label="きっかけ", choices=Origin.choices, required=False)
    status = ChecksField(label="状態", choices=CollaborationStatus.choices, required=False)

    def __init__(self, *args: Any, years: Years, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        unsure = [(UNSURE, "年度が未確認")] if years.has_unsure else []
        self.fields["year"].choices = [
            ("", "すべての年度"),
            *((str(year), fiscal_year_text(year)) for year in years.listed),
            *unsure,
        ]

    @property
    def conditions(self) -> Conditions:
        """What was asked; a condition that cannot be understood is left out."""
        data = self.cleaned_data
        return Conditions(
            words=data.get("q", ""),
            ward=data.get("ward"),
            prefecture=data.get("prefecture"),
            theme=data.get("theme"),
            started=self._started(data.get("year", "")),
            origins=tuple(data.get("origin", ())),
            statuses=tuple(data.get("status", ())),
        )

    def _started(self, year: str) -> tuple[int, ...] | None:
        if not year:
            return None
        return self.years.ids.get(None if year == UNSURE else int(year), ())

    def chosen(self) -> list[tuple[str, str, str]]:
        """Each condition in force: its field, its value in the address, and its label."""
        data = self.cleaned_data
        words, year, ward = data.get("q"), data.get("year"), data.get("ward")
        prefecture, theme = data.get("prefecture"), data.get("theme")
        single = [
            ("q", words, f"キーワード：{words}"),
            ("ward", ward and ward.code, f"特別区：{ward and ward.name}"),
            ("prefecture", prefecture and prefecture.pk, f"連携先：{prefecture}"),
            ("theme", theme and theme.pk, f"分野：{theme}"),
            ("year", year, f"開始：{dict(self.fields['year'].choices).get(year)}"),
        ]
        several = [("origin", Origin, "きっかけ"), ("status", CollaborationStatus, "状態")]
        return [(name, str(value), label) for name, value, label in single if value] + [
            (name, value, f"{title}：{choices(value).label}")
            for name, choices, title in several
            for value in data.get(name, ())
        ]
