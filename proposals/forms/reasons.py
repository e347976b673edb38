"""The field for a reason: each says who reads it."""

from core.forms import TextField
from proposals.models import REASON_LENGTH


def reason_field(label: str, told_to: str, length: int = REASON_LENGTH) -> TextField:
    return TextField(
        label=label, max_length=length, rows=4, help_text=f"{told_to}{length}文字まで。"
    )
