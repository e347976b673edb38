"""``manage.py verify_audit``: whether the audit log still is what was sealed."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from django.core.management import BaseCommand, CommandError

from core import dates
from core.audit.verification import verify
from core.dates import day_text


class Command(BaseCommand):
    """Prints the outcome in a sentence; exit code 1 with the first thing that does not fit.

    Everything within the database can be rewritten by whoever has the database and the keys:
    ``--mailed`` compares a seal that the secretariat has received by mail. As each seal holds
    the one before it, the latest mail is enough.
    """

    help = "Compares the audit log with its daily seals and names the first row that differs"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="since", type=day, metavar="YYYY-MM-DD", help="the first day to compare"
        )
        parser.add_argument(
            "--mailed",
            action="append",
            default=[],
            type=mailed_seal,
            metavar="YYYY-MM-DD=SEAL",
            help="a seal as it was mailed; may be given several times",
        )

    def handle(self, *args, since: date | None, mailed: list[tuple[date, str]], **options) -> None:
        if since and since >= dates.today():
            raise CommandError(f"{day_text(since)}は、まだ終わっていません。")
        outcome = verify(since, dict(mailed))
        if outcome.finding:
            raise CommandError(str(outcome))
        self.stdout.write(str(outcome))
        if outcome.last:
            last_day = day_text(outcome.last.day)
            self.stdout.write(f"最後の封印（{last_day}）：{outcome.last.value}")


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a day like 2026-11-22") from None


def mailed_seal(text: str) -> tuple[date, str]:
    """A day and its seal, from ``2026-11-22=…`` with the 64 digits of the mail."""
    of_day, _, value = text.partition("=")
    if not re.fullmatch("[0-9a-f]{64}", value.lower()):
        raise ArgumentTypeError(f"{value or 'nothing'} is not a seal of 64 hexadecimal digits")
    return day(of_day), value.lower()
