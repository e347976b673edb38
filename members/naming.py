"""Which organization a text names, as people write it in a list."""

from collections import defaultdict
from dataclasses import dataclass

from core.text import fold
from members.codes import possible_codes
from members.enums import OrganizationKind
from members.models import Organization


@dataclass(frozen=True)
class Named:
    """What somebody called an organization, and which ones that may be: none when unknown."""

    text: str
    organizations: list[Organization]


def organizations_named(texts: list[str]) -> list[Named]:
    """The organizations that each of ``texts`` names: 福井県坂井市, 坂井市, 182109.

    A name is the whole name, with or without the prefecture (and the district), in any width;
    ヶ and ケ are the same. A code may lack its check digit or its leading zero. Two queries,
    however many texts.
    """
    keys_by_text = {text: [_name_key(text), *possible_codes(text)] for text in texts}
    wanted = {key for keys in keys_by_text.values() for key in keys}
    found: dict[str, list[int]] = defaultdict(list)
    for pk, *named in Organization.objects.values_list("pk", *_NAMING):
        for key in wanted & _keys_of(*named):
            found[key].append(pk)
    rows = Organization.objects.select_related("municipality", "prefecture").in_bulk(
        {pk for keys in found.values() for pk in keys}
    )
    return [
        Named(text, [rows[pk] for pk in sorted({pk for key in keys for pk in found[key]})])
        for text, keys in keys_by_text.items()
    ]


def is_named(organization: Organization, text: str) -> bool:
    """Whether ``text`` is a name of ``organization``, with or without its prefecture."""
    town = organization.municipality
    keys = _keys_of(
        organization.kind,
        organization.name,
        organization.prefecture.name if organization.prefecture else "",
        organization.prefecture.code6 if organization.prefecture else "",
        town.code if town else "",
        town.district if town else "",
    )
    return _name_key(text) in keys


def is_prefecture_of(organization: Organization, text: str) -> bool:
    """Whether ``text`` is the prefecture of ``organization``: 福井県, or 福井."""
    if organization.prefecture is None:
        return False
    name = _name_key(organization.prefecture.name)
    return _name_key(text) in (name, name[:-1])


_NAMING = (
    "kind",
    "name",
    "prefecture__name",
    "prefecture__code6",
    "municipality__code",
    "municipality__district",
)


def _keys_of(kind: str, name: str, prefecture: str, code6: str, code: str, district: str) -> set:
    """Everything that an organization may be called by."""
    if code:
        names = {name, f"{prefecture}{name}", f"{prefecture}{district}{name}"}
        return {_name_key(text) for text in names} | {code}
    return {_name_key(name)} | ({code6} if kind == OrganizationKind.PREFECTURE else set())


def _name_key(text: str) -> str:
    """A name as two spellings of it are compared: folded, without spaces, ケ for ヶ."""
    return "".join(fold(text).split()).replace("ゖ", "け")
