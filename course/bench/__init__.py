"""`make bench`: everything the course says about time, memory and accuracy, measured here, side by side, in one run.

Each file measures one subject and gives tables; `__main__` prints them and keeps them in docs/benchmarks.md.
"""
