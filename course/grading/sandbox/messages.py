"""The messages between the grader and a student's process: JSON in frames of bounded size, never pickle.

What comes from a student's process is read by `plain_value` and `plain_outcome`, which build nothing but numbers,
strings, arrays of numbers and lists, tuples, sets and dicts of these.
"""

import contextlib
import json
import select
import socket
import struct
import time

import numpy as np

from helpers.checks.drive import Outcome
from helpers.checks.values import Opaque, plain

LARGEST = 16 * 1024 * 1024  # bytes of one frame
DEEPEST = 24
DTYPES = {
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
}


class Broken(Exception):
    """The other side is gone, or sent what no honest process sends."""


class TooLate(Exception):
    """No answer came in time."""


def send(channel, message, deadline=None):
    """Send a message. Raises TooLate where the other side has not taken it by the deadline, OSError if it is gone."""
    data = json.dumps(message).encode()
    data = memoryview(struct.pack("<I", len(data)) + data)
    if deadline is None:
        channel.sendall(data)
        return
    while data:
        wait = deadline - time.monotonic()
        if wait <= 0 or not select.select([], [channel], [], wait)[1]:
            raise TooLate
        with contextlib.suppress(BlockingIOError):
            data = data[channel.send(data[: 1 << 16], socket.MSG_DONTWAIT) :]


def receive(channel, deadline=None, largest=LARGEST):
    """The next message. Raises TooLate after the deadline (of `time.monotonic`), Broken for anything malformed."""
    (size,) = struct.unpack("<I", _exactly(channel, 4, deadline))
    if size > largest:
        raise Broken(f"a message of {size} bytes is too large")
    try:
        message = json.loads(_exactly(channel, size, deadline))
    except (ValueError, RecursionError):
        raise Broken("a message that is not JSON") from None
    if not isinstance(message, dict):
        raise Broken("a message that is not an object")
    return message


def _exactly(channel, size, deadline):
    parts, left = [], size
    while left:
        if deadline is not None:
            wait = deadline - time.monotonic()
            if wait <= 0 or not select.select([channel], [], [], wait)[0]:
                raise TooLate
        try:
            part = channel.recv(min(left, 1 << 20))
        except OSError:
            part = b""
        if not part:
            raise Broken("the process ended")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def plain_value(data, depth=0):
    """A value from an untrusted message. Raises Broken for anything but plain values."""
    if isinstance(data, str):
        return writable(data)
    if data is None or isinstance(data, (bool, int, float)):
        return plain(data)
    if depth > DEEPEST:
        raise Broken("a value nested too deeply")
    if isinstance(data, list):
        return [plain_value(v, depth + 1) for v in data]
    if isinstance(data, dict):
        try:
            return _tagged(data, depth)
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
            pass
    raise Broken("a value that is not plain")


def _tagged(data, depth):
    if "array" in data:
        shape = data["shape"]
        if data["dtype"] not in DTYPES or not all(type(n) is int and 0 <= n < 1 << 40 for n in shape):
            raise Broken("an array that is not plain")
        return np.array(data["array"], dtype=data["dtype"]).reshape(shape)
    if "tuple" in data:
        return tuple(plain_value(v, depth + 1) for v in data["tuple"])
    if "set" in data:
        return {plain_value(v) for v in data["set"] if isinstance(v, (bool, int, float, str))}
    if "dict" in data:
        return {plain_value(k): plain_value(v, depth + 1) for k, v in data["dict"] if isinstance(k, (int, str))}
    return Opaque(writable(str(data["opaque"])[:80]))


def plain_outcome(data):
    """An Outcome from an untrusted message."""
    if not isinstance(data, dict):
        raise Broken("an outcome that is not an object")
    text = {k: _text(data.get(k)) for k in ("text", "line", "printed")}
    if data.get("error"):
        missing = data.get("missing")
        return Outcome(error=_text(data["error"])[:80], missing=_text(missing)[:80] if missing else None, **text)
    changed = data.get("changed", [])
    if not isinstance(changed, list) or not all(type(i) is int and 0 <= i < 50 for i in changed):
        raise Broken("a malformed outcome")
    warned = data.get("warned", [])
    after = data.get("after", [])
    if not isinstance(after, list) or len(after) != len(changed):
        raise Broken("a malformed outcome")
    return Outcome(
        value=plain_value(data.get("value")),
        changed=tuple(changed),
        after=tuple(plain_value(value) for value in after),
        warned=tuple(_text(w) for w in warned[:5]) if isinstance(warned, list) else (),
        **text,
    )


def writable(text):
    """The text without halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _text(value):
    return writable(value[:2000]) if isinstance(value, str) else ""
