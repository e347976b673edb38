"""The button that follows a record."""

from django import template
from django.db import models
from django.template import Context

from members.rules import is_current
from notices import watching
from notices.queries import is_watched

register = template.Library()


@register.inclusion_tag("components/watch.html", takes_context=True)
def watch_button(context: Context, record: models.Model) -> dict:
    """「フォローする」 or 「フォローをやめる」 for the seat that acts; nothing without one.

    The page has asked whether its reader may read ``record``. One query.
    """
    kind, seat = watching.kind_of(record), context["portal"].seat
    if seat is None or not is_current(seat):
        return {"seat": None}
    return {
        "seat": seat,
        "kind": kind,
        "key": record.pk,
        "is_watched": is_watched(seat, record),
    }
