"""Every address of the portal, and the bare page that the others are compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from renkei.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


def bare(request: HttpRequest) -> HttpResponse:
    """Who is logged in: what every member's page costs before it says anything."""
    return HttpResponse(request.user.email, content_type="text/plain")


urlpatterns = [path("bare/", bare), *urlpatterns]
