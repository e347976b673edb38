"""Before the last button: who will be told, and which open proposals are alike."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from core.enums import Level
from members.enums import Role
from notices.services import change_preference
from proposals import queries
from tests.factories.members import SeatFactory, ThemeFactory, WardFactory
from tests.factories.proposals import DraftFactory, ExpiredFactory, ProposalFactory
from tests.pressing import press
from tests.proposals.answers import complete

pytestmark = pytest.mark.django_db

CREATE = reverse("proposals:proposal_create")


def checked(client, theme, **changes):
    return press(client, CREATE, client.get(CREATE), "check", **complete(theme, **changes))


@pytest.fixture
def wards(db) -> list:
    """Two wards, with two people at the first."""
    first, second = (SeatFactory(office__organization=WardFactory()) for _ in range(2))
    SeatFactory(office=first.office, role=Role.DEPUTY)
    return [first, second]


def test_who_will_be_told(client_of, lead, other_lead, wards, theme):
    client = client_of(lead)
    assertContains(checked(client, theme), "2団体 3人に届きます。")
    chosen = str(wards[0].organization.pk)
    assertContains(checked(client, theme, wards=[chosen]), "1団体 2人に届きます。")
    # Who wants the new ones of this theme is told too, unless it is for the wards.
    change_preference({"themes": [theme]}, by=other_lead)
    assertContains(checked(client, theme), "3団体 4人に届きます。")
    assertContains(checked(client, theme, level=Level.WARDS), "2団体 3人に届きます。")
    published = press(client, CREATE, checked(client, theme), "done")
    assertContains(client.get(published.url), "3団体 4人にお知らせしました。")


@pytest.mark.parametrize(
    ("level", "meant", "text"),
    [
        (Level.WARDS, "ほかのすべての区", "2団体 2人に届きます。"),
        (Level.MEMBERS, "指定なし", "1団体 1人に届きます。"),
    ],
)
def test_a_ward_addresses_the_other_wards_where_only_they_read_it(
    client_of, wards, theme, level, meant, text
):
    """To all members it means nobody in particular; colleagues and who wants new ones are told."""
    other, client = wards[1], client_of(wards[0])
    choices = client.get(CREATE).context["form"].fields["wards"].queryset
    assert list(choices) == [other.organization]
    page = checked(client, theme, level=level)
    assertContains(page, meant)
    assertContains(page, text)
    assertContains(page, "うち1人は、所属する団体のほかの担当者です。")
    chosen = checked(client, theme, level=level, wards=[str(other.organization.pk)])
    assertContains(chosen, "2団体 2人に届きます。")


def test_what_happens_where_nobody_is_told(client_of, lead, wards, theme):
    client = client_of(wards[1])
    page = checked(client, theme)
    assertContains(page, "すぐに通知が届く方はいません。")
    assertContains(page, "公開するとすぐに連携提案の一覧に載り、ほかの会員も読めます。")
    assertNotContains(page, "人に届きます")
    lead.organization.themes.set([theme])
    assertContains(checked(client, theme), "1団体 1人に届きます。")


def test_a_change_is_told_to_nobody_new(client_of, lead, theme):
    proposal = ProposalFactory(office=lead.office, themes=[theme], title="商店街の朝市")
    client, url = client_of(lead), reverse("proposals:proposal_update", args=[proposal.pk])
    page = press(client, url, client.get(url), "check", **complete(theme))
    for text in ("人に届きます", "よく似た"):
        assertNotContains(page, text)


def test_similar_open_proposals_say_what_they_share(client_of, lead, other_lead, theme):
    other = ThemeFactory(name="防災")
    like = ProposalFactory(title="商店街で開く朝市", themes=[theme, other])
    less_like = ProposalFactory(title="夜市", body="商店街の広場で。", themes=[theme])
    for rows in (
        {"title": "商店街の防災訓練", "themes": [other]},
        {"title": "海辺の清掃", "themes": [theme]},
        {"title": "区だけの朝市", "themes": [theme], "level": Level.WARDS},
    ):
        ProposalFactory(**rows)
    for factory in (ExpiredFactory, DraftFactory):
        factory(title="商店街の朝市", themes=[theme])
    page = checked(client_of(lead), theme, title="港の朝市を区の商店街で")
    assert [item.proposal for item in page.context["similar"]] == [like, less_like]
    assertContains(page, "分野「観光」と、言葉「朝市」「商店街」が共通")
    assertContains(page, like.get_absolute_url())


@pytest.mark.parametrize("title", ["", "ひらがなだけ", "連携の提案", "港"])
def test_a_title_without_words_of_its_own_is_like_nothing(lead, theme, title):
    ProposalFactory(title=title or "題名", themes=[theme])
    assert queries.similar_to(lead.user, title=title, themes=[theme]) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_similar_proposals(lead, theme, rows, raise_on_fetch, django_assert_num_queries):
    ProposalFactory.create_batch(rows, title="商店街の朝市", themes=[theme])
    user = lead.user
    assert user.current_seats
    with django_assert_num_queries(4):  # how common its two words are; rows, their themes
        found = queries.similar_to(user, title="商店街の夜市", themes=[theme])
    assert len(found) == rows
