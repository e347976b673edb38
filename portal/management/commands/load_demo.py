"""``manage.py load_demo``: demo accounts and samples; refuses in production."""

from django.core.management import BaseCommand, CommandError

from core.errors import DomainError
from portal.demo import load_demo


class Command(BaseCommand):
    """Prints each account's role, address and password; a second run changes nothing."""

    help = "Makes demo accounts with generated passwords, and samples marked 見本"

    def handle(self, *args, verbosity: int, **options) -> None:
        try:
            accounts = load_demo()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if verbosity:
            for account in accounts:
                self.stdout.write(f"{account.email}  {account.password}  {account.role}")
