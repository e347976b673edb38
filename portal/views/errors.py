"""The page for a fault of ours, which needs neither database nor session."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from core.logs import request_id


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Prints the request's id as the reference number that the log carries too."""
    return HttpResponse(render_to_string("500.html", {"reference": request_id.get()}), status=500)
