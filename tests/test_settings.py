"""What the settings promise: production passes Django's own check, and every answer is guarded."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from renkei.env import BASE_DIR
from tests.factories.members import PASSWORD
from tests.test_env import PRODUCTION


def python(code: str, variables: dict[str, str], data_dir) -> subprocess.CompletedProcess:
    """Runs ``code`` with the real settings in an environment of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=BASE_DIR,
        env=kept
        | {"RENKEI_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "renkei.settings"}
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_the_deployment_check(tmp_path):
    code = "import django; django.setup(); from django.core.management import call_command; "
    code += "call_command('check', deploy=True, fail_level='WARNING')"
    result = python(code, PRODUCTION, tmp_path)
    assert result.returncode == 0, result.stderr
    assert "System check identified no issues (2 silenced)" in result.stdout
    assert not list(tmp_path.iterdir()), "production writes no secrets of its own"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "False False False sessionid None"),
        (PRODUCTION, "False True True __Host-sessionid None"),
        (
            PRODUCTION | {"RENKEI_PROXY_COUNT": "1"},
            "False True True __Host-sessionid ('HTTP_X_FORWARDED_PROTO', 'https')",
        ),
    ],
    ids=["embedded", "production", "behind a proxy"],
)
def test_cookies_redirects_and_proxies_follow_the_environment(variables, expected, tmp_path):
    names = "DEBUG SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE SESSION_COOKIE_NAME SECURE_PROXY_SSL_HEADER"
    code = f"from django.conf import settings; print(*(getattr(settings, name) for name in '{names}'.split()))"
    result = python(code, variables, tmp_path)
    assert result.stdout.strip() == expected, result.stderr


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "False"),
        ({"RENKEI_SECOND_FACTOR": "1"}, "True"),
        (PRODUCTION, "True"),
        (PRODUCTION | {"RENKEI_SECOND_FACTOR": "0"}, "True"),
    ],
    ids=["embedded", "embedded and switched on", "production", "production, never switched off"],
)
def test_the_second_factor_cannot_be_switched_off_in_production(variables, expected, tmp_path):
    code = "from django.conf import settings; print(settings.SECOND_FACTOR)"
    result = python(code, variables, tmp_path)
    assert result.stdout.strip() == expected, result.stderr


def test_debug_comes_from_its_own_option_alone(tmp_path):
    code = "from django.conf import settings; print(settings.DEBUG)"
    assert python(code, {"RENKEI_DEBUG": "1"}, tmp_path).stdout == "True\n"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["portal:home", "account_login", "admin:index"])
def test_every_answer_carries_the_strict_policy(name, client: Client):
    policy = client.get(reverse(name))["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe-" not in policy


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client, lead):
    answer = client.post(reverse("account_login"), {"login": lead.user.email, "password": PASSWORD})
    assert answer.status_code == 302
    session = answer.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert answer.cookies["csrftoken"]["samesite"] == "Lax"


def test_a_members_page_is_never_stored(client: Client, lead):
    client.force_login(lead.user)
    kept = client.get(reverse("portal:member_home"))["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


def test_static_files_are_not_offered_to_other_sites():
    assert settings.WHITENOISE_ALLOW_ALL_ORIGINS is False


def test_mail_settings_are_read(tmp_path):
    code = "from django.conf import settings; o = settings.MAILERS['default']['OPTIONS']; "
    code += "print(o['host'], o['port'], o['use_tls'])"
    variables = PRODUCTION | {"RENKEI_MAIL_PORT": "587", "RENKEI_MAIL_TLS": "1"}
    assert python(code, variables, tmp_path).stdout == "smtp.example.lg.jp 587 True\n"
