"""Every address of the portal."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# Before admin.site.urls is read: afterwards it would silently have no effect, and Django's
# own login page would be a way round allauth's limits.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", include("core.urls")),
    path("", include("portal.urls")),
    path("", include("agreements.urls")),
    path("events/", include("events.urls")),
    path("", include("chronicle.urls")),
    path("", include("members.urls")),
    path("", include("notices.urls")),
    path("", include("proposals.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "portal.views.errors.server_error"
