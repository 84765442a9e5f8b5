"""Runs a student's code where it can reach nothing: a process forked from a warm one, without rights, and the grader's
side of it."""
