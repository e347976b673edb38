"""Changing a proposal: drafts, what is published, and what goes wrong."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from proposals import services
from proposals.enums import ProposalStatus
from proposals.models import Proposal
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    ProposalFactory,
    WithdrawnFactory,
)
from tests.pressing import press
from tests.proposals.answers import complete
from tests.proposals.refusals import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CREATE = reverse("proposals:proposal_create")


def update_url(proposal: Proposal) -> str:
    return reverse("proposals:proposal_update", args=[proposal.pk])


# --- drafts -----------------------------------------------------------------------------------


def test_proposal_update_goes_on_with_a_colleagues_draft(client_of, lead, deputy, theme):
    client = client_of(lead)
    saved = press(client, CREATE, client.get(CREATE), "draft", title="朝市")
    draft = Proposal.objects.get()
    assertRedirects(saved, draft.get_absolute_url(), fetch_redirect_response=False)
    assertContains(client.get(saved.url), "下書きを保存しました")
    colleague, url = client_of(deputy), update_url(draft)
    form = colleague.get(url)
    assertContains(form, "下書きの続きを書く")
    assertContains(form, 'value="朝市"')
    press(colleague, url, form, "draft", **complete(theme, title="港の朝市"))
    draft.refresh_from_db()
    assert (draft.title, draft.status, draft.version) == ("港の朝市", ProposalStatus.DRAFT, 2)
    checked = press(client, url, client.get(url), "check", **complete(theme, title="港の朝市"))
    press(client, url, checked, "done")
    draft.refresh_from_db()
    assert draft.status == ProposalStatus.OPEN


def test_proposal_update_does_not_publish_an_incomplete_draft(client_of, lead):
    draft = DraftFactory(office=lead.office, title="", wished_from=None)
    client, url = client_of(lead), update_url(draft)
    form = client.get(url)
    with nothing_changes():
        response = press(client, url, form, "check", kind="seek", level="members")
    assertContains(response, "提案の題名を入力してください", status_code=422)


@pytest.mark.parametrize("role", ["other_lead", "ward_lead", "staff"])
def test_proposal_update_of_another_organizations_draft_is_not_found(
    request, client_of, lead, theme, role
):
    draft = DraftFactory(office=lead.office)
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        sent = {**complete(theme), "step": "done", "version": "1"}
        assert client.post(update_url(draft), sent).status_code == 404


def test_proposal_update_of_a_draft_is_not_for_readers(client_of, lead, reader, theme):
    draft = DraftFactory(office=lead.office)
    with nothing_changes():
        sent = {**complete(theme), "step": "draft", "version": "1"}
        assert client_of(reader).post(update_url(draft), sent).status_code == 403


# --- changing -----------------------------------------------------------------------------------


def test_proposal_update_changes_what_is_published(client_of, lead, theme):
    proposal = ProposalFactory(office=lead.office, title="朝市", themes=[theme])
    client, url = client_of(lead), update_url(proposal)
    form = client.get(url)
    assertContains(form, "提案を変更する")
    assertContains(form, 'value="朝市"')
    assertNotContains(form, "下書きに保存する")
    ends = proposal.ends_on
    answers = complete(
        theme,
        title="夜市",
        ends_on_y=str(ends.year),
        ends_on_m=str(ends.month),
        ends_on_d=str(ends.day),
    )
    checked = press(client, url, form, "check", **answers)
    assertContains(checked, "変更する項目：種別、提案の題名、提案の内容、希望時期（開始）")
    changed = press(client, url, checked, "done")
    assertContains(client.get(changed.url), "提案を変更しました")
    proposal.refresh_from_db()
    assert (proposal.title, proposal.version) == ("夜市", 2)
    assert proposal.versions.get().fields["title"] == "朝市"


def test_proposal_update_of_nothing_says_so(client_of, lead, theme):
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    press(client, CREATE, checked, "done")
    proposal = Proposal.objects.get()
    url, ends = update_url(proposal), proposal.ends_on
    same = {"ends_on_y": str(ends.year), "ends_on_m": str(ends.month), "ends_on_d": str(ends.day)}
    checked = press(client, url, client.get(url), "check", **complete(theme, **same))
    assertContains(checked, "変更した項目はありません。")
    with nothing_changes():
        response = press(client, url, checked, "done")
    assertContains(client.get(response.url), "変更した項目はありませんでした")


def test_proposal_update_makes_no_draft_of_what_is_published(client_of, lead, theme):
    proposal = ProposalFactory(office=lead.office)
    client, url = client_of(lead), update_url(proposal)
    form = client.get(url)
    with nothing_changes():
        response = press(client, url, form, "draft", **complete(theme))
    assertContains(response, "内容を確認して変更してください")


@pytest.mark.parametrize("role", ["other_lead", "ward_lead", "reader", "staff"])
def test_proposal_update_is_for_its_organization(request, client_of, lead, theme, role):
    proposal = ProposalFactory(office=lead.office)
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        sent = {**complete(theme), "step": "done", "version": "1"}
        assert client.post(update_url(proposal), sent).status_code == 403


@time_machine.travel("2026-11-22T10:00+09:00", tick=False)
def test_proposal_update_takes_up_an_expired_proposal(client_of, lead, theme):
    proposal = ExpiredFactory(office=lead.office)
    client, url = client_of(lead), update_url(proposal)
    checked = press(client, url, client.get(url), "check", **complete(theme))
    assertContains(checked, "2027年（令和9年）5月22日（6か月後）")
    press(client, url, checked, "done")
    proposal.refresh_from_db()
    assert proposal.ends_on == date(2027, 5, 22)


def test_proposal_update_leaves_what_is_withdrawn(client_of, lead, theme):
    proposal = WithdrawnFactory(office=lead.office)
    client, url = client_of(lead), update_url(proposal)
    assertContains(client.get(url, follow=True), "取下げの提案は変更できません")
    with nothing_changes():
        response = client.post(url, {**complete(theme), "step": "done", "version": "1"})
    assertContains(response, "この操作はできません", status_code=422)


# --- somebody else was faster ------------------------------------------------------------------


@pytest.mark.parametrize("step", ["check", "done"])
def test_proposal_update_when_stale_keeps_what_was_typed_and_says_what_is_saved(
    client_of, lead, deputy, theme, step
):
    proposal = ProposalFactory(office=lead.office, title="朝市", themes=[theme])
    client, url = client_of(lead), update_url(proposal)
    form = client.get(url)
    services.change(proposal, data={"title": "同僚の題名"}, by=deputy, version=1)
    with nothing_changes():
        response = press(client, url, form, step, **complete(theme, title="わたしの題名"))
    for text in (
        "ほかの担当者が先に更新しました。最新の内容を確認してください",
        'value="わたしの題名"',
        '<dd class="lines">同僚の題名</dd>',
    ):
        assertContains(response, text, status_code=409)
    checked = press(client, url, response, "check", **complete(theme, title="わたしの題名"))
    press(client, url, checked, "done")
    proposal.refresh_from_db()
    assert proposal.title == "わたしの題名"


@pytest.mark.parametrize("version", ["", "0", "x", "2", "-1", "\x00", "9" * 30])
@pytest.mark.parametrize("step", ["check", "done", "draft"])
@pytest.mark.parametrize("factory", [DraftFactory, ProposalFactory])
def test_proposal_update_takes_a_forged_version_for_a_stale_one(
    client_of, lead, theme, factory, step, version
):
    proposal = factory(office=lead.office)
    sent = {**complete(theme), "step": step, "version": version}
    client = client_of(lead)
    with nothing_changes():
        assert client.post(update_url(proposal), sent).status_code == 409


def test_proposal_update_of_a_draft_published_meanwhile(client_of, lead, deputy, theme):
    draft = DraftFactory(office=lead.office, title="朝市")
    client, url = client_of(lead), update_url(draft)
    form = client.get(url)
    services.publish(draft, by=deputy, version=1)
    with nothing_changes():
        response = press(client, url, form, "draft", **complete(theme, title="わたしの題名"))
    assertContains(response, "提案を変更する", status_code=409)
    assertContains(response, 'value="わたしの題名"', status_code=409)


@pytest.mark.parametrize("step", ["check", "draft", "done"])
def test_proposal_update_of_a_draft_deleted_meanwhile_keeps_what_was_typed(
    client_of, lead, deputy, theme, step
):
    draft = DraftFactory(office=lead.office, title="朝市")
    client, url = client_of(lead), update_url(draft)
    form = client.get(url)
    services.delete_draft(draft, by=deputy, version=1)
    with nothing_changes():
        response = press(client, url, form, step, **complete(theme, title="わたしの題名"))
    assertContains(response, "この下書きは、もうありません", status_code=404)
    assertContains(response, 'value="わたしの題名"', status_code=404)
    assertContains(response, f'action="{CREATE}"', status_code=404)
    press(client, CREATE, response, "draft", **complete(theme, title="わたしの題名"))
    assert Proposal.objects.get().title == "わたしの題名"


def test_proposal_update_of_what_is_never_seen_answers_as_if_it_were_gone(
    client_of, lead, reader, other_lead, theme
):
    draft = DraftFactory(office=lead.office, title="秘密の題名")
    gone = reverse("proposals:proposal_update", args=[draft.pk + 1])
    sent, client = complete(theme, title="わたしの題名"), client_of(other_lead)
    with nothing_changes():
        answers = [client.post(url, sent) for url in (update_url(draft), gone)]
        assert client_of(reader).post(gone, sent).status_code == 404
    for answer in answers:
        assertContains(answer, "この下書きは、もうありません", status_code=404)
        assertNotContains(answer, "秘密の題名", status_code=404)


def test_proposal_update_sent_twice_changes_once(client_of, lead, theme):
    proposal = ProposalFactory(office=lead.office, title="朝市")
    client, url = client_of(lead), update_url(proposal)
    checked = press(client, url, client.get(url), "check", **complete(theme, title="夜市"))
    first = press(client, url, checked, "done")
    with nothing_changes():
        second = press(client, url, checked, "done")
    assert second.url == first.url
