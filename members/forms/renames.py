"""What members type about a department's new name."""

from typing import Any

from core.forms import CharField, DatePartsField, Form
from members.models import Office
from members.services import NewName, rename_refusals
from members.services.register.renames import NAME_LENGTH


class OfficeRenameForm(Form):
    """The new name of ``office`` and its first day."""

    name = CharField(
        label="新しい部署名",
        max_length=NAME_LENGTH,
        help_text="自治体名や団体名を除いて、部や課の名前を入力してください。例：総合政策部 企画政策課",
    )
    valid_from = DatePartsField(
        label="変わる日",
        help_text="この日から新しい部署名になります。今日までの日付を入力すると、すぐに変わります。",
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        self.office = office
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        if self.errors:
            return
        data = self.cleaned_data
        new = NewName(self.office, data["name"], data["valid_from"])
        for field, refusal in rename_refusals(new).items():
            self.add_error(field, refusal)
