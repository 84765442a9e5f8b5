"""Turns lessons into notebooks, proves their checks, and grades. Learners' notebooks never import this."""
