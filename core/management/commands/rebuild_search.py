"""``manage.py rebuild_search``: writes the folded texts anew, and makes the indexes anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.search import rebuilding


class Command(BaseCommand):
    """Needed after rows were written behind the portal's back, or when folding has changed."""

    help = "Writes what rows are found by anew, and builds the search indexes anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when something is amiss"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        for name, found in rebuilding.rebuild(check=check):
            self.stdout.write(f"{name}：{found.text}")
            if check and not found.is_well:
                raise CommandError("検索の索引を作り直してください：manage.py rebuild_search")
