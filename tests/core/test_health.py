"""The probes for machines, and the page of the system's state for the secretariat."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from core import daily, health
from core.audit.seals import seal_until
from core.enums import MailKind, MailState
from core.mail import queue
from core.middleware import ProbesMiddleware
from core.models import AuditSeal, DailyRun, Heartbeat, OutboxMail
from tests.core.sealing import NOV_1, NOV_2, changed, noon, written
from tests.factories.core import HeartbeatFactory
from tests.secretariat import client_for, secretary, secretary_client

# Five of them are the session, the user, the seats and the rights; two are about the search.
QUERIES_OF_THE_PAGE = 17
ALL_WELL = dict.fromkeys(("database", "migrations", "worker", "outbox", "disk"), "ok")


@contextmanager
def database_away() -> Iterator[None]:
    """Every query fails."""

    def refuse(run, sql, params, many, context):
        raise OperationalError("connection to server at db.example.lg.jp failed: secret")

    with connection.execute_wrapper(refuse):
        yield


def due_since(minutes: int, **columns: object) -> OutboxMail:
    """A mail that should have left so many minutes ago."""
    mail = queue(f"test:{minutes}", to="a@example.jp", subject="見本", body="見本")
    moment = timezone.now() - timedelta(minutes=minutes)
    OutboxMail.objects.filter(pk=mail.pk).update(next_try_at=moment, **columns)
    return mail


def checks_of(client: Client) -> tuple[int, dict[str, str]]:
    response = client.get("/readyz")
    return response.status_code, response.json()["checks"]


class TestHealthz:
    def test_healthz_answers_without_asking_anything(self, client):
        """Without the mark of the database a query would raise."""
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok\n")
        assert "no-store" in response["Cache-Control"]
        assert "sessionid" not in response.cookies

    @pytest.mark.django_db
    def test_it_answers_while_the_database_is_away(self, client):
        with database_away():
            assert client.get("/healthz").status_code == 200

    def test_it_answers_by_address_over_plain_http_and_during_maintenance(
        self, client, settings, tmp_path
    ):
        settings.SECURE_SSL_REDIRECT = True
        settings.ALLOWED_HOSTS = ["renkei.example.lg.jp"]
        settings.DATA_DIR = tmp_path
        (tmp_path / "maintenance").touch()
        response = client.get("/healthz", headers={"host": "10.0.0.5:8000"})
        assert response.status_code == 200

    @pytest.mark.parametrize("address", ["/healthz", "/readyz"])
    def test_probes_are_only_read(self, client, address):
        assert client.post(address).status_code == 405


@pytest.mark.django_db
class TestReadyz:
    def test_readyz_says_that_all_is_well_with_three_queries(
        self, client, django_assert_num_queries
    ):
        HeartbeatFactory()
        assert checks_of(client) == (200, ALL_WELL)
        with django_assert_num_queries(3):
            response = client.get("/readyz")
        assert response.json()["status"] == "ok"
        assert "no-store" in response["Cache-Control"]

    def test_without_a_database_the_disk_alone_is_known(self, client):
        with database_away():
            response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json() == {
            "status": "failing",
            "checks": dict.fromkeys(ALL_WELL, "failing") | {"disk": "ok"},
        }

    def test_a_migration_that_is_missing_fails(self, client):
        HeartbeatFactory()
        MigrationRecorder.Migration.objects.filter(app="core", name="0003_seals").delete()
        assert checks_of(client) == (503, ALL_WELL | {"migrations": "failing"})
        assert health.missing_migrations() == [("core", "0003_seals")]

    def test_a_worker_that_is_silent_fails(self, client):
        assert checks_of(client) == (503, ALL_WELL | {"worker": "failing"})
        HeartbeatFactory(seen_at=timezone.now() - timedelta(minutes=4))
        assert checks_of(client) == (503, ALL_WELL | {"worker": "failing"})
        Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
        assert checks_of(client)[0] == 200

    @pytest.mark.parametrize(
        ("minutes", "columns", "state"),
        [
            (20, {}, "failing"),
            (10, {}, "ok"),
            (-10, {}, "ok"),
            (20, {"state": MailState.SENT}, "ok"),
            (20, {"kind": MailKind.BULK}, "ok"),
            (20, {"kind": MailKind.SECRET}, "failing"),
        ],
    )
    def test_mail_that_is_due_for_long_fails(self, client, minutes, columns, state):
        HeartbeatFactory()
        due_since(minutes, **columns)
        assert checks_of(client)[1] == ALL_WELL | {"outbox": state}

    def test_a_mail_server_that_is_away_for_long_fails(self, client):
        since = timezone.now() - timedelta(minutes=20)
        HeartbeatFactory(trouble="421 busy", trouble_since=since)
        response = client.get("/readyz")
        assert response.json()["checks"] == ALL_WELL | {"outbox": "failing"}
        assert "421" not in response.content.decode()

    def test_a_full_disk_fails(self, client, monkeypatch, settings, tmp_path):
        HeartbeatFactory()
        monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
        assert checks_of(client) == (503, ALL_WELL | {"disk": "failing"})
        settings.DATA_DIR = tmp_path / "nowhere"
        assert health.free_bytes() == 0

    def test_what_fails_stands_in_the_log_by_its_name(self, client, caplog):
        client.get("/readyz")
        [message] = [r.getMessage() for r in caplog.records if r.name == "core.probes"]
        assert message == "not ready: worker"


def test_only_the_two_addresses_are_answered_early():
    def later(request):
        return "later"

    middleware = ProbesMiddleware(later)
    for address in ("/", "/healthz/", "/readyz/x", "/HEALTHZ"):
        assert middleware(RequestFactory().get(address)) == "later"


# --- システムの状態 -------------------------------------------------------------------------


@pytest.fixture
def page(settings) -> Callable[[], dict[str, tuple[bool | None, str]]]:
    """The page's lines: what each says, and whether it is well."""
    settings.SECRETARIAT_MAIL = "jimukyoku@example.lg.jp"
    user = secretary("閲覧").user

    def read() -> dict[str, tuple[bool | None, str]]:
        # A new login each time: a session does not outlive the days that a test travels.
        response = client_for(user).get(reverse("admin:system_state"))
        assert response.status_code == 200
        facts = [fact for section in response.context["sections"] for fact in section.facts]
        assert response.context["doubtful"] == sum(fact.is_well is False for fact in facts)
        return {fact.label: (fact.is_well, fact.text) for fact in facts}

    return read


@pytest.mark.django_db
class TestSystemState:
    def test_system_state_says_that_all_is_well(self, page):
        with time_machine.travel(noon(NOV_2), tick=False):
            HeartbeatFactory()
            daily.run()
            lines = page()
        assert {label for label, (well, _) in lines.items() if well is False} == set()
        assert lines["裏で動く処理（ワーカー）"] == (
            True,
            "最後の応答：2026年（令和8年）11月2日 12時00分",
        )
        assert lines["毎日の処理"] == (True, "2026年（令和8年）11月2日の分が終わりました")
        seal = AuditSeal.objects.get()
        assert lines["最後の封印"] == (True, f"2026年（令和8年）11月1日　{seal.value}")
        assert "異常なし：" in lines["最後の検証"][1]
        assert lines["送信待ち"] == (None, "1通")
        assert lines["検索の索引"] == (True, "すべての提案が入っています")

    def test_it_says_in_words_what_is_not_well_and_what_to_do(self, page, settings):
        settings.SECRETARIAT_MAIL = ""
        since = timezone.now() - timedelta(minutes=20)
        HeartbeatFactory(seen_at=since, trouble="421 busy", trouble_since=since)
        # A job that has failed waits for itself; the others go on.
        DailyRun.objects.create(name="core.mail", day=NOV_1, attempts=1)
        DailyRun.objects.create(name="core.tasks", day=NOV_2, done_at=timezone.now())
        due_since(20)
        uncertain = {"state": MailState.UNCERTAIN, "claimed_at": timezone.now()}
        due_since(30, **uncertain)
        lines = page()
        assert {label for label, (well, _) in lines.items() if well is False} >= {
            "裏で動く処理（ワーカー）",
            "毎日の処理",
            "メールサーバー",
            "送信の遅れ",
            "要確認",
            "封印の送り先",
        }
        assert lines["要確認"][1] == "1通（この7日間に1通）"
        html = secretary_client("閲覧").get(reverse("admin:system_state")).content.decode()
        assert (
            "メールの送信と毎日の処理が止まっています。サーバーの担当者に連絡してください。" in html
        )
        assert "core.mail" in html

    def test_tampering_that_was_found_is_shown(self, page):
        entry = written(NOV_1)
        with time_machine.travel(noon(NOV_2), tick=False):
            seal_until(NOV_1)
            changed(entry, reason="x")
            daily.run()
            well, text = page()["最後の検証"]
        assert well is False
        assert f"異常あり：2026年（令和8年）11月1日の操作記録{entry.pk}番は" in text

    def test_seals_that_are_late_are_shown(self, page):
        written(NOV_1)
        with time_machine.travel(noon(NOV_2), tick=False):
            assert page()["最後の封印"] == (False, "ありません")
            seal_until(NOV_1)
        with time_machine.travel(noon(NOV_2) + timedelta(days=2), tick=False):
            assert page()["最後の封印"][0] is False

    def test_the_period_of_personal_values_is_shown(self, page, settings):
        assert page()["個人の情報の保存期間"][1].startswith("定められていません。")
        settings.PERSONAL_RETENTION_DAYS = 1825
        assert page()["個人の情報の保存期間"] == (None, "1,825日")

    def test_its_words_do_not_rely_on_colour_and_every_line_has_its_place(self, page):
        response = secretary_client("閲覧").get(reverse("admin:system_state"))
        html = response.content.decode()
        assert html.count('<strong class="state state--') > 3
        for word in ("正常</strong>", "確認が必要</strong>"):
            assert word in html
        assert " style=" not in html
        assert reverse("admin:core_outboxmail_changelist") + "?state__exact=uncertain" in html

    @pytest.mark.parametrize("mails", [1, 3])
    def test_it_costs_the_same_however_much_there_is(self, mails, django_assert_num_queries):
        HeartbeatFactory()
        for minutes in range(mails):
            due_since(minutes)
        client, address = secretary_client("閲覧"), reverse("admin:system_state")
        client.get(address)
        with django_assert_num_queries(QUERIES_OF_THE_PAGE):
            client.get(address)

    def test_the_first_page_of_the_admin_leads_there(self):
        html = secretary_client("閲覧").get(reverse("admin:index")).content.decode()
        assert f'href="{reverse("admin:system_state")}"' in html

    def test_nobody_else_opens_it(self, client, client_of, lead):
        assert client.get(reverse("admin:system_state")).status_code == 302
        assert client_of(lead).get(reverse("admin:system_state"), follow=True).status_code == 403


def test_the_size_of_a_directory_is_that_of_its_files(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"1")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    assert health.used_bytes(tmp_path) >= 6
    assert health.used_bytes(tmp_path / "gone") == 0
