"""The joint regression of a study: what events that overlap can be told apart by."""

from oilshock.joint.classes import class_rows
from oilshock.joint.frame import episodes_frame, joint_frame
from oilshock.joint.law import Law, LawFigures, PlaceboSums
from oilshock.joint.parts import JointStudy

__all__ = [
    "JointStudy",
    "Law",
    "LawFigures",
    "PlaceboSums",
    "class_rows",
    "episodes_frame",
    "joint_frame",
]
