"""Answers by telephone, fax or at the counter: they count, and say who wrote them down."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from core.audit import Told
from core.dates import day_text, today
from core.enums import Channel, Level
from core.errors import DomainError, NotAllowed
from core.models import AuditEntry, OutboxMail
from members.models import Seat
from notices.models import Notice
from proposals import queries, services
from proposals.enums import Action, OfferStatus, ProposalStatus, Standing
from proposals.models import Offer, Proposal, Reply
from tests.factories.members import MembershipFactory, OrganizationFactory, SeatFactory
from tests.factories.proposals import ProposalFactory
from tests.proposals.refusals import nothing_changes, refused
from tests.proposals.worlds import raised, reread, talking
from tests.secretariat import secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db

CALLER = "企画課 見本さん"
CALL = Told(Channel.PHONE, CALLER)
TEXT = f"{day_text(today())}の電話での連絡を事務局が記録"


@pytest.fixture(autouse=True)
def members(lead: Seat, other_lead: Seat) -> None:
    for seat in (lead, other_lead):
        MembershipFactory(organization=seat.organization)


@pytest.fixture
def desk() -> Client:
    return secretary_client("プロジェクト")


def called(seat: Seat, proposal: Proposal, by: Seat, told: Told = CALL) -> services.Caller:
    return services.caller(seat.organization, proposal, by=by, told=told)


def test_an_offer_by_telephone_is_an_answer_like_any_other(lead, ward_lead, staff):
    proposal = ProposalFactory(office=lead.office)
    by = called(ward_lead, proposal, staff)
    offer = services.raise_offer(proposal, by=by, message="関心があります。")
    proposal.refresh_from_db()
    assert proposal.answered_at
    assert offer.signature == ward_lead.office.signature
    message, step = offer.messages.get(), offer.steps.get()
    assert (message.seat, message.told_text, step.told_text) == (None, TEXT, TEXT)
    assert step.signature == message.signature == offer.signature
    assert set(Notice.objects.values_list("seat", flat=True)) == {lead.pk, ward_lead.pk}
    mail = OutboxMail.objects.filter(to=lead.user.email).get().body
    assert TEXT in mail
    assert CALLER not in mail
    shown = Proposal.objects.with_author().get()
    (line,) = queries.lines_of(reread(staff), [shown], [ward_lead.organization])
    assert [cell.text for cell in line.cells] == [Standing.INTERESTED.label]
    row = AuditEntry.objects.get(action=Action.RAISE_OFFER)
    assert (row.channel, row.actor_organization) == (Channel.PHONE, "特別区長会")
    assert row.changes["told_office"] == [None, offer.signature]
    assert row.personal.values["caller"] == CALLER
    assert CALLER not in str(row.changes)


def test_a_reply_by_fax_is_marked_for_all_who_read_it(
    lead, ward_lead, other_lead, staff, client_of
):
    proposal = ProposalFactory(office=lead.office, published_at=timezone.now() - timedelta(days=3))
    told = Told(Channel.FAX, CALLER, today() - timedelta(days=2))
    by = called(ward_lead, proposal, staff, told)
    reply = services.add_reply(proposal, by=by, body="来年度に考えます。")
    text = f"{day_text(today() - timedelta(days=2))}のファクスでの連絡を事務局が記録"
    assert (reply.seat, reply.told_text) == (None, text)
    proposal.refresh_from_db()
    assert proposal.answered_at
    page = client_of(other_lead).get(proposal.get_absolute_url())
    assertContains(page, text)
    assertNotContains(page, CALLER)


@pytest.fixture
def pair(lead, ward_lead) -> Offer:
    """The ward's offer on the municipality's proposal, whose talk has begun."""
    return talking(lead, ward_lead)


@pytest.mark.parametrize(
    ("move", "by_author", "status", "then"),
    [
        ("accept", True, OfferStatus.ACCEPTED, ProposalStatus.AGREED),
        ("decline", True, OfferStatus.DECLINED, ProposalStatus.OPEN),
        ("step_down", False, OfferStatus.WITHDRAWN, ProposalStatus.OPEN),
    ],
)
def test_either_side_decides_by_telephone(
    move, by_author, status, then, pair, lead, ward_lead, staff
):
    Notice.objects.all().delete()
    by = called(lead if by_author else ward_lead, pair.proposal, staff)
    said = {} if move == "accept" else {"reason": "年度内は難しいため。"}
    offer = getattr(services, move)(pair, by=by, **said)
    step = offer.steps.last()
    assert (offer.status, step.told_text, step.signature) == (status, TEXT, by.signature)
    proposal = Proposal.objects.get()
    assert proposal.status == then
    assert set(Notice.objects.values_list("seat", flat=True)) == {lead.pk, ward_lead.pk}
    rows = AuditEntry.objects.filter(channel=Channel.PHONE)
    actions = {Action.FOLLOW_OFFERS} | set(rows.values_list("action", flat=True))
    assert len(actions) == rows.count()  # what has followed from it was told by telephone, too
    assert "年度内は難しい" not in str(list(rows.values_list("changes", "reason")))


def test_the_other_side_reads_who_wrote_it_down(pair, lead, ward_lead, staff, client_of):
    services.decline(pair, by=called(lead, pair.proposal, staff), reason="年度内は難しいため。")
    for seat in (lead, ward_lead):
        for page in ("", "print/"):
            response = client_of(seat).get(f"{pair.get_absolute_url()}{page}")
            assertContains(response, TEXT)
            assertNotContains(response, CALLER)


@pytest.mark.parametrize("told", [Told(), CALL])
def test_only_the_secretariat_writes_down_a_call(told, lead, ward_lead, staff):
    proposal = ProposalFactory(office=lead.office)
    by = staff if told == Told() else lead
    with refused(NotAllowed):
        called(ward_lead, proposal, by, told)


@pytest.mark.parametrize(
    ("days", "sentence"), [(1, "今日（.*）までの日付"), (-8, "公開の日（.*）以降の日付")]
)
def test_a_call_was_while_the_proposal_stood_on_the_board(days, sentence, lead, ward_lead, staff):
    proposal = ProposalFactory(office=lead.office, published_at=timezone.now() - timedelta(days=7))
    told = Told(Channel.PHONE, CALLER, today() + timedelta(days=days))
    with refused(DomainError, match=sentence):
        called(ward_lead, proposal, staff, told)


def test_who_takes_no_part_or_has_no_main_office_does_not_answer(lead, staff):
    proposal = ProposalFactory(office=lead.office)
    for seat in (SeatFactory(), staff):
        with refused(DomainError, match="いまは会員ではありません"):
            called(seat, proposal, staff)
    other = MembershipFactory(organization=OrganizationFactory()).organization
    with refused(DomainError, match="代表の部署がありません"):
        services.caller(other, proposal, by=staff, told=CALL)


def test_the_same_is_refused_as_on_the_site(lead, ward_lead, other_lead, staff):
    proposal = ProposalFactory(office=lead.office, level=Level.WARDS)
    member = called(other_lead, proposal, staff)
    with refused(NotAllowed):
        services.add_reply(proposal, by=member, body="読めない提案への返信")
    with refused(NotAllowed):
        services.raise_offer(proposal, by=member, message="申し出")
    offer = raised(lead, ward_lead)
    ward = called(ward_lead, offer.proposal, staff)
    with refused(NotAllowed):
        services.start_talk(offer, by=ward)
    with refused(DomainError, match="すでに申し出ています"):
        services.raise_offer(offer.proposal, by=ward, message="もう一度")
    with refused(DomainError, match="理由"):
        services.step_down(offer, by=ward, reason=" ")


class TestAdmin:
    def test_records_an_offer_and_reads_nothing_of_the_talk(self, desk, lead, ward_lead):
        proposal = ProposalFactory(office=lead.office)
        address = url("proposals.proposal", "told_offer", proposal.pk)
        answers = {
            "organization": ward_lead.organization.pk,
            "channel": "counter",
            "caller": CALLER,
            "message": "内密の相談があります。",
        }
        response = desk.post(address, typed(desk.get(address), **answers), follow=True)
        assert sentences(response) == [f"{Offer.objects.get().title}を記録しました"]
        offer = Offer.objects.get()
        for page in ("change", "history"):
            shown = desk.get(url("proposals.offer", page, offer.pk)).text
            assert "内密の相談" not in shown
        assert "窓口で確認（企画課 見本さん）" in shown
        assert ward_lead.office.signature in shown
        assertNotContains(desk.get(offer.get_absolute_url()), "内密の相談")

    def test_records_a_reply(self, desk, lead, ward_lead):
        proposal = ProposalFactory(office=lead.office)
        address = url("proposals.proposal", "told_reply", proposal.pk)
        answers = {
            "organization": ward_lead.organization.pk,
            "channel": "phone",
            "caller": CALLER,
            "body": "来年度に考えます。",
        }
        desk.post(address, typed(desk.get(address), **answers))
        reply = Reply.objects.get()
        assert reply.body == "来年度に考えます。"
        assert TEXT in desk.get(url("proposals.reply", "change", reply.pk)).text

    @pytest.mark.parametrize(
        ("name", "answers", "status"),
        [
            ("told_accept", {}, OfferStatus.ACCEPTED),
            ("told_decline", {"reason": "予算がないため。"}, OfferStatus.DECLINED),
            ("told_step_down", {"reason": "予算がないため。"}, OfferStatus.WITHDRAWN),
        ],
    )
    def test_records_a_decision(self, name, answers, status, desk, pair):
        address = url("proposals.offer", name, pair.pk)
        typing = typed(desk.get(address), channel="fax", caller=CALLER, **answers)
        assert len(sentences(desk.post(address, typing, follow=True))) == 1
        pair.refresh_from_db()
        assert pair.status == status

    def test_begins_a_talk_and_joins_a_project(self, desk, lead, ward_lead, other_ward):
        first = talking(lead, ward_lead)
        project = services.accept(first, by=lead).collaboration
        offer = services.raise_offer(first.proposal, by=other_ward, message="加わりたいです。")
        for name, answers in (("told_start", {}), ("told_accept", {"project": str(project.pk)})):
            address = url("proposals.offer", name, offer.pk)
            desk.post(address, typed(desk.get(address), channel="phone", caller=CALLER, **answers))
        offer.refresh_from_db()
        assert offer.collaboration == project

    def test_says_at_the_field_who_may_not_answer(self, desk, lead, other_lead):
        proposal = ProposalFactory(office=lead.office)
        address = url("proposals.proposal", "told_offer", proposal.pk)
        answers = {
            "organization": other_lead.organization.pk,
            "channel": "phone",
            "caller": CALLER,
            "message": "関心があります。",
        }
        with nothing_changes():
            response = desk.post(address, typed(desk.get(address), **answers))
        assert response.status_code == 422
        errors = response.context["adminform"].form.errors
        assert "申し出できません" in str(errors["organization"])

    @pytest.mark.parametrize("group", ["会員登録", "閲覧"])
    def test_needs_the_rights_of_the_project(self, group, pair):
        desk = secretary_client(group)
        for label, name, row in (
            ("proposals.proposal", "told_reply", pair.proposal),
            ("proposals.offer", "told_decline", pair),
        ):
            assert desk.get(url(label, "change", row.pk)).context["action_links"] == []
            with nothing_changes():
                assert desk.post(url(label, name, row.pk), {"channel": "phone"}).status_code == 403

    def test_offers_only_what_may_be_done(self, desk, pair, lead):
        def names(label, row):
            links = desk.get(url(label, "change", row.pk)).context["action_links"]
            return {link["url"].rstrip("/").rsplit("/")[-1] for link in links}

        talks = {"told_accept", "told_decline", "told_step_down"}
        assert names("proposals.offer", pair) == talks
        services.close(pair.proposal, by=lead, reason="予算がないため。")
        pair.proposal.refresh_from_db()
        assert names("proposals.offer", pair) == set()
        assert names("proposals.proposal", pair.proposal) == {"hide"}
