"""Linking like proposals: ticked before the last button, shown on both pages, taken back by either."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.enums import Level
from core.errors import DomainError, NotAllowed
from core.models import OutboxMail
from notices.models import Notice
from proposals import queries, services
from proposals.enums import Action, ProposalStatus
from proposals.models import Proposal
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    ProposalFactory,
    WithdrawnFactory,
)
from tests.pressing import press
from tests.proposals.answers import complete
from tests.proposals.refusals import last_entry, nothing_changes, refused

pytestmark = pytest.mark.django_db

CREATE = reverse("proposals:proposal_create")
HEADING = "関連する提案</h2>"
BOX = '<input type="checkbox" name="related" value="{}" form="answers"{}>'


@pytest.fixture
def like(theme) -> Proposal:
    return ProposalFactory(title="商店街で開く朝市", themes=[theme])


def linked(*proposals: Proposal) -> Proposal:
    """The first one, linked with the others."""
    proposals[0].related.add(*proposals[1:])
    return proposals[0]


def unlink(client, proposal: Proposal, other: Proposal):
    return client.post(
        reverse("proposals:proposal_unrelate", args=[proposal.pk]), {"other": other.pk}
    )


# --- before publishing ----------------------------------------------------------------------


def test_what_is_ticked_on_the_check_page_is_linked(client_of, lead, theme, like):
    ProposalFactory(title="商店街の夜の朝市", themes=[theme])
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    assertContains(checked, BOX.format(like.pk, ""), html=True)
    published = press(client, CREATE, checked, "done", related=[str(like.pk)])
    proposal = Proposal.objects.get(organization=lead.organization)
    assertRedirects(published, proposal.get_absolute_url(), fetch_redirect_response=False)
    assert (list(proposal.related.all()), list(like.related.all())) == ([like], [proposal])
    entry = last_entry()
    assert (entry.action, entry.changes["related"]) == (Action.PUBLISH, [[], [like.title]])


def test_nothing_is_linked_that_was_not_ticked(client_of, lead, theme, like):
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    press(client, CREATE, checked, "done")
    assert not like.related.exists()
    assert "related" not in last_entry().changes


def test_ticks_are_kept_on_the_way_back_and_forth(client_of, lead, theme, like):
    """Also of one that is not alike any more, after the title was mended."""
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    ticked = {"related": [str(like.pk)]}
    form = press(client, CREATE, checked, "edit", **ticked)
    assert list(form.context["form"]["related"].value()) == ticked["related"]
    assertContains(form, like.title)
    for title in ("商店街の朝市", "海辺の清掃"):
        checked = press(client, CREATE, form, "check", **complete(theme, title=title), **ticked)
        assertContains(checked, BOX.format(like.pk, " checked"), html=True, count=1)
    form = press(client, CREATE, checked, "edit")
    assert "related" not in form.context["form"].fields


def test_one_that_ended_meanwhile_is_said_and_left_out(client_of, lead, theme, like):
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    Proposal.objects.filter(pk=like.pk).update(
        status=ProposalStatus.CLOSED, ended_at=timezone.now(), ending_reason="相手がいないため。"
    )
    with nothing_changes():
        response = press(client, CREATE, checked, "done", related=[str(like.pk)])
    assertContains(response, "読めなくなった提案があるため、外しました", status_code=422)
    assertNotContains(response, like.title, status_code=422)


@pytest.mark.parametrize("key", ["", "x", "\x00", "９", "9" * 30, "999999"])
def test_forged_ticks_are_refused(client_of, lead, theme, key):
    client = client_of(lead)
    with nothing_changes():
        response = client.post(CREATE, {**complete(theme), "step": "done", "related": key})
    assert response.status_code == 422


# --- of what is on the board already --------------------------------------------------------


def test_an_author_links_what_is_on_the_board_already(client_of, lead, theme, like):
    """What is linked is offered no more; the text stays as it is, and so does its version."""
    client = client_of(lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(theme))
    press(client, CREATE, checked, "done")
    proposal = Proposal.objects.get(organization=lead.organization)
    linked(proposal, ProposalFactory(title="商店街の夜の朝市", themes=[theme]))
    url = reverse("proposals:proposal_update", args=[proposal.pk])
    day = {name: getattr(proposal.ends_on, name) for name in ("year", "month", "day")}
    same = complete(theme, **{f"ends_on_{name[0]}": str(part) for name, part in day.items()})
    checked = press(client, url, client.get(url), "check", **same)
    assert [item.proposal for item in checked.context["similar"]] == [like]
    assertContains(checked, BOX.format(like.pk, ""), html=True)
    assertNotContains(checked, "下書きには残りません")
    with_link = press(client, url, checked, "done", related=[str(like.pk)])
    page = client.get(with_link.url)
    assertContains(page, "関連する提案を結び付けました。")
    assertNotContains(page, "変更した項目はありませんでした")
    assert like in proposal.related.all()
    proposal.refresh_from_db()
    assert (proposal.version, proposal.versions.count()) == (1, 0)
    entry = last_entry()
    assert (entry.action, entry.changes) == (Action.RELATE, {"related": [[], [like.title]]})
    with nothing_changes():
        services.relate(proposal, [like], by=lead)


@pytest.mark.parametrize("role", ["reader", "other_lead", "ward_lead", "staff"])
def test_nobody_else_links_it(request, lead, like, role):
    proposal = ProposalFactory(office=lead.office)
    with refused(NotAllowed):
        services.relate(proposal, [like], by=request.getfixturevalue(role))


@pytest.mark.parametrize("factory", [DraftFactory, WithdrawnFactory])
def test_what_is_not_live_is_not_linked_any_more(lead, like, factory):
    proposal = factory(office=lead.office)
    with refused(DomainError, match="この操作はできません"):
        services.relate(proposal, [like], by=lead)


def test_the_author_of_the_other_one_is_told_once(lead, reader, other_lead, ward_lead):
    """By publishing or later; not who may not read the one that points to theirs."""
    others = [ProposalFactory(office=seat.office) for seat in (other_lead, ward_lead, lead)]
    draft = DraftFactory(office=lead.office, level=Level.WARDS, title="区との朝市")
    proposal = services.publish(draft, by=lead, version=1, related=others[:1])
    services.relate(proposal, others, by=lead)
    services.unrelate(proposal, others[1], by=lead)
    services.relate(proposal, others[1:], by=lead)
    told = Notice.objects.filter(text__contains="結び付けられました")
    text = f"提案「区との朝市」が、提案「{others[1]}」に関連する提案として結び付けられました"
    assert [(notice.seat, notice.text) for notice in told] == [(ward_lead, text)]
    mail = OutboxMail.objects.get(subject__contains="結び付けられました")
    assert mail.to == ward_lead.user.email
    for said in (text, f"提案「{others[1]}」のページから外せます"):
        assert said in mail.body.replace("\n", "")


# --- what may be linked ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factory", "rows", "may"),
    [
        (ProposalFactory, {}, True),
        (ProposalFactory, {"status": ProposalStatus.AGREED}, True),
        (ExpiredFactory, {}, True),
        (WithdrawnFactory, {}, False),
        (DraftFactory, {}, False),
        (ProposalFactory, {"level": Level.WARDS}, False),
        (ProposalFactory, {"hidden_at": timezone.now(), "hidden_reason": "個人名のため。"}, False),
    ],
    ids=["open", "agreed", "expired", "withdrawn", "draft", "wards", "hidden"],
)
def test_what_is_read_and_live_may_be_linked(lead, theme, factory, rows, may):
    other, draft = factory(**rows), DraftFactory(office=lead.office)
    assert list(queries.linkable(lead.user, [str(other.pk)])) == ([other] if may else [])
    if may:
        services.publish(draft, by=lead, version=1, related=[other])
        assert list(draft.related.all()) == [other]
    else:
        with refused(DomainError, match="選び直してください"):
            services.publish(draft, by=lead, version=1, related=[other])


# --- on the pages ---------------------------------------------------------------------------


def test_both_pages_show_the_link(client_of, lead, other_lead):
    one, other = ProposalFactory(office=lead.office), WithdrawnFactory()
    linked(one, other, ProposalFactory())
    client = client_of(other_lead)
    for shown, of in ((other, one), (one, other)):
        page = client.get(of.get_absolute_url())
        assertContains(page, HEADING)
        assertContains(page, f'<a href="{shown.get_absolute_url()}">{shown.title}</a>')
        assertContains(page, shown.shown_status_label)
        assertNotContains(page, "結び付きを外す")
    assertNotContains(client.get(ProposalFactory().get_absolute_url()), HEADING)


@pytest.mark.parametrize(
    ("rows", "readers"),
    [
        ({"level": Level.WARDS}, {"ward_lead", "staff"}),
        ({"hidden_at": timezone.now(), "hidden_reason": "個人名のため。"}, {"staff"}),
        ({"status": ProposalStatus.DRAFT, "published_at": None}, set()),
    ],
    ids=["wards", "hidden", "draft"],
)
@pytest.mark.parametrize("role", ["lead", "ward_lead", "staff"])
def test_a_link_shows_nothing_that_its_reader_may_not_read(
    request, client_of, lead, rows, readers, role
):
    other = ProposalFactory(title="内々の朝市", **rows)
    one = linked(ProposalFactory(office=lead.office), other)
    page = client_of(request.getfixturevalue(role)).get(one.get_absolute_url())
    assert (HEADING in page.content.decode()) == (role in readers)
    assert (other.title in page.content.decode()) == (role in readers)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_linked_ones(lead, rows, raise_on_fetch, django_assert_num_queries):
    one = linked(ProposalFactory(), *ProposalFactory.create_batch(rows))
    user = lead.user
    assert user.current_seats
    with django_assert_num_queries(3):  # whether there are any, which, their organizations
        found = queries.related_to(one, user)
        names = [(row.organization.full_name, row.shown_status_label) for row in found]
    assert len(names) == rows


# --- taking it back -------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["lead", "other_lead"])
def test_proposal_unrelate_by_either_author(request, client_of, lead, other_lead, role):
    seat = request.getfixturevalue(role)
    pair = [ProposalFactory(office=s.office) for s in (lead, other_lead)]
    linked(*pair)
    own, other = pair if role == "lead" else reversed(pair)
    client = client_of(seat)
    assertContains(client.get(own.get_absolute_url()), "結び付きを外す")
    response = unlink(client, own, other)
    assertRedirects(response, own.get_absolute_url(), fetch_redirect_response=False)
    assert not own.related.exists()
    assert not other.related.exists()
    entry = last_entry()
    assert (entry.action, entry.changes) == (Action.UNRELATE, {"related": [[other.title], []]})
    assert entry.object_id == str(own.pk)
    with nothing_changes():
        assertContains(unlink(client, own, other), "すでに外れています", status_code=422)
    with refused(DomainError, match="すでに外れています"):
        services.unrelate(own, other, by=seat)


@pytest.mark.parametrize("role", ["reader", "other_lead", "ward_lead", "staff"])
def test_nobody_else_takes_a_link_back(request, client_of, lead, role):
    seat = request.getfixturevalue(role)
    other = ProposalFactory()
    one = linked(ProposalFactory(office=lead.office), other)
    with nothing_changes():
        assert unlink(client_of(seat), one, other).status_code == 403
    with refused(NotAllowed):
        services.unrelate(one, other, by=seat)


def test_what_one_may_not_read_is_not_taken_back_by_its_number(client_of, lead):
    other = ProposalFactory(level=Level.WARDS)
    one = linked(ProposalFactory(office=lead.office), other)
    with nothing_changes():
        response = unlink(client_of(lead), one, other)
    assertContains(response, "すでに外れています", status_code=422)
