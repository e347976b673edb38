"""The admin of the chronicle's room."""

from chronicle.admin.figures import StatedFigureAdmin
from chronicle.admin.milestones import MilestoneAdmin
from chronicle.admin.publishing import NewsAdmin, PageAdmin
from chronicle.admin.relief import DisasterAdmin, ReliefAdmin

__all__ = [
    "DisasterAdmin",
    "MilestoneAdmin",
    "NewsAdmin",
    "PageAdmin",
    "ReliefAdmin",
    "StatedFigureAdmin",
]
