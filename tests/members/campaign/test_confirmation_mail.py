"""The text of a campaign's mails: all that is needed to act, at every step."""

import pytest

from core.addresses import absolute
from core.dates import day_text, start_of, today
from core.enums import MailKind
from core.mail.layout import WIDTH, columns
from core.models import OutboxMail
from members import services
from members.enums import Role, Step, UserKind
from tests.factories.members import (
    CampaignFactory,
    OfficeFactory,
    SeatFactory,
)
from tests.members.campaign.asking import code_to, settle, start

pytestmark = pytest.mark.django_db


def mail_to(address: str) -> OutboxMail:
    return OutboxMail.objects.filter(to=address).latest("pk")


def test_the_first_mail_in_full(office, lead, deputy):
    office.extension = "2315"
    office.save()
    campaign = start(office, opening="年度に一度の確認をお願いします。")
    row = mail_to(lead.user.email)
    code = code_to(lead.user.email)
    assert row.subject == (
        "［特別区全国連携プロジェクト］登録情報の確認のお願い（福井県坂井市 企画政策課）"
    )
    assert row.body == (
        f"""{lead.user.display_name} 様

年度に一度の確認をお願いします。

回答期限　　　{day_text(campaign.deadline)}

いま登録されている内容です。
番号・メールアドレス・氏名は、一部を伏せています。

団体　　　　　福井県坂井市
部署名　　　　企画政策課
郵便番号　　　919-0592
住所　　　　　見本町1-1
電話番号　　　07••-••-••10
内線　　　　　•••5
ファクス　　　登録なし
共用メール　　k•••@example.…
主担当　　　　見••• {lead.user.given_name[0]}•••
副担当　　　　見••• {deputy.user.given_name[0]}•••
最終確認　　　まだ確認されていません

次のページを開いてください。ログインは要りません。
内容が正しいときは、「変更ありません」を押してください。
違うところがあるときは、「修正する」を押してください。

{absolute(f"/c/{code}/")}

番号：{code}
リンクを開けないときは
{absolute("/c/")}
を開き、番号を入力してください。

担当が変わったときは、次のページから後任の方に引き継げます。
ログインが要ります。

{absolute(f"/seats/{lead.pk}/handover/")}

お電話でも承ります。番号はこのメールの終わりにあります。

年に1度の登録情報の確認のため、事務局からお送りしています。
宛先は、福井県坂井市　企画政策課の主担当のアドレスです。

-- 
特別区全国連携プロジェクト（特別区長会・公益財団法人特別区協議会）
会員登録のお問い合わせ　03-5210-9080

"""  # noqa: W291 - the line of a signature ends in a space (RFC 3676 4.3)
    )


def test_each_step_says_why_it_comes(office, lead, deputy, time_machine):
    main = OfficeFactory(organization=office.organization, name="総務課", is_main=False)
    office.is_main = False
    office.save()
    main.is_main = True
    main.save()
    chief = SeatFactory(office=main)
    campaign = start(office, reminder="お早めにお願いします。")
    settle()
    time_machine.move_to(start_of(campaign.desk_on))
    services.remind(today())
    not_yet = "主担当の方からの回答をまだ受け取っていません。"
    expected = {
        lead.user.email: (
            lead.user.display_name + " 様",
            "この部署からの回答を、まだ受け取っていません。",
        ),
        deputy.user.email: (deputy.user.display_name + " 様", not_yet),
        office.email: ("福井県坂井市　企画政策課 御中", not_yet),
        main.email: ("福井県坂井市　総務課 御中", not_yet),
        chief.user.email: (chief.user.display_name + " 様", not_yet),
    }
    asked_of_office = OutboxMail.objects.filter(
        mailing=campaign.mailing(Step.DESK), subject__contains="企画政策課"
    )
    rows = {row.to: row for row in asked_of_office}
    assert rows.keys() == expected.keys()
    for address, (greeting, reason) in expected.items():
        lines = rows[address].body.splitlines()
        assert lines[0] == greeting
        assert "お早めにお願いします。" in lines
        assert reason in lines
        assert "再度のお願い" in rows[address].subject
    assert "福井県坂井市　総務課の代表の部署のアドレス" in rows[main.email].body
    # Only those who sit at the office pass their own seat on.
    may_hand_over = {to for to, row in rows.items() if "/handover/" in row.body}
    assert may_hand_over == {lead.user.email, deputy.user.email}
    assert max(columns(line) for row in rows.values() for line in row.body.splitlines()) <= WIDTH


def test_where_no_lead_is_reached_the_first_mail_says_so(office):
    deputy = SeatFactory(office=office, role=Role.DEPUTY)
    start(office)
    body = mail_to(deputy.user.email).body
    assert "主担当の方にメールをお届けできないため、副担当の方にお送りしています。" in body
    assert "まだ受け取っていません" not in body


def test_a_shared_account_is_addressed_as_its_office(office):
    seat = SeatFactory(office=office, user__kind=UserKind.OFFICE)
    start(office)
    body = mail_to(seat.user.email).body
    assert body.startswith("福井県坂井市　企画政策課 御中\n")
    assert "主担当　　　　共用" in body


def test_nothing_of_the_texts_is_escaped(office, lead):
    start(office, opening="「A&B」の<確認>です。")
    assert "「A&B」の<確認>です。" in mail_to(lead.user.email).body


class TestTrial:
    def test_both_texts_go_to_the_acting_person_alone(self, staff):
        campaign = CampaignFactory(opening="初めの文です。", reminder="2回目の文です。")
        services.send_trial(campaign, by=staff)
        services.send_trial(campaign, by=staff)  # after a correction, say
        first, second, *again = OutboxMail.objects.order_by("pk")
        assert {row.to for row in (first, second, *again)} == {staff.user.email}
        assert (len(again), first.kind) == (2, MailKind.NORMAL)
        for row, text in ((first, "初めの文です。"), (second, "2回目の文です。")):
            assert row.subject.startswith("（見本）")
            assert row.body.startswith("これは見本です。番号は使えません。")
            assert text in row.body

    @pytest.mark.parametrize("step", list(Step))
    def test_a_preview_reads_like_the_mail(self, office, lead, deputy, step):
        campaign = CampaignFactory(opening="初めの文です。", reminder="2回目の文です。")
        body = services.preview_mail(campaign, office, step)
        assert ("初めの文です。" in body) is (step == Step.LEAD)
        assert "07••-••-••10" in body
        assert max(columns(line) for line in body.splitlines()) <= WIDTH
        assert "見本県見本市" in services.preview_mail(campaign, None, step)
        assert not OutboxMail.objects.exists()
