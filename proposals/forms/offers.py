"""What the two sides of an offer type."""

from collections.abc import Sequence
from typing import Any

from agreements.models import Collaboration
from core.forms import Form, RadioField, TextField
from core.forms.attachments import AttachmentsField, AttachmentsForm
from proposals.forms.reasons import reason_field
from proposals.models import MESSAGE_LENGTH

NEW = "new"


class OfferForm(Form):
    """What an organization says with its offer; the talk begins with it."""

    message = TextField(
        label="提案元に伝えること",
        max_length=MESSAGE_LENGTH,
        help_text=f"関心のある点、できること、聞きたいことを書いてください。{MESSAGE_LENGTH:,}文字まで。",
    )


class MessageForm(AttachmentsForm, Form):
    """What one side says to the other; ``by`` uploads the files."""

    body = TextField(
        label="メッセージ",
        max_length=MESSAGE_LENGTH,
        help_text=f"相手の団体と自団体の担当者だけが読みます。{MESSAGE_LENGTH:,}文字まで。",
    )
    # Whoever reads the talk reads its files: they have no level of their own.
    attachments = AttachmentsField()


class AcceptForm(Form):
    """What an accepted offer leads to; ``joinable`` are the joint projects that it may join.

    It asks where there are any, or an answer names one that is over by now. None: the offer
    cannot be accepted any more, and nothing is asked.
    """

    project = RadioField(label="受諾したあとの進め方", choices=[])

    def __init__(self, *args: Any, joinable: Sequence[Collaboration] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joinable = {str(project.pk): project for project in joinable or ()}
        if joinable is None or not (joinable or self.data.get("project")):
            del self.fields["project"]
            return
        self.fields["project"].choices = [
            (NEW, "新しい連携事業を始める"),
            *((pk, f"連携事業「{project}」に加わる") for pk, project in self.joinable.items()),
        ]

    @property
    def joins(self) -> Collaboration | None:
        """The joint project to join; None to begin a new one."""
        return self.joinable.get(self.cleaned_data.get("project", NEW))


class DeclineForm(Form):
    """Why the author says no."""

    reason = reason_field("見送りの理由", "申し出た団体に表示します。")


class StepDownForm(Form):
    """Why the offering side takes its offer back."""

    reason = reason_field("辞退の理由", "提案元の団体に表示します。")
