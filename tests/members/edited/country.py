"""All 1,718 municipalities as members, with texts that files change, cut or cannot hold."""

from datetime import date

from core.dates import today
from members.enums import MunicipalityKind, Role
from members.models import Membership, Municipality, Office, Organization, Seat, User

MEMBERS = 1_718
# In the names of departments and people, in addresses and in notes.
HARD = ["〜", "−", "𠮷", "é", "①㈱", "髙﨑", "=1", "-1", "'=", "_x000D_", "ｷｶｸ", "辻󠄀", "〓?", "　"]


def fill_country() -> None:
    """A membership, an office, an account and a seat for each municipality of the record."""
    there = Municipality.objects.on(today()).exclude(kind=MunicipalityKind.WARD)
    towns = list(Organization.objects.filter(municipality__in=there))
    assert len(towns) == MEMBERS
    Membership.objects.bulk_create(
        Membership(organization=town, joined=date(2020, 4, 1 + place % 28))
        for place, town in enumerate(towns)
    )
    offices = Office.objects.bulk_create(
        Office(
            organization=town,
            is_main=True,
            name=f"{HARD[place % len(HARD)]}課",
            address=f"見本町{place}番地{HARD[place % len(HARD)]}",
            postal_code=f"{place:07}" if place % 3 else "",
            phone=f"0{place:09}" if place % 5 else "",
            extension=f"3-{place % 9}" if place % 7 == 0 else "",
            email=f"kikaku{place}@example.lg.jp",
        )
        for place, town in enumerate(towns)
    )
    users = User.objects.bulk_create(
        User(
            email=f"tanto{place}@example.lg.jp",
            family_name=f"{HARD[place % len(HARD)]}見本",
            given_name=f"{place}",
        )
        for place in range(MEMBERS)
    )
    Seat.objects.bulk_create(
        Seat(
            user=user,
            office=office,
            role=Role.LEAD,
            valid_from=date(2024, 4, 1),
            valid_until=date(2030, 3, 31) if place % 4 == 0 else None,
        )
        for place, (user, office) in enumerate(zip(users, offices, strict=True))
    )
    for place, town in enumerate(towns[: 10 * len(HARD)]):
        text = HARD[place % len(HARD)]
        town.note, town.introduction = f"{text}\r\n二行目\n", f"{text} {place}"
        town.website = f"https://www.town{place}.lg.jp/"
    Organization.objects.bulk_update(towns[: 10 * len(HARD)], ["note", "introduction", "website"])
