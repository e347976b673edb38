"""統計・資料: the ties of wards and prefectures, and the map."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from agreements.enums import AgreementKind, CollaborationStatus, Side
from agreements.models import Agreement
from members.enums import OrganizationKind
from members.tiles import even_levels, level_labels
from tests.factories.agreements import PartyFactory
from tests.factories.chronicle import DisasterFactory, ReliefFactory
from tests.factories.members import (
    AssociationFactory,
    BodyFactory,
    CompanyFactory,
    OrganizationFactory,
    PrefectureFactory,
    SecretariatFactory,
    WardFactory,
)
from tests.portal.figures import URL, shown_table, table_on_page
from tests.portal.ties import agreement_of, event_of, project_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TIES = "区別・都道府県別のつながりの数"
PREFECTURES = "都道府県別の協定、連携事業、被災地支援"


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


class TestTies:
    """Ties between a ward and 島根県, where the factories' towns lie."""

    @staticmethod
    def ties() -> dict[str, int]:
        """The wards' ties with 島根県 by the row's name; empty when there is no matrix."""
        html = Client().get(URL).text
        if "この日までに確かめられたつながりはありません" in html:
            return {}
        return {
            name: number
            for name, number in shown_table(html, TIES).numbers("島根").items()
            if number
        }

    @pytest.fixture
    def ward(self):
        return WardFactory()

    @pytest.fixture
    def town(self):
        return OrganizationFactory()

    def test_an_agreement_a_project_and_an_event_are_three_ties(self, ward, town):
        agreement_of(ward, town, kind=AgreementKind.MUTUAL)
        project_of(ward, partners=(town,))
        event_of(ward, town)
        assert self.ties() == {ward.name: 3}

    def test_what_all_wards_share_stands_in_one_row(self, ward, town):
        mayors = SecretariatFactory()
        agreement_of(mayors, AssociationFactory())
        project_of(ward, partners=(town,), scope="ward_mayors")
        event_of(mayors, town)
        assert self.ties() == {"23区共通": 3}

    def test_a_tie_with_several_municipalities_of_a_prefecture_is_one(self, ward, town):
        project_of(ward, partners=(town, OrganizationFactory(), AssociationFactory()))
        assert self.ties() == {ward.name: 1}

    def test_a_tie_of_two_wards_counts_for_both(self, ward, town):
        other = WardFactory()
        agreement_of(ward, town).parties.create(side=Side.SPECIAL_WARDS, organization=other)
        assert self.ties() == {ward.name: 1, other.name: 1}

    def test_an_event_of_a_project_and_a_signing_are_no_further_ties(self, ward, town):
        signed = agreement_of(ward, town)
        made = project_of(ward, partners=(town,))
        event_of(ward, town).collaborations.add(made)
        event_of(ward, town).agreements.add(signed)
        assert self.ties() == {ward.name: 2}

    def test_an_event_of_a_project_that_ties_elsewhere_is_a_tie(self, ward, town):
        elsewhere = OrganizationFactory(
            municipality__code="032069", municipality__prefecture__code="03"
        )
        event_of(ward, town).collaborations.add(project_of(ward, partners=(elsewhere,)))
        assert self.ties() == {ward.name: 1}

    def test_what_is_not_certain_ties_nobody(self, ward, town):
        event_of(ward, town, held_confirmed=False)
        event_of(ward, town, is_sample=True)
        project_of(ward, partners=(town,), status=CollaborationStatus.PLANNED)
        project_of(ward, partners=(town,), is_sample=True)
        agreement_of(ward, town)
        Agreement.objects.update(terminated_on=date(2020, 4, 1))
        assert self.ties() == {}

    def test_companies_committees_and_witnesses_tie_no_prefecture(self, ward):
        shimane = PrefectureFactory()
        agreement_of(ward, CompanyFactory(prefecture=shimane))
        committee = BodyFactory(kind=OrganizationKind.COMMITTEE, prefecture=shimane)
        witnessed = agreement_of(ward, committee)
        PartyFactory(agreement=witnessed, side=Side.WITNESS, organization=AssociationFactory())
        assert self.ties() == {}

    def test_the_government_of_a_prefecture_ties_it_but_not_that_of_tokyo(self, ward):
        shimane, tokyo = PrefectureFactory(), PrefectureFactory(code="13")
        for prefecture in (shimane, tokyo):
            body = BodyFactory(kind=OrganizationKind.PREFECTURE, prefecture=prefecture)
            agreement_of(ward, body)
        assert self.ties() == {ward.name: 1}
        assert "東京" not in table_on_page(TIES).headings

    def test_a_town_of_tokyo_ties_it(self, ward):
        island = OrganizationFactory(
            municipality__prefecture__code="13", municipality__code="133612"
        )
        project_of(ward, WardFactory(), partners=(island,))
        shown = table_on_page(TIES)
        assert shown.numbers("東京")[ward.name] == 1
        assert shown.numbers("都道府県の数")[ward.name] == 1


class TestMap:
    @pytest.mark.parametrize(
        ("most", "legend"),
        [
            (0, ["0"]),
            (1, ["0", "1以上"]),
            (2, ["0", "1", "2以上"]),
            (4, ["0", "1", "2", "3", "4以上"]),
            (5, ["0", "1～2", "3～4", "5以上"]),
            (7, ["0", "1～2", "3～4", "5～6", "7以上"]),
            (40, ["0", "1～10", "11～20", "21～30", "31以上"]),
        ],
    )
    def test_its_classes_have_one_width_and_reach_the_highest_number(self, most, legend):
        assert level_labels(even_levels(most)) == legend

    def test_the_choice_is_a_link_that_keeps_the_day(self, client: Client):
        response = client.get(URL, {"on": "2019-05-01", "map": "relief"})
        assertContains(
            response, '<a href="?on=2019-05-01&amp;map=projects#map-section">連携事業</a>'
        )
        assertContains(
            response,
            '<a href="?on=2019-05-01&amp;map=relief#map-section" aria-current="true">被災地支援</a>',
        )

    @pytest.mark.parametrize("asked", ["", "?map=", "?map=xyz"])
    def test_agreements_are_shown_first(self, client: Client, asked: str):
        response = client.get(f"{URL}{asked}")
        assertContains(response, 'map=agreements#map-section" aria-current="true">協定</a>')

    def test_another_day_keeps_what_the_map_counts(self, client: Client):
        page = client.get(reverse("portal:statistics"), {"map": "relief"}).content.decode()
        assert '<input type="hidden" name="map" value="relief">' in page
        day = {"on_y": "令和元", "on_m": "9", "on_d": "5", "map": "relief"}
        answer = client.get(reverse("portal:statistics"), day)
        assert answer["Location"] == "/statistics/?on=2019-09-05&map=relief"

    def test_the_three_maps_count_three_things(self, client: Client):
        town = OrganizationFactory()
        agreement_of(WardFactory(), town)
        for _ in range(2):
            project_of(WardFactory(), partners=(town,))
        for day in (5, 6, 7):
            disaster = DisasterFactory(earliest=date(2024, 7, day))
            ReliefFactory(disaster=disaster, recipients=[town])
        for kind, number, level in (("agreements", 1, 1), ("projects", 2, 2), ("relief", 3, 3)):
            response = client.get(URL, {"map": kind})
            tile = f'<li class="t32"><a class="lv{level}" href="/municipalities/32/">島根'
            assertContains(response, f"{tile}<b>{number}<span")
        assert table_on_page(PREFECTURES).rows[-1] == ["島根県", "1", "2", "3"]

    def test_tokyo_is_marked(self, client: Client):
        PrefectureFactory(code="13")
        assertContains(client.get(URL), '<li class="t13">')
        assertContains(client.get(URL), '<span class="tokyo"></span>特別区のある東京都</li>')
