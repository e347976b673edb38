"""The mails of a campaign (年度確認): what is registered, and a link to say that it is true."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse

from core import mail
from core.addresses import absolute
from core.enums import MailKind
from core.links import Issued
from core.mail import Letter
from members.contacts import masked_rows
from members.enums import Step
from members.models import Campaign, Confirmation, Office, Seat
from members.queries import CONFIRMATION, Recipient

_TITLE = "［特別区全国連携プロジェクト］"
# The widest label of the mail, ファクス番号, so that the values stand below one another.
_LABEL_LENGTH = 6

_SENT_TO = {
    Step.LEAD: "主担当の方",
    Step.DEPUTIES: "副担当の方",
    Step.OFFICE: "部署の共用アドレス",
    Step.DESK: "団体の代表の部署",
}


@dataclass(frozen=True)
class Asking:
    """One mail: what is asked of whom, at which step, and what it shows.

    ``is_first`` says that the office has not been mailed before; ``people`` are its leads and
    deputies.
    """

    campaign: Campaign
    office: Office
    recipient: Recipient
    step: Step
    people: Sequence[Seat]
    is_first: bool
    code: str
    url: str

    @property
    def subject(self) -> str:
        what = "登録情報の確認のお願い" if self.is_first else "登録情報の確認の再度のお願い"
        return f"{_TITLE}{what}（{self.office.signature}）"

    @property
    def greeting(self) -> str:
        seat = self.recipient.seat
        if seat is None or seat.user.is_shared:
            return f"{self.asked_as} 御中"
        has_name = seat.user.family_name or seat.user.given_name
        return f"{seat.user.display_name} 様" if has_name else "ご担当者 様"

    @property
    def asked_as(self) -> str:
        """The department that the recipient is asked as, of the same organization."""
        is_own = self.recipient.office.pk == self.office.pk
        name = self.office.name if is_own else self.recipient.office.name
        return f"{self.office.organization.full_name}　{name}"

    @property
    def handover_url(self) -> str:
        """Where the recipient passes the own seat at the office on; empty for anybody else."""
        seat = self.recipient.seat
        if seat is None or seat.office_id != self.office.pk:
            return ""
        return absolute(reverse("members:handover_create", args=[seat.pk]))

    @property
    def body(self) -> str:
        rows = masked_rows(self.office, self.people)
        context = {
            "asking": self,
            "text": self.campaign.opening if self.is_first else self.campaign.reminder,
            "lines": [f"{row.label.ljust(_LABEL_LENGTH, '　')}　{row.value}" for row in rows],
            "code_url": absolute(reverse("core:mail_link_code")),
            "is_lead": self.recipient.as_what == Step.LEAD,
            "sent_to": _SENT_TO[self.recipient.as_what],
        }
        return render_to_string("members/email/confirmation.txt", context)


def confirmation_letter(asking: Asking, confirmation: Confirmation) -> Letter:
    """The mail of a step; nobody has two of them for the same step."""
    return Letter(
        f"{CONFIRMATION}:{confirmation.pk}:{asking.step.value}:{_digest(asking.recipient.to)}",
        to=asking.recipient.to,
        subject=asking.subject,
        body=asking.body,
        kind=MailKind.BULK,
        mailing=asking.campaign.mailing(asking.step),
        # The secretariat has read the texts before the start, and reminders go by themselves.
        hold=False,
    )


def send_renewed_confirmation(asking: Asking, issued: Issued) -> None:
    """A new link, for somebody whose own has expired."""
    mail.queue(
        f"{CONFIRMATION}_renewed:{issued.link.pk}",
        to=asking.recipient.to,
        subject=asking.subject,
        body=asking.body,
    )


def send_trial_confirmation(asking: Asking, *, key: str, to: str) -> None:
    """The mail as its recipient would get it, to somebody of the secretariat."""
    mail.queue(
        key,
        to=to,
        subject=f"（見本）{asking.subject}",
        body=f"これは見本です。番号は使えません。\n\n{asking.body}",
    )


def _digest(address: str) -> str:
    """An address in the key of its mail, where no personal value may stand."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
