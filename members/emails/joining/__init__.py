"""Mails to whoever comes in: who applies, and who is welcomed."""
