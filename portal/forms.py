"""What visitors may ask for."""

from core.forms import CharField, Form


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
