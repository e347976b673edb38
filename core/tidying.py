"""What the core clears away once a day, each as a job of ``core.daily``.

Each returns what to note about it.
"""

from datetime import date, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import daily, traces
from core.audit.erasure import oldest_kept
from core.dates import start_of
from core.enums import MailKind, MailState
from core.mail import sending
from core.models import MailLink, OutboxMail, SheetUpload, Submission
from core.search.missed import clear_missed

KEEP_TASKS_DAYS = 14
# A form that was open for longer has lost its session several times over.
KEEP_SUBMISSIONS_DAYS = 7
# Long enough to tell whoever calls that their code was sent, or why not.
KEEP_SECRET_MAILS_DAYS = 14
# Whoever finds an old mail learns why its link does nothing, and may ask for a new one.
KEEP_LINKS_DAYS = 90
# Whoever checks a preview in the evening presses the button the next morning.
KEEP_SHEETS_DAYS = 1
# No task takes as long: its worker was killed, and nobody else would ever say so.
LONGEST_TASK = timedelta(days=1)


def register() -> None:
    daily.register("core.sessions", clear_sessions)
    daily.register("core.submissions", clear_submissions)
    daily.register("core.tasks", clear_tasks)
    daily.register("core.mail", clear_mail)
    daily.register("core.sheets", clear_sheets)
    daily.register("core.links", clear_links)
    daily.register("core.missed_searches", clear_missed)
    daily.register("core.erase_mails", erase_mails)


def clear_sessions(day: date) -> str:
    """Deletes the sessions that have ended, and from where and by which browser they were."""
    before = Session.objects.count()
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
    return f"{before - Session.objects.count()} sessions"


def clear_submissions(day: date) -> str:
    """Deletes the marks of forms that nobody can send again any more."""
    old = Submission.objects.filter(
        created_at__lt=start_of(day - timedelta(days=KEEP_SUBMISSIONS_DAYS))
    )
    return f"{old.delete()[0]} marks of sent forms"


def clear_tasks(day: date) -> str:
    """Deletes old results of tasks; a task that a killed worker left behind has failed."""
    abandoned = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LONGEST_TASK)
    abandoned.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path="builtins.InterruptedError",
        traceback="The worker was killed while it ran this task.",
    )
    old = DBTaskResult.objects.finished().filter(
        finished_at__lt=start_of(day - timedelta(days=KEEP_TASKS_DAYS))
    )
    return f"{old.delete()[0]} results of tasks"


def clear_mail(day: date) -> str:
    """Settles forgotten mails, which erases their secrets, and deletes old secret mails."""
    settled = sending.settle_forgotten()
    secret = OutboxMail.objects.filter(kind=MailKind.SECRET, state__in=MailState.settled())
    old = secret.filter(created_at__lt=start_of(day - timedelta(days=KEEP_SECRET_MAILS_DAYS)))
    return f"{settled} forgotten mails settled, {old.delete()[0]} old secret ones deleted"


def erase_mails(day: date) -> str:
    """Erases mails whose time was over when ``day`` began: as old as erased personal values."""
    limit = oldest_kept(day - timedelta(days=1))
    return f"{traces.erase_mails(start_of(limit)) if limit else 0} old mails erased"


def clear_links(day: date) -> str:
    """Deletes the links that ended long ago, with the addresses they were mailed to."""
    limit = start_of(day - timedelta(days=KEEP_LINKS_DAYS))
    ended = Q(used_at__lt=limit) | Q(cancelled_at__lt=limit) | Q(expires_at__lt=limit)
    return f"{MailLink.objects.filter(ended).delete()[0]} links of mails"


def clear_sheets(day: date) -> str:
    """Deletes tables that were uploaded, imported or not: they hold names and addresses."""
    old = SheetUpload.objects.filter(
        created_at__lt=start_of(day - timedelta(days=KEEP_SHEETS_DAYS))
    )
    return f"{old.delete()[0]} uploaded tables"
