"""A list as files: the addresses that the page offers."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.urls import reverse

from core.sheets import Encoding, Format
from core.templatetags.navigation import replaced

register = template.Library()

# Keys of a list's address that say nothing about which rows are in it.
_NOT_CONDITIONS = ("page", "encoding")


def export_url(name: str, ending: Format, query: QueryDict, *args: Any) -> str:
    """The address of the export ``name`` for the rows that the list at ``query`` shows."""
    conditions = replaced(query, dict.fromkeys(_NOT_CONDITIONS))
    address = reverse(name, args=[*args, ending.value])
    return f"{address}?{conditions.urlencode()}" if conditions else address


@register.inclusion_tag("components/downloads.html", takes_context=True)
def downloads(
    context: Context,
    name: str,
    *args: Any,
    what: str = "",
    query: QueryDict | None = None,
    **changes: Any,
) -> dict[str, str]:
    """``components/downloads.html`` for the export ``name``, whose last argument is the ending.

    The addresses carry this request's query string without its page, or ``query`` where the
    list reads another one than was asked for; with some keys replaced (None drops a key).
    """
    request: HttpRequest = getattr(context, "request", None) or context["request"]
    asked = replaced(request.GET if query is None else query, changes)
    return {
        "csv": export_url(name, Format.CSV, asked, *args),
        "xlsx": export_url(name, Format.XLSX, asked, *args),
        "what": what,
    }


@register.filter
def in_shift_jis(address: str) -> str:
    """The address of a CSV file for programs that know Shift_JIS only."""
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode({'encoding': Encoding.CP932.value})}"
