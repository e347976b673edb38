"""Geometry of the map of 47 tiles (look.md 8): tiles of 40 units, 4 apart."""

from django import template

register = template.Library()

_PITCH = 44
_MARGIN = 1


@register.filter
def tile_offset(cell: int) -> int:
    """Where the tile in row or column ``cell`` (from 1) begins."""
    return _MARGIN + (cell - 1) * _PITCH
