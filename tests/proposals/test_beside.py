"""Beside a proposal: what the record holds of its author, and open ones of the other kind."""

import re
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements.enums import AgreementKind, Side
from agreements.models import Agreement
from agreements.queries import number_reaching
from core.dates import today
from core.enums import Level
from members.models import Organization
from proposals import queries, services
from proposals.enums import ProposalKind
from proposals.models import Proposal
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    PartyFactory,
)
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import SecretariatFactory, ThemeFactory
from tests.factories.proposals import DraftFactory, ExpiredFactory, ProposalFactory

pytestmark = pytest.mark.django_db

HEADING = "「求める」の提案</h2>"
MONTHS = {"wished_from": date(2027, 2, 1), "wished_until": date(2027, 4, 1)}


@pytest.fixture
def proposal(lead, theme) -> Proposal:
    return ProposalFactory(office=lead.office, title="見本の朝市", themes=[theme], **MONTHS)


def sought(theme, factory=ProposalFactory, **fields) -> Proposal:
    """One of the other kind, of another organization unless it is said."""
    fields = {"kind": ProposalKind.SEEK, "title": "見本の募集", "themes": [theme], **fields}
    return factory(**fields)


def reasons(proposal: Proposal, seat) -> dict[str, str]:
    """The titles beside ``proposal`` in their order, each with its reason."""
    return {row.title: row.reason for row in queries.counterparts_of(proposal, seat.user)}


# --- open ones of the other kind ------------------------------------------------------------


def test_what_two_have_in_common_is_said_and_the_likest_comes_first(proposal, lead, theme):
    sports = ThemeFactory(name="スポーツ")
    proposal.themes.add(sports)
    far = {"wished_from": date(2028, 1, 1), "wished_until": date(2028, 2, 1)}
    likest = sought(theme, title="産直と朝市", themes=[theme, sports], wished_from=date(2027, 4, 1))
    near = sought(
        theme,
        title="県内から",
        office__organization__municipality__prefecture__code="18",
        **far,
    )
    sought(theme, title="別の時期", **far)
    both = CollaborationFactory()
    for body in (lead.organization, likest.organization):
        CollaborationPartyFactory(collaboration=both, organization=body)
    assert list(reasons(proposal, lead).items()) == [
        (
            likest.title,
            "分野が同じ（観光、スポーツ）、言葉が同じ（朝市）、希望時期が重なる、連携事業を行ったことがある",
        ),
        (near.title, "分野が同じ（観光）、同じ都道府県"),
        ("別の時期", "分野が同じ（観光）"),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": ProposalKind.PROVIDE},
        {"themes": []},
        {"factory": ExpiredFactory},
        {"factory": DraftFactory},
        {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "個人の氏名。"},
        {"level": Level.WARDS},
        {"own": True},
    ],
    ids=["kind", "theme", "expired", "draft", "hidden", "wards", "own"],
)
def test_what_cannot_come_together_is_left_out(proposal, lead, theme, fields):
    own = {"office": lead.office} if fields.pop("own", False) else {}
    sought(theme, **fields, **own)
    assert reasons(proposal, lead) == {}


def test_what_is_for_the_wards_stands_beside_it_for_wards_alone(
    client_of, lead, ward_lead, proposal, theme
):
    """Whoever reads first, and what is kept of it for a minute."""
    other = sought(theme, title="見本の区だけの募集", level=Level.WARDS)
    url = proposal.get_absolute_url()
    for _again in range(2):
        assertContains(client_of(ward_lead).get(url), other.title)
        assertNotContains(client_of(lead).get(url), other.title)


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "個人の氏名。"},
        {"ends_on": "2026-11-01"},
        {"level": Level.WARDS, "version": 2},
    ],
    ids=["hidden", "past", "narrowed"],
)
def test_what_does_not_stand_as_it_did_is_gone_at_once(
    client_of, other_lead, proposal, theme, fields
):
    other = sought(theme)
    client, url = client_of(other_lead), proposal.get_absolute_url()
    assertContains(client.get(url), other.title)
    Proposal.objects.filter(pk=other.pk).update(**fields)
    assertNotContains(client.get(url), other.title)


def test_beside_what_has_ended_stands_nothing(client_of, lead, other_lead, proposal, theme):
    sought(theme)
    client, url = client_of(other_lead), proposal.get_absolute_url()
    assertContains(client.get(url), HEADING)
    services.withdraw(proposal, by=lead, reason="予算が付かなかったため。")
    assertNotContains(client.get(url), HEADING)


# --- its author -----------------------------------------------------------------------------


def test_the_record_of_the_author_stands_beside_its_proposal(client_of, lead, other_lead):
    author = lead.organization
    Organization.objects.filter(pk=author.pk).update(introduction="城下町です。" * 30)
    PartyFactory(agreement=AgreementFactory(), organization=author)
    days = ("2023-04-01", "2024-04-01", "2025-04-01")
    for day, title in zip(days, ("古い事業", "朝市", "物産展"), strict=True):
        project = CollaborationFactory(title=title, start_earliest=day)
        CollaborationPartyFactory(collaboration=project, organization=author)
    for fields in ({"published_at": None}, {"is_sample": True}):
        project = CollaborationFactory(title="見本の事業", **fields)
        CollaborationPartyFactory(collaboration=project, organization=author)
    EventRoleFactory(organization=author)
    EventRoleFactory(organization=author, event=EventFactory(is_sample=True))
    page = client_of(other_lead).get(ProposalFactory(office=lead.office).get_absolute_url())
    url = author.get_absolute_url()
    for link in (
        f'<a href="{url}#profile">団体の紹介を読む</a>',
        f'<a href="{url}#agreements">つながりのある協定 1件</a>',
        f'<a href="{url}#collaborations">これまでの連携事業 3件</a>',
        f'<a href="{url}#events">イベント 1件</a>',
        "物産展</a>",
        "朝市</a>",
    ):
        assertContains(page, link)
    for text in ("古い事業", "見本の事業", "城下町です。" * 20):
        assertNotContains(page, text)


def test_a_ward_is_reached_by_what_was_concluded_for_all_wards(ward_lead):
    ward = ward_lead.organization
    mayors = SecretariatFactory()
    both = AgreementFactory()
    for body in (mayors, ward):
        PartyFactory(agreement=both, organization=body, side=Side.SPECIAL_WARDS)
    PartyFactory(organization=mayors, side=Side.SPECIAL_WARDS)
    PartyFactory(agreement__kind=AgreementKind.COMPREHENSIVE)
    assert number_reaching(ward, today()) == 2
    Agreement.objects.update(terminated_on=today())
    assert number_reaching(ward, today()) == 0


# --- what its author may do -----------------------------------------------------------------


@pytest.mark.once
def test_an_author_has_one_button_and_what_ends_something_stands_apart(client_of, lead, proposal):
    html = client_of(lead).get(proposal.get_absolute_url()).content.decode()
    main = html.split('<main id="main"')[1].split("</main>")[0]
    assert re.findall(r'class="btn"[^>]*>([^<]+)<', main) == ["提案を変更する"]
    apart = main.split('role="group"')[1].split("</ul>")[0]
    ending = ("申し出の受付を止める", "不成立にする（理由を入力）", "取り下げる（理由を入力）")
    assert all(text in apart for text in ending)
    assert "決裁用に印刷する" not in apart


@pytest.mark.once
@pytest.mark.parametrize(("role", "may_follow"), [("lead", False), ("other_lead", True)])
def test_nobody_follows_what_is_their_own(request, client_of, proposal, role, may_follow):
    page = client_of(request.getfixturevalue(role)).get(proposal.get_absolute_url())
    assert (reverse("notices:watch_create") in page.content.decode()) == may_follow
