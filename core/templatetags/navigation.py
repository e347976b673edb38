"""Where the reader is: the current menu item, the breadcrumb, links within a list."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.shortcuts import resolve_url
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def current(context: Context, *prefixes: str) -> SafeString | str:
    """`` aria-current="page"`` when the view's name starts with one of ``prefixes``."""
    request = getattr(context, "request", None) or context.get("request")
    match = getattr(request, "resolver_match", None)
    if match and match.view_name.startswith(prefixes):
        return format_html(' aria-current="{}"', "page")
    return ""


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: Any) -> dict[str, list[tuple[Any, str | None]]]:
    """The way to this page: label, target, label, target …, and this page's own label.

    A target is a URL name without arguments, a path, or an object with ``get_absolute_url``.
    """
    if len(parts) % 2 == 0:
        raise template.TemplateSyntaxError("breadcrumbs: the last label has no target")
    labels, targets = parts[::2], parts[1::2]
    crumbs = [
        (label, resolve_url(target)) for label, target in zip(labels[:-1], targets, strict=True)
    ]
    return {"crumbs": [*crumbs, (labels[-1], None)]}


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **changes: Any) -> str:
    """This request's query string with some keys replaced; None or "" drops a key."""
    request = getattr(context, "request", None) or context["request"]
    return f"?{replaced(request.GET, changes).urlencode()}"


def replaced(query: QueryDict, changes: Mapping[str, Any]) -> QueryDict:
    """A copy of ``query`` with the keys of ``changes`` replaced; None or "" drops a key."""
    query = query.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return query


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """The numbers that the pager links, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
