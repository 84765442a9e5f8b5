"""Reads IDX, the file format that MNIST was published in (LeCun, Cortes and Burges, 1998)."""

import gzip
import math
import zlib

import numpy as np

BYTES = 0x08  # the format's code for unsigned bytes, the only kind that MNIST holds


def read_idx(packed, name, ndim):
    """The array of unsigned bytes in a gzipped IDX file.

    packed: the file's bytes   name: for messages   ndim: how many axes it should have
    Raises ValueError, naming the file, where it is no whole gzip or IDX file of that kind.
    """
    try:
        content = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as problem:
        raise ValueError(f"{name} is not a whole gzip file: {problem}.") from None
    start = 4 + 4 * ndim
    if len(content) < start:
        raise ValueError(f"{name} has {len(content)} bytes, too few for the header of an IDX file.")
    if content[:4] != bytes([0, 0, BYTES, ndim]):
        raise ValueError(
            f"{name} begins with {content[:4].hex(' ')}; an IDX file of unsigned bytes with {ndim} "
            f"{'axis' if ndim == 1 else 'axes'} begins with 00 00 08 {ndim:02x}."
        )
    shape = tuple(int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4))
    if len(content) - start != math.prod(shape):
        raise ValueError(
            f"{name} says that it holds {' x '.join(map(str, shape))} bytes; {len(content) - start} bytes follow."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
