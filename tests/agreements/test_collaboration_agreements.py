"""Which agreements a ward may link its joint project to, and what it posts of them."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements import services
from agreements.enums import CollaborationStatus, Side
from agreements.models import Agreement
from core import audit
from core.dates import Precision, RecordDate
from core.errors import DomainError
from members.enums import CoveredKinds
from members.models import Coverage, Organization, Seat
from notices.models import Notice
from tests.agreements.collaborations import complete, nothing_changes, project_of, refused
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.members import (
    CoverageFactory,
    OrganizationFactory,
    SecretariatFactory,
    ThemeFactory,
    WardFactory,
)
from tests.pressing import press
from tests.secretariat import secretary_client, typed, url

pytestmark = pytest.mark.django_db

CREATE = reverse("agreements:collaboration_create")
NO_REACH = "この連携事業の団体に及びません"


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
    assertContains(form, "区の協定（東京都品川区）　2019年（令和元年）9月5日に締結")
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
    assertNotContains(client.get(CREATE), "の協定")
    signed_by(ward_lead, title="区の協定")
    assertContains(client.get(CREATE), "区の協定")


def test_update_keeps_what_it_is_not_asked_about(ward_lead, project):
    project.agreements.add(AgreementFactory())
    services.update(project, data={"summary": "直しました"}, by=ward_lead, version=1)
    assert project.agreements.count() == 1


def test_update_refuses_an_agreement_of_others(ward_lead, lead, project):
    """Also one of a partner that is taken out with the same form."""
    theirs, foreign = signed_by(lead), PartyFactory().agreement
    with refused(DomainError, NO_REACH):
        services.update(project, data={"agreements": [foreign]}, by=ward_lead, version=1)
    data = {"agreements": [theirs], "partners": [OrganizationFactory()]}
    with refused(DomainError, NO_REACH):
        services.update(project, data=data, by=ward_lead, version=1)
    assert not project.agreements.exists()


def concluded_with(association: Organization, **fields) -> Agreement:
    """An agreement of 特別区長会."""
    agreement = PartyFactory(
        agreement=AgreementFactory(**fields), organization=association
    ).agreement
    PartyFactory(agreement=agreement, organization=SecretariatFactory(), side=Side.SPECIAL_WARDS)
    return agreement


class TestSharedAgreements:
    """Those that 特別区長会 has concluded for all wards."""

    @pytest.fixture
    def covering(self, lead) -> Agreement:
        """It reaches every town and city of the partner's prefecture."""
        rule = CoverageFactory(
            organization__prefecture=lead.organization.prefecture, kinds=CoveredKinds.ALL
        )
        return concluded_with(rule.organization, title="市長会との協定")

    @pytest.fixture
    def elsewhere(self) -> Agreement:
        rule = CoverageFactory(organization__prefecture__code="26", kinds=CoveredKinds.ALL)
        return concluded_with(rule.organization, title="よその市長会との協定")

    def test_a_ward_chooses_one_that_covers_its_partner(
        self, client_of, ward_lead, lead, project, covering, elsewhere
    ):
        client, address = client_of(ward_lead), page_of(project)
        own = signed_by(ward_lead, title="区の協定")
        form = client.get(address)
        fields = form.context["form"].fields
        assert list(fields["agreements"].queryset) == [own]
        assert set(fields["shared_agreements"].queryset) == {covering, elsewhere}
        posted = answers(ward_lead, project, shared_agreements=[str(covering.pk)])
        posted["agreements"] = [str(own.pk)]
        checked = press(client, address, form, "check", **posted)
        press(client, address, checked, "done")
        assert set(project.agreements.all()) == {own, covering}
        again = client.get(address).context["form"]
        assert again.initial["shared_agreements"] == [covering]

    def test_one_that_does_not_reach_the_partner_is_refused_at_once(
        self, client_of, ward_lead, project, elsewhere
    ):
        client, address = client_of(ward_lead), page_of(project)
        posted = answers(ward_lead, project, shared_agreements=[str(elsewhere.pk)])
        with nothing_changes():
            answer = press(client, address, client.get(address), "check", **posted)
        assert answer.status_code == 422
        assert NO_REACH in answer.context["form"].errors["shared_agreements"][0]

    @pytest.mark.parametrize("start", [None, date(2018, 3, 1), date(2030, 4, 1)])
    def test_update_asks_what_was_covered_when_it_began(
        self, ward_lead, lead, project, covering, elsewhere, start
    ):
        """By today where that is not known or lies ahead."""
        begun_early = start == date(2018, 3, 1)
        Coverage.objects.filter(prefecture=lead.organization.prefecture).update(
            valid_from=date(2020, 4, 1)
        )
        when = start and RecordDate(start, start, Precision.DAY)
        type(project).objects.update(status=CollaborationStatus.PLANNED)
        data = {"agreements": [covering], "start": when}
        if begun_early:
            with refused(DomainError, NO_REACH):
                services.update(project, data=data, by=ward_lead, version=1)
        else:
            services.update(project, data=data, by=ward_lead, version=1)
            assert project.agreements.get() == covering

    def test_another_wards_agreement_with_an_association_is_its_own(
        self, ward_lead, project, covering
    ):
        covering.parties.filter(side=Side.SPECIAL_WARDS).update(organization=WardFactory())
        with refused(DomainError, NO_REACH):
            services.update(project, data={"agreements": [covering]}, by=ward_lead, version=1)

    def test_one_with_the_partner_itself(self, ward_lead, lead, project):
        signed = concluded_with(lead.organization)
        services.update(project, data={"agreements": [signed]}, by=ward_lead, version=1)
        assert project.agreements.get() == signed


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_form(
    client_of, ward_lead, project, rows, raise_on_fetch, django_assert_num_queries
):
    for _ in range(rows):
        project.agreements.add(signed_by(ward_lead))
    client = client_of(ward_lead)
    client.get(page_of(project))
    # session, user, seats, unread; project, parties, themes; wards and themes to choose from,
    # those that are chosen, agreements with their parties; whether there are any, and those of
    # the wards with their parties; whether an offer has started it, the proposals to choose from,
    # and the one that is chosen
    with django_assert_num_queries(18):
        client.get(page_of(project))


def test_the_secretariat_links_in_the_admin_and_the_organizations_are_told(
    ward_lead, lead, project
):
    client = secretary_client("プロジェクト")
    of_ward = PartyFactory(organization=ward_lead.organization, agreement__title="全体の協定")
    signed = of_ward.agreement
    address = url("agreements.collaboration", "change", project.pk)
    for _ in range(2):  # the second time nothing is new
        page = client.get(address)
        assert client.post(address, typed(page, agreements=[str(signed.pk)])).status_code == 302
    assert project.agreements.get() == signed
    told = {notice.seat: notice.text for notice in Notice.objects.all()}
    text = f"連携事業「{project}」に協定「{signed.distinct_title}」が加わりました"
    assert told == {ward_lead: text, lead: text}
