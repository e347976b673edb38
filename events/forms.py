"""What an organization types of its event, and which events belong to a joint project."""

from typing import Any

from core.forms import (
    CharField,
    ChoiceField,
    DatePartsField,
    Form,
    IntegerField,
    ModelChecksField,
    TextField,
    wording,
)
from events.enums import EventKind
from events.models import Event
from events.querysets import EventQuerySet
from events.services.announcing import TEXT_FIELDS
from members.models import Theme

# More than any hall holds, and less than the column does.
MOST_PLACES = 10**8
# What a draft may lack.
_COMPLETING = ("first", "venue", "summary")


class EventForm(Form):
    """An event as its organization tells it; ``incomplete`` accepts what a draft may lack."""

    title = CharField(label="題名", max_length=120)
    kind = ChoiceField(label="種類", choices=EventKind.choices, initial=EventKind.OTHER)
    first = DatePartsField(label="開始日")
    last = DatePartsField(
        label="終了日", required=False, help_text="1日だけのときは、空欄のままにしてください。"
    )
    venue = CharField(label="会場", max_length=120, help_text="例：○○区民ホール、オンライン")
    address = CharField(label="住所", required=False, max_length=120)
    capacity = IntegerField(
        label="定員", required=False, width=8, min_value=1, max_value=MOST_PLACES, marks="人名"
    )
    fee = CharField(label="料金", required=False, max_length=80, help_text="例：無料、500円")
    themes = ModelChecksField(
        Theme.objects.all(),
        label="分野",
        required=False,
        note="（当てはまるものすべて）",
        columns=True,
    )
    summary = TextField(
        label="概要",
        max_length=2000,
        rows=8,
        help_text="内容、申込みの方法、問合せ先を書いてください。だれでも読めます。2,000文字まで。",
    )

    def __init__(self, *args: Any, incomplete: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incomplete = incomplete

    def full_clean(self) -> None:
        # A draft's gaps are accepted, and still marked ※必須 when the form is shown again.
        self._ask_for_all(not self.incomplete)
        super().full_clean()
        self._ask_for_all(True)

    def _ask_for_all(self, asked: bool) -> None:
        for name in _COMPLETING:
            self.fields[name].required = asked

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", wording.date_not_before("終了日", "開始日", first))
        if last and not first and "first" not in self.errors:
            self.add_error("first", "開始日を入力してください")
        return data

    def conflicts_with(self, event: Event) -> list[dict[str, Any]]:
        """The fields that ``event``, as it is saved, answers otherwise: label, before."""
        return self.conflicts_with_answers(answers_of(event))


def answers_of(event: Event) -> dict[str, Any]:
    """An event as the answers of its form."""
    last = None if event.latest == event.earliest else event.latest
    own = {field: getattr(event, field) for field in TEXT_FIELDS}
    return own | {"first": event.earliest, "last": last, "themes": event.themes.all()}


class EventDeleteForm(Form):
    """Nothing to type: the button is the answer."""


class EventChecksField(ModelChecksField):
    """Events, each with its days."""

    def label_from_instance(self, event: Event) -> str:
        state = f"（{event.state_text}）" if event.state_text else ""
        return f"{event.title}　{event.when_text}{state}"


class EventsForm(Form):
    """The events of a joint project, out of ``linkable``."""

    events = EventChecksField(
        Event.objects.none(),
        label="イベント",
        required=False,
        optional_label="",
        note="（この連携事業で行ったもの、行うもの）",
    )

    def __init__(self, *args: Any, linkable: EventQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].queryset = linkable
