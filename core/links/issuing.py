"""How a link comes to be, is found, and ends.

In many offices mail is read on one network and the web on another: a link is retyped, and a
gateway opens it by itself (domain.md). So the code is all the secret there is: it stands in the
link, and is typed at ``/c/`` where links are stripped. Opening it changes nothing; a button
does. What a link may do without a login is little (it never changes a login address, a seat or
a contact), and wrong codes are limited: 31**8 codes, of which a few thousand hold at a time.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.addresses import absolute
from core.errors import DomainError
from core.models import MailLink

# Without 0 and O, 1 and I and L, which look alike on paper and over the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8

# The page behind a link, called as a view with ``link=``; and what mails a new one in place of
# a link that was used or has expired.
type Page = Callable[..., Any]
type Renew = Callable[[MailLink], None]


@dataclass(frozen=True)
class Purpose:
    """What a kind of link opens: its name for people, its page, and how a new one is sent.

    ``renew`` raises ``DomainError`` when there is nothing any more that it could open.
    """

    name: str
    page: Page
    renew: Renew


@dataclass(frozen=True)
class Issued:
    """A new link as a mail prints it; nobody can read its code again later."""

    code: str
    url: str
    link: MailLink


_purposes: dict[str, Purpose] = {}


def register(kind: str, purpose: Purpose) -> None:
    """Says what links of ``kind`` (``<app>.<thing>``) open; called in ``AppConfig.ready``."""
    _purposes[kind] = purpose


def purpose_of(link: MailLink) -> Purpose:
    return _purposes[link.kind]


def issue(
    kind: str, obj: models.Model, *, to: str, expires_at: datetime, replaces: bool = True
) -> Issued:
    """A new link to ``obj`` for a mail to ``to``; earlier ones of that kind, to the same
    address, hold no longer, unless it does not replace them."""
    if replaces:
        same = MailLink.objects.filter(kind=kind, object_id=obj.pk, to=to)
        same.filter(used_at=None, cancelled_at=None).update(cancelled_at=timezone.now())
    issued = _new(kind, obj, to, expires_at)
    issued.link.save()
    return issued


def issue_all(
    kind: str, targets: Iterable[tuple[models.Model, str]], *, expires_at: datetime
) -> list[Issued]:
    """New links to rows for a mail each, ``(row, address)``; earlier ones keep holding.

    One query for them all, in the order of ``targets``.
    """
    issued = [_new(kind, obj, to, expires_at) for obj, to in targets]
    MailLink.objects.bulk_create(new.link for new in issued)
    return issued


def _new(kind: str, obj: models.Model, to: str, expires_at: datetime) -> Issued:
    """A link that is not saved yet."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    link = MailLink(
        kind=kind, object_id=obj.pk, to=to, code_digest=_digest(code), expires_at=expires_at
    )
    shown = shown_code(code)
    return Issued(shown, absolute(reverse("core:mail_link", args=[shown])), link)


def find(typed: str) -> MailLink | None:
    """The link whose code was typed or opened, whatever became of it; None if there is none.

    Any width and case, with or without its hyphen.
    """
    code = tidied(typed)
    if len(code) != LENGTH:
        return None
    return MailLink.objects.filter(code_digest=_digest(code)).first()


def is_open(link: MailLink) -> bool:
    """Whether the link still does what it says."""
    unused = link.used_at is None and link.cancelled_at is None
    return unused and timezone.now() < link.expires_at


def use(link: MailLink) -> None:
    """Notes that the link has done its work. Call it inside the transaction that does it.

    Raises ``DomainError`` when it has been used already, is cancelled or has expired.
    """
    link = MailLink.objects.select_for_update().get(pk=link.pk)
    if not is_open(link):
        raise DomainError("このリンクは、もう使えません")
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])


def cancel(kind: str, obj: models.Model) -> None:
    """The links of ``kind`` to ``obj`` hold no longer."""
    links = MailLink.objects.filter(kind=kind, object_id=obj.pk, used_at=None, cancelled_at=None)
    links.update(cancelled_at=timezone.now())


def tidied(typed: str) -> str:
    """What was typed as the characters of a code: K7QM4XPR."""
    half_width = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in half_width if character.isalnum())


def shown_code(code: str) -> str:
    """The code in two halves, as people read it out: K7QM-4XPR."""
    return f"{code[:4]}-{code[4:]}"


def _digest(code: str) -> str:
    key = f"core.links:{settings.SECRET_KEY}".encode()
    return hmac.digest(key, code.encode(), "sha256").hex()
