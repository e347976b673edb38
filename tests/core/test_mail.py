"""Mail without a mail server."""

import stat

import pytest
from django.core.mail import EmailMessage

from core.mail.backends import PrintAndKeepBackend


@pytest.fixture
def kept(settings, tmp_path):
    settings.KEPT_MAIL_DIR = tmp_path / "var" / "mail"
    return settings.KEPT_MAIL_DIR


def message(number: int) -> EmailMessage:
    return EmailMessage(
        subject=f"ログイン用の番号 {number}",
        body=f"番号は {number} です。",
        from_email="renkei@example.jp",
        to=["lead@example.lg.jp"],
        cc=["deputy@example.lg.jp"],
    )


def test_each_mail_is_printed_and_kept(kept, capsys):
    backend = PrintAndKeepBackend(alias="default")
    assert backend.send_messages([message(111), message(222)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    for number in (111, 222):
        assert f"番号は {number} です。" in printed.err
    first, second = sorted(kept.iterdir())
    assert first.read_text(encoding="utf-8") == (
        "To: lead@example.lg.jp, deputy@example.lg.jp\n"
        "Subject: ログイン用の番号 111\n\n番号は 111 です。"
    )
    assert "222" in second.read_text(encoding="utf-8")


def test_a_kept_mail_is_read_by_its_owner_alone(kept):
    PrintAndKeepBackend(alias="default").send_messages([message(111)])
    [path] = kept.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700


def test_nothing_to_send_makes_no_directory(kept):
    assert PrintAndKeepBackend(alias="default").send_messages([]) == 0
    assert not kept.exists()
