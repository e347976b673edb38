"""会員登録のご案内, and the search for the municipality that applies."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories.members import (
    BodyFactory,
    MembershipFactory,
    OrganizationFactory,
    PrefectureFactory,
    WardFactory,
)
from tests.members.joining.applying import create_url, hakui

pytestmark = pytest.mark.django_db

GUIDE = reverse("members:application_guide")


@pytest.fixture
def town():
    return hakui()


def names(response) -> list[str]:
    return [organization.full_name for organization in response.context["found"]]


class TestApplicationGuide:
    def test_it_says_who_may_what_is_needed_and_what_happens_next(self, client):
        response = client.get(GUIDE)
        for heading in ("登録できる方", "申請に必要なもの", "登録までの流れ", "お問い合わせ"):
            assertContains(response, heading)
        assert response.context["found"] is None

    @pytest.mark.parametrize(
        "query", ["羽咋", "はくい", "ハクイシ", "172073", "１７２０７", "石川 はくい"]
    )
    def test_a_municipality_is_found_by_kanji_kana_and_code(self, client, town, query):
        OrganizationFactory()
        response = client.get(GUIDE, {"q": query})
        assert names(response) == ["石川県羽咋市"]
        assertContains(response, f'href="{create_url(town)}">石川県羽咋市</a>')

    def test_the_prefecture_narrows(self, client, town):
        other = OrganizationFactory()
        assert names(client.get(GUIDE, {"prefecture": "17"})) == ["石川県羽咋市"]
        found = client.get(GUIDE, {"prefecture": other.prefecture_id, "q": "はくい"})
        assertContains(found, "条件に合う市区町村はありませんでした。")

    def test_members_are_marked_and_bodies_and_former_towns_left_out(self, client, town):
        MembershipFactory(organization=town)
        OrganizationFactory(
            municipality__name="羽咋町", municipality__valid_until=date(2005, 3, 31)
        )
        BodyFactory(name="羽咋市観光協会")
        response = client.get(GUIDE, {"q": "羽咋"})
        assert names(response) == ["石川県羽咋市"]
        assertContains(response, '<span class="tag tag--info">会員</span>', html=True)

    @pytest.mark.parametrize(
        "asked", [{"prefecture": "99"}, {"prefecture": "\x00"}, {"q": "あ" * 61}]
    )
    def test_what_cannot_be_asked_is_refused_and_kept(self, client, asked):
        PrefectureFactory()
        response = client.get(GUIDE, asked)
        assert response.status_code == 400
        assert response.context["found"] is None

    def test_many_are_shown_in_pages(self, client):
        OrganizationFactory.create_batch(101)
        response = client.get(GUIDE, {"q": "見本"})
        assert len(response.context["found"]) == 100
        assert len(client.get(GUIDE, {"q": "見本", "page": "2"}).context["found"]) == 1

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_the_list_costs_the_same_for_many(self, client, number, django_assert_num_queries):
        OrganizationFactory.create_batch(number)
        client.get(GUIDE)  # what every page keeps
        with django_assert_num_queries(4):  # one for words of one meaning, which are kept
            client.get(GUIDE, {"q": "見本"})

    def test_the_page_of_a_town_that_is_no_member_leads_to_its_application(self, client, town):
        link = f'<a href="{create_url(town)}">会員登録を申請する</a>'
        assertContains(client.get(town.get_absolute_url()), link)
        MembershipFactory(organization=town)
        ward, body = WardFactory(), BodyFactory()
        former = OrganizationFactory(municipality__valid_until=date(2005, 3, 31))
        for other in (town, ward, body, former):
            assertNotContains(client.get(other.get_absolute_url()), "会員登録を申請する")

    def test_pages_for_the_public_lead_to_it(self, client):
        for page in (reverse("portal:home"), reverse("portal:about"), reverse("events:event_list")):
            assertContains(client.get(page), f'href="{GUIDE}">会員登録のご案内</a>')
