"""会員名簿: who stands in it, by what it is found, and what a row tells."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements.queries import agreements_reaching
from members.enums import Role
from members.models import Organization
from portal.directory import Conditions, found
from tests.downloads import offered, opened
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.members import (
    AssociationFactory,
    BodyFactory,
    CompanyFactory,
    MembershipFactory,
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
    ThemeFactory,
    WardFactory,
)
from tests.portal.ties import bound_association

pytestmark = pytest.mark.django_db

DIRECTORY = reverse("portal:directory")
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def member(lead) -> Organization:
    """福井県坂井市, a member since 2020."""
    return MembershipFactory(organization=lead.organization).organization


@pytest.fixture
def client(client_of, other_lead) -> Client:
    """The lead of 岩手県北上市, which is no member here."""
    return client_of(other_lead)


def names(client: Client, query: str = "") -> list[str]:
    return [row.organization.name for row in client.get(f"{DIRECTORY}{query}").context["rows"]]


class TestWhoStandsInIt:
    def test_members_wards_and_bodies_with_an_office(self, client, member, staff, ward_lead):
        WardFactory(municipality__name="見本区")
        SeatFactory(office__organization=AssociationFactory(name="見本県町村会"))
        AssociationFactory(name="部署のない町村会")
        CompanyFactory(name="見本株式会社")
        MembershipFactory(
            organization=OrganizationFactory(municipality__name="退会町"), left=date(2026, 11, 21)
        )
        OfficeFactory(organization=OrganizationFactory(municipality__name="会員でない町"))
        MembershipFactory(
            organization=OrganizationFactory(municipality__name="来年入る町"),
            joined=date(2027, 4, 1),
        )
        assert sorted(names(client)) == sorted(
            ["坂井市", "品川区", "見本区", "見本県町村会", "特別区長会"]
        )

    def test_the_last_day_of_a_membership_still_counts(self, client):
        MembershipFactory(organization__municipality__name="去る町", left=TODAY)
        assert names(client) == ["去る町"]

    def test_a_former_member_is_no_other_body_either(self, client):
        office = OfficeFactory(organization=AssociationFactory())
        MembershipFactory(organization=office.organization, left=date(2026, 3, 31))
        assert names(client) == []
        assertContains(client.get(DIRECTORY), "会員はまだ登録されていません。")


class TestConditions:
    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("q=坂井", True),
            ("q=さかい", True),
            ("q=ｻｶｲ", True),
            ("q=182109", True),
            ("q=１８２１０", True),
            ("q=企画", True),
            ("q=0776-50", True),
            ("q=福井県　雪", True),
            ("q=指導員", True),
            ("q=堺", False),
            ("q=坂井 海", False),
            ("prefecture=18", True),
            ("prefecture=03", False),
            ("kind=city", True),
            ("kind=city&kind=ward", True),
            ("kind=town", False),
            ("wish=provides", True),
            ("wish=seeks", False),
            ("wish=seeks&wish=provides", True),
            ("theme=own", True),
            ("theme=other", False),
            ("q=坂井&prefecture=18&kind=city&wish=provides&theme=own", True),
        ],
    )
    def test_a_member_is_found_by(self, client, member, query, is_found):
        member.introduction, member.provides = "雪の町です。", "指導員"
        member.save()
        own, other = ThemeFactory(name="観光"), ThemeFactory(name="防災")
        member.themes.add(own)
        asked = query.replace("theme=own", f"theme={own.pk}")
        asked = asked.replace("theme=other", f"theme={other.pk}")
        assert names(client, f"?{asked}") == (["坂井市"] if is_found else [])

    def test_each_kind_has_its_own(self, client, member, staff, ward_lead):
        MembershipFactory(organization__municipality__name="見本町")
        MembershipFactory(organization__municipality__kind="村", organization__name="見本村")
        SeatFactory(office__organization=AssociationFactory(name="見本県町村会"))
        expected = {
            "city": ["坂井市"],
            "town": ["見本町"],
            "village": ["見本村"],
            "ward": ["品川区"],
            "association": ["見本県町村会"],
            "other": ["特別区長会"],
        }
        assert {kind: names(client, f"?kind={kind}") for kind in expected} == expected
        form = client.get(f"{DIRECTORY}?kind=city").context["form"]
        counts = {value: label.number for value, label in form.fields["kind"].choices}
        assert counts == dict.fromkeys(expected, 1)

    def test_an_agreement_reaches_whom_the_organizations_pages_say(self, client, member):
        covered = MembershipFactory(organization__municipality__name="届く町").organization
        association = bound_association()
        OfficeFactory(organization=association)
        PartyFactory(agreement=AgreementFactory(), organization=member)
        ended = AgreementFactory(terminated_on=date(2025, 3, 31))
        PartyFactory(agreement=ended, organization=WardFactory(municipality__name="見本区"))
        reached = set(found(Conditions(reached=True), TODAY))
        listed = found(Conditions(), TODAY)
        assert reached == {body for body in listed if agreements_reaching(body, TODAY)}
        assert {covered, association, member} <= reached
        assert set(names(client, "?reached=yes")) == {body.name for body in reached}

    def test_each_condition_is_a_link_that_removes_it(self, client, member):
        response = client.get(f"{DIRECTORY}?q=さかい&prefecture=18&kind=city&kind=ward&page=1")
        chips = dict(response.context["chips"])
        assert list(chips) == ["キーワード：さかい", "福井県", "市", "特別区"]
        without = client.get(chips["市"])
        assert list(dict(without.context["chips"])) == ["キーワード：さかい", "福井県", "特別区"]
        assert "page" not in chips["市"]
        assertContains(response, 'href="/directory/">条件をすべて外す')

    def test_nothing_found_says_what_to_do(self, client, member):
        response = client.get(f"{DIRECTORY}?q=どこにもない")
        assertContains(response, "条件に合う団体はありませんでした。")
        assertContains(response, "条件をすべて外す")

    @pytest.mark.parametrize(
        "query", ["?kind=forged", "?prefecture=99", "?theme=1e9", "?q=" + "あ" * 101]
    )
    def test_what_cannot_be_understood_is_said(self, client, query):
        assert client.get(f"{DIRECTORY}{query}").status_code == 400

    def test_by_code_or_by_kana(self, client):
        for code, name, kana in (
            ("182109", "坂井市", "サカイシ"),
            ("182010", "福井市", "フクイシ"),
        ):
            body = OrganizationFactory(
                municipality__code=code,
                municipality__prefecture__code="18",
                municipality__name=name,
                municipality__kana=kana,
            )
            MembershipFactory(organization=body)
        OfficeFactory(organization=BodyFactory(name="読みがなのない会"))
        assert names(client) == ["福井市", "坂井市", "読みがなのない会"]
        assert names(client, "?sort=kana") == ["坂井市", "福井市", "読みがなのない会"]


class TestRow:
    def test_it_tells_whom_to_call(self, client, member, office, lead, deputy):
        OfficeFactory(organization=member, name="財政課", is_main=False)
        office.extension = "12"
        office.save()
        member.themes.add(ThemeFactory(name="観光"))
        response = client.get(DIRECTORY)
        for text in (
            f'<a href="{member.get_absolute_url()}">福井県坂井市</a>',
            f'<a href="{office.get_absolute_url()}">企画政策課</a>（ほか1部署）',
            lead.user.polite_name,
            '<a href="tel:0776-50-3010">0776-50-3010</a></span>（内線12）',
            "観光",
            "まだ確認されていません",
        ):
            assertContains(response, text)
        assertNotContains(response, deputy.user.polite_name)
        assertNotContains(response, lead.user.email)

    def test_a_sample_is_marked(self, client):
        MembershipFactory(is_sample=True)
        assertContains(client.get(DIRECTORY), "見本</span>", count=1)

    @pytest.mark.parametrize(
        "seat",
        [{"valid_until": date(2026, 11, 21)}, {"role": Role.READER}, {"user__is_active": False}],
    )
    def test_who_does_not_lead_today_is_not_named(self, client, member, office, seat):
        other = MembershipFactory(organization__municipality__name="見本町").organization
        person = SeatFactory(office__organization=other, user__given_name="名無し", **seat)
        response = client.get(f"{DIRECTORY}?kind=town")
        assertNotContains(response, person.user.polite_name)
        assertContains(response, "登録なし")

    def test_it_is_for_members(self, member):
        response = Client().get(DIRECTORY)
        assert response["Location"] == f"/accounts/login/?next={DIRECTORY}"

    @pytest.mark.usefixtures("raise_on_fetch")
    @pytest.mark.parametrize("number", [1, 3])
    def test_as_many_queries_for_three_rows_as_for_one(
        self, client, number, django_assert_num_queries
    ):
        theme = ThemeFactory()
        for _ in range(number):
            seat = SeatFactory()
            MembershipFactory(organization=seat.organization)
            seat.organization.themes.add(theme)
        client.get(DIRECTORY)  # fills what is kept for a minute
        # session, user, seats, unread notices; the count, the rows, their themes, memberships,
        # offices and leads; the numbers of each kind, and the choices of prefecture and theme
        with django_assert_num_queries(13):
            client.get(DIRECTORY)


def test_directory_export_holds_what_was_found_and_nobodys_contacts(
    client, member, lead, ward_lead
):
    theme = ThemeFactory(name="観光")
    member.themes.set([theme])
    query = f"?kind=city&theme={theme.pk}"

    def address(ending: str) -> str:
        return f"{reverse('portal:directory_export', args=[ending])}{query}"

    page = client.get(f"{DIRECTORY}{query}")
    assert offered(page)["CSV"] == address("csv")
    heading, row = opened(client, address)
    known = dict(zip(heading, row, strict=True))
    assert (known["団体コード"], known["関心のある分野"]) == ("182109", "観光")
    assert known["担当部署"] == lead.office.name
    assertContains(page, lead.office.phone)
    for kept in (lead.office.phone, lead.office.email, lead.user.family_name):
        assert kept
        assert not [cell for cell in row if kept in str(cell)]
    assert client.get(f"{address('csv')}&kind=castle").status_code == 400
