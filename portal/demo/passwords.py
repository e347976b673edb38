"""The demo accounts' passwords, generated once per data directory."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.utils.crypto import get_random_string

from portal.demo.accounts import ROLES, Account

# Without the characters that are confused when they are typed from a screen.
_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def kept_accounts() -> list[Account]:
    """Each demo account with its password; a file of mode 600 keeps them."""
    path = settings.DEMO_ACCOUNTS_FILE
    kept = _read(path)
    accounts = [
        Account(role, email, kept.get(email) or _new_password(), is_fresh=email not in kept)
        for email, role in ROLES.items()
    ]
    if any(account.is_fresh for account in accounts):
        _write(path, accounts)
    return accounts


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    return {row["email"]: row["password"] for row in json.loads(path.read_text("utf-8"))}


def _write(path: Path, accounts: list[Account]) -> None:
    """Replaces the file whole, so that it is never read half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"role": a.role, "email": a.email, "password": a.password} for a in accounts]
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
    temporary.replace(path)


def _new_password() -> str:
    return "-".join(get_random_string(4, _CHARACTERS) for _ in range(4))
