"""The bodies that the record names, and the two desks that answer questions about it."""

from pathlib import Path
from typing import Any

from core.audit import Actor
from core.models import Source
from core.record import DataRow, Outcome, find, load_rows, note_run, read_rows
from members.enums import Action, CoveredKinds, OrganizationKind
from members.models import Coverage, Office, Organization, Prefecture

DATA = Path(__file__).parent.parent / "data"

_KINDS = {
    kind.label: kind
    for kind in OrganizationKind
    if kind not in (OrganizationKind.MUNICIPALITY, OrganizationKind.PREFECTURE)
}
# Heading and place of each body's desk at the foot of every page.
_DESKS = {
    OrganizationKind.WARD_MAYORS: ("プロジェクトについて", 1),
    OrganizationKind.WARD_COUNCIL: ("会員登録について", 2),
}


def organizations_by_key() -> dict[str, Organization]:
    """Every organization by what the data calls it (``Organization.record_key``)."""
    organizations = Organization.objects.select_related("municipality", "prefecture")
    return {_key_of(organization): organization for organization in organizations}


def _key_of(organization: Organization) -> str:
    """One that was added by hand, before the data named it, is found by what it is."""
    return organization.record_key or organization.code or organization.name


class Bodies:
    """Finds the organizations that a data row names (data/README: names of bodies).

    Names are those of the data files, so that a row still finds its organization after the
    secretariat has renamed it.
    """

    def __init__(self) -> None:
        self._by_key = organizations_by_key()
        self._keys = {row["name"]: row["name"] for row in read_rows(DATA / "organizations.csv")}
        for row in read_rows(DATA / "prefectures.csv"):
            self._keys[row["name"]] = row["code6"]
        for row in read_rows(DATA / "municipalities.csv"):
            self._keys[f"{row['prefecture']}{row['name']}"] = row["code"]

    def find(self, row: DataRow, name: str) -> Organization:
        """The organization ``name``. Raises ``RecordError`` naming the row when there is none."""
        organization = self._by_key.get(self._keys.get(name, ""))
        if organization is None:
            raise row.error(f"「{name}」という団体はありません")
        return organization


def load_bodies(sources: dict[str, Source], *, by: Actor) -> list[Outcome]:
    """Brings in the bodies that are no municipality, what they cover, and the desks."""
    prefectures = {prefecture.name: prefecture for prefecture in Prefecture.objects.all()}
    bodies = load_rows(
        organizations_by_key(),
        Organization,
        read_rows(DATA / "organizations.csv"),
        key=lambda row: row["name"],
        values=lambda row: _body_values(row, prefectures),
    )
    load_coverage(bodies)
    return note_run(Action.LOAD_RECORD, [bodies, load_desks(bodies.by_key, sources)], by=by)


def _body_values(row: DataRow, prefectures: dict[str, Prefecture]) -> dict[str, Any]:
    name = row["prefecture"]
    return {
        "record_key": row["name"],
        "kind": row.one_of("kind", _KINDS),
        "name": row["name"],
        "kana": row["kana"],
        "prefecture": find(row, name, prefectures, "都道府県") if name else None,
        "note": row["note"],
    }


def load_coverage(bodies: Outcome[Organization]) -> None:
    """Gives each touched association the rules of its data row, in place of the open ones."""
    changed = [organization for _, organization in bodies.changed]
    Coverage.objects.filter(organization__in=changed, valid_until=None).delete()
    Coverage.objects.bulk_create(
        Coverage(organization=organization, prefecture_id=code, kinds=kinds)
        for row, organization in bodies.touched
        for code, kinds in _covers(row)
    )


def _covers(row: DataRow) -> list[tuple[str, str]]:
    """``26:市`` as the prefecture's code and the kinds."""
    rules = []
    for item in row.items("covers"):
        code, _, kinds = item.partition(":")
        if kinds not in CoveredKinds.values:
            raise row.error(f"coversの「{item}」が読めません")
        rules.append((code, kinds))
    return rules


def load_desks(bodies: dict[str, Organization], sources: dict[str, Source]) -> Outcome[Office]:
    """The two desks of today; old numbers and public accounts are not offices."""
    rows = [row for row in read_rows(DATA / "contacts.csv") if row.flag("current") and row["phone"]]
    desks = Office.objects.exclude(record_key=None)
    existing = {str(desk.record_key): desk for desk in desks}
    with_main = set(Office.objects.filter(is_main=True).values_list("organization", flat=True))

    def values(row: DataRow) -> dict[str, Any]:
        body = find(row, row["organization"], bodies, "団体")
        values = _desk_values(row, body, sources)
        if row["name"] not in existing:
            values["is_main"] = body.pk not in with_main
        return values

    return load_rows(existing, Office, rows, key=lambda row: row["name"], values=values)


def _desk_values(row: DataRow, body: Organization, sources: dict[str, Source]) -> dict[str, Any]:
    try:
        heading, order = _DESKS[OrganizationKind(body.kind)]
    except KeyError:
        raise row.error(f"「{body.name}」は事務局の団体ではありません") from None
    titles = [find(row, key, sources, "出典").title for key in row.items("sources")]
    return {
        "record_key": row["name"],
        "organization": body,
        # Pages print the organization before the office.
        "name": row["name"].removeprefix(body.name).strip(),
        "address": row["address"],
        "phone": row["phone"],
        "desk_heading": heading,
        "desk_order": order,
        "note": "\n".join([row["role"], row["note"], f"出典：{'、'.join(titles)}"]),
    }
