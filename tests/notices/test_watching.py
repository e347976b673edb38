"""Following: what, by whom, and what becomes of it when a seat passes on."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from core.enums import Level
from core.errors import NotAllowed
from members import handover
from notices import services, watching
from notices.models import Watch
from tests.factories.members import SeatFactory, ThemeFactory
from tests.factories.notices import WatchFactory
from tests.factories.proposals import DraftFactory, ProposalFactory

pytestmark = pytest.mark.django_db

CREATE, DELETE = reverse("notices:watch_create"), reverse("notices:watch_delete")


def form(proposal, seat=None) -> dict[str, str]:
    seats = {"seat": str(seat.pk)} if seat else {}
    return {"kind": "proposals.proposal", "key": str(proposal.pk), **seats}


def test_watch_create(client_of, lead):
    proposal, client = ProposalFactory(), client_of(lead)
    for _ in range(2):  # twice is once
        response = client.post(CREATE, form(proposal), follow=True)
        assertContains(response, "フォローしました。")
        assert response.request["PATH_INFO"] == proposal.get_absolute_url()
        assert Watch.objects.get().seat == lead


def test_watch_delete(client_of, lead):
    watch, other = WatchFactory(seat=lead), WatchFactory()
    response = client_of(lead).post(DELETE, form(watch.object), follow=True)
    assertContains(response, "フォローをやめました。")
    assert list(Watch.objects.all()) == [other]


def test_watch_create_is_by_the_seat_of_the_form(client_of, lead):
    other = SeatFactory(user=lead.user)
    client_of(lead).post(CREATE, form(ProposalFactory(), other))
    assert Watch.objects.get().seat == other
    stranger = SeatFactory()
    assert client_of(lead).post(CREATE, form(ProposalFactory(), stranger)).status_code == 403
    assert Watch.objects.count() == 1


def test_the_page_of_a_proposal_has_the_button(client_of, lead):
    proposal, client = ProposalFactory(), client_of(lead)
    url = proposal.get_absolute_url()
    assertContains(client.get(url), "フォローする</button>")
    WatchFactory(seat=lead, object=proposal)
    assertContains(client.get(url), "フォローをやめる</button>")
    draft = DraftFactory(office=lead.office)
    assertNotContains(client.get(draft.get_absolute_url()), "フォローする</button>")


@pytest.mark.parametrize("url", [CREATE, DELETE])
def test_watch_create_only_of_what_one_may_read_and_follow(url, client_of, lead):
    unread = [DraftFactory(), ProposalFactory(level=Level.WARDS)]
    forms = [form(proposal) for proposal in unread]
    theme = ThemeFactory()
    forms += [{"kind": "members.theme", "key": str(theme.pk)}, {}]
    forms += [{"kind": "proposals.proposal", "key": key} for key in ("x", "9" * 40, "0")]
    for data in forms:
        assert client_of(lead).post(url, data).status_code == 404
    assert not Watch.objects.exists()


def test_a_seat_that_has_ended_follows_nothing(lead, time_machine):
    lead.valid_until = lead.valid_from
    with pytest.raises(NotAllowed):
        services.watch(ProposalFactory(), by=lead)
    assert not Watch.objects.exists()


def test_the_successor_follows_what_the_seat_did(lead):
    kept, common = WatchFactory(seat=lead), WatchFactory(seat=lead)
    new_seat = SeatFactory(office=lead.office)
    WatchFactory(seat=new_seat, object=common.object)
    handover.hand_over_all(lead, new_seat)
    followed = {watch.object for watch in Watch.objects.filter(seat=new_seat)}
    assert followed == {kept.object, common.object}
    assert Watch.objects.filter(seat=lead).count() == 2  # until its last day


def test_only_registered_records_have_a_kind(lead):
    with pytest.raises(LookupError, match="not registered"):
        watching.kind_of(lead)


def test_the_settings_list_what_is_followed_and_readable(client_of, lead):
    watch, hidden = WatchFactory(seat=lead), WatchFactory(seat=lead, object=DraftFactory())
    WatchFactory()
    response = client_of(lead).get(reverse("notices:preference_update"))
    assertContains(response, f'<a href="{watch.object.get_absolute_url()}">{watch.object}</a>')
    assertNotContains(response, hidden.object.title)
