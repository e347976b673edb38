"""Forms that narrow a list; their conditions stand in its address."""

from core.forms.base import Form
from core.forms.widgets import CountedLabel


class FilterForm(Form):
    """Nothing in it is required, and its choices may say how many rows each would give."""

    marks_required = False

    def show_counts(self, name: str, counts: dict[str, int]) -> None:
        """Prints beside each choice of ``name`` how many rows it would give."""
        field = self.fields[name]
        field.choices = [
            (value, CountedLabel(label, counts[value])) for value, label in field.choices
        ]
