"""What is typed at ``/c/``."""

from core.forms import CharField, Form


def code_field(autocomplete: str) -> CharField:
    """The field for a code that stands in a mail."""
    return CharField(
        label="メールに書かれた番号",
        max_length=40,
        width=12,
        autocomplete=autocomplete,
        error_label="番号",
        help_text="「K7QM-4XPR」のような8文字です。小文字でも、ハイフンを省いても構いません。",
    )


class MailLinkCodeForm(Form):
    """The code of a mail whose link cannot be opened."""

    marks_required = False
    non_field_target = "code"

    code = code_field("off")
