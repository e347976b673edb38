"""What the portal says when an answer cannot be taken (look.md 10).

Every message is built from the field's label, so that the same sentence reads well at the
field and in the summary above the form.
"""

from datetime import date

from django import forms

_COMMON = {
    "required": "{name}を入力してください",
    "max_length": "{name}は%(limit_value)d文字以内で入力してください（現在%(show_value)d文字）",
    "min_length": "{name}は%(limit_value)d文字以上で入力してください（現在%(show_value)d文字）",
    "min_value": "{name}は、%(limit_value)s以上の数字で入力してください",
    "max_value": "{name}は、%(limit_value)s以下の数字で入力してください",
    "null_characters_not_allowed": "{name}に使えない文字が入っています。入力し直してください",
    "control_characters": "{name}に使えない文字が入っています。入力し直してください",
}
_CHOICE = {
    "required": "{name}を選んでください",
    "invalid_choice": "{name}は、選択肢の中から選んでください",
    "invalid_pk_value": "{name}は、選択肢の中から選んでください",
    "invalid_list": "{name}は、選択肢の中から選んでください",
}
# The first class that the field is an instance of decides; the common ones fill the rest.
_BY_CLASS: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (forms.ChoiceField, _CHOICE),
    (forms.ModelChoiceField, _CHOICE),
    (forms.BooleanField, {"required": "「{name}」に印を付けてください"}),
    (forms.EmailField, {"invalid": "{name}は「name@example.lg.jp」の形式で入力してください"}),
    (forms.URLField, {"invalid": "{name}は「https://www.example.lg.jp/」の形式で入力してください"}),
    (forms.IntegerField, {"invalid": "{name}は、数字で入力してください"}),
)


def speak(field: forms.Field, name: str) -> None:
    """Gives ``field`` the portal's messages about ``name``; those given explicitly stay."""
    defaults = _class_messages(type(field))
    own = getattr(field, "portal_messages", {})
    by_class = next((messages for kind, messages in _BY_CLASS if isinstance(field, kind)), {})
    # Messages are filled with parameters by %, so a label must not look like one.
    safe_name = name.replace("%", "％")
    for code, sentence in {**_COMMON, **by_class, **own}.items():
        if field.error_messages.get(code) is defaults.get(code):
            field.error_messages[code] = sentence.format(name=safe_name)


def _class_messages(field_class: type[forms.Field]) -> dict[str, str]:
    """The messages that a field of this class has when none are given."""
    messages: dict[str, str] = {}
    for base in reversed(field_class.__mro__):
        messages.update(getattr(base, "default_error_messages", {}))
    return messages


def date_not_before(name: str, other_name: str, other: date) -> str:
    """終了日は、開始日（2026年12月1日）以降の日付にしてください."""
    return f"{name}は、{other_name}（{other.year}年{other.month}月{other.day}日）以降の日付にしてください"


def month_not_before(name: str, other_name: str, other: date) -> str:
    """希望時期（終了）は、開始（2027年6月）以降の年月にしてください."""
    return f"{name}は、{other_name}（{other.year}年{other.month}月）以降の年月にしてください"
