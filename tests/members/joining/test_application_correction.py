"""A returned application, corrected by link and code."""

import pytest
from django.utils import timezone

from core import links
from core.audit import history_of
from core.dates import today
from core.errors import DomainError
from core.models import MailLink, OutboxMail
from members import services
from members.enums import ApplicationStatus, Role, UserKind
from members.models import Application
from members.services import Person, WrongCode
from tests.members.joining.applying import (
    LEAD,
    PEOPLE,
    Unchanged,
    answers,
    applied,
    correction,
    hakui,
    mailed_code,
    send_code,
    subjects,
)

pytestmark = pytest.mark.django_db

REASON = "部署名を正式な名前に直してください。"


@pytest.fixture
def returned(staff) -> Application:
    return services.send_back_application(applied(hakui()), by=staff, reason=REASON)


class TestCorrection:
    def test_the_applicant_gets_reason_link_and_code(self, returned):
        body = OutboxMail.objects.filter(to=LEAD).latest("pk").body
        assert REASON in body
        code = mailed_code()
        assert f"/c/{code}/\n" in body
        assert "リンクを開けないとき" in body
        assert links.find(code) == correction(returned)

    def test_what_is_sent_again_replaces_what_was(self, returned):
        people = [Person(Role.LEAD, LEAD, UserKind.OFFICE)]
        changed = answers(office_name="企画財政課", themes=[])
        again = services.apply_again(
            returned, answers=changed, people=people, link=correction(returned)
        )
        again = Application.objects.get(pk=again.pk)
        assert again.status == ApplicationStatus.APPLIED
        assert again.office_name == "企画財政課"
        assert not again.themes.exists()
        assert [str(person) for person in again.people.all()] == ["共用"]
        entry = history_of(again).first()
        assert entry.changes["office_name"] == ["総合政策課", "企画財政課"]
        assert entry.changes["themes"] == [["産業"], []]
        assert "seeks" not in entry.changes
        assert subjects()[-1] == f"会員登録申請を受け付けました（{again.number}）"

    def test_a_new_address_is_confirmed_again(self, returned):
        address = "saburo@city.hakui.lg.jp"
        people = [Person(Role.LEAD, address)]
        link = correction(returned)
        with Unchanged(), pytest.raises(WrongCode):
            services.apply_again(returned, answers=answers(), people=people, link=link)
        code = send_code(returned.organization, address)
        again = services.apply_again(
            returned, answers=answers(), people=people, link=link, code=code
        )
        assert again.lead.email == address

    def test_the_link_is_used_once(self, returned, staff):
        link = correction(returned)
        again = services.apply_again(returned, answers=answers(), people=PEOPLE, link=link)
        services.send_back_application(again, by=staff, reason=REASON)
        with Unchanged(), pytest.raises(DomainError, match="もう使えません"):
            services.apply_again(again, answers=answers(), people=PEOPLE, link=link)
        newer = correction(again)
        assert newer != link
        services.apply_again(again, answers=answers(), people=PEOPLE, link=newer)

    def test_a_town_that_is_a_member_by_now_is_told(self, returned, staff):
        services.open_membership(returned.organization, joined=today(), by=staff)
        link = correction(returned)
        with Unchanged(), pytest.raises(DomainError, match="すでに会員です"):
            services.apply_again(returned, answers=answers(), people=PEOPLE, link=link)

    def test_a_new_link_is_mailed_while_it_is_waited_for(self, returned):
        link = correction(returned)
        MailLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())
        services.renew_correction(link)
        assert links.is_open(correction(returned))
        assert links.find(mailed_code()) == correction(returned)

    def test_no_new_link_once_it_is_done_or_the_address_is_another(self, returned, staff):
        link = correction(returned)
        people = [Person(Role.LEAD, "saburo@city.hakui.lg.jp")]
        code = send_code(returned.organization, people[0].email)
        again = services.apply_again(
            returned, answers=answers(), people=people, link=link, code=code
        )
        with Unchanged(), pytest.raises(DomainError, match="いま直していただくところはありません"):
            services.renew_correction(link)
        services.send_back_application(again, by=staff, reason=REASON)
        with Unchanged(), pytest.raises(DomainError):
            services.renew_correction(link)

    def test_cancelling_ends_the_link(self, returned, staff):
        services.cancel_application(returned, by=staff, reason=REASON)
        assert not links.is_open(correction(returned))
