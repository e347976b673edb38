"""What visitors may ask for."""

from core.forms import CharField, Form


class SearchForm(Form):
    """Words of a name or its kana, or a code."""

    marks_required = False

    q = CharField(
        label="名称、読みがな、団体コード",
        required=False,
        max_length=60,
        help_text="例：坂井市、さかい、182109",
    )
