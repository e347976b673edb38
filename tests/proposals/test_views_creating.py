"""Writing a proposal: enter → check → published, and what goes wrong."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from core import once
from members.enums import Role
from proposals.enums import ProposalStatus
from proposals.models import Proposal
from tests.factories.members import SeatFactory
from tests.pressing import press
from tests.proposals.answers import complete
from tests.proposals.refusals import nothing_changes

pytestmark = pytest.mark.django_db

CREATE = reverse("proposals:proposal_create")


@pytest.mark.parametrize("role", ["lead", "deputy", "ward_lead"])
def test_proposal_create_is_entered_checked_and_published(request, client_of, theme, role):
    seat = request.getfixturevalue(role)
    client = client_of(seat)
    form = client.get(CREATE)
    assertContains(form, seat.office.signature)
    checked = press(client, CREATE, form, "check", **complete(theme))
    assertContains(checked, "内容を確認して公開してください")
    assertContains(checked, "2027年（令和9年）1月")
    assert not Proposal.objects.exists()
    published = press(client, CREATE, checked, "done")
    proposal = Proposal.objects.get()
    assertRedirects(published, proposal.get_absolute_url(), fetch_redirect_response=False)
    assert (proposal.status, proposal.title) == (ProposalStatus.OPEN, "港の朝市を区の商店街で")
    assert (proposal.organization, proposal.office) == (seat.organization, seat.office)
    assert list(proposal.themes.all()) == [theme]
    assertContains(client.get(published.url), "提案を公開しました")


def test_proposal_create_goes_back_from_the_check_page(client_of, lead, theme):
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    form = press(client, CREATE, checked, "edit")
    assertContains(form, 'value="港の朝市を区の商店街で"')
    assertContains(form, 'value="令和9"')
    checked = press(client, CREATE, form, "check", **complete(theme, title="夜市"))
    press(client, CREATE, checked, "done")
    assert Proposal.objects.get().title == "夜市"


def test_proposal_create_keeps_a_draft_from_the_check_page(client_of, lead, theme):
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    press(client, CREATE, checked, "draft")
    assert Proposal.objects.get().status == ProposalStatus.DRAFT


def test_proposal_create_keeps_what_was_typed(client_of, lead, theme):
    client = client_of(lead)
    typed = complete(
        theme,
        title="",
        wished_until_y="2026",
        wished_until_m="12",
        ends_on_y="2027",
        ends_on_m="13",
        ends_on_d="31",
    )
    with nothing_changes():
        response = press(client, CREATE, client.get(CREATE), "check", **typed)
    assert response.status_code == 422
    for text in (
        "<title>エラー：提案を登録する",
        "入力内容に3件の誤りがあります",
        '<a href="#id_title">提案の題名を入力してください</a>',
        '<a href="#id_ends_on-m">募集期限の月は、1から12までの数字で入力してください</a>',
        'value="令和9"',
        'value="13"',
        "月に1度、区の商店街で朝市を開きたいと考えています。</textarea>",
    ):
        assertContains(response, text, status_code=422)


@pytest.mark.once
@pytest.mark.parametrize("step", ["check", "edit", "done", "draft"])
@pytest.mark.parametrize(
    "changes",
    [
        {"wished_from_m": "13"},
        {"wished_from_y": "平成99"},
        {"title": "あ" * 61},
        {"title": "朝\x00市"},
        {"body": "あ" * 1001},
        {"themes": ["999999"]},
        {"themes": ["x\x00"]},
        {"kind": "sell"},
        {"level": "public"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_proposal_create_refuses_bad_input(client_of, lead, theme, changes, step):
    client = client_of(lead)
    form = client.get(CREATE)
    with nothing_changes():
        response = press(client, CREATE, form, step, **complete(theme, **changes))
    assert response.status_code == 422


def test_proposal_create_sent_twice_publishes_once(client_of, lead, theme):
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    first = press(client, CREATE, checked, "done")
    with nothing_changes():
        second = press(client, CREATE, checked, "done")
    assert second.url == first.url


def test_proposal_create_without_token_is_carried_out_too(client_of, lead, theme):
    client_of(lead).post(CREATE, {**complete(theme), "step": "done", "token": "forged"})
    assert Proposal.objects.get().status == ProposalStatus.OPEN


@pytest.mark.parametrize("step", ["check", "done", "draft"])
@pytest.mark.parametrize("role", ["reader", "staff"])
def test_proposal_create_is_for_those_who_write(request, client_of, theme, role, step):
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        response = client.post(CREATE, {**complete(theme), "step": step})
    assert response.status_code == 403


@pytest.mark.parametrize("key", ["", "x", "999999", "\x00", "９"])
def test_proposal_create_refuses_another_persons_seat(client_of, lead, other_lead, theme, key):
    sent = {**complete(theme), "step": "done", "seat": key or str(other_lead.pk)}
    client = client_of(lead)
    with nothing_changes():
        assert client.post(CREATE, sent).status_code == 403


def test_proposal_create_for_the_chosen_one_of_two_seats(client_of, lead, ward_lead, theme):
    second = SeatFactory(user=lead.user, office=ward_lead.office, role=Role.DEPUTY)
    client = client_of(lead)
    form = client.get(CREATE)
    assertContains(form, f'href="?seat={second.pk}"')
    form = client.get(f"{CREATE}?seat={second.pk}")
    checked = press(client, CREATE, form, "check", **complete(theme))
    press(client, CREATE, checked, "done")
    assert Proposal.objects.get().organization == ward_lead.organization


def test_proposal_create_finds_the_seat_that_may_write(client_of, reader, ward_lead, theme):
    SeatFactory(user=reader.user, office=ward_lead.office, role=Role.DEPUTY)
    client = client_of(reader)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    press(client, CREATE, checked, "done")
    assert Proposal.objects.get().organization == ward_lead.organization


def test_a_token_of_another_form_leads_to_what_that_form_did(client_of, lead, theme):
    token = once.new_token()
    once.note_result(token, lead.user, "/proposals/")
    with nothing_changes():
        response = client_of(lead).post(CREATE, {**complete(theme), "step": "done", "token": token})
    assert response.url == "/proposals/"
