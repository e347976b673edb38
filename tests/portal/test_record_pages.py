"""The organization pages and the search over the real record (figures counted in the data)."""

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Organization
from portal.organizations import OrganizationRecord

pytestmark = pytest.mark.usefixtures("record")


def record_of(client: Client, name: str) -> OrganizationRecord:
    body = Organization.objects.get(name=name)
    record: OrganizationRecord = client.get(body.get_absolute_url()).context["record"]
    return record


def test_organization_detail_of_sakai_tells_its_tie_with_shinagawa(client: Client):
    record = record_of(client, "坂井市")
    assert [reach.agreement.record_id for reach in record.reaches] == ["A19"]
    assert {project.record_id for project in record.collaborations} == {"C009", "C021"}
    assert [part.event.record_id for part in record.appearances] == ["E051", "E037", "E008"]
    # M034 is the event E008, which stands above.
    assert record.milestones == []


def test_organization_detail_of_kitakami_tells_of_its_snow(client: Client):
    record = record_of(client, "北上市")
    assert {project.record_id for project in record.collaborations} == {"C002", "C004", "C011"}
    assert {part.event.record_id for part in record.appearances} == {
        "E001",
        "E003",
        "E004",
        "E012",
        "E052",
    }


@pytest.mark.parametrize(
    ("name", "own", "within"),
    [
        ("福島県", ["D27", "D21", "D18", "D16", "D02"], []),
        ("千葉県", ["D27", "D02"], ["D16"]),
        ("東京都", [], ["D15", "D03"]),
    ],
)
def test_organization_detail_of_a_prefecture_tells_its_relief(
    client: Client, name: str, own: list[str], within: list[str]
):
    record = record_of(client, name)
    assert [given.disaster.record_id for given in record.received] == own
    assert [given.disaster.record_id for given in record.received_within] == within


def test_organization_detail_of_shinagawa_tells_its_two_agreements_from_those_of_all(
    client: Client,
):
    record = record_of(client, "品川区")
    assert {reach.agreement.record_id for reach in record.reaches} == {"A18", "A19"}
    assert len(record.for_all_wards) == 17
    assert len(record.collaborations) == 7


def test_site_search_finds_all_that_names_sakai(client: Client):
    response = client.get(reverse("portal:site_search"), {"q": "さかいし"})
    bodies = response.context["found"][0].hits
    assert [hit.title for hit in bodies] == ["福井県坂井市", "大阪府堺市"]
    assert {part.group.slug: part.count for part in response.context["found"]} == {
        "organizations": 2,
        "collaborations": 2,
        "events": 3,
        "agreements": 1,
        "timeline": 1,
    }


def test_site_search_finds_both_towns_of_one_name(client: Client):
    found = client.get(reverse("portal:site_search"), {"q": "府中市"}).context["found"]
    assert [hit.title for hit in found[0].hits] == ["東京都府中市", "広島県府中市"]
