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


def digits():
    """1797 handwritten digits as small grey pictures, 8 by 8 pixels, and which digit each one is.

    Returns X (1797, 64), one picture a row, row by row from its top left, floats from 0 (paper) to 1 (ink), and
    the labels (1797,), whole numbers from 0 to 9.
    Source: Alpaydin and Kaynak (1998), "Optical Recognition of Handwritten Digits" (its test set), UCI Machine
    Learning Repository, by way of scikit-learn.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return bunch.data / 16.0, np.array(bunch.target)
