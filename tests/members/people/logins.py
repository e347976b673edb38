"""Changing a login address as people do, and reading the codes in their mails."""

import re

from django.test import Client

from core import links
from core.enums import MailKind
from core.models import OutboxMail
from members import services
from members.models import LoginChange, User
from tests.factories.members import PASSWORD
from tests.members.people.factors import logged_in

NEW = "atarashii@city.sakai.example.jp"
REASON = "電話で本人に確認"
REFUSED_AT_LOGIN = "/account/disputed/"


def change_own(user: User, email: str = NEW, client: Client | None = None) -> Client:
    """The owner changes the address on the account's page, and types the mailed code."""
    client = client or logged_in(user)
    form = {"email": email, "action_add": ""}
    asked = client.post("/accounts/email/", form)
    if asked.url.startswith("/accounts/reauthenticate/"):
        client.post(asked.url, {"password": PASSWORD})
        client.post("/accounts/email/", form)
    client.post("/accounts/confirm-email/", {"code": login_code(email)})
    user.refresh_from_db()
    assert user.email == email
    return client


def login_code(email: str) -> str:
    """The digits in the newest mail with a code to ``email``."""
    mail = OutboxMail.objects.filter(to=email, kind=MailKind.SECRET).latest("pk")
    return re.findall(r"^\d{4}-\d{4}$", mail.body, re.MULTILINE)[0]


def link_code(email: str) -> str:
    """The code of the link in the newest mail to ``email`` that has one."""
    mail = OutboxMail.objects.filter(to=email, body__contains="番号：").latest("pk")
    return re.findall(r"^番号：(\S+)$", mail.body, re.MULTILINE)[0]


def by_code(email: str) -> Client:
    """A browser that has typed the login code mailed to ``email``."""
    client = Client()
    client.post("/accounts/login/code/", {"email": email})
    client.answer = client.post("/accounts/login/code/confirm/", {"code": login_code(email)})
    return client


def objected(user: User, before: str) -> LoginChange:
    """The change whose old address has objected by its link."""
    return services.object_to_login(links.find(link_code(before)))


def mails_to(address: str, subject: str) -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(to=address, subject__contains=subject))
