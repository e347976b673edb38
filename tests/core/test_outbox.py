"""The outbox: what is queued, how it is laid out, and what the secretariat may do with it."""

import email
import email.policy
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import mail
from core.audit import System
from core.enums import MAIL_MOVES, Action, MailKind, MailMove, MailState
from core.errors import DomainError
from core.mail import sending
from core.mail.layout import WIDTH, columns, laid_out
from core.mail.messages import message_of
from core.models import AuditEntry, OutboxMail, UndeliverableAddress

pytestmark = pytest.mark.django_db

BY = System("見本")
LONG_URL = "https://renkei.example.lg.jp/proposals/12345/?from=mail&token=" + "a1b2c3d4" * 12


def queued(key: str = "test:1", **values) -> OutboxMail:
    given = {"to": "lead@example.lg.jp", "subject": "返信がありました", "body": "本文です。"}
    return mail.queue(key, **(given | values))


def in_state(state: MailState, **values) -> OutboxMail:
    row = queued(**values)
    OutboxMail.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    return row


class TestQueue:
    def test_the_same_key_twice_is_one_mail(self):
        first = queued("proposals.reply:12:seat:3")
        again = queued("proposals.reply:12:seat:3", subject="別の件名")
        assert again == first
        assert OutboxMail.objects.get().subject == "返信がありました"

    def test_it_stands_or_falls_with_what_it_tells_of(self):
        def event() -> None:
            with transaction.atomic():
                queued()
                raise DomainError("それはできません")

        with pytest.raises(DomainError):
            event()
        assert not OutboxMail.objects.exists()

    def test_it_waits_for_the_worker(self, mailoutbox):
        row = queued(to=" Ｌｅａｄ@Example.LG.jp ")
        assert (row.state, row.to, row.attempts) == (MailState.NEW, "lead@example.lg.jp", 0)
        assert mailoutbox == []
        assert sending.drain() == 1
        assert [message.to for message in mailoutbox] == [["lead@example.lg.jp"]]

    def test_bulk_mail_is_held_until_it_is_released(self, mailoutbox):
        row = queued(kind=MailKind.BULK, mailing="年度確認2027")
        assert row.state == MailState.HELD
        assert sending.drain() == 0
        assert mailoutbox == []

    @pytest.mark.parametrize("address", ["", "見本", "a@b@c", "lead@", "x" * 300 + "@example.jp"])
    def test_a_bad_address_stops_nobody_else(self, address):
        rows = [queued("a", to=address), queued("b")]
        assert [row.state for row in rows] == [MailState.UNSENT, MailState.NEW]
        assert rows[0].last_error == "メールアドレスの形が正しくありません"

    def test_nothing_but_codes_goes_to_a_marked_address(self):
        mail.mark_undeliverable("lead@example.lg.jp", by=BY, reason="退職")
        kinds = (MailKind.NORMAL, MailKind.BULK, MailKind.SECRET)
        rows = [queued(f"key:{kind}", kind=kind) for kind in kinds]
        assert [row.state for row in rows] == ["unsent", "unsent", "new"]
        assert rows[0].last_error == "不達と記録されたアドレスです"

    def test_a_subject_smuggles_no_header_in(self):
        row = queued(subject="返信\r\nBcc: spy@example.com\n がありました" + "あ" * 300)
        assert row.subject.startswith("返信 Bcc: spy@example.com がありました")
        assert len(row.subject) == 200
        message = message_of(row).message()
        assert message["Bcc"] is None
        assert message["To"] == "lead@example.lg.jp"

    def test_bulk_mail_that_was_read_before_is_not_held(self, mailoutbox):
        held = queued(kind=MailKind.BULK)
        queued("test:2", kind=MailKind.BULK, hold=False, to="deputy@example.lg.jp")
        assert sending.drain() == 1
        assert [message.to for message in mailoutbox] == [["deputy@example.lg.jp"]]
        held.refresh_from_db()
        assert held.state == MailState.HELD


class TestQueueAll:
    def test_each_is_written_as_if_it_were_alone(self):
        mail.mark_undeliverable("dead@example.lg.jp", by=BY, reason="宛先なし")
        parts = {"subject": "件名\n二行目", "body": "長い本文です。" * 20}
        letters = [
            mail.Letter("a:1", " Ｌｅａｄ@Example.LG.jp ", **parts),
            mail.Letter("a:2", "dead@example.lg.jp", **parts),
            mail.Letter("a:3", "no address", **parts),
            mail.Letter("a:4", "bulk@example.lg.jp", **parts, kind=MailKind.BULK, mailing="M"),
            mail.Letter("a:5", "bulk@example.lg.jp", **parts, kind=MailKind.BULK, hold=False),
            mail.Letter("a:6", "dead@example.lg.jp", **parts, kind=MailKind.SECRET),
        ]
        assert mail.queue_all(letters) == len(letters)
        for letter in letters:
            mail.queue(**{**vars(letter), "key": f"one {letter.key}"})
        columns_ = ("kind", "state", "mailing", "to", "subject", "body", "last_error")
        rows = OutboxMail.objects.order_by("pk")
        together = rows.filter(key__startswith="a:").values_list(*columns_)
        assert list(together) == list(rows.filter(key__startswith="one").values_list(*columns_))

    def test_a_known_key_is_not_written_again(self):
        first = queued("a:1")
        letters = [mail.Letter(key, "x@example.lg.jp", "件名", "本文") for key in ("a:1", "a:2")]
        assert mail.queue_all([*letters, letters[1]]) == 1
        assert OutboxMail.objects.get(key="a:1").to == first.to
        assert OutboxMail.objects.count() == 2

    @pytest.mark.parametrize("number", [1, 3])
    def test_queries(self, number, django_assert_num_queries):
        letters = [
            mail.Letter(f"a:{n}", f"x{n}@example.lg.jp", "件名", "本文") for n in range(number)
        ]
        # known keys, marked addresses, the mails; Django's own savepoint around them
        with django_assert_num_queries(3):
            mail.queue_all(letters)


class TestMessage:
    def sent(self, row: OutboxMail) -> email.message.EmailMessage:
        content = message_of(row).message(policy=email.policy.SMTP).as_bytes()
        content.decode("ascii")  # seven bits, for every relay
        assert max(map(len, content.splitlines())) <= 78
        return email.message_from_bytes(content, policy=email.policy.default)

    def test_it_is_plain_text_and_comes_back_as_written(self):
        body = "".join(f"{number}行目：①㈱～〜髙﨑𠮷𩸽\n" for number in range(30)) + LONG_URL
        message = self.sent(queued(subject="年度実績の確認をお願いします" * 5, body=body))
        assert message.get_content_type() == "text/plain"
        assert message.get_content_charset() == "utf-8"
        assert message.get_content().replace("\r\n", "\n") == f"{body}\n"
        assert message["Subject"] == "年度実績の確認をお願いします" * 5
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Unsubscribe"] is None

    def test_its_message_id_is_ours_and_the_same_at_every_attempt(self, settings, time_machine):
        settings.DEFAULT_FROM_EMAIL = "連携プロジェクト <renkei@tokyo23.example.jp>"
        time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
        row = queued()
        first = self.sent(row)
        time_machine.shift(timedelta(hours=1))
        again = self.sent(OutboxMail.objects.get(pk=row.pk))
        assert first["Message-ID"] == again["Message-ID"]
        assert first["Message-ID"].endswith("@tokyo23.example.jp>")
        assert first["Date"] == "Sun, 22 Nov 2026 10:00:00 +0900"
        assert again["Date"] == "Sun, 22 Nov 2026 11:00:00 +0900"
        assert self.sent(queued("other"))["Message-ID"] != first["Message-ID"]

    def test_a_way_to_unsubscribe_stands_in_the_head(self):
        url = "https://renkei.example.lg.jp/u/abcd-1234/"
        message = self.sent(queued(unsubscribe_url=url))
        assert message["List-Unsubscribe"] == f"<{url}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_one_click_needs_https(self):
        message = self.sent(queued(unsubscribe_url="http://127.0.0.1:8000/u/abcd-1234/"))
        assert message["List-Unsubscribe"] == "<http://127.0.0.1:8000/u/abcd-1234/>"
        assert message["List-Unsubscribe-Post"] is None


class TestLayout:
    def test_short_lines_stay_as_they_were_written(self):
        text = "見本 花子 様\n\n　字下げした行\n-- \n日時　　2026年11月22日"
        assert laid_out(text) == text

    def test_long_lines_are_folded_where_japanese_may_break(self):
        text = "この連携提案には、まだ回答がありません。" * 9 + "（以上）"
        lines = laid_out(text).split("\n")
        assert "".join(lines) == text
        assert all(columns(line) <= WIDTH for line in lines)
        assert not any(line[0] in "、。）」" or line[-1] in "（「" for line in lines)

    def test_words_and_numbers_are_not_torn(self):
        text = "お問い合わせは special-ward-project@example.lg.jp まで、2027年3月31日までに。" * 3
        lines = laid_out(text).split("\n")
        assert sum(line.count("special-ward-project@example.lg.jp") for line in lines) == 3
        assert all(columns(line) <= WIDTH for line in lines)

    def test_a_url_stands_alone_and_whole(self):
        text = f"内容は、次のページで確認できます：{LONG_URL}（期限：3月31日）"
        assert laid_out(text).split("\n") == [
            "内容は、次のページで確認できます：",
            LONG_URL,
            "（期限：3月31日）",
        ]

    def test_two_urls_and_the_sentence_around_them(self):
        text = "https://example.jp/a と https://example.jp/b。"
        assert laid_out(text).split("\n") == [
            "https://example.jp/a",
            "と",
            "https://example.jp/b",
            "。",
        ]

    def test_a_very_long_word_stays_whole(self):
        word = "x" * 100
        assert laid_out(f"番号は{word}です") == f"番号は\n{word}\nです"

    def test_every_kind_of_line_end_is_one(self):
        assert laid_out("一\r\n二\r三\n") == "一\n二\n三\n"


class TestMoves:
    SERVICES = {
        MailMove.RELEASE: lambda row: mail.release(row, by=BY),
        MailMove.CANCEL: lambda row: mail.cancel(row, by=BY, reason="誤り"),
        MailMove.RESEND: lambda row: mail.resend(row, by=BY),
    }
    ACTIONS = {
        MailMove.RELEASE: Action.RELEASE_MAIL,
        MailMove.CANCEL: Action.CANCEL_MAIL,
        MailMove.RESEND: Action.RESEND_MAIL,
    }

    @pytest.mark.parametrize("state", MailState)
    @pytest.mark.parametrize("move", MailMove)
    def test_each_state_allows_what_the_table_says(self, state, move, mailoutbox):
        row = in_state(state)
        target = MAIL_MOVES.get((state, move))
        if target is None:
            with pytest.raises(DomainError, match=f"「{state.label}」のため"):
                self.SERVICES[move](row)
            assert not AuditEntry.objects.exists()
        else:
            assert self.SERVICES[move](row).state == target
            entry = AuditEntry.objects.get()
            assert (entry.action, entry.changes["state"]) == (self.ACTIONS[move], [state, target])
            assert row.to not in f"{entry.object_label}{entry.changes}"
        row.refresh_from_db()
        assert row.state == (target or state)
        assert mailoutbox == []

    def test_a_resent_mail_begins_anew(self, mailoutbox):
        row = in_state(MailState.FAILED)
        OutboxMail.objects.filter(pk=row.pk).update(
            attempts=13, next_try_at=timezone.now() + timedelta(days=1)
        )
        mail.resend(row, by=BY)
        assert AuditEntry.objects.get().changes["attempts"] == [13, 0]
        assert sending.drain() == 1
        row.refresh_from_db()
        assert (row.state, row.attempts) == (MailState.SENT, 1)
        assert len(mailoutbox) == 1

    def test_a_secret_one_is_never_resent(self):
        row = queued(kind=MailKind.SECRET)
        OutboxMail.objects.filter(pk=row.pk).update(state=MailState.FAILED, body="")
        with pytest.raises(DomainError, match="番号のメールは送り直せません"):
            mail.resend(row, by=BY)
        row.refresh_from_db()
        assert row.state == MailState.FAILED

    def test_nothing_is_resent_to_a_marked_address(self):
        row = in_state(MailState.FAILED)
        marked = mail.mark_undeliverable(row.to, by=BY, reason="宛先不明")
        with pytest.raises(DomainError, match="不達と記録されたアドレスです。先に不達を解除"):
            mail.resend(row, by=BY)
        mail.clear_undeliverable(marked, by=BY, reason="届くようになった")
        assert mail.resend(row, by=BY).state == MailState.NEW

    def test_a_cancelled_secret_loses_its_body(self):
        row = mail.cancel(queued(kind=MailKind.SECRET), by=BY, reason="誤り")
        assert (row.state, row.body) == (MailState.CANCELLED, "")

    def test_cancelling_asks_for_a_reason(self):
        row = queued()
        with pytest.raises(DomainError, match="理由を入力してください"):
            mail.cancel(row, by=BY, reason=" ")
        row.refresh_from_db()
        assert row.state == MailState.NEW

    def test_a_settled_secret_with_a_body_cannot_be_kept(self):
        row = queued(kind=MailKind.SECRET)
        with pytest.raises(IntegrityError), transaction.atomic():
            OutboxMail.objects.filter(pk=row.pk).update(state=MailState.SENT)


class TestMailing:
    @pytest.fixture
    def held(self) -> list[OutboxMail]:
        return [
            queued(f"news:7:{number}", kind=MailKind.BULK, mailing="お知らせ7")
            for number in range(3)
        ]

    def test_it_is_released_as_a_whole(self, held, mailoutbox):
        other = queued("news:8:1", kind=MailKind.BULK, mailing="お知らせ8")
        assert mail.release_mailing("お知らせ7", by=BY) == 3
        assert sending.drain() == 3
        entry = AuditEntry.objects.get()
        assert entry.action == Action.RELEASE_MAILING
        assert entry.changes == {"お知らせ7": [None, "3通"]}
        other.refresh_from_db()
        assert other.state == MailState.HELD

    def test_one_mail_may_go_ahead(self, held, mailoutbox):
        mail.release(held[0], by=BY)
        assert sending.drain() == 1
        assert mail.release_mailing("お知らせ7", by=BY) == 2

    def test_it_is_cancelled_as_a_whole(self, held, mailoutbox):
        assert mail.cancel_mailing("お知らせ7", by=BY, reason="文面の誤り") == 3
        assert AuditEntry.objects.get().changes["理由"] == [None, "文面の誤り"]
        assert sending.drain() == 0

    @pytest.mark.parametrize("mailing", ["", "ない"])
    def test_none_that_is_held_is_refused(self, held, mailing):
        queued("free", kind=MailKind.BULK)
        with pytest.raises(DomainError, match="確認待ちのメールはありません"):
            mail.release_mailing(mailing, by=BY)
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.HELD}
        assert not AuditEntry.objects.exists()


class TestUndeliverable:
    def test_what_waits_for_the_address_is_not_sent(self, mailoutbox):
        waiting = queued("a")
        held = queued("b", kind=MailKind.BULK, mailing="お知らせ7")
        code = queued("c", kind=MailKind.SECRET)
        other = queued("d", to="other@example.lg.jp")
        row = mail.mark_undeliverable(" LEAD@example.lg.jp", by=BY, reason="エラーで戻った")
        assert str(row) == "lead@example.lg.jp"
        states = [OutboxMail.objects.get(pk=one.pk).state for one in (waiting, held, code, other)]
        assert states == ["unsent", "unsent", "new", "new"]
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.reason) == (Action.MARK_UNDELIVERABLE, "エラーで戻った")
        assert entry.personal.values["address"] == ["", "lead@example.lg.jp"]
        assert "lead@" not in f"{entry.object_label}{entry.changes}"

    def test_it_is_marked_once(self):
        mail.mark_undeliverable("lead@example.lg.jp", by=BY, reason="エラーで戻った")
        with pytest.raises(DomainError, match="すでに記録されています"):
            mail.mark_undeliverable("lead@example.lg.jp", by=BY, reason="もう一度")
        assert AuditEntry.objects.count() == 1

    def test_it_is_cleared_with_a_reason(self):
        row = mail.mark_undeliverable("lead@example.lg.jp", by=BY, reason="エラーで戻った")
        with pytest.raises(DomainError, match="理由を入力してください"):
            mail.clear_undeliverable(row, by=BY, reason="")
        assert UndeliverableAddress.objects.exists()
        mail.clear_undeliverable(row, by=BY, reason="届くようになった")
        assert queued().state == MailState.NEW
