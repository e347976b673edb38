"""Reports of abuse, requests about a talk, and what the secretariat makes of them."""

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError, given, require
from members.models import Seat
from members.rules import is_secretariat
from proposals import rules
from proposals.enums import Action, OpeningGround, ReportStatus
from proposals.models import Offer, Proposal, Reply, Report
from proposals.services.replies import locked_reply
from proposals.services.states import locked, locked_offer
from proposals.services.telling import tell_report, tell_settled


@transaction.atomic
def report(subject: Proposal | Reply | Offer, *, by: Seat, reason: str) -> Report:
    """Tells the secretariat of abuse in a proposal, a reply or a talk.

    Raises ``NotAllowed`` for whoever does not read it, or has written it; and ``DomainError``
    without a reason, or while an earlier report of the organization on it waits.
    """
    if isinstance(subject, Offer):
        subject = locked_offer(subject)
        require(rules.may_ask_to_open(by, subject))
    else:
        # Held, so that two of an organization do not report the same at once.
        proposal = locked(subject.proposal if isinstance(subject, Reply) else subject)
        subject = locked_reply(subject) if isinstance(subject, Reply) else proposal
        require(rules.may_report(by, subject))
    filed = _file(subject, OpeningGround.REPORT, Action.REPORT, by=by, reason=reason)
    tell_report(filed, by=by)
    return filed


@transaction.atomic
def ask_to_open(offer: Offer, *, by: Seat, reason: str) -> Report:
    """A side asks the secretariat to look into its talk; refuses as ``report``."""
    offer = locked_offer(offer)
    require(rules.may_ask_to_open(by, offer))
    return _file(offer, OpeningGround.REQUEST, Action.ASK_TO_OPEN, by=by, reason=reason)


@transaction.atomic
def settle_report(report: Report, *, by: Seat, status: ReportStatus, outcome: str) -> Report:
    """Notes what the secretariat did about a report, or why it did nothing.

    Raises ``NotAllowed``, and ``DomainError`` without an outcome or when it is settled.
    """
    require(is_secretariat(by))
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.status != ReportStatus.OPEN:
        raise DomainError(f"この届け出は「{report.get_status_display()}」になっています")
    report.status, report.outcome = status, given(outcome)
    report.settled_at, report.settled_by = timezone.now(), by.signature
    report.save()
    changes = {"status": audit.Change(ReportStatus.OPEN, status)}
    audit.record(Action.SETTLE_REPORT, report, by=by, changes=changes, reason=report.outcome)
    tell_settled(report, by=by)
    return report


def _file(
    subject: Proposal | Reply | Offer,
    ground: OpeningGround,
    action: Action,
    *,
    by: Seat,
    reason: str,
) -> Report:
    about = {subject._meta.model_name: subject}
    waiting = Report.objects.open().filter(organization=by.organization, ground=ground, **about)
    if waiting.exists():
        raise DomainError("この件は、すでに事務局に届いています。事務局からの連絡をお待ちください")
    filed = Report.objects.create(
        ground=ground,
        organization=by.organization,
        signature=by.signature,
        reason=given(reason),
        reported_at=timezone.now(),
        **about,
    )
    audit.record(action, filed, by=by, reason=filed.reason)
    return filed
