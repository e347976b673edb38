"""The tables of the agreements' room."""

from agreements.models.agreements import Agreement, AgreementParty
from agreements.models.collaborations import Collaboration, CollaborationParty, YearReport

__all__ = ["Agreement", "AgreementParty", "Collaboration", "CollaborationParty", "YearReport"]
