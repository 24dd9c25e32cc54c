"""The numbers of a study: config, prices and events in, every contract table out.

This is the one place that puts alignment, windows, models, abnormal returns and inference
together. It reads no file and draws nothing. The record is in `record`; each further file adds
the views of one topic, and `StudyEstimates` in `study` has them all.
"""

from oilshock.estimates.study import StudyEstimates

__all__ = ["StudyEstimates"]
