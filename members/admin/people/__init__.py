"""Accounts and seats, their groups and logins."""
