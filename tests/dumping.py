"""All of the portal's tables at once, to see whether anything differs."""

from django.apps import apps
from django.contrib.auth.models import Group

ROOMS = (
    "core",
    "members",
    "notices",
    "agreements",
    "proposals",
    "events",
    "chronicle",
    "account",
)


def dump(*rooms: str) -> dict[str, list]:
    """Every row of every table of ``rooms``, or of the portal, links between tables included."""
    models = [
        model
        for room in rooms or ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    ]
    models += [Group, Group.permissions.through]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models
    }
