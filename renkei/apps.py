"""The Django admin under the portal's name."""

from django.contrib.admin.apps import AdminConfig


class RenkeiAdminConfig(AdminConfig):
    """Puts ``renkei.admin.RenkeiAdminSite`` behind ``django.contrib.admin.site``."""

    default_site = "renkei.admin.RenkeiAdminSite"
