"""An office's contact details as a card for an address book: only what the reader may read."""

from collections.abc import Iterable

from core.addresses import absolute
from core.dates import day_text, today
from core.vcards import Line, card
from members.contacts import readable_fields
from members.models import Office, Seat, User

SOURCE = "特別区全国連携プロジェクトの会員名簿から保存（{}）"


def office_card(office: Office, leads: Iterable[Seat], user: User) -> bytes:
    """The card of ``office`` for ``user``, with the names of its ``leads`` in the note.

    The name of the department and its phone outlive people, so the card is the office's own.
    """
    fields = readable_fields(office, user)
    known = {field: getattr(office, field) for field in fields}
    body = office.organization
    signature = " ".join((body.full_name, known.get("name", ""))).strip()
    postal_code = office.postal_code_text if "postal_code" in known else ""
    address = ("", "", known.get("address", ""), "", "", postal_code, "")
    return card(
        [
            Line("N", (signature, "", "", "", "")),
            Line("FN", signature),
            Line("ORG", (body.full_name, known.get("name", ""))),
            Line("SORT-STRING", body.kana),
            Line("X-PHONETIC-LAST-NAME", body.kana),
            Line("X-PHONETIC-ORG", body.kana),
            Line("X-ABShowAs", "COMPANY"),
            Line("TEL", known.get("phone", ""), ("WORK", "VOICE", "PREF")),
            Line("TEL", known.get("fax", ""), ("WORK", "FAX")),
            Line("EMAIL", known.get("email", ""), ("INTERNET", "PREF")),
            Line("ADR", address, ("WORK",)),
            Line("NOTE", _note(office, known.get("extension", ""), leads)),
            Line("URL", absolute(office.get_absolute_url())),
            Line("UID", absolute(office.get_absolute_url())),
            Line("REV", today().isoformat()),
        ]
    )


def _note(office: Office, extension: str, leads: Iterable[Seat]) -> str:
    """What a card has no line for: the extension, who leads, and how fresh all this is."""
    names = "、".join(seat.user.polite_name for seat in leads)
    return "\n".join(
        [
            *([f"内線{extension}"] if extension else []),
            *([f"主担当：{names}"] if names else []),
            office.freshness_text,
            *([office.staleness_text] if office.staleness_text else []),
            SOURCE.format(day_text(today())),
        ]
    )
