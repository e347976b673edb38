"""The options that the environment decides, in one table.

``OPTIONS`` is the only list of them: settings read it, the README's table is tested
against it, and in production every missing name is reported in one error.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import get_random_string

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Option:
    """One environment variable: ``kind`` is text, flag, number or list."""

    name: str
    kind: str
    default: str
    meaning: str
    required_in_production: bool = False


EMBEDDED_URL = "http://127.0.0.1:8000"

OPTIONS = (
    Option("RENKEI_ENV", "text", "embedded", "`embedded` or `production`"),
    Option(
        "RENKEI_DATA_DIR",
        "text",
        "var",
        "where attachments, and embedded the database, secrets and mail lie",
    ),
    Option("RENKEI_DEBUG", "flag", "0", "Django's DEBUG; never derived from anything else"),
    Option("RENKEI_SECRET_KEY", "text", "", "signs sessions and tokens", True),
    Option(
        "RENKEI_AUDIT_KEY", "text", "", "keys the digests of the audit log; never rotated", True
    ),
    Option(
        "RENKEI_HOSTS", "list", "localhost,127.0.0.1", "host names served, comma-separated", True
    ),
    Option(
        "RENKEI_URL",
        "text",
        "",
        "the portal's address as mails print it; empty: https:// and the first host name, "
        "embedded http://127.0.0.1:8000/",
    ),
    Option(
        "DATABASE_URL", "text", "", "postgresql://user:password@host:port/name; empty: SQLite", True
    ),
    Option(
        "RENKEI_MAIL_HOST",
        "text",
        "",
        "SMTP server; empty: mail is printed and kept as files",
        True,
    ),
    Option("RENKEI_MAIL_PORT", "number", "25", "SMTP port"),
    Option("RENKEI_MAIL_USER", "text", "", "SMTP user name, if the server wants one"),
    Option("RENKEI_MAIL_PASSWORD", "text", "", "SMTP password"),
    Option("RENKEI_MAIL_TLS", "flag", "0", "STARTTLS to the SMTP server"),
    Option("RENKEI_MAIL_FROM", "text", "renkei@localhost", "sender of every mail", True),
    Option(
        "RENKEI_MAIL_PER_MINUTE", "number", "0", "mails tried in a minute, codes excepted; 0: all"
    ),
    Option(
        "RENKEI_WORKER",
        "text",
        "embedded",
        "`embedded`: started and stopped with the web server; `own`: `manage.py worker` runs apart",
    ),
    Option(
        "RENKEI_SECRETARIAT_MAIL",
        "text",
        "",
        "the secretariat's mailbox: receives each day's seal of the audit log",
        True,
    ),
    Option(
        "RENKEI_PERSONAL_RETENTION_DAYS",
        "number",
        "0",
        "days after which the log's personal values, mails and people who left are erased; 0: never",
    ),
    Option(
        "RENKEI_SECOND_FACTOR",
        "flag",
        "0",
        "the embedded admin opens only after a second factor, as production's always does",
    ),
    Option("RENKEI_PROXY_COUNT", "number", "0", "trusted reverse proxies in front of the portal"),
    Option("RENKEI_HSTS_SUBDOMAINS", "flag", "0", "HSTS binds the whole domain"),
    Option("RENKEI_HSTS_PRELOAD", "flag", "0", "HSTS preload; binds the whole domain for years"),
)

_BY_NAME = {option.name: option for option in OPTIONS}


class Environment:
    """Reads ``OPTIONS`` from a mapping of environment variables.

    Raises ``ImproperlyConfigured`` naming every missing production option at once, or the
    option whose value is not of its kind.
    """

    def __init__(self, variables: dict[str, str] | None = None) -> None:
        self._variables = dict(os.environ if variables is None else variables)
        self.production = self.text("RENKEI_ENV") == "production"
        self._check()

    def _check(self) -> None:
        if self.text("RENKEI_ENV") not in ("embedded", "production"):
            raise ImproperlyConfigured("RENKEI_ENV must be embedded or production")
        if self.text("RENKEI_WORKER") not in ("embedded", "own"):
            raise ImproperlyConfigured("RENKEI_WORKER must be embedded or own")
        if not self.production:
            return
        missing = [
            o.name for o in OPTIONS if o.required_in_production and not self._variables.get(o.name)
        ]
        if missing:
            raise ImproperlyConfigured("production needs " + ", ".join(missing))

    def text(self, name: str) -> str:
        return self._variables.get(name) or _BY_NAME[name].default

    def flag(self, name: str) -> bool:
        value = self.text(name).lower()
        if value not in ("0", "1", "true", "false"):
            raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value}")
        return value in ("1", "true")

    def number(self, name: str) -> int:
        value = self.text(name)
        if not value.isdecimal():
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value}")
        return int(value)

    def list(self, name: str) -> list[str]:
        return [item.strip() for item in self.text(name).split(",") if item.strip()]

    @property
    def portal_url(self) -> str:
        """The portal's address, with its slash at the end."""
        usual = f"https://{self.list('RENKEI_HOSTS')[0]}" if self.production else EMBEDDED_URL
        return (self.text("RENKEI_URL") or usual).rstrip("/") + "/"

    @property
    def data_dir(self) -> Path:
        """The data directory; a relative one lies beside manage.py."""
        return BASE_DIR / self.text("RENKEI_DATA_DIR")

    def secret(self, name: str) -> str:
        """The option's value, or one generated once into the data directory."""
        return self.text(name) or generated_secret(self.data_dir / f"{name.lower()}.txt")


def generated_secret(path: Path) -> str:
    """The secret kept in ``path``; made with mode 600 if it is not there yet.

    Several processes may start at once: the first one to create the file wins.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_string(64))
        with suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
    return path.read_text()
