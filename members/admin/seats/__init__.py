"""Seats offered by mail, and passed to successors."""
