"""The inbox and its settings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.errors import NotAllowed
from core.models import AuditEntry
from members.models import Seat
from notices import services
from notices.enums import Pace
from notices.models import Notice, Preference
from notices.views import PAGE_SIZE
from tests.factories.members import PrefectureFactory, SeatFactory, ThemeFactory
from tests.factories.notices import NoticeFactory, PreferenceFactory
from tests.factories.proposals import ProposalFactory

pytestmark = pytest.mark.django_db

LIST, READ = reverse("notices:notice_list"), reverse("notices:notice_read")
SETTINGS = reverse("notices:preference_update")
HOME = reverse("portal:member_home")


def address(notice: Notice) -> str:
    return reverse("notices:notice_open", args=[notice.pk])


def texts(response) -> list[str]:
    return [notice.text for notice, _, _ in response.context["rows"]]


class TestNoticeList:
    def test_unread_first_and_each_with_its_reason(self, client_of, lead):
        now = timezone.now()
        read = NoticeFactory(seat=lead, read_at=now)
        older = NoticeFactory(seat=lead, at=now - timedelta(days=2))
        newer = NoticeFactory(seat=lead)
        NoticeFactory()
        response = client_of(lead).get(LIST)
        assert texts(response) == [newer.text, older.text, read.text]
        assertContains(response, f'<a href="{address(newer)}">{newer.text}</a>')
        assertContains(response, "この通知が届いた理由：所属する団体のことだから", count=3)
        assertContains(response, '<span class="vh">状態：</span>未読', count=2)
        response = client_of(lead).get(LIST, {"unread": "1"})
        assert texts(response) == [newer.text, older.text]

    def test_all_seats_of_the_person(self, client_of, lead):
        other = SeatFactory(user=lead.user)
        notices = [NoticeFactory(seat=seat) for seat in (lead, other)]
        response = client_of(lead).get(LIST)
        assert sorted(texts(response)) == sorted(notice.text for notice in notices)
        for seat in (lead, other):
            assertContains(response, f"だから（{seat.office.signature}）")

    def test_what_was_hidden_since_is_not_told_again(self, client_of, lead):
        notice = NoticeFactory(seat=lead)
        notice.object.hidden_at, notice.object.hidden_reason = timezone.now(), "見本"
        notice.object.save()
        response = client_of(lead).get(LIST)
        assertNotContains(response, notice.text)
        assertContains(response, "この通知のページは、いまは表示できません。")

    def test_an_empty_inbox(self, client_of, lead):
        client = client_of(lead)
        response = client.get(LIST)
        assertContains(response, "通知はまだありません。")
        assertNotContains(response, "すべて既読にする")
        assertContains(client.get(LIST, {"unread": "1"}), "未読の通知はありません。")

    @pytest.mark.parametrize("rows", [1, 3])
    def test_queries(self, client_of, lead, rows, raise_on_fetch, django_assert_num_queries):
        SeatFactory(user=lead.user)
        for _ in range(rows):
            NoticeFactory(seat=lead)
        client = client_of(lead)
        client.get(HOME)  # fills what is kept for a minute
        # session, user, seats; number, notices, which proposals still open, unread
        with django_assert_num_queries(7):
            client.get(LIST)


def test_notice_open_leads_on_and_the_notice_is_read(client_of, lead, deputy):
    notice, other = NoticeFactory(seat=lead), NoticeFactory(seat=lead)
    assert client_of(deputy).get(address(notice)).status_code == 404
    assert Notice.objects.unread().count() == 2
    for _ in range(2):
        response = client_of(lead).get(address(notice))
        assertRedirects(response, notice.url, fetch_redirect_response=False)
        assert list(Notice.objects.unread()) == [other]


class TestNoticeRead:
    def test_one(self, client_of, lead):
        notice, other = NoticeFactory(seat=lead), NoticeFactory(seat=lead)
        response = client_of(lead).post(f"{READ}?unread=1&page=2", {"notice": notice.pk})
        assertRedirects(response, f"{LIST}?unread=1&page=2")
        assert list(Notice.objects.unread()) == [other]

    def test_all_that_the_page_has_shown(self, client_of, lead):
        client = client_of(lead)
        NoticeFactory(seat=lead)
        until = client.get(LIST).context["until"]
        later = NoticeFactory(seat=lead, at=timezone.now() + timedelta(seconds=1))
        response = client.post(READ, {"until": until}, follow=True)
        assertContains(response, "1件の通知を既読にしました。")
        assert list(Notice.objects.unread()) == [later]

    def test_those_of_one_page_of_many(self, client_of, lead):
        proposal = ProposalFactory()
        for _ in range(PAGE_SIZE * 2 + 1):
            NoticeFactory(seat=lead, object=proposal)
        client = client_of(lead)
        page = client.get(LIST, {"unread": "1", "page": "2"})
        assertContains(page, "すべて既読にする（41件）</button>")
        assertContains(page, "未読だけ（41件）</a>")
        assertContains(page, "この画面の20件を既読にする</button>")
        assertContains(page, f'action="{READ}?unread=1&amp;page=2"', count=21)
        shown = [row.pk for row in page.context["unread_here"]]
        page = client.post(f"{READ}?unread=1&page=2", {"notice": shown}, follow=True)
        assertContains(page, "20件の通知を既読にしました。")
        assert not Notice.objects.unread().filter(pk__in=shown).exists()
        # What is left of the second page; the last one says no more than the button above.
        assert len(page.context["unread_here"]) == 1
        client.post(READ, {"until": page.context["until"]})
        assertNotContains(client.get(LIST), "既読にする")

    def test_nobody_elses_and_nothing_forged(self, client_of, lead):
        notice = NoticeFactory()
        now = timezone.now().isoformat()
        for data in (
            {"notice": notice.pk},
            {"until": now},
            {"notice": "x"},
            {"notice": ["9" * 40, "x"]},
        ):
            assert client_of(lead).post(READ, data).status_code == 302
        NoticeFactory(seat=lead)
        for until in ("", "x", "2026-99-99T00:00", "2099-01-01T00:00:00"):
            client_of(lead).post(READ, {"until": until})
        assert Notice.objects.unread().count() == 2


class TestMemberBar:
    def test_the_number_of_unread_notices(self, client, client_of, lead):
        assertNotContains(client.get(reverse("portal:home")), "未読")
        browser = client_of(lead)
        assertContains(browser.get(HOME), f'<a href="{LIST}">通知</a>')
        NoticeFactory(seat=lead)
        NoticeFactory(seat=lead, read_at=timezone.now())
        NoticeFactory()
        assertContains(browser.get(HOME), f'<a href="{LIST}">通知（未読1件）</a>')


class TestPreferenceUpdate:
    def answers(self, seat: Seat, **changes) -> dict:
        paces = {"own": "weekly", "watched": "none", "new": "now"}
        return {"seat": seat.pk, **paces, **changes}

    def test_the_defaults_then_what_was_chosen(self, client_of, lead):
        theme, prefecture = ThemeFactory(), PrefectureFactory(code="18")
        client = client_of(lead)
        form = client.get(SETTINGS).context["form"]
        assert [form[name].value() for name in ("own", "watched", "new")] == [
            "now",
            "now",
            "weekly",
        ]
        data = self.answers(lead, themes=[theme.pk], prefectures=[prefecture.pk])
        response = client.post(SETTINGS, data, follow=True)
        assertContains(response, "通知の設定を変更しました。")
        row = Preference.objects.get()
        assert (row.seat, row.own, row.watched, row.new) == (lead, "weekly", "none", "now")
        assert [*row.themes.all(), *row.prefectures.all()] == [theme, prefecture]
        assertContains(response, "checked", count=5)
        entry = AuditEntry.objects.latest("pk")
        assert entry.action == "notices.change_preference"
        assert entry.changes["prefectures"] == [[], ["福井県"]]

    def test_the_themes_of_the_organization_until_it_has_its_own(self, client_of, lead):
        theme, other = ThemeFactory(), ThemeFactory()
        lead.organization.themes.set([theme])
        client, says = client_of(lead), "団体の紹介の「関心のある分野」と同じです"
        page = client.get(SETTINGS)
        assertContains(page, says)
        assert list(page.context["form"]["themes"].value()) == [theme.pk]
        client.post(SETTINGS, self.answers(lead, themes=[other.pk]))
        page = client.get(SETTINGS)
        assertNotContains(page, says)
        assert list(page.context["form"]["themes"].value()) == [other.pk]
        changes = AuditEntry.objects.latest("pk").changes
        assert changes["themes"] == [[theme.name], [other.name]]

    def test_each_seat_has_its_own(self, client_of, lead):
        other = SeatFactory(user=lead.user)
        client_of(lead).post(SETTINGS, self.answers(other))
        assert Preference.objects.get().seat == other
        response = client_of(lead).get(SETTINGS)
        assertContains(response, f"{other.office.signature}（主担当）")

    def test_nothing_chosen_is_refused(self, client_of, lead):
        response = client_of(lead).post(SETTINGS, {"own": "", "watched": "x", "new": "now"})
        assert response.status_code == 422
        assertContains(response, "所属する団体のことを選んでください", status_code=422)
        assert not Preference.objects.exists()

    def test_without_a_change_nothing_is_logged(self, lead):
        row = PreferenceFactory(seat=lead)
        services.change_preference({"own": Pace.NOW}, by=row.seat)
        assert not AuditEntry.objects.exists()

    def test_a_seat_that_has_ended_chooses_nothing(self, lead):
        lead.valid_until = lead.valid_from
        with pytest.raises(NotAllowed):
            services.change_preference({"own": Pace.NONE}, by=lead)
        assert not Preference.objects.exists()
