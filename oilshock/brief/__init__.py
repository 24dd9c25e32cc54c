"""The brief: half a page of text from the results, every number traced to a table cell."""

from oilshock.brief.record import Brief
from oilshock.brief.study import brief_of

__all__ = ["Brief", "brief_of"]
