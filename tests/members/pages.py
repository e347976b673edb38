"""What the tests of this room's pages send, and read from the pages."""

import re

from django.urls import reverse

from core import once
from core.models import AuditEntry
from members import services
from members.models import Office

TYPED = {
    "name": "企画政策課",
    "postal_code": "919-0592",
    "address": "福井県坂井市坂井町下新庄1-1",
    "phone": "0776-50-9999",
    "extension": "",
    "fax": "",
    "email": "",
}


def url(name: str, office: Office) -> str:
    return reverse(f"members:{name}", args=[office.pk])


def hidden(response, name: str) -> list[str]:
    """The values of the hidden fields ``name`` on the page."""
    pattern = rf'<input type="hidden" name="{name}" value="([^"]*)"'
    return re.findall(pattern, response.content.decode())


def sent(acting, step="check", **changes) -> dict[str, str]:
    own = {
        "seat": str(acting.pk),
        "version": str(acting.office.version),
        "token": once.new_token(),
    }
    return TYPED | own | {"step": step} | changes


def unchanged(office: Office) -> bool:
    before = {field: getattr(office, field) for field in (*services.CONTACT_FIELDS, "confirmed_at")}
    office.refresh_from_db()
    after = {field: getattr(office, field) for field in before}
    return before == after and not AuditEntry.objects.exists()
