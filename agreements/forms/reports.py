"""What a ward types of one fiscal year of its joint project."""

from collections.abc import Mapping
from typing import Any

from agreements.models import GRANTS, RESULT_LENGTH, Collaboration, YearReport
from agreements.services import REPORT_FIELDS
from core.audit import Actor
from core.dates import fiscal_year_text
from core.enums import Level, Qualifier, qualified
from core.files import HINT
from core.forms import ChoiceField, Form, IntegerField, TextField
from core.forms.attachments import AttachmentsField, AttachmentsForm

# More than a grant or a crowd ever comes to, and less than the columns hold.
MOST_YEN = 10**12
MOST_VISITORS = 10**8
GRANT_HELP = "円単位で入力してください。分からないときは、空欄のままにします。例：1200000"


def _yen_field(label: str) -> IntegerField:
    return IntegerField(
        label=label,
        required=False,
        width=12,
        min_value=0,
        max_value=MOST_YEN,
        marks="¥円",
        help_text=GRANT_HELP,
        error_messages={
            "invalid": f"{label}は、「1200000」のように、円単位の数字で入力してください"
        },
    )


class YearReportForm(AttachmentsForm, Form):
    """A year report. ``by`` uploads the files, and ``report`` is the draft that goes on.

    ``incomplete`` accepts what a draft may lack. Of the fiscal years of ``collaboration``, those
    without another report are offered.
    """

    fiscal_year = ChoiceField(label="年度")
    result = TextField(
        label="実績",
        max_length=RESULT_LENGTH,
        rows=8,
        help_text="行ったこと、回数、成果などを書いてください。2,000文字まで。",
    )
    visitors = IntegerField(
        label="来場者・参加者の数",
        required=False,
        width=8,
        min_value=0,
        max_value=MOST_VISITORS,
        marks="人",
        help_text="分からないときは、空欄のままにしてください。例：1200",
    )
    visitors_qualifier = ChoiceField(
        label="数に付く言葉",
        required=False,
        choices=Qualifier.choices,
        width=8,
        help_text="「約1,200人」「延べ1,200人」のように、数に言葉を付けるときに選んでください。",
    )
    grant_applied = _yen_field("助成金の申請額")
    grant_granted = _yen_field("助成金の交付決定額")
    grant_settled = _yen_field("助成金の確定額")
    # Whoever reads the report reads its files: they have no level of their own.
    attachments = AttachmentsField(
        label="写真・資料",
        levels=(Level.PUBLIC,),
        help_text=f"公開している連携事業では、承認のあと、だれでも開けます。{HINT}",
    )

    def __init__(
        self,
        *args: Any,
        by: Actor,
        collaboration: Collaboration,
        report: YearReport | None = None,
        incomplete: bool = False,
        **kwargs: Any,
    ) -> None:
        self.instance = report
        super().__init__(*args, by=by, **kwargs)
        self.incomplete = incomplete
        self.fields["fiscal_year"].choices = [
            (str(year), fiscal_year_text(year)) for year in open_years(collaboration, report)
        ]

    def full_clean(self) -> None:
        # A draft's gaps are accepted, and still marked ※必須 when the form is shown again.
        self.fields["result"].required = not self.incomplete
        super().full_clean()
        self.fields["result"].required = True

    def clean_fiscal_year(self) -> int:
        return int(self.cleaned_data["fiscal_year"])

    @property
    def summary_rows(self) -> list:
        return [row for row in super().summary_rows if row.target != "id_visitors_qualifier"]

    def _display(self, bound) -> str | list[str]:
        return _number_text(bound.name, self.cleaned_data) or super()._display(bound)

    @property
    def data_for_services(self) -> dict[str, Any]:
        """The answers as ``agreements.services`` takes them, but for the files."""
        return {name: self.cleaned_data[name] for name in REPORT_FIELDS}

    def conflicts_with(self, report: YearReport) -> list[dict[str, Any]]:
        """The fields that ``report``, as it is saved, answers otherwise: label, before."""
        saved = report.content()
        return [
            {
                "label": self[name].label,
                "before": _number_text(name, saved)
                or self.fields[name].display(saved[name])
                or "（入力なし）",
            }
            for name in REPORT_FIELDS
            if name in self.cleaned_data and saved[name] != self.cleaned_data[name]
        ]


def _number_text(name: str, answers: Mapping[str, Any]) -> str:
    """約1,200人 or 1,200,000円; empty for what is no number, or unknown."""
    value = answers.get(name)
    if name == "visitors" and value is not None:
        return qualified(value, answers["visitors_qualifier"], unit="人")
    return f"{value:,}円" if name in GRANTS and value is not None else ""


class ReportButtonForm(Form):
    """Nothing to type: the button is the answer."""


def open_years(collaboration: Collaboration, report: YearReport | None = None) -> list[int]:
    """The fiscal years to be reported on, the latest first: without those of other reports."""
    others = collaboration.year_reports.exclude(pk=report.pk if report else None)
    taken = set(others.order_by().values_list("fiscal_year", flat=True))
    return [year for year in reversed(collaboration.fiscal_years) if year not in taken]
