"""Mails about accounts and their logins."""
