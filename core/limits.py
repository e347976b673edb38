"""How often something may be tried: allauth's counters, which all workers share.

``settings.ACCOUNT_RATE_LIMITS`` has the rate of each action, per address of the asker
(``ip``) or per what is asked for (``key``).
"""

# Its public door lets every GET pass; a code in an address is tried by GET.
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

_SETTING = "allauth.account"


def is_over(request: HttpRequest, action: str, key: str = "") -> bool:
    """Whether ``action`` has been counted so often that it has to wait; counts nothing."""
    return not ratelimit.consume(
        request, app=_SETTING, action=action, key=key, dry_run=True, limit_get=True
    )


def count(request: HttpRequest, action: str, key: str = "") -> bool:
    """Counts one try of ``action``; False when it was one too many.

    Call it outside a transaction that may be rolled back, which would forget the try.
    """
    return bool(ratelimit.consume(request, app=_SETTING, action=action, key=key, limit_get=True))


def refusal(request: HttpRequest) -> HttpResponse:
    """The page that asks to wait (429)."""
    page: HttpResponse = ratelimit.respond_429(request)
    return page
