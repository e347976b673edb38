"""Organizations typed as lines of text, as offices paste them from a sheet."""

from typing import Any

from django.core.exceptions import ValidationError

from core.forms import TextField
from members.models import Organization
from members.naming import Named, organizations_named

_MOST_LINES = 100
# A list of candidates stays a sentence.
_MOST_CANDIDATES = 5


class OrganizationLinesField(TextField):
    """Organizations, one to a line: 福井県坂井市, or 坂井市 where only one has the name, or a code.

    Its value is a list of them, each once, in the order typed. A line that names none or
    several is refused with an error of its own, and stays as it was typed.
    """

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(organization.full_name for organization in value)
        return value

    def clean(self, value: Any) -> list[Organization]:
        text = super().clean(value)
        lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > _MOST_LINES:
            raise ValidationError(
                f"{self._name}は{_MOST_LINES}行以内で入力してください（現在{len(lines)}行）"
            )
        named = organizations_named(lines)
        if errors := [sentence for item in named if (sentence := _refusal(item))]:
            raise ValidationError(errors)
        return list(dict.fromkeys(item.organizations[0] for item in named))

    @property
    def _name(self) -> str:
        return self.error_label or str(self.label)

    def display(self, value: Any) -> str | list[str]:
        return [organization.full_name for organization in value or ()]


def _refusal(named: Named) -> str:
    """Why a line cannot be taken; empty when it names exactly one organization."""
    if not named.organizations:
        return f"「{named.text}」という団体は、登録にありません。都道府県から名称を確認してください"
    if len(named.organizations) == 1:
        return ""
    names = [_told_apart(organization) for organization in named.organizations[:_MOST_CANDIDATES]]
    more = "など" if len(named.organizations) > _MOST_CANDIDATES else ""
    return f"「{named.text}」は{'、'.join(names)}{more}があります。都道府県から入力してください"


def _told_apart(organization: Organization) -> str:
    """The name with its code, because in one prefecture too names may be the same."""
    code = organization.code
    return f"{organization.full_name}（{code}）" if code else organization.full_name
