"""Who is told of what happens on the board: the author, whom it is addressed to, who follows it.

What happens in an offer is told to its two sides alone. What was said there, also as the reason
of a no, stands in no mail: the secretariat reads the outbox.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.urls import reverse

from core.audit import Actor, System
from core.dates import day_text, today
from members.enums import MunicipalityKind
from members.models import Organization, Seat, Theme
from members.querysets import SeatQuerySet
from notices.enums import Reason
from notices.models import Watch
from notices.queries import seats_wanting_new
from notices.services import Happening, one_seat_each, tell
from proposals import rules
from proposals.enums import EXPIRED, Move, OfferMove, OpeningGround
from proposals.models import (
    Offer,
    OfferStep,
    Proposal,
    ProposalStep,
    Reply,
    Report,
    TalkMessage,
    TalkOpening,
)

type Audience = list[tuple[Seat, Reason]]

# What the board tells of a proposal's steps.
_STEPS = {
    Move.PUBLISH: "新しい提案「{}」が公開されました",
    Move.CLOSE: "提案「{}」は不成立になりました",
    Move.WITHDRAW: "提案「{}」が取り下げられました",
    Move.RENEW: "提案「{}」の募集期限が延びました",
    Move.STOP_OFFERS: "提案「{}」の申し出の受付が止まりました",
    Move.RESUME_OFFERS: "提案「{}」の申し出の受付が再開しました",
    Move.TALKS_BEGIN: "提案「{}」の協議が始まりました",
    Move.TALKS_END: "提案「{}」の協議が終わり、募集中に戻りました",
    Move.AGREE: "提案「{}」の実施が決まりました",
    Move.COMPLETE: "提案「{}」の連携事業が完了しました",
    Move.REOPEN: "提案「{}」の実施の決定がなくなりました",
}
_OFFER_STEPS = {
    OfferMove.RAISE: "提案「{}」に{}から申し出がありました",
    OfferMove.START_TALK: "提案「{}」への{}の申し出について、協議が始まりました",
    OfferMove.ACCEPT: "提案「{}」への{}の申し出が受諾されました",
    OfferMove.DECLINE: "提案「{}」への{}の申し出は、見送りになりました",
    OfferMove.STEP_DOWN: "提案「{}」への{}の申し出が、辞退されました",
}
_TALKS_END_LATE = "提案「{}」の協議が終わり、期限切れになりました"
_DECLINED_WITH_IT = "提案「{}」が終わり、{}の申し出は見送りになりました"
# These say of the proposal what the step of an offer has said to its two sides.
_SAID_BY_OFFER = (Move.TALKS_BEGIN, Move.TALKS_END, Move.AGREE)


class ToldCount(NamedTuple):
    """How many would be told: 「n団体 m人に届きます」; of them the author's own ``colleagues``."""

    organizations: int
    people: int
    colleagues: int


def tell_step(
    step: ProposalStep, *, by: Actor, told: Collection[int] = (), echoes: str = ""
) -> None:
    """Tells of a step of a proposal; of its publishing also whom it is addressed to.

    ``told`` are the organizations that were told already of what has led to it, ``echoes`` is
    the key of the happening in which people were.
    """
    proposal, move = step.proposal, Move(step.move)
    audience = _of_proposal(proposal)
    if move == Move.PUBLISH:
        audience += _newly_told(proposal)
    if told and move in (*_SAID_BY_OFFER, Move.CLOSE, Move.WITHDRAW):
        # Whoever sits there too, as well: a person is told once, at one seat.
        people = {seat.user_id for seat, _ in _own(told)}
        audience = [pair for pair in audience if pair[0].user_id not in people]
    is_late = move == Move.TALKS_END and proposal.shown_status == EXPIRED
    _tell_of(
        proposal,
        f"proposals.step:{step.pk}",
        (_TALKS_END_LATE if is_late else _STEPS[move]).format(proposal),
        _readers(audience, proposal),
        by=by,
        facts={"理由": step.reason},
        echoes=echoes,
    )


def tell_addressed(
    proposal: Proposal, before: Iterable[Organization], *, meant_all: bool, by: Actor
) -> None:
    """Tells the wards to which a change has addressed the proposal: not those of ``before``.

    ``meant_all``: with none in particular it was addressed to all of them.
    """
    former = {ward.pk for ward in before}
    if meant_all and not former:
        return
    asked = [pair for pair in _addressed(proposal) if pair[0].office.organization_id not in former]
    _tell_of(
        proposal,
        f"proposals.addressed:{proposal.pk}",
        f"提案「{proposal}」の宛先になりました",
        _readers(asked, proposal),
        by=by,
    )


def tell_links(proposal: Proposal, others: Iterable[Proposal], *, by: Actor) -> None:
    """Tells the authors of ``others`` once that ``proposal`` was linked with theirs.

    Whoever may not read it does not see the link either, and is not told.
    """
    for other in others:
        if other.organization_id != proposal.organization_id:
            _tell_of(
                proposal,
                f"proposals.related:{proposal.pk}:{other.pk}",
                f"提案「{proposal}」が、提案「{other}」に関連する提案として結び付けられました",
                _readers(_own([other.organization_id]), proposal),
                by=by,
                facts={"結び付きを外すとき": f"提案「{other}」のページから外せます"},
            )


def tell_reply(reply: Reply, *, by: Actor) -> None:
    """Tells the author's organization and the followers of a reply, which all of them read."""
    proposal = reply.proposal
    happening = Happening(
        f"proposals.reply:{reply.pk}",
        f"提案「{proposal}」に{reply.organization.full_name}から返信がありました",
        reply.get_absolute_url(),
        reply,
        _without_gaps(
            {
                "提案": str(proposal),
                "返信した団体": reply.signature,
                "記録": reply.told_text,
                "返信": reply.body,
            }
        ),
    )
    tell(happening, _readers(_of_proposal(proposal), proposal), by=by)


def tell_offer_step(step: OfferStep, *, by: Actor, is_ending: bool = False) -> None:
    """Tells both sides of a step of their offer.

    ``is_ending``: it is declined because the proposal ends, of which the author is told apart.
    """
    offer = step.offer
    author, offering = offer.sides
    text = _DECLINED_WITH_IT if is_ending else _OFFER_STEPS[OfferMove(step.move)]
    _tell_sides(
        offer,
        f"proposals.offer_step:{step.pk}",
        text.format(offer.proposal, offer.organization.full_name),
        by=by,
        sides=(offering,) if is_ending else (author, offering),
        facts={
            "記録": step.told_text,
            "理由": "申し出のページで読めます" if step.reason else "",
        },
    )


def tell_message(message: TalkMessage, *, by: Actor) -> None:
    """Tells both sides that something was said in their talk; what, only its page tells."""
    proposal, sender = message.offer.proposal, message.organization.full_name
    text = f"提案「{proposal}」の協議に、{sender}からメッセージが届きました"
    facts = {"メッセージ": "申し出のページで読めます"}
    _tell_sides(message.offer, f"proposals.message:{message.pk}", text, by=by, facts=facts)


def tell_opening(opening: TalkOpening, *, by: Actor) -> None:
    """Tells both sides that the secretariat reads their talk, why, and until when."""
    offer = opening.offer
    _tell_sides(
        offer,
        f"proposals.opening:{opening.pk}",
        f"提案「{offer.proposal}」の協議の内容を、事務局が確認します",
        by=by,
        facts={"根拠": opening.get_ground_display(), "理由": opening.reason},
    )


def tell_hiding(row: Proposal | Reply, entry: int, *, by: Actor, reason: str) -> None:
    """Tells who wrote it that the secretariat has hidden it or shows it again.

    ``entry`` is the audit row's number: each time is a happening of its own.
    """
    text = "事務局が、{}を" + ("非表示にしました" if row.hidden_at else "もう一度表示しました")
    _tell_writer(row, f"proposals.hiding:{entry}", text, by=by, facts={"理由": reason})


def tell_report(report: Report, *, by: Actor) -> None:
    """Tells who wrote what was reported, but not by whom or why; the secretariat looks into it.

    Of a talk its sides are told when the secretariat opens it.
    """
    subject = report.subject
    if isinstance(subject, Offer):
        return
    text = "{}について、事務局に通報がありました"
    facts = {"これから": "事務局が内容を確認します。連絡があるまで、そのままお待ちください"}
    _tell_writer(subject, f"proposals.report:{report.pk}", text, by=by, facts=facts)


def tell_settled(report: Report, *, by: Actor) -> None:
    """Tells who has reported, and who wrote it, that the secretariat has settled a report.

    Who has reported may read it no longer: so its title is not told.
    """
    subject, outcome = report.subject, report.get_status_display()
    filed = "通報" if report.ground == OpeningGround.REPORT else "協議の確認の依頼"
    to_reporter = Happening(
        f"proposals.settled:{report.pk}",
        f"事務局への{filed}の確認が終わりました（{outcome}）",
        reverse("proposals:proposal_list"),
        facts={"対象": subject._meta.verbose_name, "届け出た団体": report.signature},
    )
    tell(to_reporter, _own([report.organization_id]), by=by)
    if isinstance(subject, Offer):
        return
    text = f"{{}}への通報の確認が終わりました（{outcome}）"
    _tell_writer(subject, f"proposals.settled:{report.pk}:author", text, by=by, facts={})


def tell_deadline(
    proposal: Proposal, key: str, text: str, *, facts: dict[str, str], to_followers: bool = False
) -> None:
    """Tells the author's organization, and perhaps the followers, of what the calendar brings."""
    audience = _of_proposal(proposal) if to_followers else _own([proposal.organization_id])
    _tell_of(proposal, key, text, _readers(audience, proposal), by=System("daily"), facts=facts)


def told_count(
    proposal: Proposal, *, wards: Iterable[Organization], themes: Iterable[Theme], by: Seat
) -> ToldCount:
    """Whom ``by`` would tell by publishing ``proposal``, each person at one seat (``tell_step``).

    ``proposal`` is as it would stand on the board, and may not be saved yet; ``wards`` and
    ``themes`` are those that it is to have.
    """
    audience = _own([proposal.organization_id]) + _newly_told(proposal, wards, themes)
    told = one_seat_each(_readers(audience, proposal), by=by).values()
    bodies = [seat.office.organization_id for seat, _ in told]
    return ToldCount(len(set(bodies)), len(bodies), bodies.count(proposal.organization_id))


def _tell_of(
    proposal: Proposal,
    key: str,
    text: str,
    audience: Audience,
    *,
    by: Actor,
    facts: dict[str, str] | None = None,
    echoes: str = "",
) -> None:
    known = {
        "提案元": proposal.signed_as,
        "種別": proposal.get_kind_display(),
        "希望時期": proposal.wished_text,
        "募集期限": day_text(proposal.ends_on) if proposal.ends_on else "",
    }
    given = _without_gaps({**known, **(facts or {})})
    url = proposal.get_absolute_url()
    tell(Happening(key, text, url, proposal, given, echoes), audience, by=by)


def _tell_sides(
    offer: Offer,
    key: str,
    text: str,
    *,
    by: Actor,
    facts: dict[str, str],
    sides: Collection[int] | None = None,
) -> None:
    proposal = offer.proposal
    known = {
        "提案": str(proposal),
        "提案元": proposal.signed_as,
        "申し出た団体": offer.signature,
        "状態": offer.get_status_display(),
    }
    given = _without_gaps({**known, **facts})
    happening = Happening(key, text, offer.get_absolute_url(), offer, given)
    tell(happening, _own(offer.sides if sides is None else sides), by=by)


def _tell_writer(
    row: Proposal | Reply, key: str, text: str, *, by: Actor, facts: dict[str, str]
) -> None:
    """Tells who wrote a proposal or a reply of what the secretariat does with it.

    Who has replied may read the proposal no longer: then neither its title nor its page is
    told, but what the reply said.
    """
    writers = _own([row.organization_id])
    if isinstance(row, Reply) and not _readers(writers, row.proposal):
        text = text.format("いまは読めない提案への返信")
        url = reverse("proposals:proposal_list")
        happening = Happening(key, text, url, facts={**facts, "返信": row.body})
    else:
        happening = Happening(key, text.format(_title(row)), row.get_absolute_url(), row, facts)
    tell(happening, writers, by=by)


def _of_proposal(proposal: Proposal) -> Audience:
    """The author's organization, and who follows the proposal."""
    watches = Watch.objects.of(proposal).values("seat")
    followers = [(seat, Reason.WATCHED) for seat in _current().filter(pk__in=watches)]
    return _own([proposal.organization_id]) + followers


def _newly_told(
    proposal: Proposal,
    wards: Iterable[Organization] | None = None,
    themes: Iterable[Theme] | None = None,
) -> Audience:
    """Whom a new proposal is addressed to, and who wants the new ones of its theme or place."""
    chosen = proposal.themes.all() if themes is None else themes
    wanting = seats_wanting_new([theme.pk for theme in chosen], proposal.organization.prefecture_id)
    new = _current().filter(pk__in=wanting.order_by().values("pk"))
    others = new.exclude(office__organization=proposal.organization_id)
    return _addressed(proposal, wards) + [(seat, Reason.NEW) for seat in others]


def _addressed(proposal: Proposal, wards: Iterable[Organization] | None = None) -> Audience:
    """Those of the wards that it is addressed to: the chosen ones, or all others.

    Of a ward to all members without any, nobody in particular is meant: it is told to who wants
    the new ones of its themes or place.
    """
    chosen = list(proposal.wards.all() if wards is None else wards)
    asked = _current().exclude(office__organization=proposal.organization_id)
    if chosen:
        asked = asked.filter(office__organization__in=chosen)
    elif not proposal.means_all_wards:
        return []
    else:
        asked = asked.filter(office__organization__municipality__kind=MunicipalityKind.WARD)
    return [(seat, Reason.ADDRESSED) for seat in asked]


def _own(organizations: Collection[int]) -> Audience:
    """All seats of the organizations that something is about."""
    seats = _current().filter(office__organization__in=organizations)
    return [(seat, Reason.OWN) for seat in seats]


def _current() -> SeatQuerySet:
    return Seat.objects.on(today()).active().with_shared_office().with_user().order_by("pk")


def _readers(audience: Audience, proposal: Proposal) -> Audience:
    """Those of ``audience`` who read the proposal; a level or a hiding keeps the others out.

    Who follows it by one seat may read it by another of theirs.
    """
    readers = {seat for seat, _ in audience if rules.may_view(seat, proposal)}
    followers = [seat for seat, why in audience if why == Reason.WATCHED and seat not in readers]
    if followers:
        others = _current().filter(user__in=[seat.user_id for seat in followers])
        people = {seat.user_id for seat in others if rules.may_view(seat, proposal)}
        readers.update(seat for seat in followers if seat.user_id in people)
    return [(seat, reason) for seat, reason in audience if seat in readers]


def _title(row: Proposal | Reply) -> str:
    return f"提案「{row.proposal}」への返信" if isinstance(row, Reply) else f"提案「{row}」"


def _without_gaps(facts: dict[str, str]) -> dict[str, str]:
    return {label: value for label, value in facts.items() if value}
