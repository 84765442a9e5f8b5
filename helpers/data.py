"""Real data that comes with the installed libraries, so that a lesson needs no download."""

import numpy as np


def diabetes():
    """442 people with diabetes: ten measurements each, and how far the illness had gone a year later.

    Returns X (442, 10), y (442,) in the units they were measured in, and the ten column names.
    Source: Efron, Hastie, Johnstone and Tibshirani (2004), "Least Angle Regression", by way of scikit-learn.
    """
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    return np.array(bunch.data), np.array(bunch.target), list(bunch.feature_names)
