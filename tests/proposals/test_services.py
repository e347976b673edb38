"""What changes the board: each move, each refusal, and what is kept of it."""

from datetime import date, timedelta

import pytest
import time_machine

from core.dates import today
from core.enums import Level
from core.errors import DomainError, NotAllowed, StaleVersion
from members.enums import Role, UserKind
from proposals import services
from proposals.enums import MOVES, Action, Move, ProposalKind, ProposalStatus
from proposals.models import Proposal, ProposalVersion
from tests.factories.members import SeatFactory, ThemeFactory
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    ProposalFactory,
    WithdrawnFactory,
)
from tests.proposals.refusals import last_entry, refused, state_of_the_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def data() -> dict:
    """A complete proposal without an end date."""
    return {
        "kind": ProposalKind.SEEK,
        "title": "港の朝市を区の商店街で",
        "themes": [ThemeFactory(name="観光", order=2), ThemeFactory(name="産業", order=1)],
        "body": "月に1度、区の商店街で朝市を開きたいと考えています。",
        "wished_from": date(2027, 1, 1),
        "wished_until": date(2027, 2, 1),
        "ends_on": None,
        "level": Level.MEMBERS,
    }


# --- drafts ------------------------------------------------------------------------------


def test_a_draft_may_lack_everything(lead):
    draft = services.save_draft(None, data={"themes": []}, by=lead)
    assert (draft.status, draft.title, draft.version) == (ProposalStatus.DRAFT, "", 1)
    assert (draft.organization, draft.office) == (lead.organization, lead.office)
    assert draft.signature == "福井県坂井市　企画政策課"
    assert last_entry().action == Action.SAVE_DRAFT


def test_a_colleague_goes_on_with_a_draft(lead, deputy, data):
    draft = services.save_draft(None, data={"title": "朝市"}, by=lead)
    draft = services.save_draft(draft, data=data, by=deputy, version=1)
    assert (draft.title, draft.version) == (data["title"], 2)
    assert [theme.name for theme in draft.themes.all()] == ["産業", "観光"]
    entry = last_entry()
    assert entry.changes["title"] == ["朝市", data["title"]]
    assert entry.changes["themes"] == [[], ["産業", "観光"]]
    assert "level" not in entry.changes


def test_a_draft_keeps_no_versions(lead, data):
    draft = services.save_draft(None, data=data, by=lead)
    services.save_draft(draft, data={**data, "title": "夜市"}, by=lead, version=1)
    assert not ProposalVersion.objects.exists()


@pytest.mark.parametrize("version", [None, 0, 2])
def test_a_draft_of_another_version_is_not_overwritten(lead, data, version):
    draft = services.save_draft(None, data=data, by=lead)
    with refused(StaleVersion):
        services.save_draft(draft, data={**data, "title": "夜市"}, by=lead, version=version)


def test_a_reader_writes_no_draft(reader, data):
    with refused(NotAllowed):
        services.save_draft(None, data=data, by=reader)


def test_the_secretariat_writes_no_draft(staff, data):
    with refused(NotAllowed):
        services.save_draft(None, data=data, by=staff)


def test_another_organization_goes_on_with_no_draft(lead, other_lead, data):
    draft = services.save_draft(None, data=data, by=lead)
    with refused(NotAllowed):
        services.save_draft(draft, data=data, by=other_lead, version=1)


def test_a_seat_that_ended_yesterday_writes_nothing(office, data):
    seat = SeatFactory(office=office, valid_until=today() - timedelta(days=1))
    with refused(NotAllowed):
        services.save_draft(None, data=data, by=seat)


def test_what_is_published_never_becomes_a_draft_again(lead, data):
    proposal = services.publish(None, data=data, by=lead)
    with refused(DomainError, match="下書きには戻せません"):
        services.save_draft(proposal, data=data, by=lead, version=1)


def test_a_wished_period_runs_forward(lead, data):
    with refused(DomainError, match="希望時期"):
        services.save_draft(None, data={**data, "wished_until": date(2026, 12, 1)}, by=lead)


def test_a_draft_of_a_sample_account_is_a_sample(office, data):
    seat = SeatFactory(office=office, user__is_sample=True)
    assert services.save_draft(None, data=data, by=seat).is_sample


def test_only_a_draft_is_deleted(lead, data):
    draft = services.save_draft(None, data=data, by=lead)
    services.delete_draft(draft, by=lead, version=1)
    assert not Proposal.objects.exists()
    entry = last_entry()
    assert (entry.action, entry.object_label) == (Action.DELETE_DRAFT, "下書き")
    assert entry.changes["title"] == [data["title"], ""]


def test_what_is_published_is_not_deleted(lead):
    proposal = ProposalFactory(office=lead.office)
    with refused(DomainError, match="削除できません"):
        services.delete_draft(proposal, by=lead, version=1)


def test_a_draft_that_a_colleague_has_changed_is_not_deleted(lead):
    draft = DraftFactory(office=lead.office, version=2)
    with refused(StaleVersion):
        services.delete_draft(draft, by=lead, version=1)


def test_a_draft_deleted_meanwhile_is_said_to_be_gone(lead):
    draft = DraftFactory(office=lead.office)
    services.delete_draft(draft, by=lead, version=1)
    with refused(DomainError, match="すでに削除"):
        services.save_draft(draft, data={}, by=lead, version=1)


# --- publishing --------------------------------------------------------------------------


@time_machine.travel("2026-11-22T10:00+09:00", tick=False)
def test_a_proposal_is_published_for_six_months(lead, data):
    proposal = services.publish(None, data=data, by=lead)
    assert proposal.status == ProposalStatus.OPEN
    assert proposal.ends_on == date(2027, 5, 22)
    assert proposal.published_at == proposal.changed_at
    assert [theme.name for theme in proposal.themes.all()] == ["産業", "観光"]
    entry = last_entry()
    assert entry.action == Action.PUBLISH
    assert entry.changes["status"] == ["draft", "open"]


def test_a_draft_is_published_as_it_stands(lead, deputy, data):
    draft = services.save_draft(None, data=data, by=lead)
    proposal = services.publish(draft, by=deputy, version=1)
    assert (proposal.status, proposal.title) == (ProposalStatus.OPEN, data["title"])
    assert proposal.themes.count() == 2


def test_the_signature_is_that_of_the_day_of_publication(lead, data):
    draft = services.save_draft(None, data=data, by=lead)
    lead.office.name = "未来づくり課"
    lead.office.save()
    proposal = services.publish(draft, by=lead, version=1)
    assert proposal.signature == "福井県坂井市　未来づくり課"


def test_a_shared_account_is_shown_as_such(office, data):
    seat = SeatFactory(office=office, user__kind=UserKind.OFFICE, role=Role.LEAD)
    proposal = services.publish(None, data=data, by=seat)
    assert proposal.signature == "福井県坂井市　企画政策課（共用）"
    reply = services.add_reply(proposal, by=seat, body="補足します。")
    assert reply.signature == "福井県坂井市　企画政策課（共用）"


@pytest.mark.parametrize("field", ["kind", "title", "themes", "body", "wished_from"])
def test_an_incomplete_proposal_is_not_published(lead, data, field):
    incomplete = {**data, field: [] if field == "themes" else "", "wished_until": None}
    if field == "wished_from":
        incomplete["wished_from"] = None
    with refused(DomainError, match="次の項目を入力してください"):
        services.publish(None, data=incomplete, by=lead)


@time_machine.travel("2026-11-22T10:00+09:00", tick=False)
@pytest.mark.parametrize("ends_on", [date(2026, 11, 21), date(2026, 11, 22), date(2028, 11, 23)])
def test_an_end_date_lies_within_two_years_from_tomorrow(lead, data, ends_on):
    with refused(DomainError, match="募集期限"):
        services.publish(None, data={**data, "ends_on": ends_on}, by=lead)


@time_machine.travel("2026-11-22T10:00+09:00", tick=False)
@pytest.mark.parametrize("ends_on", [date(2026, 11, 23), date(2028, 11, 22)])
def test_the_first_and_the_last_end_date(lead, data, ends_on):
    assert services.publish(None, data={**data, "ends_on": ends_on}, by=lead).ends_on == ends_on


@pytest.mark.parametrize("seat", ["reader", "other_lead", "staff", "ward_lead"])
def test_only_who_writes_for_the_organization_publishes(request, lead, data, seat):
    draft = services.save_draft(None, data=data, by=lead)
    with refused(NotAllowed):
        services.publish(draft, by=request.getfixturevalue(seat), version=1)


def test_nothing_is_published_twice(lead, data):
    draft = services.save_draft(None, data=data, by=lead)
    services.publish(draft, by=lead, version=1)
    with refused(DomainError, match="募集中"):
        services.publish(draft, by=lead, version=2)


@pytest.mark.parametrize("move", [Move.PUBLISH, Move.CLOSE, Move.WITHDRAW, Move.RENEW])
@pytest.mark.parametrize(
    "factory", [DraftFactory, ProposalFactory, ExpiredFactory, WithdrawnFactory]
)
def test_states_move_by_the_table_only(lead, factory, move):
    ends_on = {} if factory is ExpiredFactory else {"ends_on": today() + timedelta(days=20)}
    proposal = factory(office=lead.office, **ends_on)
    act = {
        Move.PUBLISH: lambda: services.publish(proposal, by=lead, version=1),
        Move.CLOSE: lambda: services.close(proposal, by=lead, reason="相手がいないため。"),
        Move.WITHDRAW: lambda: services.withdraw(proposal, by=lead, reason="中止のため。"),
        Move.RENEW: lambda: services.renew(proposal, by=lead),
    }[move]
    target = MOVES.get((proposal.status, move))
    if target:
        assert act().status == target
    else:
        with refused(DomainError):
            act()


# --- changing ----------------------------------------------------------------------------


def test_a_change_keeps_the_former_text(lead, deputy, data):
    with time_machine.travel("2026-11-22T10:00+09:00", tick=False):
        proposal = services.publish(None, data=data, by=lead)
    changed = {**data, "title": "港の夜市を区の商店街で", "ends_on": proposal.ends_on}
    with time_machine.travel("2026-11-25T10:00+09:00", tick=False):
        proposal = services.change(proposal, data=changed, by=deputy, version=1)
    assert (proposal.title, proposal.version) == ("港の夜市を区の商店街で", 2)
    version = proposal.versions.get()
    assert (version.number, version.level) == (1, Level.MEMBERS)
    assert version.fields["title"] == data["title"]
    assert version.fields["themes"] == ["産業", "観光"]
    assert version.fields["ends_on"] == "2027-05-22"
    assert version.valid_from == proposal.published_at
    assert version.valid_until == proposal.changed_at
    entry = last_entry()
    assert entry.action == Action.CHANGE
    assert entry.changes == {"title": [data["title"], "港の夜市を区の商店街で"]}


def test_each_change_is_a_version(lead, data):
    proposal = services.publish(None, data=data, by=lead)
    for version, title in enumerate(("夜市", "昼市"), start=1):
        changed = {**data, "title": title, "ends_on": proposal.ends_on}
        proposal = services.change(proposal, data=changed, by=lead, version=version)
    assert [v.fields["title"] for v in proposal.versions.all()] == ["夜市", data["title"]]
    assert [v.number for v in proposal.versions.all()] == [2, 1]


def test_a_change_of_nothing_leaves_no_version(lead, data):
    proposal = services.publish(None, data=data, by=lead)
    same = {**data, "ends_on": proposal.ends_on}
    before = state_of_the_board()
    services.change(proposal, data=same, by=lead, version=1)
    assert state_of_the_board() == before


def test_a_version_remembers_whom_it_was_for(lead, data):
    proposal = services.publish(None, data={**data, "level": Level.WARDS}, by=lead)
    services.change(proposal, data=data, by=lead, version=1)
    assert proposal.versions.get().level == Level.WARDS


def test_what_wards_have_replied_among_themselves_is_not_shown_to_all(lead, ward_lead, data):
    proposal = services.publish(None, data={**data, "level": Level.WARDS}, by=lead)
    services.add_reply(proposal, by=ward_lead, body="区の事情をお伝えします。")
    with refused(DomainError, "会員には広げられません"):
        services.change(proposal, data=data, by=lead, version=proposal.version)
    changed = services.change(
        proposal, data={**data, "level": Level.WARDS, "title": "別の題名"}, by=lead, version=1
    )
    assert changed.title == "別の題名"


def test_the_text_of_an_expired_proposal_is_changed_without_renewing_it(lead):
    proposal = ExpiredFactory(office=lead.office)
    ended = proposal.ends_on
    proposal = services.change(
        proposal, data={"title": "言い換え", "ends_on": ended}, by=lead, version=1
    )
    assert (proposal.title, proposal.ends_on) == ("言い換え", ended)


def test_a_new_end_date_takes_up_an_expired_proposal(lead):
    proposal = ExpiredFactory(office=lead.office)
    later = today() + timedelta(days=30)
    proposal = services.change(proposal, data={"ends_on": later}, by=lead, version=1)
    assert proposal.shown_status == ProposalStatus.OPEN


def test_a_change_is_refused_to_a_stale_version(lead, data):
    proposal = services.publish(None, data=data, by=lead)
    services.change(proposal, data={**data, "title": "夜市"}, by=lead, version=1)
    with refused(StaleVersion):
        services.change(proposal, data={**data, "title": "昼市"}, by=lead, version=1)


@pytest.mark.parametrize("seat", ["reader", "other_lead", "staff", "ward_lead"])
def test_only_who_writes_for_the_organization_changes(request, lead, data, seat):
    proposal = services.publish(None, data=data, by=lead)
    with refused(NotAllowed):
        services.change(proposal, data=data, by=request.getfixturevalue(seat), version=1)


@pytest.mark.parametrize("factory", [DraftFactory, WithdrawnFactory])
def test_only_what_is_on_the_board_is_changed(lead, data, factory):
    proposal = factory(office=lead.office)
    with refused(DomainError):
        services.change(proposal, data=data, by=lead, version=1)


def test_a_change_leaves_the_proposal_complete(lead, data):
    proposal = services.publish(None, data=data, by=lead)
    with refused(DomainError, match="提案の内容"):
        services.change(proposal, data={**data, "body": ""}, by=lead, version=1)
