from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages that read every room; has no tables of its own."""

    name = "portal"
    verbose_name = "ポータル"
