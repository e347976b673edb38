"""The tables of the chronicle's room."""

from chronicle.models.figures import StatedFigure
from chronicle.models.milestones import Milestone
from chronicle.models.publishing import News, Page
from chronicle.models.relief import Disaster, Relief

__all__ = ["Disaster", "Milestone", "News", "Page", "Relief", "StatedFigure"]
