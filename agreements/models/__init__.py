"""The tables of the agreements' room."""

from agreements.models.agreements import Agreement, AgreementParty
from agreements.models.collaborations import Collaboration, CollaborationParty
from agreements.models.parties import codes_of, names_of
from agreements.models.reports import GRANTS, RESULT_LENGTH, YearReport, YearReportStep

__all__ = [
    "GRANTS",
    "RESULT_LENGTH",
    "Agreement",
    "AgreementParty",
    "Collaboration",
    "CollaborationParty",
    "YearReport",
    "YearReportStep",
    "codes_of",
    "names_of",
]
