"""The joint regression of a study: what events that overlap can be told apart by."""

from oilshock.joint.classes import class_rows
from oilshock.joint.frame import episodes_frame, joint_frame
from oilshock.joint.parts import JointStudy, Law

__all__ = ["JointStudy", "Law", "class_rows", "episodes_frame", "joint_frame"]
