"""引継ぎ: the three pages, the handover's own page, the answer, the 引継書."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import links, once
from core.dates import day_text, today
from core.models import OutboxMail
from members import services
from members.enums import InvitationStatus, Role, UserKind
from members.models import Handover, Seat, User
from tests.factories.members import HandoverFactory, OfficeFactory, SeatFactory, UserFactory
from tests.factories.proposals import DraftFactory, ProposalFactory
from tests.members.changes import stored
from tests.members.pages import url
from tests.pressing import press

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NEW = "konin@city.sakai.fukui.jp"
TOMORROW = today() + timedelta(days=1)


def page_of(name: str, row) -> str:
    return reverse(f"members:handover_{name}", args=[row.pk])


def parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}_y": str(day.year), f"{name}_m": str(day.month), f"{name}_d": str(day.day)}


def typed(seat, step, **changes) -> dict[str, str]:
    own = {"seat": str(seat.pk), "token": once.new_token(), "step": step, "note": ""}
    whom = {"email": NEW, "family_name": "見本", "given_name": "後任"}
    days = parts("last_day", today()) | parts("first_day", TOMORROW)
    return own | whom | days | changes


@pytest.fixture
def handover(lead) -> Handover:
    return HandoverFactory(seat=lead, email=NEW, note="鍵は棚")


@pytest.fixture
def successor(client_of):
    """The browser of whoever the handover names."""
    user = UserFactory(email=NEW, family_name="", given_name="")
    return client_of(type("Person", (), {"user": user}))


class TestHandoverCreate:
    def test_six_fields_in_three_pages(self, client_of, deputy, office):
        client, address = client_of(deputy), page_of("create", deputy)
        DraftFactory(organization=office.organization, office=office, title="海辺の清掃")
        first = client.get(address)
        default = services.default_terms(deputy)
        assertContains(first, f'name="first_day_y" value="{default.first_day.year}"')
        assert first.content.decode().count('class="field') == 5
        second = client.post(address, typed(deputy, "list"))
        assertContains(second, "海辺の清掃")
        assert second.content.decode().count('class="field') == 1
        third = press(client, address, second, "check", note="鍵は棚")
        for text in (NEW, "見本", "後任", "鍵は棚", day_text(TOMORROW)):
            assertContains(third, text)
        done = press(client, address, third, "done")
        handover = Handover.objects.get()
        assertRedirects(done, page_of("detail", handover))
        assert (handover.seat, handover.note) == (deputy, "鍵は棚")
        assert (handover.last_day, handover.first_day) == (today(), TOMORROW)
        assert press(client, address, third, "done").url == done.url
        assert Handover.objects.count() == 1

    @pytest.mark.parametrize("step", ["list", "check", "done"])
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"email": "konin@"}, "name@example.lg.jp"),
            ({"email": ""}, "入力してください"),
            (parts("last_day", today() - timedelta(days=1)), "前任の最後の日は"),
            (parts("first_day", today() - timedelta(days=1)), "今日から1年以内"),
            ({"note": "あ" * 2001}, "2000文字以内"),
        ],
    )
    def test_the_page_that_asked_says_what_is_wrong(
        self, client_of, deputy, step, changes, message
    ):
        client = client_of(deputy)
        before = stored()
        page = client.post(page_of("create", deputy), typed(deputy, step, **changes))
        assertContains(page, message, status_code=422)
        field = "note" if "note" in changes else "email"
        assertContains(page, f'id="id_{field}"', status_code=422)
        assert stored() == before

    def test_back_to_the_first_page_keeps_the_note(self, client_of, deputy):
        page = client_of(deputy).post(
            page_of("create", deputy), typed(deputy, "edit", note="鍵は棚")
        )
        assertContains(page, '<input type="hidden" name="note" value="鍵は棚">')

    def test_a_refusal_changes_nothing(self, client_of, deputy):
        client, address = client_of(deputy), page_of("create", deputy)
        HandoverFactory(seat=deputy)
        before = stored()
        page = client.post(address, typed(deputy, "done"))
        assertContains(page, "すでに始まっています", status_code=422)
        assert stored() == before

    def test_one_that_waits_is_shown_instead(self, client_of, handover, lead):
        page = client_of(lead).get(page_of("create", lead))
        assertRedirects(page, page_of("detail", handover))

    def test_a_last_lead_past_the_date_of_the_seat(self, client_of, lead):
        lead.valid_until = today() - timedelta(days=1)
        lead.save()
        client = client_of(Seat.objects.get(pk=lead.pk))
        address = f"{page_of('create', lead)}?seat={lead.pk}"
        assertContains(client.get("/member/"), page_of("create", lead))
        page = client.get(address)
        assertContains(page, day_text(lead.valid_until))
        assertNotContains(page, "last_day_y")
        assert press(client, address, page, "done", email=NEW, **first_day(page)).status_code == 302
        handover = Handover.objects.get()
        assert handover.last_day == lead.valid_until
        for name in ("detail", "update", "resend", "cancel", "sheet"):
            assert client.get(f"{page_of(name, handover)}?seat={lead.pk}").status_code == 200
        sheet = client.get(f"{url('office_sheet', lead.office)}?seat={lead.pk}")
        assert sheet.status_code == 200


def first_day(page) -> dict[str, str]:
    return parts("first_day", page.context["form"].initial["first_day"])


class TestWhereItBegins:
    def test_the_office_page_and_the_member_home(self, client_of, deputy, lead, office):
        client = client_of(deputy)
        for page in (url("office_detail", office), "/member/"):
            assertContains(client.get(page), page_of("create", deputy))
        assertContains(client.get(url("office_detail", office)), url("office_sheet", office))
        leading = client_of(lead).get(url("seat_list", office))
        for seat in (lead, deputy):
            assertContains(leading, page_of("create", seat))

    def test_not_at_other_offices_nor_for_the_secretariat(self, client_of, other_lead, staff, lead):
        for seat in (other_lead, staff):
            page = client_of(seat).get(url("office_detail", lead.office))
            assertNotContains(page, "引継書")
            assertNotContains(page, "後任の方に引き継ぐ")
        assertNotContains(client_of(staff).get("/member/"), "後任の方に引き継ぐ")


class TestHandoverDetail:
    @pytest.mark.parametrize("status", InvitationStatus)
    def test_says_how_far_it_is(self, client_of, lead, status):
        accepted = {"new_seat": lead} if status == InvitationStatus.ACCEPTED else {}
        handover = HandoverFactory(seat=lead, status=status, reason="異動先が違う", **accepted)
        page = client_of(lead).get(page_of("detail", handover))
        assertContains(page, status.label)
        waits = status == InvitationStatus.SENT
        assert (page_of("update", handover) in page.content.decode()) == waits
        assert (page_of("cancel", handover) in page.content.decode()) == waits

    def test_handover_update_changes_days_and_note(self, client_of, lead, handover):
        changes = {"seat": str(lead.pk), "token": once.new_token(), "note": "鍵は机"}
        days = parts("last_day", TOMORROW) | parts("first_day", TOMORROW)
        address = page_of("update", handover)
        assertRedirects(client_of(lead).post(address, changes | days), page_of("detail", handover))
        handover.refresh_from_db()
        assert (handover.last_day, handover.note) == (TOMORROW, "鍵は机")

    def test_handover_resend_mails_it_again(self, client_of, lead, handover):
        self.press("resend", client_of(lead), lead, handover)
        assert OutboxMail.objects.count() == 1

    def test_handover_cancel_mails_nobody(self, client_of, lead, handover):
        self.press("cancel", client_of(lead), lead, handover)
        assert OutboxMail.objects.count() == 0

    def press(self, name, client, lead, handover):
        address = page_of(name, handover)
        assertContains(client.get(address), NEW)
        assertRedirects(client.post(address, {"seat": str(lead.pk)}), page_of("detail", handover))

    def test_the_secretariat_reads_no_drafts_through_it(self, client_of, staff, handover):
        client = client_of(staff)
        for name in ("detail", "sheet", "update", "resend", "cancel"):
            assert client.get(page_of(name, handover)).status_code == 403
        assert client.get(url("office_sheet", handover.office)).status_code == 403


class TestHandoverAccept:
    def test_the_links_page_shows_nothing_personal(self, client, handover):
        issued = links.issue(services.HANDOVER, handover, to=NEW, expires_at=handover.expires_at)
        page = client.get(issued.url)
        for secret in (NEW, "後任" + "さん", handover.seat.user.display_name, "鍵は棚"):
            assertNotContains(page, secret)
        assertContains(page, "k•••@city.…")
        assert handover.status == InvitationStatus.SENT
        asked = client.post(issued.url, {"token": once.new_token()})
        assert asked.url.startswith("/accounts/login/code/confirm/")
        assert User.objects.get(email=NEW).seats.count() == 0

    def test_is_given_after_reading(self, successor, handover, lead, office):
        ProposalFactory(organization=office.organization, office=office, title="海辺の清掃")
        address = page_of("accept", handover)
        page = successor.get(address)
        for text in ("鍵は棚", "海辺の清掃", day_text(handover.first_day)):
            assertContains(page, text)
        assertContains(successor.get(page_of("sheet", handover)), "海辺の清掃")
        assertRedirects(press(successor, address, page, **name()), address)
        assertContains(successor.get(address), "引継ぎを承諾しました")
        home = successor.get("/member/")
        assertContains(home, f"{day_text(handover.first_day)}から使えます")
        assertContains(home, page_of("sheet", handover))
        assertContains(successor.get(page_of("sheet", handover)), "海辺の清掃")
        assertContains(successor.get("/proposals/"), "から始まります", status_code=403)
        assertContains(successor.get(address), "引継ぎを承諾しました")

    def test_the_seat_opens_on_its_day(self, client_of, successor, handover):
        page = successor.get(page_of("accept", handover))
        press(successor, page_of("accept", handover), page, **name())
        with time_machine.travel(handover.sent_at + timedelta(days=1)):
            seat = Handover.objects.get().new_seat
            client = client_of(Seat.objects.get(pk=seat.pk))
            assertContains(client.get("/member/"), "会員ホーム")
            assertContains(client.get(page_of("detail", handover)), "承諾しました")

    def test_handover_decline_closes_it(self, successor, handover):
        address = page_of("decline", handover)
        page = successor.get(address)
        assertRedirects(press(successor, address, page, reason="異動先が違う"), address)
        assertContains(successor.get(address), "引継ぎを辞退しました")
        assert successor.get(page_of("sheet", handover)).status_code == 403

    @pytest.mark.parametrize("name", ["accept", "decline", "sheet"])
    def test_not_by_somebody_else(self, client_of, other_lead, deputy, handover, name):
        for seat in (other_lead, deputy):
            assert client_of(seat).get(page_of(name, handover)).status_code in (403, 404)

    def test_the_successor_reads_no_more_once_gone(self, client_of, handover, lead):
        """Somebody whose seat there has ended, and who sits elsewhere now."""
        elsewhere = SeatFactory(user__email=NEW)
        handover.new_seat = SeatFactory(
            user=elsewhere.user, office=lead.office, valid_until=today() - timedelta(days=1)
        )
        handover.status = InvitationStatus.ACCEPTED
        handover.save()
        assert client_of(elsewhere).get(page_of("sheet", handover)).status_code == 403

    def test_a_shared_mailbox_logs_in_anew(self, client_of, office):
        box = SeatFactory(office=office, role=Role.LEAD, user__kind=UserKind.OFFICE)
        handover = HandoverFactory(
            seat=box, email=box.user.email, kind=UserKind.OFFICE, first_day=today()
        )
        client, address = client_of(box), page_of("accept", handover)
        done = press(client, address, client.get(address))
        assert done.url == reverse("account_request_login_code")
        assertContains(client.get(done.url), "もう一度ログイン")
        assert client.get("/member/").status_code == 302


def name() -> dict[str, str]:
    return {"family_name": "見本", "given_name": "後任"}


class TestHandoverSheet:
    @pytest.mark.parametrize("who", ["lead", "deputy", "reader"])
    def test_office_sheet_is_printed_by_every_seat_of_the_organization(
        self, client_of, office, who, request
    ):
        draft = DraftFactory(organization=office.organization, office=office, title="海辺の清掃")
        page = client_of(request.getfixturevalue(who)).get(url("office_sheet", office))
        assertContains(page, "引継書")
        assertContains(page, "海辺の清掃")
        assertContains(page, f"http://testserver{draft.get_absolute_url()}".split("//")[1][-10:])

    def test_office_sheet_of_a_second_office_too(self, client_of, lead, office):
        second = OfficeFactory(organization=office.organization, name="総務課", is_main=False)
        assertContains(client_of(lead).get(url("office_sheet", second)), "総務課")

    def test_that_of_a_handover_names_both(self, client_of, lead, handover):
        page = client_of(lead).get(page_of("sheet", handover))
        for text in (lead.user.display_name, NEW, "鍵は棚", day_text(handover.last_day)):
            assertContains(page, text)
