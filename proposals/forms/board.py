"""The conditions of the board."""

from typing import Any

from core.dates import month_text
from core.forms import (
    CharField,
    ChecksField,
    FilterForm,
    KeptChoiceField,
    YearMonthField,
    wording,
)
from members.models import Prefecture, Theme
from proposals.enums import SHOWN_STATUSES, ProposalKind
from proposals.queries import Conditions, Facets

type Chosen = tuple[tuple[str, ...], str, str]
WAITING = "yes"


class BoardFilterForm(FilterForm):
    """The conditions of the board; each stands in the address."""

    q = CharField(label="キーワード", required=False, max_length=100)
    kind = ChecksField(label="種別", choices=ProposalKind.choices, required=False)
    status = ChecksField(label="状態", choices=SHOWN_STATUSES, required=False)
    waiting = ChecksField(label="回答", choices=[(WAITING, "回答待ち")], required=False)
    theme = KeptChoiceField(
        Theme.objects.all(), label="分野", empty_label="すべての分野", required=False
    )
    prefecture = KeptChoiceField(
        Prefecture.objects.all(), label="提案元の都道府県", empty_label="すべて", required=False
    )
    since = YearMonthField(label="希望時期（いつから）", required=False)
    until = YearMonthField(label="希望時期（いつまで）", required=False)

    @classmethod
    def names(cls) -> set[str]:
        """The names of its answers in an address."""
        parts = {f"{name}_{part}" for name in ("since", "until") for part in "ym"}
        return (cls.base_fields.keys() - {"since", "until"}) | parts

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            label = self.fields["until"].label
            self.add_error("until", wording.month_not_before(label, "開始", since))
        return data

    @property
    def conditions(self) -> Conditions:
        """What was asked; a condition that cannot be understood is left out."""
        data = self.cleaned_data
        return Conditions(
            words=data.get("q", ""),
            kinds=tuple(data.get("kind", ())),
            statuses=tuple(data.get("status", ())),
            theme=data.get("theme"),
            prefecture=data.get("prefecture"),
            since=data.get("since"),
            until=data.get("until"),
            waiting=bool(data.get("waiting")),
        )

    def show_facets(self, facets: Facets) -> None:
        """Prints beside each choice how many proposals it would give."""
        for name in ("kind", "status", "theme", "prefecture"):
            self.show_counts(name, getattr(facets, name))
        self.show_counts("waiting", {WAITING: facets.waiting})

    def chosen(self) -> list[Chosen]:
        """Each condition in force: its fields, its value in the address, and its label.

        A month stands there in two fields; they go together, whatever they hold.
        """
        asked = self.conditions
        kinds, statuses = dict(ProposalKind.choices), dict(SHOWN_STATUSES)
        words = [(("q",), asked.words, f"キーワード：{asked.words}")] if asked.words else []
        rows = [
            ("theme", asked.theme, "分野：{}"),
            ("prefecture", asked.prefecture, "{}"),
        ]
        months = [
            ("since", asked.since, "希望時期：{}以降"),
            ("until", asked.until, "希望時期：{}まで"),
        ]
        return (
            words
            + [(("kind",), kind, str(kinds[kind])) for kind in asked.kinds]
            + [(("status",), status, statuses[status]) for status in asked.statuses]
            + ([(("waiting",), WAITING, "回答待ち")] if asked.waiting else [])
            + [((name,), str(row.pk), label.format(row)) for name, row, label in rows if row]
            + [
                ((f"{name}_y", f"{name}_m"), "", label.format(month_text(month)))
                for name, month, label in months
                if month
            ]
        )
