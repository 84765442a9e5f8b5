"""MNIST: 70,000 handwritten digits, fetched once in the files that they were published in."""

import os
from pathlib import Path

import numpy as np

from helpers.data.bundled import digits
from helpers.data.fetching import NotFetched, fetch
from helpers.data.idx import read_idx
from helpers.progress import FOLDER, course_folder

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
MD5 = {
    "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
}
BUNDLED_TRAINING = 1437  # of the 1797 bundled digits; the rest was written by other people


def mnist(folder=None, url=MIRRORS, checksums=MD5, timeout=20, progress=True):
    """70,000 handwritten digits as grey pictures, 28 by 28 pixels, and which digit each one is.

    folder: where the four files are kept; `.descent/mnist` in the course's folder by default
    url: an address, or several to try in turn   checksums: {file name: MD5} like MD5, for another set in the same form
    timeout: seconds of silence after which an address is given up   progress: whether to show bars

    Returns X_train (60000, 784), labels_train (60000,), X_test (10000, 784), labels_test (10000,): one picture a row,
    row by row from its top left, float32 from 0 (paper) to 1 (ink); labels are whole numbers.
    Where it can neither be found nor fetched, or the variable DESCENT_OFFLINE is set and it was not fetched before, a
    line says so and the bundled digits come instead, 64 pixels a row: work with X_train.shape, not with 784.
    Source: LeCun, Cortes and Burges (1998), the MNIST database.
    """
    folder = course_folder() / FOLDER / "mnist" if folder is None else Path(folder)
    offline = os.environ.get("DESCENT_OFFLINE")
    mirrors = [] if offline else [url] if isinstance(url, str) else list(url)
    try:
        files = [(name, fetch(name, mirrors, folder, md5, timeout, progress)) for name, md5 in checksums.items()]
    except NotFetched as problem:
        return _bundled("DESCENT_OFFLINE is set" if offline else problem)
    return (*_pictures(*files[:2]), *_pictures(*files[2:]))


def _pictures(images_file, labels_file):
    """X (n, pixels) and labels (n,) from two files, each a name and its bytes."""
    images = read_idx(images_file[1], images_file[0], ndim=3)
    labels = read_idx(labels_file[1], labels_file[0], ndim=1)
    if len(images) != len(labels):
        raise ValueError(f"{images_file[0]} holds {len(images)} pictures, {labels_file[0]} {len(labels)} labels.")
    n, height, width = images.shape
    return np.divide(images.reshape(n, height * width), 255, dtype=np.float32), labels.astype(np.int64)


def _bundled(reason):
    X, labels = digits()
    X, cut = X.astype(np.float32), BUNDLED_TRAINING
    print(
        f"MNIST could not be fetched ({reason}). Here are the {len(X)} digits that come with scikit-learn instead: "
        f"8 by 8 pixels, X_train {X[:cut].shape}, X_test {X[cut:].shape}."
    )
    return X[:cut], labels[:cut], X[cut:], labels[cut:]
