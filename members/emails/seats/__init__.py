"""Mails about seats: changed, offered, passed to successors."""
