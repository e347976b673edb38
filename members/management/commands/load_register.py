"""``manage.py load_register``: the official register of prefectures and municipalities."""

from django.core.management import BaseCommand, CommandError

from core.record import RecordError
from members.record import load_register


class Command(BaseCommand):
    """Prints what became of each table; a second run changes nothing."""

    help = "Loads prefectures, municipalities, their changes, default themes and groups"

    def handle(self, *args, verbosity: int, **options) -> None:
        try:
            outcomes = load_register()
        except RecordError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write("\n".join(map(str, outcomes)))
