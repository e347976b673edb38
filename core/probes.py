"""``/healthz`` and ``/readyz``: what machines ask the portal, without logging in.

``/healthz`` says that the process answers, and asks nothing else: for load balancers, and for
what restarts a process that hangs. ``/readyz`` says whether all is well, by the names of the
checks: for whoever watches the portal. It fails for mail that does not leave, which is no
reason to close the pages.
"""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.health import checks

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; no query."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every check passes, otherwise 503; three queries, no figures and no secrets."""
    found = checks()
    failing = [check.name for check in found if not check.passes]
    if failing:
        logger.warning("not ready: %s", ", ".join(failing))
    states = {check.name: "ok" if check.passes else "failing" for check in found}
    answer = {"status": "failing" if failing else "ok", "checks": states}
    return JsonResponse(answer, status=503 if failing else 200)


# By address; ``core.urls`` names them, ``core.middleware.ProbesMiddleware`` answers them.
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
}
