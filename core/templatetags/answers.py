"""Answers as a check page shows them."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def listed(value: Any) -> str:
    """Several answers joined by 「、」; one as it is."""
    return "、".join(str(item) for item in value) if isinstance(value, list | tuple) else value
