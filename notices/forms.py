"""What members choose about their notices."""

from typing import Any

from core.forms import Form, ModelChecksField, RadioField
from members.models import Prefecture, Theme
from notices.enums import CHOICE_LABELS, Pace

INHERITED = (
    "いまは、団体の紹介の「関心のある分野」と同じです。"
    "設定を変更すると、選んだ分野がこの担当の設定になります。"
)


class PreferenceForm(Form):
    """How soon mails follow, and of which new proposals a seat is told."""

    own = RadioField(
        label=CHOICE_LABELS["own"],
        choices=Pace.choices,
        help_text="所属する団体の提案や申し出の動きと、所属する団体にあてた提案です。",
    )
    watched = RadioField(
        label=CHOICE_LABELS["watched"],
        choices=Pace.choices,
        help_text="フォローした提案などの動きです。",
    )
    new = RadioField(
        label=CHOICE_LABELS["new"],
        choices=Pace.choices,
        help_text="下の分野か都道府県の、新しい連携提案です。",
    )
    themes = ModelChecksField(
        Theme.objects.all(),
        label="新しい提案を知らせる分野",
        required=False,
        columns=True,
        error_label="分野",
    )
    prefectures = ModelChecksField(
        Prefecture.objects.all(),
        label="新しい提案を知らせる都道府県",
        required=False,
        columns=True,
        help_text="分野も都道府県も選ばないときは、新しい提案は通知しません。",
        error_label="都道府県",
    )

    def __init__(self, *args: Any, inherits: bool = False, **kwargs: Any) -> None:
        """``inherits``: the themes are those of the organization's profile, and chosen by nobody."""
        super().__init__(*args, **kwargs)
        if inherits:
            self.fields["themes"].help_text = INHERITED
