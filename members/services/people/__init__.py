"""The people's accounts: names, logins, shared mailboxes, the terms of use; their end."""
