"""A form that creates something is carried out once, however often it is sent.

The page carries a one-time token; the first sending notes it together with the page it led
to, in the same transaction as its work; a second one is shown that page. A token counts for
the person it was given to: what somebody else sends with it is a first sending of theirs.
"""

import uuid
from typing import Any

from core.models import Submission


def new_token() -> str:
    """A token for a fresh form."""
    return str(uuid.uuid4())


def first_result(token: str, user: Any) -> str | None:
    """The page that ``user``'s first sending of ``token`` led to; None if this is the first."""
    if not is_token(token):
        return None
    sent = Submission.objects.filter(token=_mark(token, user))
    return sent.values_list("result_url", flat=True).first()


def note_result(token: str, user: Any, url: str) -> None:
    """Notes where ``token`` led. Call it inside the transaction that does the work.

    Raises ``IntegrityError`` when a parallel sending of the same form was faster, which
    rolls that work back.
    """
    Submission.objects.create(token=_mark(token, user), result_url=url)


def _mark(token: str, user: Any) -> uuid.UUID:
    """What a sending is known by: its token and its person."""
    return uuid.uuid5(uuid.UUID(token), str(user.pk))


def is_token(token: str) -> bool:
    try:
        uuid.UUID(token)
    except (ValueError, AttributeError, TypeError):
        return False
    return True
