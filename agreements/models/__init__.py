"""The tables of the agreements' room."""

from agreements.models.agreements import Agreement, AgreementParty
from agreements.models.collaborations import Collaboration, CollaborationParty, YearReport
from agreements.models.parties import codes_of, names_of

__all__ = [
    "Agreement",
    "AgreementParty",
    "Collaboration",
    "CollaborationParty",
    "YearReport",
    "codes_of",
    "names_of",
]
