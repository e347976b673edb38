"""``manage.py daily``: the jobs of the day, which the worker runs when the date turns."""

from argparse import ArgumentParser
from datetime import date

from django.core.management import BaseCommand, CommandError

from core import daily
from core.dates import today


class Command(BaseCommand):
    """Runs every job for each day that it has not done; again and again without harm."""

    help = "Runs the daily jobs that have not been run, in order"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date", type=date.fromisoformat, help="up to this day, as 2026-11-22; default: today"
        )

    def handle(self, *args, **options) -> None:
        day = options["date"] or today()
        if day > today():
            raise CommandError(f"{day} has not come yet; its jobs would be noted as done.")
        runs = daily.run(day)
        for run in runs:
            self.stdout.write(f"{run}: {run.result if run.done_at else 'FAILED'}")
        if not runs:
            self.stdout.write("Everything has been done.")
        if failed := [run for run in runs if run.done_at is None]:
            raise CommandError(f"{len(failed)} of {len(runs)} jobs failed; the log says why.")
