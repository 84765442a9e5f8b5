"""Proves that the checks are sound: each gate of the proof for each unit, and the table that says so."""

from course.proof.gates import prove_unit
from course.proof.table import bottom_line, proof_markdown

__all__ = ["bottom_line", "proof_markdown", "prove_unit"]
