"""Applications: made, corrected, settled."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import links
from core.audit import history_of
from core.dates import today
from core.errors import DomainError, NotAllowed, StaleVersion
from core.models import AuditEntry, AuditPersonal, MailLink, OutboxMail
from members import services
from members.emails import CORRECTION
from members.enums import (
    APPLICATION_MOVES,
    Action,
    ApplicationMove,
    ApplicationStatus,
    Role,
)
from members.models import Application, Organization
from members.services import Person, WrongCode
from tests.factories.members import (
    ApplicationFactory,
    MembershipFactory,
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
    WardFactory,
)
from tests.members.joining.applying import (
    DEPUTY,
    LEAD,
    PEOPLE,
    Unchanged,
    answers,
    applied,
    call,
    hakui,
    send_code,
    subjects,
)

pytestmark = pytest.mark.django_db

REASON = "部署名を正式な名前に直してください。"


@pytest.fixture
def town() -> Organization:
    return hakui()


@pytest.fixture
def application(town) -> Application:
    return applied(town)


class TestApply:
    def test_what_was_typed_is_kept_and_both_sides_are_told(self, town, settings):
        settings.SECRETARIAT_MAIL = "jimukyoku@example.jp"
        application = applied(town)
        application = Application.objects.get(pk=application.pk)
        assert (application.organization, application.status) == (town, ApplicationStatus.APPLIED)
        assert application.office_name == "総合政策課"
        assert [theme.name for theme in application.themes.all()] == ["産業"]
        people = [(person.role, person.email, str(person)) for person in application.people.all()]
        assert people == [(Role.LEAD, LEAD, "羽咋 花子"), (Role.DEPUTY, DEPUTY, "能登 次郎")]
        number = application.number
        assert subjects() == [
            "会員登録申請の番号",
            f"会員登録申請を受け付けました（{number}）",
        ]
        assert subjects("jimukyoku@example.jp") == [f"会員登録申請が届きました（{number}）"]
        assert subjects(DEPUTY) == []

    def test_the_mails_say_what_happens_next_and_nothing_personal_to_the_secretariat(
        self, town, settings
    ):
        settings.SECRETARIAT_MAIL = "jimukyoku@example.jp"
        application = applied(town)
        body = OutboxMail.objects.filter(to=LEAD).latest("pk").body
        for said in ("羽咋 花子 様", application.number, "確認のお電話", "石川県羽咋市"):
            assert said in body
        told = OutboxMail.objects.get(to="jimukyoku@example.jp").body
        assert f"/admin/members/application/{application.pk}/change/" in told
        assert "花子" not in told
        assert LEAD not in told

    def test_without_an_address_of_the_secretariat_only_the_applicant_is_told(self, application):
        assert set(OutboxMail.objects.values_list("to", flat=True)) == {LEAD}

    def test_the_history_keeps_people_and_numbers_apart(self, application):
        [entry] = history_of(application)
        assert (entry.action, entry.actor_role) == (Action.APPLY, "申請者")
        assert entry.changes["office_name"] == ["", "総合政策課"]
        assert not {"people", "phone"} & entry.changes.keys()
        kept = AuditPersonal.objects.get(entry=entry).values
        assert kept["actor"] == "羽咋 花子"
        assert LEAD in kept["people"][1][0]

    def test_a_code_is_used_once(self, town):
        code = send_code(town)
        services.apply(town, answers=answers(), people=PEOPLE, code=code)
        Application.objects.update(status=ApplicationStatus.REJECTED)
        with Unchanged(), pytest.raises(WrongCode):
            services.apply(town, answers=answers(), people=PEOPLE, code=code)

    def test_codes_of_others_do_not_count(self, town):
        other = OrganizationFactory()
        codes = [
            "",
            "K7QM-4XPR",
            send_code(town, "someone@example.jp"),
            send_code(other),
        ]
        for code in codes:
            with Unchanged(), pytest.raises(WrongCode):
                services.apply(town, answers=answers(), people=PEOPLE, code=code)

    def test_a_code_holds_for_an_hour(self, town, time_machine):
        time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
        code = send_code(town)
        assert services.has_application_code(town, LEAD)
        time_machine.move_to("2026-11-22 11:00+09:00", tick=False)
        assert not services.has_application_code(town, LEAD)
        with pytest.raises(WrongCode):
            services.apply(town, answers=answers(), people=PEOPLE, code=code)

    def test_a_new_code_ends_the_earlier_one(self, town):
        first, second = send_code(town), send_code(town)
        with pytest.raises(WrongCode):
            services.apply(town, answers=answers(), people=PEOPLE, code=first)
        services.apply(town, answers=answers(), people=PEOPLE, code=second)

    def test_the_code_is_a_secret_mail_that_expires_with_it(self, town):
        send_code(town)
        mail = OutboxMail.objects.get()
        assert mail.is_secret
        assert mail.expires_at == MailLink.objects.get().expires_at

    @pytest.mark.parametrize(
        ("make", "sentence"),
        [
            (lambda: WardFactory(), "特別区は、会員登録の対象ではありません"),
            (lambda: MembershipFactory().organization, "この団体はすでに会員です"),
            (lambda: ApplicationFactory().organization, "すでに受け付けています"),
            (
                lambda: ApplicationFactory(status=ApplicationStatus.RETURNED).organization,
                "すでに受け付けています",
            ),
        ],
    )
    def test_for_whom_it_is_no_use_it_is_refused(self, make, sentence):
        town = make()
        code = send_code(town)
        with Unchanged(), pytest.raises(DomainError, match=sentence):
            services.apply(town, answers=answers(), people=PEOPLE, code=code)

    @pytest.mark.parametrize(
        "status",
        [ApplicationStatus.REJECTED, ApplicationStatus.CANCELLED],
    )
    def test_a_former_member_and_whoever_was_refused_may_apply(self, town, status):
        MembershipFactory(organization=town, left=today() - timedelta(days=1))
        ApplicationFactory(organization=town, status=status)
        assert applied(town).status == ApplicationStatus.APPLIED

    def test_the_database_keeps_one_open_application(self, application):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApplicationFactory(organization=application.organization)


class TestMoves:
    """Every state with every move: what the table allows, and nothing else."""

    ACTS = {
        ApplicationMove.SEND_BACK: lambda row, by: services.send_back_application(
            row, by=by, reason=REASON
        ),
        ApplicationMove.REJECT: lambda row, by: services.reject_application(
            row, by=by, reason=REASON
        ),
        ApplicationMove.CANCEL: lambda row, by: services.cancel_application(
            row, by=by, reason=REASON
        ),
        ApplicationMove.APPROVE: lambda row, by: services.approve_application(
            row, call=call(), by=by
        ),
        ApplicationMove.APPLY: lambda row, by: services.apply_again(
            row,
            answers=answers(),
            people=[Person(Role.LEAD, row.lead.email)],
            link=links.issue(
                CORRECTION,
                row,
                to=row.lead.email,
                expires_at=timezone.now() + timedelta(days=1),
            ).link,
        ),
    }

    @pytest.mark.parametrize("move", ApplicationMove)
    @pytest.mark.parametrize("status", ApplicationStatus)
    def test_only_what_the_table_allows_happens(self, status, move, staff):
        row = ApplicationFactory(status=ApplicationStatus.APPLIED)
        if status == ApplicationStatus.APPROVED:
            membership = MembershipFactory(organization=row.organization)
            Application.objects.update(status=status, membership=membership)
        Application.objects.update(status=status)
        target = APPLICATION_MOVES.get((status, move))
        if target is None:
            links_before = MailLink.objects.count()
            mails = OutboxMail.objects.count()
            with pytest.raises(DomainError, match=f"「{status.label}」のため"):
                self.ACTS[move](row, staff)
            row.refresh_from_db()
            assert row.status == status
            assert OutboxMail.objects.count() == mails
            assert MailLink.objects.filter(used_at=None).count() >= links_before
            assert not AuditEntry.objects.exists()
        else:
            assert self.ACTS[move](row, staff).status == target
            row.refresh_from_db()
            assert (row.status, row.version) == (target, 2)
            assert OutboxMail.objects.filter(to=row.lead.email).exists()
            assert AuditEntry.objects.exists()

    @pytest.mark.parametrize("move", [move for move in ACTS if move != ApplicationMove.APPLY])
    def test_nobody_but_the_secretariat_settles(self, application, move, lead):
        with Unchanged(), pytest.raises(NotAllowed):
            self.ACTS[move](application, lead)

    @pytest.mark.parametrize(
        "act",
        [
            services.send_back_application,
            services.reject_application,
            services.cancel_application,
        ],
    )
    def test_a_no_has_a_reason_and_the_version_that_was_read(self, application, act, staff):
        with Unchanged(), pytest.raises(DomainError, match="理由を入力してください"):
            act(application, by=staff, reason=" ")
        with Unchanged(), pytest.raises(StaleVersion):
            act(application, by=staff, reason=REASON, version=7)
        with Unchanged(), pytest.raises(StaleVersion):
            services.approve_application(application, call=call(), by=staff, version=7)

    def test_a_refusal_says_why_to_the_applicant_alone(self, application, staff):
        services.reject_application(application, by=staff, reason=REASON)
        mail = OutboxMail.objects.latest("pk")
        assert (mail.to, REASON in mail.body) == (LEAD, True)
        entry = history_of(application).first()
        assert (entry.action, entry.reason) == (Action.REJECT_APPLICATION, REASON)


class TestApprove:
    def test_the_organization_is_a_member_with_office_profile_and_invitations(
        self, application, staff
    ):
        approved = services.approve_application(application, call=call(), by=staff)
        town = Organization.objects.get(pk=application.organization_id)
        membership = town.memberships.get()
        assert (membership.joined, membership.left) == (today(), None)
        assert approved.membership == membership
        office = town.offices.get()
        assert (office.name, office.is_main, office.phone) == ("総合政策課", True, "0767-22-1111")
        assert office.confirmed_by == "石川県羽咋市　総合政策課"
        assert town.seeks == "農産物の販路を探しています。"
        assert [theme.name for theme in town.themes.all()] == ["産業"]
        offered = [(row.role, row.email) for row in office.invitations.order_by("pk")]
        assert offered == [(Role.LEAD, LEAD), (Role.DEPUTY, DEPUTY)]
        assert subjects()[-1] == "会員登録が承認されました"
        assert len(subjects(DEPUTY)) == 1
        actions = AuditEntry.objects.values_list("action", flat=True)
        assert {
            Action.OPEN_MEMBERSHIP,
            Action.OPEN_OFFICE,
            Action.APPROVE_APPLICATION,
            Action.INVITE,
        } <= set(actions)

    def test_who_called_whom_is_kept(self, application, staff):
        made = call()
        approved = services.approve_application(application, call=made, by=staff)
        assert (approved.called_at, approved.called_number) == (made.at, "0767-22-1111")
        assert approved.called_whom == "総務課 千里さん"
        assert staff.user.display_name in approved.called_by
        entry = AuditEntry.objects.get(action=Action.APPROVE_APPLICATION)
        assert "called_whom" not in entry.changes
        assert AuditPersonal.objects.get(entry=entry).values["called_whom"][1] == "総務課 千里さん"

    @pytest.mark.parametrize(
        "missing",
        [
            {"number": " "},
            {"whom": ""},
            {"at": timezone.now() + timedelta(days=1)},
        ],
    )
    def test_without_the_call_nothing_is_approved(self, application, staff, missing):
        with Unchanged(), pytest.raises(DomainError, match="電話"):
            services.approve_application(application, call=call(**missing), by=staff)

    def test_what_cannot_be_done_whole_is_not_done_at_all(self, application, staff):
        membership = MembershipFactory(organization=application.organization)
        with Unchanged(), pytest.raises(DomainError, match="すでに会員です"):
            services.approve_application(application, call=call(), by=staff)
        membership.delete()
        SeatFactory(user__email=DEPUTY, user__is_active=False)
        with Unchanged(), pytest.raises(DomainError):
            services.approve_application(application, call=call(), by=staff)

    def test_an_office_of_that_name_is_taken_up_again(self, town, staff):
        MembershipFactory(organization=town, joined=date(2016, 4, 1), left=date(2020, 3, 31))
        former = OfficeFactory(organization=town, name="総合政策課", phone="0767-00-0000")
        services.approve_application(applied(town), call=call(), by=staff)
        office = town.offices.get()
        assert (office.pk, office.phone, office.version) == (former.pk, "0767-22-1111", 2)
        assert town.memberships.count() == 2

    def test_another_main_office_stays_as_one_of_the_others(self, town, staff):
        former = OfficeFactory(organization=town, name="企画課")
        services.approve_application(applied(town), call=call(), by=staff)
        former.refresh_from_db()
        assert not former.is_main
        assert town.offices.get(is_main=True).name == "総合政策課"
