"""Who is told of a joint project: its organizations, who follows it or what it came from.

Until it is public, only those who may read it: its organizations, and the secretariat.
"""

from collections.abc import Iterable, Mapping

from agreements import following, rules
from agreements.enums import Action
from agreements.models import Agreement, Collaboration
from agreements.queries import with_bodies
from core.audit import Actor
from core.dates import today
from members.models import Seat
from members.querysets import SeatQuerySet
from notices.enums import Reason
from notices.models import Watch
from notices.services import Happening, tell

# What is told of a joint project's moves; of a correction and of what is taken back, nothing.
_MOVES = {
    Action.PUBLISH_COLLABORATION: "連携事業「{}」が公開されました",
    Action.START_COLLABORATION: "連携事業「{}」が始まりました",
    Action.END_COLLABORATION: "連携事業「{}」が終了しました",
    Action.CANCEL_COLLABORATION: "連携事業「{}」が中止になりました",
}


def tell_followers(
    project: Collaboration,
    key: str,
    text: str,
    *,
    by: Actor,
    facts: Mapping[str, str] | None = None,
    echoes: str = "",
) -> None:
    """Tells each person whom ``project`` concerns once, at one seat, but who acts.

    ``key`` names the happening (``agreements.move:12``), ``text`` is its one line, and ``facts``
    stand in the mail beside those of the project. ``echoes`` is the key of what some of them
    were told already. Whoever calls this lets what follows happen afterwards
    (``following.tell``), with the same key, so that nobody hears of it twice.
    """
    project = with_bodies(Collaboration.objects.filter(pk=project.pk)).get()
    partners = "、".join(party.organization.full_name for party in project.partners)
    known = {
        "連携事業": project.title,
        "特別区": project.wards_text,
        "連携先": partners or project.partner_text,
        "期間": project.period_text,
        "状態": project.get_status_display(),
        **(facts or {}),
    }
    given = {label: value for label, value in known.items() if value}
    happening = Happening(key, text, project.get_absolute_url(), project, given, echoes)
    tell(happening, _audience(project), by=by)


def tell_move(project: Collaboration, action: Action, *, by: Actor) -> str:
    """Tells of a move of ``project``; returns the key of it, empty where nothing is told."""
    if action not in _MOVES:
        return ""
    key = f"agreements.move:{project.pk}:{project.version}"
    facts = {"中止の理由": project.status_reason}
    tell_followers(project, key, _MOVES[action].format(project), by=by, facts=facts)
    return key


def tell_agreements(project: Collaboration, linked: Iterable[Agreement], *, by: Actor) -> None:
    """Tells that agreements belong to ``project`` from now on."""
    titles = [f"「{agreement.distinct_title}」" for agreement in linked]
    if not titles:
        return
    key = f"agreements.linked:{project.pk}:{project.version}"
    tell_followers(
        project, key, linked_text(project, "協定", titles), by=by, facts={"協定": "、".join(titles)}
    )


def linked_text(project: Collaboration, kind: str, titles: list[str]) -> str:
    """連携事業「朝市」に協定「…」が加わりました; of several the first is named."""
    more = f"ほか{len(titles) - 1}件" if len(titles) > 1 else ""
    return f"連携事業「{project}」に{kind}{titles[0]}{more}が加わりました"


def _audience(project: Collaboration) -> list[tuple[Seat, Reason]]:
    """The seats of its organizations, and who follows it or what it came from."""
    own = [party.organization_id for party in project.parties.all()]
    watches = Watch.objects.of(project).values("seat")
    seats = [(seat, Reason.OWN) for seat in _current().filter(office__organization__in=own)]
    followers = [*_current().filter(pk__in=watches), *following.watching(project)]
    seats += [(seat, Reason.WATCHED) for seat in followers]
    return [pair for pair in seats if project.is_published or rules.joins(pair[0], project)]


def _current() -> SeatQuerySet:
    return Seat.objects.on(today()).active().with_office().with_user().order_by("pk")
