"""The database settings: SQLite in the data directory, or PostgreSQL by URL."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# WAL, IMMEDIATE transactions and a long timeout: without them parallel writers are refused.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;"
    ),
}


def database_from(url: str, sqlite_path: Path) -> dict:
    """Settings for ``url``, or for the SQLite file when the URL is empty.

    Raises ``ImproperlyConfigured`` for a scheme that is not PostgreSQL's or a URL without
    a database name.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": private_file(sqlite_path),
            "OPTIONS": SQLITE_OPTIONS,
            # Re-opening the file per request costs a quarter of the throughput.
            "CONN_MAX_AGE": 600,
            # A file, because browser tests read it from several connections.
            "TEST": {"NAME": str(sqlite_path.with_name("test.sqlite3"))},
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must be postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # A request has its connection at once or the database is in trouble. After 3 seconds it
        # is told so, before all workers wait and nothing answers any more.
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 8, "timeout": 3}},
        "CONN_MAX_AGE": 0,  # the pool keeps the connections
    }


def private_file(path: Path) -> Path:
    """``path``, made with mode 600 if it is not there yet; SQLite's journals take its mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    return path
