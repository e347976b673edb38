"""Which agreements a ward may link its joint project to, and what it posts of them."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements import services
from agreements.enums import Side
from agreements.models import Agreement
from core import audit
from core.errors import DomainError
from members.models import Seat
from notices.models import Notice
from tests.agreements.collaborations import complete, project_of, refused
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.members import OrganizationFactory, ThemeFactory
from tests.pressing import press
from tests.secretariat import secretary_client, typed, url

pytestmark = pytest.mark.django_db

CREATE = reverse("agreements:collaboration_create")


def signed_by(seat: Seat, **fields) -> Agreement:
    party = PartyFactory(
        agreement=AgreementFactory(**fields),
        organization=seat.organization,
        side=Side.SPECIAL_WARDS if seat.organization.is_ward else Side.COUNTERPART,
    )
    return party.agreement


@pytest.fixture
def project(ward_lead, lead):
    return project_of(ward_lead.organization, lead.organization)


def page_of(project) -> str:
    return reverse("agreements:collaboration_update", args=[project.pk])


def answers(seat, project, **changes) -> dict:
    theme = ThemeFactory(name="産業")
    fields = complete(seat, theme, title=project.title, **changes)
    del fields["status"]
    return fields


def test_collaboration_update_offers_those_of_its_organizations(
    client_of, ward_lead, lead, project
):
    own = signed_by(ward_lead, title="区の協定", earliest=date(2019, 9, 5))
    theirs = signed_by(lead, title="市の協定", earliest=date(2020, 9, 5))
    foreign, linked = AgreementFactory(title="よその協定"), AgreementFactory(title="記録の協定")
    project.agreements.add(linked)
    form = client_of(ward_lead).get(page_of(project))
    offered = list(form.context["form"].fields["agreements"].queryset)
    assert offered == [theirs, own, linked]
    assertContains(form, "区の協定（東京都品川区）　2019年（令和元年）9月5日締結")
    assertNotContains(form, foreign.title)


def test_collaboration_update_links_them(client_of, ward_lead, lead, project):
    own, theirs = signed_by(ward_lead, title="区の協定"), signed_by(lead, title="市の協定")
    project.agreements.add(own)
    client, address = client_of(ward_lead), page_of(project)
    posted = answers(ward_lead, project, agreements=[str(theirs.pk)])
    checked = press(client, address, client.get(address), "check", **posted)
    assertContains(checked, "市の協定（福井県坂井市）")
    press(client, address, checked, "done")
    assert project.agreements.get() == theirs
    assertContains(client.get(project.get_absolute_url()), "市の協定")
    entry = audit.history_of(project).get()
    assert entry.changes["agreements"] == [["区の協定"], ["市の協定"]]


def test_collaboration_create_offers_the_wards_own_and_asks_nothing_without_any(
    client_of, ward_lead
):
    client = client_of(ward_lead)
    assertNotContains(client.get(CREATE), "関係する協定")
    signed_by(ward_lead, title="区の協定")
    assertContains(client.get(CREATE), "区の協定")


def test_update_keeps_what_it_is_not_asked_about(ward_lead, project):
    project.agreements.add(AgreementFactory())
    services.update(project, data={"summary": "直しました"}, by=ward_lead, version=1)
    assert project.agreements.count() == 1


def test_update_refuses_an_agreement_of_others(ward_lead, lead, project):
    """Also one of a partner that is taken out with the same form."""
    theirs, foreign = signed_by(lead), PartyFactory().agreement
    with refused(DomainError, "当事者に、この連携事業の団体がありません"):
        services.update(project, data={"agreements": [foreign]}, by=ward_lead, version=1)
    data = {"agreements": [theirs], "partners": [OrganizationFactory()]}
    with refused(DomainError, "当事者に、この連携事業の団体がありません"):
        services.update(project, data=data, by=ward_lead, version=1)
    assert not project.agreements.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_form(
    client_of, ward_lead, project, rows, raise_on_fetch, django_assert_num_queries
):
    for _ in range(rows):
        project.agreements.add(signed_by(ward_lead))
    client = client_of(ward_lead)
    client.get(page_of(project))
    # session, user, seats, unread; project, parties, themes; wards and themes to choose from,
    # those that are chosen, agreements with their parties, as asked for and as shown
    with django_assert_num_queries(15):
        client.get(page_of(project))


def test_the_secretariat_links_in_the_admin_and_the_organizations_are_told(
    ward_lead, lead, project
):
    client, signed = secretary_client("プロジェクト"), AgreementFactory(title="全体の協定")
    address = url("agreements.collaboration", "change", project.pk)
    for _ in range(2):  # the second time nothing is new
        page = client.get(address)
        assert client.post(address, typed(page, agreements=[str(signed.pk)])).status_code == 302
    assert project.agreements.get() == signed
    told = {notice.seat: notice.text for notice in Notice.objects.all()}
    text = f"連携事業「{project}」に協定「全体の協定」が加わりました"
    assert told == {ward_lead: text, lead: text}
