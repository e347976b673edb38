"""``manage.py demo`` refuses in one sentence, before it touches anything."""

import socket

import pytest
from django.core.management import CommandError, call_command

from portal.management.commands.demo import table


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_named_with_the_way_out(taken_port, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "untouched"
    with pytest.raises(CommandError) as refusal:
        call_command("demo", port=str(taken_port))
    assert str(refusal.value) == (
        f"Port {taken_port} cannot be used (Address already in use); "
        "choose another: PORT=8123 make demo"
    )
    assert not settings.DATA_DIR.exists()


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(CommandError, match=r"^PORT must be a number from 1 to 65535, not"):
        call_command("demo", port=port)


def test_production_refuses(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="does not run where RENKEI_ENV=production"):
        call_command("demo", port="8000")


def test_the_table_aligns_full_width_words():
    assert table([("主担当", "a@example.jp", "x"), ("事務局（全体）", "b@example.jp", "y")]) == [
        "  主担当          a@example.jp  x",
        "  事務局（全体）  b@example.jp  y",
    ]
