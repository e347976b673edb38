"""What the lists of invitations and of handovers have in common."""

from core.admin.actions import ObjectAction
from members.enums import InvitationStatus
from members.models import Handover, Invitation


class Resend(ObjectAction):
    """Mails it again; ``act`` leaves as ``sent`` what was mailed, which may be a new row."""

    name = "resend"
    button = "もう一度送る"
    explanation = "新しい番号のついたメールを送ります。前のメールのリンクは使えなくなります。"
    row: Invitation | Handover
    sent: Invitation | Handover | None = None

    @classmethod
    def applies_to(cls, row: Invitation | Handover) -> bool:
        return row.status in (InvitationStatus.SENT, InvitationStatus.EXPIRED)

    def get_success_url(self) -> str:
        return self.change_url(self.sent or self.row)
