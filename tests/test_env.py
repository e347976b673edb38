"""The options of the environment, their refusals, and the README's table of them."""

import re
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import get_random_string

from renkei.databases import database_from
from renkei.env import BASE_DIR, OPTIONS, Environment, generated_secret

PRODUCTION = {
    "RENKEI_ENV": "production",
    "RENKEI_SECRET_KEY": get_random_string(64),
    "RENKEI_AUDIT_KEY": get_random_string(64),
    "RENKEI_HOSTS": "renkei.example.lg.jp, www.example.lg.jp",
    "DATABASE_URL": "postgresql://renkei:p%40ss@db.example.lg.jp:5433/renkei",
    "RENKEI_MAIL_HOST": "smtp.example.lg.jp",
    "RENKEI_MAIL_FROM": "renkei@example.lg.jp",
    "RENKEI_SECRETARIAT_MAIL": "jimukyoku@example.lg.jp",
}


def test_nothing_set_is_the_embedded_portal():
    env = Environment({})
    assert not env.production
    assert env.data_dir == BASE_DIR / "var"
    assert env.flag("RENKEI_DEBUG") is False
    assert env.list("RENKEI_HOSTS") == ["localhost", "127.0.0.1"]


def test_production_reads_its_options():
    env = Environment(PRODUCTION)
    assert env.production
    assert env.list("RENKEI_HOSTS") == ["renkei.example.lg.jp", "www.example.lg.jp"]
    assert env.secret("RENKEI_SECRET_KEY") == PRODUCTION["RENKEI_SECRET_KEY"]


def test_production_reports_every_missing_option_in_one_error():
    with pytest.raises(ImproperlyConfigured) as error:
        Environment({"RENKEI_ENV": "production", "RENKEI_MAIL_HOST": "smtp.example.lg.jp"})
    required = {option.name for option in OPTIONS if option.required_in_production}
    assert set(re.findall(r"[A-Z_]{4,}", str(error.value))) == required - {"RENKEI_MAIL_HOST"}


def test_an_empty_value_counts_as_missing():
    with pytest.raises(ImproperlyConfigured, match=r"production needs RENKEI_SECRET_KEY$"):
        Environment(PRODUCTION | {"RENKEI_SECRET_KEY": ""})


@pytest.mark.parametrize(
    ("read", "name", "value", "sentence"),
    [
        ("flag", "RENKEI_DEBUG", "yes", "RENKEI_DEBUG must be 0 or 1, not yes"),
        ("number", "RENKEI_MAIL_PORT", "smtp", "RENKEI_MAIL_PORT must be a whole number, not smtp"),
        (
            "number",
            "RENKEI_PROXY_COUNT",
            "-1",
            "RENKEI_PROXY_COUNT must be a whole number, not -1",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_names_its_option(read, name, value, sentence):
    env = Environment({name: value})
    with pytest.raises(ImproperlyConfigured, match=f"^{re.escape(sentence)}$"):
        getattr(env, read)(name)


def test_an_unknown_environment_is_refused():
    with pytest.raises(ImproperlyConfigured, match="RENKEI_ENV must be embedded or production"):
        Environment({"RENKEI_ENV": "staging"})


def test_the_worker_runs_with_the_web_server_or_apart():
    for value in ("embedded", "own"):
        assert Environment({"RENKEI_WORKER": value}).text("RENKEI_WORKER") == value
    with pytest.raises(ImproperlyConfigured, match="RENKEI_WORKER must be embedded or own"):
        Environment({"RENKEI_WORKER": "none"})


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_default_is_of_its_kind(option):
    env = Environment({})
    assert option.kind in {"text", "flag", "number", "list"}
    getattr(env, option.kind)(option.name)


def test_a_relative_data_directory_lies_beside_manage_py():
    assert Environment({"RENKEI_DATA_DIR": "data"}).data_dir == BASE_DIR / "data"
    assert Environment({"RENKEI_DATA_DIR": "/srv/renkei"}).data_dir == Path("/srv/renkei")


def test_a_generated_secret_is_private_and_stays(tmp_path):
    first = Environment({"RENKEI_DATA_DIR": str(tmp_path)}).secret("RENKEI_SECRET_KEY")
    second = Environment({"RENKEI_DATA_DIR": str(tmp_path)}).secret("RENKEI_SECRET_KEY")
    [path] = tmp_path.iterdir()
    assert first == second == path.read_text()
    assert len(first) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_secret(tmp_path):
    path = tmp_path / "new" / "secret.txt"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        secrets = set(pool.map(generated_secret, [path] * 8))
    assert secrets == {path.read_text()}
    assert [file.name for file in path.parent.iterdir()] == ["secret.txt"]


def test_a_database_url_is_read_with_its_escapes(tmp_path):
    settings = database_from(PRODUCTION["DATABASE_URL"], tmp_path / "unused.sqlite3")
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert settings["PASSWORD"] == "p@ss"
    assert (settings["HOST"], settings["PORT"]) == ("db.example.lg.jp", "5433")
    assert settings["NAME"] == "renkei"


def test_an_embedded_database_is_private_with_its_directory(tmp_path):
    path = tmp_path / "日本 語" / "renkei.sqlite3"
    assert database_from("", path)["NAME"] == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.write_text("kept")
    database_from("", path)
    assert path.read_text() == "kept"


@pytest.mark.parametrize("url", ["mysql://root@localhost/renkei", "postgresql://localhost"])
def test_another_database_is_refused(url, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must be postgresql://"):
        database_from(url, tmp_path / "unused.sqlite3")
