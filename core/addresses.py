"""The portal's own address, for what is read outside of it, and addresses of pages elsewhere."""

import ipaddress
import re
import unicodedata
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

NOT_PUBLIC = "インターネットから見られるページのURL（https://…）を入力してください"
# Ends of names that nobody outside of one network can open: RFC 2606, 6761, 6762 and 8375, and
# LGWAN, on which municipal staff find many of their own pages.
_CLOSED = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home.arpa")
_RESERVED = ("invalid", "test", "onion", "lgwan.jp")
_SCHEMES = ("http", "https")
# The last part of an IP address as browsers read one: 127.1, 127.0.0.0x1.
_NUMBER = re.compile("[0-9]+|0x[0-9a-f]*")
# Dots of Japanese, which browsers take for one.
_DOTS = str.maketrans("。｡", "..")
# What browsers end a host at, or read as something else.
_NOT_IN_HOSTS = re.compile(r"[%\\\s]")


def absolute(path: str) -> str:
    """``path`` of the portal with its host: https://…/c/K7QM-4XPR/."""
    return urljoin(settings.PORTAL_URL, path)


def is_public(url: str) -> bool:
    """Whether ``url`` looks like a page that everybody can open. Nothing is fetched."""
    try:
        parts = urlsplit(url)
        host, port = _as_browsers_read(parts.hostname or ""), parts.port
    except ValueError:
        return False
    if parts.scheme not in _SCHEMES or "@" in parts.netloc or _NOT_IN_HOSTS.search(parts.netloc):
        return False
    if port == 0 or "." not in host or _is_number(host):
        return False
    return not any(f".{host}".endswith(f".{end}") for end in (*_CLOSED, *_RESERVED))


def validate_public(url: str) -> None:
    """A model's validator. Raises ``ValidationError`` unless ``is_public``."""
    if not is_public(url):
        raise ValidationError(NOT_PUBLIC, code="not_public")


def _as_browsers_read(host: str) -> str:
    """The host in half width and lower case, with plain dots and none at its end."""
    return unicodedata.normalize("NFKC", host.translate(_DOTS)).lower().rstrip(".")


def _is_number(host: str) -> bool:
    """Whether the host is an IP address, also written as browsers read it: 127.1."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None
    return True
