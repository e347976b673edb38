"""What the page of the terms of use carries."""

from core.forms import Form, HiddenField


class TermsForm(Form):
    """The edition that was shown."""

    edition = HiddenField()

    def clean_edition(self) -> int:
        """0, which no edition is, for what is no number."""
        typed = self.cleaned_data["edition"]
        return int(typed) if typed.isascii() and typed.isdecimal() else 0
