"""What a service has written, and that a refused one has written nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress

from core.errors import DomainError
from core.models import AuditEntry, AuditPersonal, MailLink, OutboxMail
from members.enums import Action
from members.models import (
    Campaign,
    Confirmation,
    Handover,
    Invitation,
    LoginChange,
    Office,
    Seat,
    User,
)


def stored() -> list:
    """Every row that a service of this room may write."""
    models = (
        Office,
        Seat,
        User,
        EmailAddress,
        Invitation,
        Handover,
        LoginChange,
        Campaign,
        Confirmation,
        MailLink,
        OutboxMail,
        AuditEntry,
        AuditPersonal,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


@contextmanager
def refused(error: type[DomainError], message: str | None = None) -> Iterator[None]:
    """The refusal ``error``, after which every row is as before, and nobody has been mailed."""
    before = stored()
    with pytest.raises(error, match=message):
        yield
    assert stored() == before


def entry(action: Action) -> AuditEntry:
    return AuditEntry.objects.get(action=action)
