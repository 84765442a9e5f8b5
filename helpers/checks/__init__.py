"""The checks engine: `drive` runs an answer, `judge` decides from plain values, `report` says it kindly."""

from helpers.checks.engine import Check

__all__ = ["check"]

check = Check()
