"""The code that shows that an applicant reads the address they gave.

It is mailed before anything is saved, so it belongs to the organization and the address.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import links
from core.errors import DomainError
from core.models import MailLink
from members import emails
from members.models import Organization

# What a code for an applicant's address is called (``core.links``).
ADDRESS = "members.application_address"
# In many offices mail is read on another computer, and somebody else fetches it.
CODE_HOLDS = timedelta(hours=1)


class WrongCode(DomainError):
    """The code is not the one mailed to the address, or its time is over."""

    def __init__(self) -> None:
        super().__init__("番号が違うか、期限が過ぎています。届いたメールの番号を入力してください")


@transaction.atomic
def send_application_code(organization: Organization, email: str) -> None:
    """Mails a code to ``email``; earlier ones hold no longer."""
    expires_at = timezone.now() + CODE_HOLDS
    issued = links.issue(ADDRESS, organization, to=email, expires_at=expires_at)
    emails.tell_application_code(organization, issued)


def has_application_code(organization: Organization, email: str) -> bool:
    """Whether a code is on its way to ``email`` that can still be used."""
    codes = MailLink.objects.filter(kind=ADDRESS, object_id=organization.pk, to=email)
    unused = codes.filter(used_at=None, cancelled_at=None)
    return unused.filter(expires_at__gt=timezone.now()).exists()


def use_application_code(organization: Organization, email: str, typed: str) -> None:
    """Takes the code that was typed. Raises ``WrongCode``."""
    link = links.find(typed)
    if (
        link is None
        or (link.kind, link.object_id, link.to) != (ADDRESS, organization.pk, email)
        or not links.is_open(link)
    ):
        raise WrongCode
    links.use(link)


def refuse_renewal(link: MailLink) -> None:
    """A new code is asked for on the page that asks for it. Raises ``DomainError``."""
    raise DomainError("番号は、申請を確認するページの「番号を送り直す」で送り直してください")
