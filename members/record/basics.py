"""What the secretariat finds on its first day: the list of themes, and its own groups."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from members.models import Theme

THEMES = ("産業", "観光", "文化", "スポーツ", "教育", "防災", "環境", "福祉", "その他")

# Rooms are named by their label: this one knows none of those above it.
_ROOMS = ("core", "members", "agreements", "proposals", "events", "chronicle")
_VIEW_ALL = Q(content_type__app_label__in=_ROOMS, codename__startswith="view_")
_ADD_OR_CHANGE = Q(codename__startswith="add_") | Q(codename__startswith="change_")


def _write_all(*rooms: str) -> Q:
    return _ADD_OR_CHANGE & Q(content_type__app_label__in=rooms)


def _only(room: str, *codenames: str) -> Q:
    return Q(content_type__app_label=room, codename__in=codenames)


# Release, cancel and resend mails, and note dead addresses.
_MAIL = _only("core", "change_outboxmail", "change_undeliverableaddress")

# The groups of domain.md. Nothing of the record can be deleted; a line of a list within a
# record, such as a party chosen by mistake, can.
GROUPS = {
    "会員登録": _VIEW_ALL
    | _write_all("members")
    | _MAIL
    | _only("members", "delete_coverage", "delete_coverageexception", "delete_profilelink"),
    "プロジェクト": _VIEW_ALL
    | _write_all("agreements", "events", "chronicle", "proposals")
    | _only("agreements", "delete_agreementparty", "delete_collaborationparty", "delete_yearreport")
    | _only("events", "delete_eventrole")
    | _only("chronicle", "delete_relief")
    | _only("core", "add_source", "change_source")
    | _only("core", "add_synonymset", "change_synonymset")
    | _MAIL
    | _only("members", "change_office", "add_theme", "change_theme"),
    "閲覧": _VIEW_ALL,
}


def load_themes() -> None:
    """The default list, once: afterwards it is the secretariat's."""
    if not Theme.objects.exists():
        Theme.objects.bulk_create(
            Theme(name=name, order=10 * place) for place, name in enumerate(THEMES, start=1)
        )


def load_groups() -> None:
    for name in GROUPS:
        load_group(name)


def load_group(name: str) -> Group:
    """Gives a group the permissions it still lacks; takes none away."""
    group, _ = Group.objects.get_or_create(name=name)
    granted = Permission.objects.filter(GROUPS[name]).order_by()
    group.permissions.add(*granted.values_list("pk", flat=True))
    return group
