"""Bringing the agreements and the joint projects of the public record into the database."""

from agreements.record.agreements import DATA, load_agreements
from agreements.record.collaborations import load_collaborations

__all__ = ["DATA", "load_agreements", "load_collaborations"]
