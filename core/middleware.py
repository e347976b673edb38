"""What stands around every page: the request's number and its line in the log, the probes, a
door sign during maintenance, no copies of members' pages.
"""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

from core.logs import request_facts, request_id
from core.probes import PROBES

type GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("core.requests")


class RequestIdMiddleware:
    """Names each request and writes its line in the log.

    The error page prints the name as the reference number. Stylesheets and pictures, and what
    asks every few seconds whether the portal is well, leave no line unless something is wrong.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the letters and digits that are misheard on the telephone.
        name = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(8))
        token = request_id.set(name)
        start = time.perf_counter()
        try:
            response = self.get_response(request)
            milliseconds = (time.perf_counter() - start) * 1000
            if response.status_code >= 400 or not _is_routine(request.path_info):
                answer = {"status": response.status_code, "duration_ms": round(milliseconds, 1)}
                logger.info("request", extra={"facts": request_facts(request) | answer})
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = name
        return response


def _is_routine(path: str) -> bool:
    return path in PROBES or path.startswith(settings.STATIC_URL)


class ProbesMiddleware:
    """Answers ``core.probes`` before anything else is asked.

    Load balancers ask by address and over plain HTTP, while the database is down and during
    maintenance: host names, the redirect to TLS, sessions and the door sign come afterwards.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


class MaintenanceMiddleware:
    """Answers 503 while the file ``maintenance`` lies in the data directory.

    Before sessions and the database, which may be what is being maintained.
    """

    retry_after_seconds = 600

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (settings.DATA_DIR / "maintenance").exists():
            return self.get_response(request)
        response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = str(self.retry_after_seconds)
        return response


class PrivatePagesMiddleware:
    """What a logged-in person sees is never stored: office PCs are shared."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
