"""Demo accounts and samples: role names only, every row marked 見本, never in production."""

from django.conf import settings
from django.db import transaction

from core.errors import DomainError
from portal.demo.accounts import Account, seat_accounts
from portal.demo.campaign import load_campaign
from portal.demo.passwords import kept_accounts
from portal.demo.reports import load_reports
from portal.demo.samples import load_samples

__all__ = ["Account", "load_demo"]


def load_demo() -> list[Account]:
    """Makes the demo accounts and samples that are not there yet; returns the accounts.

    The passwords are generated once per data directory and kept in it. Needs the register
    and the record. Raises ``DomainError`` in production, and when they are missing.
    """
    if not settings.EMBEDDED:
        raise DomainError("本番環境（RENKEI_ENV=production）には、見本を読み込めません")
    accounts = kept_accounts()
    with transaction.atomic():
        seats = seat_accounts(accounts)
        load_samples(seats)
        load_reports(seats)
        load_campaign()
    return accounts
