"""The members' room's part of the data: the register, and the bodies the record names."""

from members.record.bodies import Bodies, load_bodies
from members.record.register import load_register

__all__ = ["Bodies", "load_bodies", "load_register"]
