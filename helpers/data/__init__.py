"""Real data for the lessons: two sets that come with the installed libraries, and MNIST, fetched once and kept."""

from helpers.data.bundled import diabetes, digits
from helpers.data.handwriting import mnist

__all__ = ["diabetes", "digits", "mnist"]
