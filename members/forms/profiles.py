"""How a member introduces its organization."""

from typing import Any

from django.core.exceptions import ValidationError

from core.addresses import NOT_PUBLIC
from core.forms import CharField, Form, ModelChecksField, TextField, UrlField
from core.forms.attachments import AttachmentsForm, PictureField
from core.text import lines_of
from members.models import Organization, ProfileLink, Seat, Theme
from members.services import (
    MOST_LINKS,
    PROFILE_FIELDS,
    UNDESCRIBED,
    LinkTo,
    profile_values,
)

_LABEL_LENGTH = ProfileLink._meta.get_field("label").max_length
_URL = ProfileLink._meta.get_field("url")


class LinksField(TextField):
    """Pages elsewhere, one to a line: the name, a space, the address.

    Its value is a list of ``LinkTo``. A line that is none is refused with an error of its own.
    """

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[LinkTo]:
        lines = lines_of(super().clean(value))
        if len(lines) > MOST_LINKS:
            raise ValidationError(
                f"リンクは{MOST_LINKS}行以内で入力してください（現在{len(lines)}行）"
            )
        links = [LinkTo(*_parted(line)) for line in lines]
        refusals = [refusal for link in links if (refusal := _refusal(link))]
        urls = [link.url for link in links]
        refusals += [
            f"「{url}」が2回あります" for url in dict.fromkeys(urls) if urls.count(url) > 1
        ]
        if refusals:
            raise ValidationError(refusals)
        return links

    def display(self, value: Any) -> str | list[str]:
        return [str(link) for link in value or ()]


def _parted(line: str) -> tuple[str, str]:
    """The name and the address of a line; the address is its last word."""
    words = line.split()
    return " ".join(words[:-1]), words[-1]


def _refusal(link: LinkTo) -> str:
    """Why a line cannot be taken; empty when it can."""
    if not link.label:
        return f"「{link.url}」は、ページの名前、空白、URLの順に入力してください"
    if len(link.label) > _LABEL_LENGTH:
        return f"「{link.label}」は、{_LABEL_LENGTH}文字以内にしてください"
    try:
        _URL.clean(link.url, None)
    except ValidationError:
        return f"「{link.label}」のあとには、{NOT_PUBLIC}"
    return ""


class ProfileForm(AttachmentsForm, Form):
    """The profile of ``organization``; ``by`` acts."""

    introduction = TextField(
        label="紹介",
        required=False,
        max_length=2000,
        rows=8,
        help_text="どのような地域や団体かを、初めて読む方に向けて書いてください。2,000文字まで。",
    )
    specialities = TextField(
        label="特色・得意なこと",
        required=False,
        max_length=500,
        rows=4,
        help_text="特産品、催し、取組みなどを書いてください。500文字まで。",
    )
    themes = ModelChecksField(
        Theme.objects.all(),
        label="関心のある分野",
        note="（当てはまるものすべて）",
        required=False,
        columns=True,
    )
    seeks = TextField(
        label="求めること",
        required=False,
        max_length=500,
        rows=4,
        help_text="ほかの団体に協力してほしいことを書いてください。500文字まで。",
    )
    provides = TextField(
        label="提供できること",
        required=False,
        max_length=500,
        rows=4,
        help_text="ほかの団体に協力できることを書いてください。500文字まで。",
    )
    website = UrlField(
        label="ホームページ",
        required=False,
        max_length=200,
        help_text="例：https://www.city.example.lg.jp/",
    )
    links = LinksField(
        label="ほかのページへのリンク",
        error_label="リンク",
        required=False,
        max_length=2000,
        rows=5,
        help_text=(
            f"1行に1つ、名前とURLを空白で区切って入力してください。{MOST_LINKS}行まで。"
            "例：観光の案内 https://kanko.example.jp/"
        ),
    )
    picture = PictureField(required=False)
    picture_text = CharField(
        label="写真の説明",
        required=False,
        max_length=100,
        optional_label="※写真を載せるときは必須",
        help_text="何が写っているかを、写真を見られない方に伝える文です。例：港に並ぶ漁船と朝日",
    )

    def __init__(self, *args: Any, organization: Organization, by: Seat, **kwargs: Any) -> None:
        # Whose files there are already.
        self.instance = organization
        super().__init__(*args, by=by, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        picture = data.get("picture")
        if picture and picture.outcome and not data.get("picture_text", "x"):
            self.add_error("picture_text", UNDESCRIBED)
        return data

    @property
    def profile(self) -> dict[str, Any]:
        """The answers as ``members.services.change_profile`` takes them."""
        names = (*PROFILE_FIELDS, "themes", "links")
        return {name: self.cleaned_data[name] for name in names}

    def conflicts(self) -> list[dict[str, Any]]:
        """The fields that the saved profile answers otherwise: label, before."""
        saved = {**profile_values(self.instance), "themes": self.instance.themes.all()}
        return [
            {"label": bound.label, "before": before or "（入力なし）"}
            for bound in self.visible_fields()
            if bound.name in saved
            and bound.name in self.cleaned_data
            and (before := bound.field.display(saved[bound.name]))
            != bound.field.display(self.cleaned_data[bound.name])
        ]
