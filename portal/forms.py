"""What visitors may ask for."""

from core.forms import (
    CharField,
    ChecksField,
    FilterForm,
    Form,
    ModelChoiceField,
)
from members.models import Prefecture, Theme
from portal.directory import Conditions, DirectoryKind, Wish

# In the address, for organizations that an agreement reaches.
REACHED = "yes"


class SiteSearchForm(Form):
    """Words of anything the site shows."""

    marks_required = False

    q = CharField(
        label="探す言葉",
        required=False,
        max_length=60,
        help_text="団体名、読みがな、旧名称、団体コード、題名や本文の言葉。例：坂井市、さかい、雪",
    )


class SearchForm(Form):
    """Words of a name or its kana, or a code."""

    marks_required = False

    q = CharField(
        label="名称、読みがな、団体コード",
        required=False,
        max_length=60,
        help_text="例：坂井市、さかい、182109",
    )


class DirectoryFilterForm(FilterForm):
    """The conditions of the directory; each stands in the address."""

    q = CharField(
        label="キーワード",
        required=False,
        max_length=100,
        help_text="団体や部署の名前、読みがな、団体コード、紹介の言葉。例：坂井市、さかい、雪",
    )
    prefecture = ModelChoiceField(
        Prefecture.objects.all(), label="都道府県", empty_label="すべて", required=False
    )
    kind = ChecksField(label="種類", choices=DirectoryKind.choices, required=False)
    theme = ModelChoiceField(
        Theme.objects.all(), label="関心のある分野", empty_label="すべての分野", required=False
    )
    wish = ChecksField(label="求めること・提供できること", choices=Wish.choices, required=False)
    reached = ChecksField(
        label="連携協定", choices=[(REACHED, "特別区との協定が届く")], required=False
    )

    @property
    def conditions(self) -> Conditions:
        """What was asked; a condition that cannot be understood is left out."""
        data = self.cleaned_data
        return Conditions(
            words=data.get("q", ""),
            prefecture=data.get("prefecture"),
            kinds=tuple(data.get("kind", ())),
            theme=data.get("theme"),
            wishes=tuple(data.get("wish", ())),
            reached=bool(data.get("reached")),
        )

    def chosen(self) -> list[tuple[str, str, str]]:
        """Each condition in force: its field, its value in the address, and its label."""
        data = self.cleaned_data
        words, prefecture, theme = (data.get(name) for name in ("q", "prefecture", "theme"))
        single = [
            ("q", words, f"キーワード：{words}"),
            ("prefecture", prefecture and prefecture.pk, str(prefecture)),
            ("theme", theme and theme.pk, f"分野：{theme}"),
        ]
        labels = {
            "kind": dict(DirectoryKind.choices),
            "wish": dict(Wish.choices),
            "reached": dict(self.fields["reached"].choices),
        }
        return [(name, str(value), label) for name, value, label in single if value] + [
            (name, value, str(choices[value]))
            for name, choices in labels.items()
            for value in data.get(name, ())
        ]
