"""``manage.py load_record``: the public record, from the data files of each room."""

from django.core.management import BaseCommand, CommandError

from core.record import RecordError
from portal.record import load_record


class Command(BaseCommand):
    """Prints what became of each table; a second run changes nothing."""

    help = "Loads sources, organizations, desks, agreements, events, stated figures and pages"

    def handle(self, *args, verbosity: int, **options) -> None:
        try:
            outcomes = load_record()
        except RecordError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write("\n".join(map(str, outcomes)))
