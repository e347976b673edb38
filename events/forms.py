"""Which events belong to a joint project."""

from typing import Any

from core.forms import Form, ModelChecksField
from events.models import Event
from events.querysets import EventQuerySet


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
