"""The conditions of the grid of proposals and wards."""

from core.forms import ChecksField, FilterForm, ModelChoiceField
from members.models import Prefecture
from proposals.enums import SHOWN_STATUSES, ProposalStatus
from proposals.queries import GridConditions

WAITING = "yes"


class GridFilterForm(FilterForm):
    """Each condition stands in the address. A draft is in no grid."""

    status = ChecksField(
        label="状態",
        choices=[pair for pair in SHOWN_STATUSES if pair[0] != ProposalStatus.DRAFT],
        required=False,
        columns=True,
    )
    prefecture = ModelChoiceField(
        Prefecture.objects.all(), label="提案元の都道府県", empty_label="すべて", required=False
    )
    waiting = ChecksField(
        label="回答", choices=[(WAITING, "どこからも回答がない提案だけ")], required=False
    )

    @property
    def conditions(self) -> GridConditions:
        """What was asked; a condition that cannot be understood is left out."""
        data = self.cleaned_data
        return GridConditions(
            statuses=tuple(data.get("status", ())),
            prefecture=data.get("prefecture"),
            waiting=bool(data.get("waiting")),
        )

    @property
    def chosen(self) -> list[str]:
        """The conditions in force, in words."""
        asked, labels = self.conditions, dict(SHOWN_STATUSES)
        words = [str(labels[status]) for status in asked.statuses]
        words += [asked.prefecture.name] if asked.prefecture else []
        return words + (["どこからも回答がない提案"] if asked.waiting else [])
