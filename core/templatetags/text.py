"""Text as it stands, with the places where a line may end."""

import re

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# A name and the stroke behind it, with a bracket that opens before it: （岩手県/, 大分県市長会／.
_NAME = re.compile("(（?[^（、/／]+[/／])")


@register.filter
def breakable(text: str) -> SafeString:
    """``text``, in which names joined by strokes stay whole and end their lines with one.

    For text in ``.names``, which otherwise breaks nowhere within a word.
    """
    escaped = conditional_escape(text)
    return mark_safe(_NAME.sub(r'<span class="nobr">\1</span><wbr>', escaped))  # noqa: S308 - escaped above


@register.filter
def address(text: str) -> SafeString:
    """A mail address, whose line may end before its @ and its dots, and not inside a word."""
    parts = re.split("(?=[@.])", text)
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))
