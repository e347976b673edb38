"""The joint projects that an event belongs to: its room stands above theirs."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q

from agreements.models import Collaboration
from agreements.services import linked_text, open_project, tell_followers
from core import audit
from core.audit import Actor
from core.errors import DomainError
from events.enums import VISIBLE_STATUSES, Action
from events.models import Event
from events.queries import linkable_to
from members.models import Seat


@transaction.atomic
def link_events(
    project: Collaboration, events: Iterable[Event], *, by: Seat, version: int
) -> Collaboration:
    """Says which events belong to a joint project, as it stood at ``version``.

    Its followers are told of new ones; an event that ``by`` cannot see stays as it is. Raises
    ``NotAllowed``, ``StaleVersion``, and ``DomainError`` for an event in which none of its
    organizations has a part.
    """
    chosen = list(events)
    _hold(project, chosen)
    project = open_project(project, by=by, version=version)
    allowed = set(linkable_to(project, by.user))
    former = set(project.events.all()) & allowed
    if foreign := [event for event in chosen if event not in allowed]:
        raise DomainError(
            f"イベント「{foreign[0]}」に、この連携事業の団体は参加していません。選び直してください"
        )
    added, removed = [row for row in chosen if row not in former], former - set(chosen)
    if not added and not removed:
        return project
    before = [event.title for event in project.events.all()]
    project.events.add(*added)
    project.events.remove(*removed)
    _note_new_version(project, [*added, *removed])
    after = [event.title for event in project.events.all()]
    audit.record(Action.LINK, project, by=by, changes={"events": audit.Change(before, after)})
    if added:
        _tell_linked(project, added, by=by)
    return project


def note_links(
    event: Event,
    *,
    added: Iterable[Collaboration],
    removed: Iterable[Collaboration] = (),
    by: Actor,
) -> None:
    """Tells that ``event`` belongs to ``added`` from now on, and belonged to ``removed``.

    No ward's open form brings back what stood before. Of a draft, which no ward sees, only once
    it is public. In the caller's transaction, which has written the event.
    """
    if event.status not in VISIBLE_STATUSES:
        return
    added = list(added)
    # One after the other in one order, so that nobody waits for each other.
    for key in sorted(project.pk for project in (*added, *removed)):
        Collaboration.objects.filter(pk=key).update(version=F("version") + 1)
    for project in added:
        _tell_linked(project, [event], by=by)


def _hold(project: Collaboration, events: Iterable[Event]) -> None:
    """Holds ``events`` and those of ``project``: as in the admin, events before joint projects."""
    links = Event.collaborations.through.objects.filter(collaboration=project)
    wanted = Q(pk__in=[event.pk for event in events]) | Q(pk__in=links.values("event"))
    list(Event.objects.filter(wanted).order_by("pk").select_for_update())


def _note_new_version(project: Collaboration, events: Iterable[Event]) -> None:
    """Lets nobody's open form bring back what stood before."""
    project.version += 1
    project.save(update_fields=["version"])
    keys = [event.pk for event in events]
    Event.objects.filter(pk__in=keys).update(version=F("version") + 1)


def _tell_linked(project: Collaboration, events: list[Event], *, by: Actor) -> None:
    titles = [f"「{event}」" for event in events]
    when = "、".join(f"{event}（{event.when_text}）" for event in events)
    text = linked_text(project, "イベント", titles)
    which = events[0].pk if len(events) == 1 else f"version:{project.version}"
    key = f"events.linked:{project.pk}:{which}"
    tell_followers(project, key, text, by=by, facts={"イベント": when})
