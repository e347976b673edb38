"""What the tests of applications type, send, and read from the mails."""

import re
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core import once
from core.models import AuditEntry, MailLink, OutboxMail
from members import services
from members.emails import CORRECTION
from members.enums import Role
from members.models import Application, Invitation, Membership, Office, Organization
from members.services import Call, Person
from tests.factories.members import OrganizationFactory, ThemeFactory

LEAD = "hanako@city.hakui.lg.jp"
DEPUTY = "jiro@city.hakui.lg.jp"
TYPED = {
    "name": "総合政策課",
    "postal_code": "９２５-８５０１",
    "address": "石川県羽咋市旭町ア200",
    "phone": "0767-22-1111",
    "extension": "内線 210",
    "fax": "",
    "email": "",
    "lead_kind": "personal",
    "lead_family_name": "羽咋",
    "lead_given_name": "花子",
    "lead_email": LEAD,
    "deputy1_family_name": "能登",
    "deputy1_given_name": "次郎",
    "deputy1_email": DEPUTY,
    "seeks": "農産物の販路を探しています。",
    "provides": "",
    "purpose": "特別区との連携の相手を探すため。",
}
ANSWERS = {
    "office_name": "総合政策課",
    "postal_code": "9258501",
    "address": "石川県羽咋市旭町ア200",
    "phone": "0767-22-1111",
    "extension": "210",
    "fax": "",
    "office_email": "",
    "seeks": "農産物の販路を探しています。",
    "provides": "",
    "purpose": "特別区との連携の相手を探すため。",
}
PEOPLE = [
    Person(Role.LEAD, LEAD, family_name="羽咋", given_name="花子"),
    Person(Role.DEPUTY, DEPUTY, family_name="能登", given_name="次郎"),
]
_CODE = re.compile(r"番号：([2-9A-Z]{4}-[2-9A-Z]{4})")


def hakui() -> Organization:
    """石川県羽咋市, which is no member yet."""
    return OrganizationFactory(
        municipality__code="172073",
        municipality__prefecture__code="17",
        municipality__prefecture__name="石川県",
        municipality__name="羽咋市",
        municipality__kana="ハクイシ",
        municipality__kind="市",
    )


def create_url(organization: Organization) -> str:
    return reverse("members:application_create", args=[organization.pk])


def sent(step: str = "check", **changes: Any) -> dict[str, Any]:
    """The form as it is posted."""
    return TYPED | {"token": once.new_token(), "step": step} | changes


def mailed_code(address: str = LEAD) -> str:
    """The code in the last mail to ``address``."""
    for mail in OutboxMail.objects.filter(to=address).order_by("-pk"):
        if found := _CODE.search(mail.body):
            return found[1]
    raise AssertionError(f"no code was mailed to {address}")


def subjects(address: str = LEAD) -> list[str]:
    """What was mailed to ``address``, in order, without the portal's name."""
    mails = OutboxMail.objects.filter(to=address).order_by("pk")
    return [subject.partition("］")[2] for subject in mails.values_list("subject", flat=True)]


def answers(**changes: Any) -> dict[str, Any]:
    return ANSWERS | {"themes": [ThemeFactory(name="産業")]} | changes


def applied(organization: Organization | None = None) -> Application:
    """An application that waits for the secretariat."""
    organization = organization or hakui()
    services.send_application_code(organization, LEAD)
    return services.apply(organization, answers=answers(), people=PEOPLE, code=mailed_code())


def call(**changes: Any) -> Call:
    """The secretariat has called just now."""
    return Call(
        **{"at": timezone.now(), "number": "0767-22-1111", "whom": "総務課 千里さん"} | changes
    )


class Unchanged:
    """Asserts that a refusal leaves everything as it was and mails nobody."""

    def __enter__(self):
        self.before = self.counts()

    def __exit__(self, *error):
        assert self.counts() == self.before

    @staticmethod
    def counts() -> list:
        return [
            list(Application.objects.order_by("pk").values()),
            list(Membership.objects.order_by("pk").values()),
            list(MailLink.objects.order_by("pk").values()),
            *(model.objects.count() for model in (AuditEntry, OutboxMail, Office, Invitation)),
        ]


def send_code(town: Organization, address: str = LEAD) -> str:
    services.send_application_code(town, address)
    return mailed_code(address)


def correction(application: Application) -> MailLink:
    return MailLink.objects.filter(kind=CORRECTION, object_id=application.pk).latest("pk")
