"""The people's accounts: the first login, the terms of use, name and address."""
